namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

module private ShuffleHelpers =
    /// The rule of a layer over (…, C, H, W).
    let images rule : ShapeRule =
        Rule.one (fun arguments input ->
            match input with
            | Ranked dims when dims.Length < 3 ->
                Rule.fail "an input of at least 3 dimensions (…, C, H, W)" input
            | Unranked -> Rule.gives Unranked
            | Ranked dims ->
                let outer, inner = List.splitAt (dims.Length - 3) dims

                rule arguments input inner[0] inner[1] inner[2]
                |> Result.bind (fun inner -> Rule.gives (Ranked(outer @ inner))))

    /// A size divided; None where it does not divide.
    let divide by (dim: Dim) =
        match dim with
        | Known size when size % by <> 0L -> None
        | dim -> Some(Dim.map (fun size -> size / by) dim)

    let times by = Dim.map (fun size -> size * by)

open ShuffleHelpers

/// `torch.nn.PixelShuffle`: channels become pixels, (…, C · r², H, W) → (…, C, H · r, W · r).
module internal PixelShuffle =
    /// The factor r that height and width grow by.
    let upscaleFactor =
        Common.positive "upscale_factor"
        |> Param.withDocumentation "The factor that height and width grow by."

    // Source: PyTorch docs, torch.nn.PixelShuffle, "Shape".
    let private rule =
        images (fun arguments input channels height width ->
            let factor = int64 (arguments.Get upscaleFactor)

            match divide (factor * factor) channels with
            | Some channels -> Ok [ channels; times factor height; times factor width ]
            | None ->
                Rule.fail $"channels divisible by {factor * factor}, the square of upscale_factor" input)

    /// Parameters: upscale_factor.
    let definition =
        LayerDefinition.create
            "PixelShuffle"
            [ upscaleFactor ]
            rule
            "Channels become pixels: images grow."
            (Extra.named [ "upscale_factor" ])
        |> Definition.withShapes "(…, C · r², H, W) → (…, C, H · r, W · r), r being upscale_factor"
        |> Definition.withSource "Shi et al., 2016, Real-Time Single Image and Video Super-Resolution"

/// `torch.nn.PixelUnshuffle`: pixels become channels, (…, C, H · r, W · r) → (…, C · r², H, W).
module internal PixelUnshuffle =
    /// The factor r that height and width shrink by.
    let downscaleFactor =
        Common.positive "downscale_factor"
        |> Param.withDocumentation "The factor that height and width shrink by."

    // Source: PyTorch docs, torch.nn.PixelUnshuffle, "Shape".
    let private rule =
        images (fun arguments input channels height width ->
            let factor = int64 (arguments.Get downscaleFactor)

            match divide factor height, divide factor width with
            | Some height, Some width -> Ok [ times (factor * factor) channels; height; width ]
            | _ -> Rule.fail $"height and width divisible by its downscale_factor {factor}" input)

    /// Parameters: downscale_factor.
    let definition =
        LayerDefinition.create
            "PixelUnshuffle"
            [ downscaleFactor ]
            rule
            "Pixels become channels: images shrink."
            (Extra.named [ "downscale_factor" ])
        |> Definition.withShapes "(…, C, H · r, W · r) → (…, C · r², H, W), r being downscale_factor"

/// `torch.nn.ChannelShuffle`: channels of several groups take turns, (N, C, H, W) → the same.
module internal ChannelShuffle =
    /// The number of groups, which divides the number of channels.
    let groups =
        Common.positive "groups"
        |> Param.withDocumentation "The number of groups, which divides the number of channels."

    // Source: PyTorch, channel_shuffle: more than 2 dimensions, the channels in dimension 1.
    let private rule =
        Rule.one (fun arguments input ->
            let groups = int64 (arguments.Get groups)

            match input with
            | Ranked dims when dims.Length < 3 ->
                Rule.fail "an input of at least 3 dimensions (N, C, …)" input
            | Ranked dims when (divide groups dims[1]).IsNone ->
                Rule.fail $"in dimension 1 a size divisible by its {groups} groups" input
            | _ -> Rule.gives input)

    /// Parameters: groups.
    let definition =
        LayerDefinition.create
            "ChannelShuffle"
            [ groups ]
            rule
            "Channels of several groups take turns."
            (Extra.named [ "groups" ])
        |> Definition.withShapes "(N, C, …) → the same"
        |> Definition.withSource "Zhang et al., 2018, ShuffleNet"

/// The layers of this file.
module internal ShuffleLayers =
    let all = [ PixelShuffle.definition; PixelUnshuffle.definition; ChannelShuffle.definition ]
