using System.Runtime.CompilerServices;

namespace Deeplay;

/// <content>Structural edits of blocks and lists. Each is done again whenever its block is constructed, so that it
/// survives what happens later.</content>
public abstract partial class Editable
{
    /// <summary>An activation in the place of the one there is; where there is none, after all others, or where
    /// <paramref name="mode"/> (<c>append</c>, <c>prepend</c>, <c>insert</c>, <c>replace</c>) says. A ReLU where none
    /// is given.</summary>
    public ModuleSpec Activated(
        ModuleSpec? activation = null,
        string? mode = null,
        string? after = null,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0
    ) => Edit("activated", file, line, ("activation", activation), ("mode", mode), ("after", after));

    /// <summary>A normalization in the place of the one there is; where there is none, after all others, or where
    /// <paramref name="mode"/> says. Where it does not say a width, it gets the one that the block has at that place;
    /// where none is given, it is that of the kind of block.</summary>
    public ModuleSpec Normalized(
        ModuleSpec? normalization = null,
        string? mode = null,
        string? after = null,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0
    ) => Edit("normalized", file, line, ("normalization", normalization), ("mode", mode), ("after", after));

    /// <summary>A child that runs after all others, under a name, else that of its kind in lower case; in a list, the
    /// next number.</summary>
    public ModuleSpec Append(
        ModuleSpec layer,
        string? name = null,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0
    ) => Edit("append", file, line, ("layer", layer), ("name", name));

    /// <summary>A child that runs before all others.</summary>
    public ModuleSpec Prepend(
        ModuleSpec layer,
        string? name = null,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0
    ) => Edit("prepend", file, line, ("layer", layer), ("name", name));

    /// <summary>A child that runs after another.</summary>
    public ModuleSpec Insert(
        ModuleSpec layer,
        string after,
        string? name = null,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0
    ) => Edit("insert", file, line, ("layer", layer), ("after", after), ("name", name));

    /// <summary>A child taken away. That there is none is an error, unless that is allowed.</summary>
    public ModuleSpec Remove(
        string name,
        bool allowMissing = false,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0
    ) => Edit("remove", file, line, ("name", name), ("allow_missing", allowMissing ? true : null));

    /// <summary>A dropout that runs after all others.</summary>
    public ModuleSpec AppendDropout(
        double p,
        string? name = null,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0
    ) => Edit("append_dropout", file, line, ("p", p), ("name", name));

    /// <summary>A dropout that runs before all others.</summary>
    public ModuleSpec PrependDropout(
        double p,
        string? name = null,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0
    ) => Edit("prepend_dropout", file, line, ("p", p), ("name", name));

    /// <summary>A dropout that runs after another child.</summary>
    public ModuleSpec InsertDropout(
        double p,
        string after,
        string? name = null,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0
    ) => Edit("insert_dropout", file, line, ("p", p), ("after", after), ("name", name));

    /// <summary>The dropout taken away. That there is none is an error, unless that is allowed.</summary>
    public ModuleSpec RemoveDropout(
        string? name = null,
        bool allowMissing = false,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0
    ) => Edit("remove_dropout", file, line, ("name", name), ("allow_missing", allowMissing ? true : null));

    /// <summary>The probability of the dropout; where there is none, a new one is put in where
    /// <paramref name="onMissing"/> (<c>append</c>, <c>prepend</c>, <c>insert</c>) says.</summary>
    public ModuleSpec SetDropout(
        double p,
        string? name = null,
        string? onMissing = null,
        string? after = null,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0
    ) =>
        Edit(
            "set_dropout",
            file,
            line,
            ("p", p),
            ("name", name),
            ("on_missing", onMissing),
            ("after", after)
        );

    /// <summary>A way past the block, merged with what the block gives: by their sum where no merge is given, through
    /// the kind's own way where none is given.</summary>
    public ModuleSpec Shortcut(
        ModuleSpec? merge = null,
        ModuleSpec? shortcut = null,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0
    ) => Edit("shortcut", file, line, ("merge", merge), ("shortcut", shortcut));

    /// <summary>The block as a chain of <paramref name="n"/> such blocks, named <c>blocks</c>. Each is as the block was
    /// just before.</summary>
    public ModuleSpec Multi(int n, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Edit("multi", file, line, ("n", n));

    // What is null was not given, so that the edit's own default holds.
    private ModuleSpec Edit(string method, string file, int line, params (string, object?)[] arguments) =>
        Call(
            method,
            arguments
                .Where(pair => pair.Item2 is not null)
                .ToDictionary(pair => pair.Item1, pair => pair.Item2),
            file,
            line
        );
}
