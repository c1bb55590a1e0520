namespace Deeplay;

/// <summary>A kind of module that is being defined. Ends with <c>Init</c>, which says what it is made of.</summary>
public sealed class DefinitionBuilder
{
    private readonly string id;
    private readonly string documentation;
    private readonly IReadOnlyList<Parameter> parameters;

    internal DefinitionBuilder(string id, string documentation, IReadOnlyList<Parameter> parameters)
    {
        this.id = id;
        this.documentation = documentation;
        this.parameters = parameters;
    }

    /// <summary>A parameter that must be given, or inferred.</summary>
    public DefinitionBuilder Parameter<T>(string name) => Parameter(new Parameter<T>(name));

    /// <summary>A parameter with a default.</summary>
    public DefinitionBuilder Parameter<T>(string name, T standard) =>
        Parameter(new Parameter<T>(name).WithDefault(standard));

    /// <summary>A parameter by its typed key.</summary>
    public DefinitionBuilder Parameter(Parameter key) => new(id, documentation, [.. parameters, key.Given()]);

    /// <summary>What the module does, for people.</summary>
    public DefinitionBuilder Documentation(string text) => new(id, text.Given(), parameters);

    /// <summary>A module with a forward pass: attaches its children, and ends with
    /// <c>return m.Forward(x => …)</c>.</summary>
    public ModuleDefinition Init(Func<ModuleBuilder, Forward> init) => Define(init.Given());

    /// <summary>A module that only holds others.</summary>
    public ModuleDefinition Init(Action<ModuleBuilder> init)
    {
        init.Given();
        return Define(builder =>
        {
            init(builder);
            return null;
        });
    }

    private ModuleDefinition Define(Func<ModuleBuilder, Forward?> init) =>
        new(Make(id, documentation, parameters, init));

    internal static Core.Definition Make(
        string id,
        string documentation,
        IEnumerable<Parameter> parameters,
        Func<ModuleBuilder, Forward?> init
    ) =>
        Interop.Run(() =>
            FSharp.DefinitionModule.withDocumentation(
                documentation,
                FSharp.DefinitionModule.create(
                    id,
                    Deeplay.Parameter.All(parameters),
                    Interop.Fun<Core.Arguments, Core.Builder, FSharp.Forward>(
                        (_, builder) =>
                        {
                            // The forward pass is set already, by whoever gave `Forward`.
                            Interop.Inside(() => init(new ModuleBuilder(builder)));
                            return FSharp.Forward.NoForward;
                        }
                    )
                )
            )
        );
}
