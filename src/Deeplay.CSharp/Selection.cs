namespace Deeplay;

/// <summary>Modules of a tree that are meant together. Every change of a selection gives the new root, so that calls
/// chain; the root it was selected from stays what it was. Changing a selection that is empty is an error, unless
/// <see cref="AllowEmpty"/> was called.</summary>
public sealed class Selection : Editable
{
    private readonly ModuleSpec root;

    // Null where nothing is selected.
    private readonly Core.Selection? selected;
    private readonly DeeplayException? empty;
    private readonly bool allowsEmpty;

    private Selection(
        ModuleSpec root,
        Core.Selection? selected,
        DeeplayException? empty = null,
        bool allowsEmpty = false
    )
    {
        this.root = root;
        this.selected = selected;
        this.empty = empty;
        this.allowsEmpty = allowsEmpty;
    }

    private IReadOnlyList<Core.Tag> Tags => selected is null ? [] : selected.Tags;

    /// <summary>How many modules are selected.</summary>
    public int Count => Tags.Count;

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
        var parts = Segment.All(selector);
        return Narrow(within => Core.SelectionModule.narrow(parts, within));
    }

    /// <summary>Those of them that pass.</summary>
    public Selection Where(Func<ModuleNode, bool> passes)
    {
        passes.Given();
        return Filter(
            Core.Filter.NewWhere(
                new Core.Predicate(
                    "Where",
                    Interop.Fun<Core.Tag, Core.Node, bool>((tag, node) => passes(new ModuleNode(tag, node)))
                )
            )
        );
    }

    /// <summary>Those of a kind, special cases included; in text <c>[Linear]</c>.</summary>
    public Selection OfType(ModuleDefinition kind) => OfType(kind.Given().Id);

    /// <summary>Those of the kind with this id, special cases included; in text <c>[Linear]</c>.</summary>
    public Selection OfType(string kind) => Filter(Core.Filter.NewOfKind(kind.Given()));

    /// <summary>Those that have a parameter or a method of this name; in text <c>[has:bias]</c>.</summary>
    public Selection Having(string name) => Filter(Core.Filter.NewHaving(name.Given()));

    /// <summary>The same selection; changing it while it is empty changes nothing.</summary>
    public Selection AllowEmpty() => new(root, selected, empty, allowsEmpty: true);

    internal static Selection Of(ModuleSpec root, Segment[] selector) =>
        new Selection(root, Core.SelectionModule.ofSpec(root.Spec)).Select(selector);

    private protected override ModuleSpec Change(Func<Core.Selection, Core.Selection> change) =>
        selected is not null ? root.With(_ => change(selected).Spec)
        : allowsEmpty ? root
        : throw empty!;

    private Selection Filter(Core.Filter filter) =>
        Narrow(within => Core.SelectionModule.filter(filter, within));

    // Selecting nothing is an error where the selection is changed.
    private Selection Narrow(Func<Core.Selection, Core.Selection> narrow)
    {
        if (selected is null)
            return this;
        try
        {
            return new(root, Interop.Run(() => narrow(selected)), allowsEmpty: allowsEmpty);
        }
        catch (DeeplayException failure) when (failure.Kind == ErrorKind.EmptySelection)
        {
            return new(root, null, failure, allowsEmpty);
        }
    }
}
