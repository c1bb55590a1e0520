namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// A published size of ConvNeXt.
type internal ConvNeXtSize = { Name: string; Channels: int list; Depths: int list; StochasticDepthProb: float }

/// The keys of a ConvNeXt; of a published size where one is given.
type internal ConvNeXtKeys(size: ConvNeXtSize option) =
    let sized get (key: Param<_>) =
        match size with
        | Some size -> Param.withDefault (get size) key
        | None -> key

    member val inChannels =
        Key.positive "in_channels" "The channels of the image; inferred where null."
        |> Param.withDefault 3
        |> Param.inferred
        |> Key.nullable

    member val channels = Stages.channels |> sized _.Channels
    member val depths = Stages.depths |> sized _.Depths

    member val stochasticDepthProb =
        let standard = size |> Option.map _.StochasticDepthProb |> Option.defaultValue 0.0

        Key.probabilityOf
            "stochastic_depth_prob"
            "The probability of an example to pass the last block by while training; it grows with the depth from 0 at the first."
        |> Param.withDefault standard

    member val layerScale = ConvNeXtBlock.layerScale
    member val numClasses = Key.positive "num_classes" "The number of classes." |> Param.withDefault 1000

    /// The example: a small one, or one of a published size as it is.
    member keys.Shown: Definition -> Definition =
        match size with
        | Some _ -> Definition.withExample [] [ Spatial.input 2 3 64 ]
        | None ->
            Definition.withExample
                [ keys.channels => [ 16; 32 ]; keys.depths => [ 1; 1 ]; keys.numClasses => 10 ]
                [ Spatial.input 2 3 64 ]

/// A ConvNeXt as torchvision has it; a published size where one is given.
[<Group "Models">]
type internal ConvNeXt(size: ConvNeXtSize option) as this =
    inherit ConvNeXtKeys(size)

    let norm (width: int) = Spec.create LayerNorm2d.definition (Map.ofList [ LayerNorm2d.numChannels => width ])

    // A convolution without overlap.
    let patches (input: Value) (output: int) (size: int) =
        [
            Conv2d.inChannels.Name, input
            Conv2d.outChannels => output
            Conv2d.kernelSize => [ size ]
            Conv2d.stride => [ size ]
        ]
        |> BlockChain.given
        |> Spec.create Conv2d.definition

    let sequential (specs: ModuleSpec list) =
        Spec.create Sequential.definition (Map.ofList [ Sequential.layers => specs ])

    member private _.Stages(arguments: Arguments) : ModuleSpec list =
        let widths, depths = arguments.Get this.channels, arguments.Get this.depths
        let count = List.sum depths
        let firsts = depths |> List.scan (+) 0

        let block width number =
            // Source: torchvision, models/convnext.py: stochastic_depth_prob * stage_block_id / (total_stage_blocks - 1.0).
            let part = if count = 1 then 0.0 else float number / float (count - 1)

            Map.ofList
                [
                    ConvNeXtBlock.channels => width
                    ConvNeXtBlock.layerScale => arguments.Get this.layerScale
                    ConvNeXtBlock.stochasticDepthProb => arguments.Get this.stochasticDepthProb * part
                ]
            |> Spec.create ConvNeXtBlock.definition

        [
            for i, (width, depth) in List.indexed (List.zip widths depths) do
                let blocks = sequential [ for k in 0 .. depth - 1 -> block width (firsts[i] + k) ]

                if i = 0 then
                    TransformerParts.named [ "blocks", blocks ]
                else
                    let before = widths[i - 1]

                    TransformerParts.named
                        [
                            "downsample",
                            TransformerParts.named
                                [ "normalization", norm before; "layer", patches (Int(int64 before)) width 2 ]
                            "blocks", blocks
                        ]
        ]

    // Source: torchvision, models/convnext.py: trunc_normal_ of 0.02, which is cut at a hundred standard deviations.
    member private _.Initialize(arguments: Arguments) : Init<unit> =
        fun builder ->
            let weights = Map.ofList [ Initialization.std => 0.02; Initialization.bias => Some 0.0 ]

            for tag in
                [
                    "stem.layer"
                    "head"
                    for i, depth in List.indexed (arguments.Get this.depths) do
                        if i > 0 then $"stages.{string i}.downsample.layer"

                        for k in 0 .. depth - 1 do
                            for layer in [ "layer"; "feed_forward.up"; "feed_forward.down" ] do
                                $"stages.{string i}.blocks.{string k}.{layer}"
                ] do
                builder.Change(Tag.parse tag, Verbs.act Initialization.normal weights, false)

    member private _.Body(arguments: Arguments) : Init<Forward> =
        let first, last = List.head (arguments.Get this.channels), List.last (arguments.Get this.channels)

        let stem =
            TransformerParts.named [ "layer", patches arguments["in_channels"] first 4; "normalization", norm first ]

        let pool = Map.ofList [ AdaptiveAvgPool2d.outputSize => [ 1; 1 ] ]
        let last' = Map.ofList [ LayerNorm.normalizedShape => [ last ]; LayerNorm.eps => 1e-6 ]
        let head = Map.ofList [ Linear.inFeatures => last; Linear.outFeatures => arguments.Get this.numClasses ]

        init {
            let! stem = child "stem" stem
            let! stages = child "stages" (sequential (this.Stages arguments))
            let! pool = child "pool" (Spec.create AdaptiveAvgPool2d.definition pool)
            let! normalization = child "normalization" (Spec.create LayerNorm.definition last')
            let! head = child "head" (Spec.create Linear.definition head)
            do! this.Initialize arguments

            return forward (call stem >> call stages >> call pool >> Op.flatten 1 -1 >> call normalization >> call head)
        }

    member val definition: Definition =
        let documentation =
            match size with
            | Some size -> $"A ConvNeXt of the size {size.Name}, with the parameters of torchvision's."
            | None ->
                "A convolutional network in the manner of a transformer: stages of depthwise convolutions and feed-forward networks."

        let parameters: Param list =
            [
                this.channels
                this.depths
                this.inChannels
                this.numClasses
                this.stochasticDepthProb
                this.layerScale
            ]

        let id = size |> Option.map _.Name |> Option.defaultValue "ConvNeXt"

        Definition.create id parameters (fun arguments -> this.Body arguments)
        |> Definition.withDocumentation documentation
        |> Definition.withCheck (Stages.check this.channels this.depths)
        |> Definition.withShapes "(N, in_channels, H, W) → (N, num_classes)"
        |> Definition.withSource "Liu et al., 2022, A ConvNet for the 2020s"
        |> Definition.withSource "torchvision, ConvNeXt"
        |> this.Shown

[<AutoOpen>]
module internal ConvNeXts =
    let private published name channels depths p =
        ConvNeXt(Some { Name = name; Channels = channels; Depths = depths; StochasticDepthProb = p })

    let ConvNeXt = ConvNeXt None
    let ConvNeXtTiny = published "ConvNeXtTiny" [ 96; 192; 384; 768 ] [ 3; 3; 9; 3 ] 0.1
    let ConvNeXtSmall = published "ConvNeXtSmall" [ 96; 192; 384; 768 ] [ 3; 3; 27; 3 ] 0.4
    let ConvNeXtBase = published "ConvNeXtBase" [ 128; 256; 512; 1024 ] [ 3; 3; 27; 3 ] 0.5
    let ConvNeXtLarge = published "ConvNeXtLarge" [ 192; 384; 768; 1536 ] [ 3; 3; 27; 3 ] 0.5
