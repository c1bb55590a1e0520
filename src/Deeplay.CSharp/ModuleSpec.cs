namespace Deeplay;

/// <summary>What a module is, before it exists: a kind, the arguments it was given, and the changes made since. A
/// value: every change gives a new one, two that say the same are equal, and nothing is allocated before
/// <see cref="Build(BuildOptions?, long[])"/>.</summary>
public partial class ModuleSpec : Editable, IEquatable<ModuleSpec>
{
    internal ModuleSpec(Core.ModuleSpec spec) => Spec = spec;

    internal Core.ModuleSpec Spec { get; }

    /// <summary>What a selector selects: texts, places, ranges. <c>Select("blocks", ..^1, "activation")</c>,
    /// <c>Select("blocks/:-1/activation")</c> and <c>Select(Any, "layer")</c> are selections; changing an empty one is
    /// an error.</summary>
    public Selection Select(params Segment[] selector) => new Selection(this).Select(selector);

    /// <summary>Does several changes as one named group of steps, which is one entry to undo.</summary>
    public ModuleSpec Group(string name, Func<ModuleSpec, ModuleSpec> changes)
    {
        changes.Given();
        var inner = Interop.Fun<Core.ModuleSpec, Core.ModuleSpec>(spec => changes(new(spec)).Gave().Spec);
        return new(Core.ChangeModule.grouped(name.Given(), inner, Spec));
    }

    /// <summary>Whether both are the same kind with the same arguments and the same changes.</summary>
    public bool Equals(ModuleSpec? other) => other is not null && Spec.Equals(other.Spec);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ModuleSpec);

    /// <inheritdoc/>
    public override int GetHashCode() => Spec.GetHashCode();

    /// <summary>Whether both say the same.</summary>
    public static bool operator ==(ModuleSpec? left, ModuleSpec? right) => Equals(left, right);

    /// <summary>Whether they differ.</summary>
    public static bool operator !=(ModuleSpec? left, ModuleSpec? right) => !Equals(left, right);

    /// <summary>The tree as text; where it can't be constructed, why.</summary>
    public override string ToString() => Spec.ToString();

    private protected override ModuleSpec Change(Func<Core.Selection, Core.Selection> change) =>
        new(change(Core.SelectionModule.ofSpec(Spec)).Spec);
}
