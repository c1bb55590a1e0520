using Microsoft.FSharp.Collections;

namespace Deeplay;

/// <summary>Modules of a tree that are meant together. Every change of a selection gives the new root, so that calls
/// chain; the root it was selected from stays what it was. Changing a selection that is empty is an error, unless
/// <see cref="AllowEmpty"/> was called.</summary>
public sealed class Selection : Editable
{
    private readonly ModuleSpec root;

    // Null where nothing is selected.
    private readonly Core.Focus? focus;
    private readonly DeeplayException? empty;
    private readonly bool allowsEmpty;

    private Selection(
        ModuleSpec root,
        Core.Focus? focus,
        DeeplayException? empty = null,
        bool allowsEmpty = false
    )
    {
        this.root = root;
        this.focus = focus;
        this.empty = empty;
        this.allowsEmpty = allowsEmpty;
    }

    private IReadOnlyList<Core.Tag> Tags => focus is null ? [] : focus.Targets;

    /// <summary>How many modules are selected.</summary>
    public int Count => Tags.Count;

    /// <summary>Their tags, in order.</summary>
    public IReadOnlyList<string> Names => [.. Tags.Select(tag => tag.ToString())];

    /// <summary>The modules as they are constructed, in order.</summary>
    public IReadOnlyList<ModuleNode> Nodes => [.. Tags.Select(root.NodeAt)];

    /// <summary>The first of them alone.</summary>
    public Selection First => new(root, On(Tags.Take(1)), empty, allowsEmpty);

    /// <summary>All of them, said aloud.</summary>
    public Selection All => this;

    /// <summary>What a selector selects below each of them.</summary>
    public Selection Select(params Segment[] selector)
    {
        selector.Given();
        if (focus is null)
            return this;
        Core.Focus? found = null;
        return Of(
            root,
            selector,
            parts =>
            {
                Within(
                    focused =>
                    {
                        found = Core.ChangeModule.narrow(parts, focused);
                        return focused;
                    },
                    root.Spec
                );
                return found!;
            },
            allowsEmpty
        );
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
    public Selection AllowEmpty() => new(root, focus, empty, allowsEmpty: true);

    internal static Selection Of(ModuleSpec root, Segment[] selector) =>
        Of(root, selector, parts => Core.ChangeModule.narrow(parts, root.Spec), false);

    private static Selection Of(
        ModuleSpec root,
        Segment[] selector,
        Func<FSharpList<Core.Segment>, Core.Focus> narrow,
        bool allowsEmpty
    )
    {
        try
        {
            var parts = Segment.All(selector);
            return new(root, Interop.Run(() => narrow(parts)), allowsEmpty: allowsEmpty);
        }
        catch (DeeplayException failure) when (failure.Kind == ErrorKind.EmptySelection)
        {
            return new(root, null, failure, allowsEmpty);
        }
    }

    private protected override ModuleSpec Change(Func<Core.ModuleSpec, Core.ModuleSpec> change) =>
        focus is not null ? root.With(spec => Within(change, spec))
        : allowsEmpty ? root
        : throw empty!;

    private Core.ModuleSpec Within(Func<Core.ModuleSpec, Core.ModuleSpec> change, Core.ModuleSpec spec) =>
        Core.ChangeModule.within(focus!, Interop.Fun(change), spec);

    private Core.Focus? On(IEnumerable<Core.Tag> tags)
    {
        var found = Interop.List(tags.Select(tag => Tuple.Create(tag, root.NodeAt(tag).Inner)));
        return found.IsEmpty ? null : Core.ChangeModule.focus(found, root.Spec);
    }

    private Selection Filter(Core.Filter filter)
    {
        if (focus is null)
            return this;
        try
        {
            var found = Interop.List(Tags.Select(tag => Tuple.Create(tag, root.NodeAt(tag).Inner)));
            var kept = Interop.Run(() => Core.FilterModule.apply(filter, found));
            return new(root, On(kept.Select(one => one.Item1)), allowsEmpty: allowsEmpty);
        }
        catch (DeeplayException failure) when (failure.Kind == ErrorKind.EmptySelection)
        {
            return new(root, null, failure, allowsEmpty);
        }
    }
}
