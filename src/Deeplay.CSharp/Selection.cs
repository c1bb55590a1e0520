using Microsoft.FSharp.Collections;

namespace Deeplay;

/// <summary>Modules of a tree that are meant together. Every change of a selection gives the new root, so that calls
/// chain; the root it was selected from stays what it was. Changing a selection that is empty is an error, unless
/// <see cref="AllowEmpty"/> was called.</summary>
public sealed class Selection : Editable
{
    private readonly Module root;
    private readonly IReadOnlyList<Core.Tag> tags;
    private readonly DeeplayException? empty;
    private readonly bool allowsEmpty;

    private Selection(
        Module root,
        IReadOnlyList<Core.Tag> tags,
        DeeplayException? empty = null,
        bool allowsEmpty = false
    )
    {
        this.root = root;
        this.tags = tags;
        this.empty = empty;
        this.allowsEmpty = allowsEmpty;
    }

    /// <summary>How many modules are selected.</summary>
    public int Count => tags.Count;

    /// <summary>Their tags, in order.</summary>
    public IReadOnlyList<string> Names => [.. tags.Select(tag => tag.ToString())];

    /// <summary>The modules as they are constructed, in order.</summary>
    public IReadOnlyList<ModuleNode> Nodes => [.. tags.Select(root.NodeAt)];

    /// <summary>The first of them alone.</summary>
    public Selection First => new(root, [.. tags.Take(1)], empty, allowsEmpty);

    /// <summary>All of them, said aloud.</summary>
    public Selection All => this;

    /// <summary>What a selector selects below each of them.</summary>
    public Selection Select(params Segment[] selector)
    {
        if (tags.Count == 0)
            return this;
        try
        {
            var parts = Interop.List(selector.SelectMany(segment => segment.Parts));
            return new(root, Interop.Run(() => Narrowed(parts)), allowsEmpty: allowsEmpty);
        }
        catch (DeeplayException failure) when (failure.Kind == ErrorKind.EmptySelection)
        {
            return new(root, [], failure, allowsEmpty);
        }
    }

    /// <summary>Those of them that pass.</summary>
    public Selection Where(Func<ModuleNode, bool> passes) => Filter("where", passes);

    /// <summary>Those of a kind, special cases included.</summary>
    public Selection OfType(ModuleDefinition kind) => Filter($"of type {kind.Id}", node => node.Is(kind));

    /// <summary>Those of the kind with this id, special cases included.</summary>
    public Selection OfType(string kind) => Filter($"of type {kind}", node => node.Is(kind));

    /// <summary>Those that have a parameter or a method of this name.</summary>
    public Selection Having(string name) => Filter($"having {name}", node => node.Has(name));

    /// <summary>The same selection; changing it while it is empty changes nothing.</summary>
    public Selection AllowEmpty() => new(root, tags, empty, allowsEmpty: true);

    internal static Selection Root(Module root) => new(root, [Core.TagModule.root]);

    private protected override Module Change(Func<Core.ModuleSpec, Core.ModuleSpec> change) =>
        tags.Count > 0 ? root.With(spec => Within(change, spec))
        : allowsEmpty ? root
        : throw empty!;

    private Core.ModuleSpec Within(Func<Core.ModuleSpec, Core.ModuleSpec> change, Core.ModuleSpec spec) =>
        Core.ChangeModule.within(Interop.List(tags), Interop.Fun(change), spec);

    private IReadOnlyList<Core.Tag> Narrowed(FSharpList<Core.Segment> selector)
    {
        IReadOnlyList<Core.Tag> found = [];
        Within(
            focused =>
            {
                found = [.. Core.ChangeModule.narrow(selector, focused)];
                return focused;
            },
            root.Spec
        );
        return found;
    }

    private Selection Filter(string words, Func<ModuleNode, bool> passes)
    {
        var kept = tags.Where(tag => passes(root.NodeAt(tag))).ToArray();
        return kept.Length > 0 || tags.Count == 0
            ? new(root, kept, empty, allowsEmpty)
            : new(
                root,
                [],
                Interop.Failure(Core.Error.NewEmptySelection(words, Interop.List(Names))),
                allowsEmpty
            );
    }
}
