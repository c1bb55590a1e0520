namespace Deeplay;

/// <summary>A constructed module, to be looked at: its place, its kind, its resolved arguments, its children.</summary>
public sealed class ModuleNode
{
    private readonly Core.Tag tag;

    internal ModuleNode(Core.Tag tag, Core.Node core) => (this.tag, Inner) = (tag, core);

    internal Core.Node Inner { get; }

    /// <summary>The path from the root, as in <c>named_modules</c>; empty for the root.</summary>
    public string Tag => tag.ToString();

    /// <summary>The last name of the path; empty for the root.</summary>
    public string Name => tag.Name;

    /// <summary>The id of its definition: <c>Linear</c>.</summary>
    public string Kind => Inner.Definition.Id;

    /// <summary>Its definition.</summary>
    public ModuleDefinition Definition => new(Inner.Definition);

    /// <summary>Its arguments, after everything that was said about them.</summary>
    public ModuleArguments Arguments => new(Inner.Arguments);

    /// <summary>Its children in order. A module that is shared stands under each of its names.</summary>
    public IReadOnlyList<ModuleNode> Children =>
        [.. Core.Tree.children(tag, Inner).Select(child => new ModuleNode(child.Item1, child.Item2))];

    /// <summary>The forward pass, one line for each instruction; null where it has none of its own.</summary>
    public string? Forward => Inner.Graph is null ? null : Core.GraphModule.describe(Inner.Graph.Value);

    /// <summary>The module below this one with this path.</summary>
    public ModuleNode this[string path]
    {
        get
        {
            var below = Core.TagModule.parse(path.Given());
            var place = Core.TagModule.append(tag, below);
            return new(place, Core.Nodes.descend(place, Inner, below.Names));
        }
    }

    /// <summary>Whether it is of this kind, or a special case of it.</summary>
    public bool Is(ModuleDefinition kind) => Inner.Definition.Is(kind.Given().Inner);

    /// <summary>Whether it is of the kind with this id, or a special case of it.</summary>
    public bool Is(string kind) => Core.FilterModule.passes(Core.Filter.NewOfKind(kind.Given()), tag, Inner);

    /// <summary>Whether it has a parameter or a method of this name.</summary>
    public bool Has(string name) => Core.FilterModule.passes(Core.Filter.NewHaving(name.Given()), tag, Inner);

    /// <summary>The same node with another argument: what a before-build action or a definition's <c>finish</c>
    /// gives.</summary>
    public ModuleNode WithArgument(string name, object? value) =>
        new(tag, Core.Tree.withArguments(Arguments.With(name, value).Inner, Inner));

    /// <summary>The tree as text.</summary>
    public override string ToString() => Core.Tree.print(Inner);
}
