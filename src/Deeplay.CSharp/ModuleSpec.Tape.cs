namespace Deeplay;

/// <content>Remembering: the tape, and JSON.</content>
public partial class ModuleSpec
{
    /// <summary>The changes made so far, the oldest first.</summary>
    public Tape Tape => new(Core.Tape.steps(Spec));

    /// <summary>The same without what its last change did: a call is one change, whatever it holds, and so is a group.
    /// Nothing to undo is an error.</summary>
    public ModuleSpec Undo() => new(Core.Tape.undo(Spec));

    /// <summary>The same with what was undone last. Nothing to redo is an error.</summary>
    public ModuleSpec Redo() => new(Core.Tape.redo(Spec));

    /// <summary>The same without the settings that no module reads at present. What they were made for can come back;
    /// they do not.</summary>
    public ModuleSpec DropUnused() => new(Core.Tape.dropUnused(Spec));

    /// <summary>The spec as it was made: its kind and the arguments it was given, without any change since.</summary>
    public ModuleSpec Origin => new(Core.Spec.origin(Spec));

    /// <inheritdoc cref="Deeplay.Diff.Between"/>
    public Diff Diff(ModuleSpec other) => Deeplay.Diff.Between(this, other.Given());

    /// <summary>An equal spec, with the same arguments, settings and tape, that shares no constructed module with this
    /// one: its tree is constructed anew where it is looked at. Specs are values, so nothing else needs it; what was
    /// built of either is not touched. For the spec without its changes, see <see cref="Origin"/>.</summary>
    public ModuleSpec Fresh() => new(Core.Tape.fresh(Spec));

    /// <summary>The steps of a tape made on this module, each checked against the tree as it is then. Where one does
    /// not apply, the error names it.</summary>
    public ModuleSpec Replay(Tape tape) => new(Core.Tape.replay(tape.Given().Inner, Spec));

    /// <summary>The spec with its tape as JSON. One that holds a function or an object without a name can't be saved:
    /// the error names it.</summary>
    public string ToJson() => Core.Fail.unwrap(Core.Codec.encode(Spec));

    /// <summary>The spec that a JSON text describes. Ids are looked up in the registry and nowhere else, so that reading
    /// runs no code; unknown ids, fields and versions are errors that name the path.</summary>
    public static ModuleSpec FromJson(string json, Registry? registry = null) =>
        new(Core.Fail.unwrap(Core.Codec.decode((registry ?? Registry.Standard).Inner, json.Given())));
}
