namespace Deeplay;

/// <summary>A kind of module that takes its parameters from a record: what
/// <see cref="ModuleSpec.Define{T}(string)"/> gives.</summary>
/// <typeparam name="T">The record.</typeparam>
public sealed class ModuleDefinition<T> : ModuleDefinition
{
    private readonly ParameterRecord record;

    internal ModuleDefinition(Core.Definition inner, ParameterRecord record)
        : base(inner) => this.record = record;

    /// <summary>A module of this kind: <c>gated.Create(new(32))</c>. An argument that is its default counts as not
    /// given.</summary>
    public ModuleSpec<T> Create(T arguments)
    {
        var given = record.Arguments(arguments ?? throw new ArgumentNullException(nameof(arguments)));
        return new(Core.ChangeModule.create(Interop.List(given), Inner), record);
    }

    /// <summary>The same with the example that documentation shows: arguments, and the inputs of a call.</summary>
    public ModuleDefinition<T> WithExample(T arguments, params ExampleInput[] inputs)
    {
        var given = record.Arguments(arguments ?? throw new ArgumentNullException(nameof(arguments)));
        return (ModuleDefinition<T>)Shown(inputs.Given(), Interop.List(given));
    }

    /// <summary>The typed key of a parameter: <c>gated.Parameter(a => a.Dropout)</c>.</summary>
    public Parameter<TValue> Parameter<TValue>(Expression<Func<T, TValue>> key) => new(record[key.Given()]);

    internal T Read(ModuleArguments arguments) => record.Make<T>(arguments);

    internal override ModuleDefinition With(Core.Definition inner) => new ModuleDefinition<T>(inner, record);
}
