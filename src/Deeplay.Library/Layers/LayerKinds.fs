namespace Deeplay.Library

open Deeplay.Core

/// What layers make of whole numbers and of bools. Nearly all take floating-point numbers alone, so that those that do not are told
/// here. Source: libtorch, which the tests ask.
module internal LayerKinds =
    let private b, w, f = ElementKind.Boolean, ElementKind.Whole, ElementKind.Floating

    // Attention: the masks behind queries, keys and values are bools as a rule.
    let private attention =
        let (ElementRule floats) = KindRule.each KindRule.floatsAlone
        ElementRule(List.truncate 3 >> floats)

    let private embedding =
        ElementRule(fun kinds ->
            match List.tryHead kinds with
            | Some kind when not (ElementKind.agrees kind w) -> KindRule.fail (ElementKind.describe w) [ kind ]
            | _ -> Ok [ f ])

    // libtorch takes bools for numbers 0 and 1 here.
    let private bag =
        ElementRule(fun kinds ->
            match List.tryHead kinds with
            | Some kind when kind = f -> KindRule.fail (ElementKind.describe w) [ kind ]
            | _ -> Ok [ f ])

    // Behind the maxima are their places.
    let private unpool =
        let (ElementRule floats) = KindRule.each KindRule.floatsAlone

        ElementRule(fun kinds ->
            match kinds with
            | [ _; places ] when not (ElementKind.agrees places w) -> KindRule.fail (ElementKind.describe w) [ places ]
            | _ -> floats (List.truncate 1 kinds))

    // Padding of the last dimensions; `kind` for all of them.
    let private pads kind = [ for n in 1..3 -> $"{kind}Pad{string n}d" ]

    let private perDimension kind = [ for n in 1..3 -> $"{kind}{string n}d" ]

    let private rows: (string list * KindRule.Row) list =
        [
            [
                "Identity"
                "Flatten"
                "Unflatten"
                "PixelShuffle"
                "PixelUnshuffle"
                "ChannelShuffle"
                // In evaluation; what they refuse in training is not known before.
                "Dropout"
                "AlphaDropout"
                "FeatureAlphaDropout"
                "DropPath"
            ]
            @ List.collect pads [ "Constant"; "Zero"; "Circular" ]
            @ perDimension "Dropout",
            KindRule.kept

            [ "ReLU"; "ReLU6"; "Threshold" ]
            @ List.collect pads [ "Reflection"; "Replication" ]
            @ List.collect perDimension [ "MaxPool"; "AvgPool" ],
            KindRule.numbers

            [ "Sigmoid"; "Tanh"; "Hardtanh"; "Unstandardize"; "LPPool1d"; "LPPool2d" ], KindRule.floats
            [ "Tanhshrink"; "Softsign"; "LocalResponseNorm"; "Standardize"; "PairwiseDistance" ],
            KindRule.row None (Some f) f
            [ "Unfold"; "Fold" ], KindRule.row (Some b) None f
        ]

    let private rules =
        [
            for ids, row in rows do
                for id in ids -> id, KindRule.each row
        ]
        @ [ "MultiheadAttention", attention; "Embedding", embedding; "EmbeddingBag", bag ]
        @ [ for id in perDimension "MaxUnpool" -> id, unpool ]
        |> Map.ofList

    /// The layers that take anything else than floating-point numbers.
    let ids: string list = List.ofSeq rules.Keys

    /// What the layer of this id takes and gives.
    let rule (id: string) : ElementRule =
        rules.TryFind id |> Option.defaultWith (fun () -> KindRule.each KindRule.floatsAlone)
