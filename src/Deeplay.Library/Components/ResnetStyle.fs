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

    /// The channels of the blocks but the last, and of the last.
    member size.Channels = if size.IsBottleneck then [ 64; 256; 512; 1024 ], 2048 else [ 64; 64; 128; 256 ], 512

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

    /// The style: its first block as a ResNet begins, each other one a stage, and He's initial weights.
    let ofSize (size: ResnetSize) =
        Action.afterInit $"resnet{string size.Depth}" [] (fun _ builder ->
            for i, block in List.indexed (BlockChain.blocks builder) do
                if i = 0 then
                    BlockChain.style "resnet18_input" [] block builder
                else
                    // As many as the last stage has in stages beyond it.
                    let count = List.item (min i size.Counts.Length - 1) size.Counts

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
