namespace Deeplay;

/// <summary>Modules of a tree that are meant together. Every change of a selection gives the new root, so that calls
/// chain; the root it was selected from stays what it was. Changing a selection that is empty is an error, unless
/// <see cref="AllowEmpty"/> was called.</summary>
public sealed class Selection : Editable
{
    private readonly ModuleSpec root;

    // What is selected, or why nothing is.
    private readonly Core.Selection? selected;
    private readonly DeeplayException? empty;
    private readonly bool allowsEmpty;

    private Selection(
        ModuleSpec root,
        Core.Selection? selected,
        DeeplayException? empty,
        bool allowsEmpty = false
    ) => (this.root, this.selected, this.empty, this.allowsEmpty) = (root, selected, empty, allowsEmpty);

    internal Selection(ModuleSpec root)
        : this(root, Core.SelectionModule.ofSpec(root.Spec), null) { }

    private IEnumerable<Core.Tag> Tags => selected?.Tags ?? Enumerable.Empty<Core.Tag>();

    /// <summary>How many modules are selected.</summary>
    public int Count => Tags.Count();

    /// <summary>Their tags, in order.</summary>
    public IReadOnlyList<string> Names => [.. Tags.Select(tag => tag.ToString())];

    /// <summary>The modules as they are constructed, in order.</summary>
    public IReadOnlyList<ModuleNode> Nodes => [.. Tags.Select(root.NodeAt)];

    /// <summary>The first of them alone.</summary>
    public Selection First => Narrow(Core.SelectionModule.first);

    /// <summary>All of them, said aloud.</summary>
    public Selection All => this;

    /// <summary>What a selector selects below each of them.</summary>
    public Selection Select(params Segment[] selector)
    {
        var parts = Segment.All(selector.Given());
        return Narrow(within => Core.SelectionModule.narrow(parts, within));
    }

    /// <summary>Those of them that pass.</summary>
    public Selection Where(Func<ModuleNode, bool> passes)
    {
        passes.Given();
        var test = Interop.Fun<Core.Tag, Core.Node, bool>((tag, node) => passes(new(tag, node)));
        return Filter(Core.Filter.NewWhere(new("Where", test)));
    }

    /// <summary>Those of a kind, special cases included; in text <c>[Linear]</c>.</summary>
    public Selection OfType(ModuleDefinition kind) => OfType(kind.Given().Id);

    /// <summary>Those of the kind with this id, special cases included; in text <c>[Linear]</c>.</summary>
    public Selection OfType(string kind) => Filter(Core.Filter.NewOfKind(kind.Given()));

    /// <summary>Those that have a parameter or a method of this name; in text <c>[has:bias]</c>.</summary>
    public Selection Having(string name) => Filter(Core.Filter.NewHaving(name.Given()));

    /// <summary>The same selection; changing it while it is empty changes nothing.</summary>
    public Selection AllowEmpty() => new(root, selected, empty, allowsEmpty: true);

    private protected override ModuleSpec Change(Func<Core.Selection, Core.Selection> change) =>
        selected is not null ? new(change(selected).Spec)
        : allowsEmpty ? root
        : throw empty!;

    private Selection Filter(Core.Filter filter) =>
        Narrow(within => Core.SelectionModule.filter(filter, within));

    // Selecting nothing is an error where the selection is changed.
    private Selection Narrow(Func<Core.Selection, Core.Selection> narrow)
    {
        try
        {
            return selected is null ? this : new(root, narrow(selected), null, allowsEmpty);
        }
        catch (DeeplayException failure) when (failure.Kind == ErrorKind.EmptySelection)
        {
            return new(root, null, failure, allowsEmpty);
        }
    }
}
