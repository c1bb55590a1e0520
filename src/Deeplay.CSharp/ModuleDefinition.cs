namespace Deeplay;

/// <summary>A kind of module: what Python would write as a class. Two are equal when they are the same
/// definition.</summary>
public class ModuleDefinition : IEquatable<ModuleDefinition>
{
    internal ModuleDefinition(Core.Definition inner) => Inner = inner;

    internal Core.Definition Inner { get; }

    /// <summary>The name it is found by, and printed under.</summary>
    public string Id => Inner.Id;

    /// <summary>What it does, for people.</summary>
    public string Documentation => Inner.Documentation;

    /// <summary>Input shapes → output shapes, as documentation writes them; empty where it does not say.</summary>
    public string Shapes => Inner.Shapes;

    /// <summary>Where its formulas and names come from.</summary>
    public IReadOnlyList<string> Sources => [.. Inner.Sources];

    /// <summary>How documentation shows it; null where it does not say.</summary>
    public ModuleExample? Example => Inner.Example is null ? null : new(Inner.Example.Value);

    /// <summary>The definition this one is a special case of.</summary>
    public ModuleDefinition? Base => Inner.Base is null ? null : new(Inner.Base.Value);

    /// <summary>Its parameters, in order.</summary>
    public IReadOnlyList<ModuleParameter> Parameters => ModuleParameter.Of(Inner.Signature);

    /// <summary>The typed key of one of its parameters, for <see cref="Editable.Configure{T}(Parameter{T}, T, string,
    /// int)"/>: <c>linear.Parameter&lt;bool&gt;("bias")</c>. A name it does not have is an error.</summary>
    public Parameter<T> Parameter<T>(string name) => Factory.Key<T>(Inner, name.Given());

    /// <summary>What can be done to such a module, by name: <c>append</c>, <c>normalized</c>, … For
    /// <see cref="Editable.Call"/>.</summary>
    public IReadOnlyList<ModuleAction> Methods =>
        [.. Inner.Methods.Values.Select(one => new ModuleAction(one))];

    /// <summary>Its styles, by name. For <see cref="Editable.Style"/>.</summary>
    public IReadOnlyList<ModuleAction> Styles =>
        [.. Inner.Styles.Values.Select(one => new ModuleAction(one))];

    /// <summary>A module of this kind. The arguments are an anonymous object (<c>new { features = 32 }</c>) or a
    /// dictionary, by the names of the parameters; those not given have their defaults.</summary>
    public ModuleSpec Create(object? arguments = null) =>
        new(Core.ChangeModule.create(MapModule.ToList(Named.Read(arguments)), Inner));

    /// <summary>The same with an example.</summary>
    internal ModuleDefinition Shown(
        IEnumerable<ExampleInput> inputs,
        FSharpList<Tuple<string, Core.Value>> arguments
    ) => With(FSharp.DefinitionModule.withExample(arguments, ExampleInput.All(inputs), Inner));

    /// <summary>The same kind of definition around another core one.</summary>
    internal virtual ModuleDefinition With(Core.Definition inner) => new(inner);

    /// <summary>Whether this is another definition, or a special case of it.</summary>
    public bool Is(ModuleDefinition other) => Inner.Is(other.Given().Inner);

    /// <summary>Whether both are the same definition.</summary>
    public bool Equals(ModuleDefinition? other) => other is not null && ReferenceEquals(Inner, other.Inner);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ModuleDefinition);

    /// <inheritdoc/>
    public override int GetHashCode() => RuntimeHelpers.GetHashCode(Inner);

    /// <summary>The id.</summary>
    public override string ToString() => Id;
}
