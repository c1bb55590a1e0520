/// The transformers of the golden files, by their keys.
module Deeplay.Tests.GoldenTransformers

open Deeplay.Core
open Deeplay.FSharp

let specs: (string * ModuleSpec) list =
    [
        "transformer_encoder", Components.transformerEncoderLayer 4 [ 4; 16 ] 4 2
        "vit", Models.viT 3 32 4 (List.replicate 7 384) 10 12
        "vit_small", Models.viT 1 16 4 [ 16; 32 ] 3 4
    ]

/// What differs, for the same reasons in all of them.
let differences =
    let attention = GoldenConvolutions.attention

    let all =
        { attention with
            Reason = attention.Reason + " A probability is a float, and printed as one."
            Print = fun text -> attention.Print(text.Replace("p=0,", "p=0.0,"))
        }

    [
        for key, _ in specs do
            key, all
    ]

/// An input and the output where a golden file has no forward pass. Deeplay's fails where the width of blocks changes: it adds the
/// input before its projection to what attention made of it after. Here the projection comes before both.
let shapes: (string * (int64 list * int64 list)) list =
    [
        "transformer_encoder", ([ 2L; 10L; 4L ], [ 2L; 10L; 4L ])
        "vit_small", ([ 2L; 1L; 16L; 16L ], [ 2L; 3L ])
    ]
