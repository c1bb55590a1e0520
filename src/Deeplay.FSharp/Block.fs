namespace Deeplay.FSharp

open Deeplay.Core

/// Structural edits of blocks and lists, for the spec itself or for what is selected:
/// `model |> Module.select "blocks/:-1" (Block.normalized Layers.batchNorm1d)`. Each is one step on the tape, and is
/// done again whenever its block is constructed.
[<RequireQualifiedAccess>]
module Block =
    let private layer (spec: ModuleSpec) = "layer", Module spec
    let private named (name: string) = "name", Text name
    let private behind (name: string) = "after", Text name
    let private insertMode = "mode", Text "insert"
    let private probability (p: float) = "p", Float p

    /// A child that runs after all others, named after its kind in lower case; in a list, the next number.
    let append spec = Module.call "append" [ layer spec ]

    /// A child that runs after all others, under a name.
    let appendAs name spec =
        Module.call "append" [ layer spec; named name ]

    /// A child that runs before all others.
    let prepend spec = Module.call "prepend" [ layer spec ]

    /// A child that runs before all others, under a name.
    let prependAs name spec =
        Module.call "prepend" [ layer spec; named name ]

    /// A child that runs after the child `after`.
    let insert after spec =
        Module.call "insert" [ layer spec; behind after ]

    /// A child that runs after the child `after`, under a name.
    let insertAs after name spec =
        Module.call "insert" [ layer spec; behind after; named name ]

    /// The child of this name taken away. That there is none is an error.
    let remove name = Module.call "remove" [ named name ]

    /// The child of this name taken away, if there is one.
    let tryRemove name =
        Module.call "remove" [ named name; "allow_missing", Bool true ]

    /// An activation in the place of the one there is; after all others where there is none.
    let activated spec =
        Module.call "activated" [ "activation", Module spec ]

    /// An activation in the place of the one there is; after the child `after` where there is none.
    let activatedAfter after spec =
        Module.call "activated" [ "activation", Module spec; insertMode; behind after ]

    /// A normalization in the place of the one there is; after all others where there is none. Where it does not say
    /// a width, it gets the one that the block has at that place.
    let normalized spec =
        Module.call "normalized" [ "normalization", Module spec ]

    /// A normalization in the place of the one there is; after the child `after` where there is none.
    let normalizedAfter after spec =
        Module.call "normalized" [ "normalization", Module spec; insertMode; behind after ]

    /// A normalization in the place of the one there is; before all others where there is none.
    let normalizedFirst spec =
        Module.call "normalized" [ "normalization", Module spec; "mode", Text "prepend" ]

    /// A dropout that runs after all others.
    let appendDropout p =
        Module.call "append_dropout" [ probability p ]

    /// A dropout that runs before all others.
    let prependDropout p =
        Module.call "prepend_dropout" [ probability p ]

    /// A dropout that runs after the child `after`.
    let insertDropout after p =
        Module.call "insert_dropout" [ probability p; behind after ]

    /// The dropout taken away. That there is none is an error.
    let removeDropout (spec: ModuleSpec) = Module.call "remove_dropout" [] spec

    /// The probability of the dropout; a new one after all others where there is none.
    let setDropout p =
        Module.call "set_dropout" [ probability p ]

    /// A way past the block, added to what the block gives: the identity where the widths allow it, else a layer.
    let shortcut (spec: ModuleSpec) = Module.call "shortcut" [] spec

    /// A way past the block through `past`, merged by `merge` with what the block gives.
    let shortcutWith merge past =
        Module.call "shortcut" [ "merge", Module merge; "shortcut", Module past ]

    /// The block as a chain of `n` such blocks, named `blocks`. Each is as the block was just before.
    let multi (n: int) =
        Module.call "multi" [ "n", Int(int64 n) ]
