namespace Deeplay;

/// <content>Remembering: the tape, and JSON.</content>
public partial class ModuleSpec
{
    /// <summary>The changes made so far, the oldest first.</summary>
    public Tape Tape => new([.. Core.Tape.steps(Spec)]);

    /// <summary>The same without what its last change did: a call is one change, whatever it holds, and so is a group.
    /// Nothing to undo is an error.</summary>
    public ModuleSpec Undo() => With(Core.Tape.undo);

    /// <summary>The same with what was undone last. Nothing to redo is an error.</summary>
    public ModuleSpec Redo() => With(Core.Tape.redo);

    /// <summary>The same without the settings that no module reads at present. What they were made for can come back;
    /// they do not.</summary>
    public ModuleSpec DropUnused() => With(Core.Tape.dropUnused);

    /// <summary>The spec as it was made: its kind and the arguments it was given, without any change since.</summary>
    public ModuleSpec Origin => With(Core.Spec.origin);

    /// <summary>What differs between the tree of this and that of another, in tree order.</summary>
    public Diff Diff(ModuleSpec other) => Deeplay.Diff.Between(this, other.Given());

    /// <summary>An equal spec, with the same arguments, settings and tape, that shares no constructed module with this
    /// one: its tree is constructed anew where it is looked at. Specs are values, so nothing else needs it; what was
    /// built of either is not touched. For the spec without its changes, see <see cref="Origin"/>.</summary>
    public ModuleSpec Fresh() => With(Core.Tape.fresh);

    /// <summary>The steps of a tape made on this module, each checked against the tree as it is then. Where one does
    /// not apply, the error names it.</summary>
    public ModuleSpec Replay(Tape tape) =>
        With(spec => Core.Tape.replay(Interop.List(tape.Given().Steps), spec));

    /// <summary>The spec with its tape as JSON. One that holds a function or an object without a name can't be saved:
    /// the error names it.</summary>
    public string ToJson() => Interop.Run(() => Core.Fail.unwrap(Core.Codec.encode(Spec)));

    /// <summary>The spec that a JSON text describes. Ids are looked up in the registry and nowhere else, so that reading
    /// runs no code; unknown ids, fields and versions are errors that name the path.</summary>
    public static ModuleSpec FromJson(string json, Registry? registry = null) =>
        Interop.Run(() =>
            new ModuleSpec(
                Core.Fail.unwrap(Core.Codec.decode((registry ?? Registry.Standard).Inner, json.Given()))
            )
        );
}
