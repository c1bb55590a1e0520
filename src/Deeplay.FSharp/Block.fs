namespace Deeplay.FSharp

open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open Deeplay.Core

/// Structural edits of blocks and lists, for the spec itself or for what is selected:
/// `model |> Module.select "blocks/:-1" (Block.normalized Layers.batchNorm1d)`. Each is one step on the tape, and is
/// done again whenever its block is constructed. `file` and `line` are the compiler's to give.
[<AbstractClass; Sealed>]
type Block =
    static member private Call(file, line, name, arguments) =
        fun (whole: 'whole :> IChangeable<'whole>) ->
            Caller.edit whole (Change.call (Caller.at file line) name (Map.ofList arguments))

    /// A child that runs after all others, named after its kind in lower case; in a list, the next number.
    static member append
        (
            spec: ModuleSpec,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        Block.Call(file, line, "append", [ "layer" => spec ])

    /// A child that runs after all others, under a name.
    static member appendAs
        (
            name: string,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        fun (spec: ModuleSpec) -> Block.Call(file, line, "append", [ "layer" => spec; "name" => name ])

    /// A child that runs before all others.
    static member prepend
        (
            spec: ModuleSpec,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        Block.Call(file, line, "prepend", [ "layer" => spec ])

    /// A child that runs before all others, under a name.
    static member prependAs
        (
            name: string,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        fun (spec: ModuleSpec) -> Block.Call(file, line, "prepend", [ "layer" => spec; "name" => name ])

    /// A child that runs after the child `after`.
    static member insert
        (
            after: string,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        fun (spec: ModuleSpec) -> Block.Call(file, line, "insert", [ "layer" => spec; "after" => after ])

    /// A child that runs after the child `after`, under a name.
    static member insertAs
        (
            after: string,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        fun (name: string) ->
            fun (spec: ModuleSpec) ->
                Block.Call(file, line, "insert", [ "layer" => spec; "after" => after; "name" => name ])

    /// The child of this name taken away. That there is none is an error.
    static member remove
        (
            name: string,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        Block.Call(file, line, "remove", [ "name" => name ])

    /// The child of this name taken away, if there is one.
    static member tryRemove
        (
            name: string,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        Block.Call(file, line, "remove", [ "name" => name; "allow_missing" => true ])

    /// An activation in the place of the one there is; after all others where there is none.
    static member activated
        (
            spec: ModuleSpec,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        Block.Call(file, line, "activated", [ "activation" => spec ])

    /// An activation in the place of the one there is; after the child `after` where there is none.
    static member activatedAfter
        (
            after: string,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        fun (spec: ModuleSpec) ->
            Block.Call(
                file,
                line,
                "activated",
                [ "activation" => spec; "mode" => "insert"; "after" => after ]
            )

    /// A normalization in the place of the one there is; after all others where there is none. Where it does not say
    /// a width, it gets the one that the block has at that place.
    static member normalized
        (
            spec: ModuleSpec,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        Block.Call(file, line, "normalized", [ "normalization" => spec ])

    /// A normalization in the place of the one there is; after the child `after` where there is none.
    static member normalizedAfter
        (
            after: string,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        fun (spec: ModuleSpec) ->
            Block.Call(
                file,
                line,
                "normalized",
                [ "normalization" => spec; "mode" => "insert"; "after" => after ]
            )

    /// A normalization in the place of the one there is; before all others where there is none.
    static member normalizedFirst
        (
            spec: ModuleSpec,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        Block.Call(file, line, "normalized", [ "normalization" => spec; "mode" => "prepend" ])

    /// A dropout that runs after all others.
    static member appendDropout
        (
            p: float,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        Block.Call(file, line, "append_dropout", [ "p" => p ])

    /// A dropout that runs before all others.
    static member prependDropout
        (
            p: float,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        Block.Call(file, line, "prepend_dropout", [ "p" => p ])

    /// A dropout that runs after the child `after`.
    static member insertDropout
        (
            after: string,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        fun (p: float) -> Block.Call(file, line, "insert_dropout", [ "p" => p; "after" => after ])

    /// The dropout taken away. That there is none is an error.
    static member removeDropout
        (
            whole: 'whole,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) : 'whole =
        Block.Call (file, line, "remove_dropout", []) whole

    /// The probability of the dropout; a new one after all others where there is none.
    static member setDropout
        (
            p: float,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        Block.Call(file, line, "set_dropout", [ "p" => p ])

    /// A way past the block, added to what the block gives: the identity where the widths allow it, else a layer.
    static member shortcut
        (
            whole: 'whole,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) : 'whole =
        Block.Call (file, line, "shortcut", []) whole

    /// A way past the block through `past`, merged by `merge` with what the block gives.
    static member shortcutWith
        (
            merge: ModuleSpec,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        fun (past: ModuleSpec) -> Block.Call(file, line, "shortcut", [ "merge" => merge; "shortcut" => past ])

    /// The block as a chain of `n` such blocks, named `blocks`. Each is as the block was just before.
    static member multi
        (
            n: int,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        Block.Call(file, line, "multi", [ "n" => n ])
