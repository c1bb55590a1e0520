namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// A size of ResNet: how many residual blocks each stage has, and whether they are bottlenecks.
type internal ResnetSize =
    {
        Depth: int
        Counts: int list
        IsBottleneck: bool
    }

    /// How much wider a stage's output is than what is inside of its blocks, and than the network's first block.
    // Source: torchvision, models/resnet.py: the `expansion` of BasicBlock and of Bottleneck.
    member size.Expansion = if size.IsBottleneck then 4 else 1

    /// The channels of each stage.
    member size.Channels = [ 64; 128; 256; 512 ] |> List.map ((*) size.Expansion)

/// Encoders in the style of a ResNet.
module internal ResnetStyle =
    // Source: torchvision, ResNet.__init__: kaiming_normal_(mode="fan_out", nonlinearity="relu").
    let private initialize =
        let given =
            Map.ofList
                [
                    Initialization.mode => "fan_out"
                    Initialization.nonlinearity => "relu"
                    Initialization.allowMissing => true
                ]

        Verbs.act Initialization.kaimingNormal given

    let private depths =
        Stages.depths
        |> Key.optional "The number of blocks of each stage; as published for this size where null."

    /// The style: its first block as a ResNet begins, each other one a stage, and He's initial weights.
    let ofSize (size: ResnetSize) =
        Action.afterInit $"resnet{string size.Depth}" [ depths ] (fun arguments builder ->
            let counts = arguments.Get depths |> Option.defaultValue size.Counts

            for i, block in List.indexed (BlockChain.blocks builder) do
                if i = 0 then
                    BlockChain.style "resnet18_input" [] block builder
                else
                    // As many as the last stage has in stages beyond it.
                    let count = List.item (min i counts.Length - 1) counts

                    let arguments =
                        [
                            "stride", Int(if i = 1 then 1L else 2L)
                            "n", Int(int64 count)
                            "bottleneck", Bool size.IsBottleneck
                            "bias", Bool false
                        ]

                    BlockChain.style "resnet" arguments block builder

            builder.Change(Tag.root, initialize, false))
        |> Action.withDocumentation
            $"The blocks and initial weights of a ResNet-{string size.Depth}: one block in front, and one for each stage."

    let sizes =
        [
            { Depth = 18; Counts = [ 2; 2; 2; 2 ]; IsBottleneck = false }
            { Depth = 34; Counts = [ 3; 4; 6; 3 ]; IsBottleneck = false }
            { Depth = 50; Counts = [ 3; 4; 6; 3 ]; IsBottleneck = true }
            { Depth = 101; Counts = [ 3; 4; 23; 3 ]; IsBottleneck = true }
        ]

    let styles = List.map ofSize sizes
