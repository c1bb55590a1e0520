namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

module private ShuffleRules =
    /// The rule of a layer over (…, C, H, W).
    let images (rule: Arguments -> Shape -> Dim -> Dim -> Dim -> Result<Dim list, OpShape.Problem>) =
        Rule.atLeast 3 "3 dimensions (…, C, H, W)" (fun arguments dims ->
            let outer, inner = List.splitAt (dims.Length - 3) dims

            rule arguments (Ranked dims) inner[0] inner[1] inner[2]
            |> Result.bind (fun inner -> Rule.gives (Ranked(outer @ inner))))

    /// A size divided; None where it does not divide.
    let divide by (dim: Dim) =
        match dim with
        | Known size when size % by <> 0L -> None
        | dim -> Some(Dim.map (fun size -> size / by) dim)

    let times by = Dim.map (fun size -> size * by)

open ShuffleRules

module internal PixelShuffle =
    let upscaleFactor = Key.positive "upscale_factor" "The factor that height and width grow by."

    // Source: PyTorch docs, torch.nn.PixelShuffle, "Shape".
    let private rule =
        images (fun arguments input channels height width ->
            let factor = int64 (arguments.Get upscaleFactor)

            match divide (factor * factor) channels with
            | Some channels -> Ok [ channels; times factor height; times factor width ]
            | None -> Rule.fail $"channels divisible by {factor * factor}, the square of upscale_factor" input)

    let definition =
        Layer.create
            "PixelShuffle"
            [ upscaleFactor ]
            rule
            "Channels become pixels: images grow."
            "(…, C · r², H, W) → (…, C, H · r, W · r), r being upscale_factor"
        |> Layer.taking KindRule.kept
        |> Definition.withExample [ upscaleFactor => 2 ] [ Example.tensor [ 1; 8; 4; 4 ] ]
        |> Definition.withSource "Shi et al., 2016, Real-Time Single Image and Video Super-Resolution"

module internal PixelUnshuffle =
    let downscaleFactor = Key.positive "downscale_factor" "The factor that height and width shrink by."

    // Source: PyTorch docs, torch.nn.PixelUnshuffle, "Shape".
    let private rule =
        images (fun arguments input channels height width ->
            let factor = int64 (arguments.Get downscaleFactor)

            match divide factor height, divide factor width with
            | Some height, Some width -> Ok [ times (factor * factor) channels; height; width ]
            | _ -> Rule.fail $"height and width divisible by its downscale_factor {factor}" input)

    let definition =
        Layer.create
            "PixelUnshuffle"
            [ downscaleFactor ]
            rule
            "Pixels become channels: images shrink."
            "(…, C, H · r, W · r) → (…, C · r², H, W), r being downscale_factor"
        |> Layer.taking KindRule.kept
        |> Definition.withExample [ downscaleFactor => 2 ] [ Example.tensor [ 1; 2; 8; 8 ] ]

module internal ChannelShuffle =
    let groups = Key.positive "groups" "The number of groups, which divides the number of channels."

    // Source: PyTorch, channel_shuffle: more than 2 dimensions, the channels in dimension 1.
    let private rule =
        Rule.atLeast 3 "3 dimensions (N, C, …)" (fun arguments ->
            let groups = int64 (arguments.Get groups)

            fun dims ->
                match divide groups dims[1] with
                | Some _ -> Rule.gives (Ranked dims)
                | None -> Rule.fail $"in dimension 1 a size divisible by its {groups} groups" (Ranked dims))

    let definition =
        Layer.create "ChannelShuffle" [ groups ] rule "Channels of several groups take turns." "(N, C, …) → the same"
        |> Layer.taking KindRule.kept
        |> Definition.withSource "Zhang et al., 2018, ShuffleNet"
        |> Definition.withExample [ groups => 2 ] [ Spatial.input 2 4 8 ]
