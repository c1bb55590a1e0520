namespace Deeplay.Torch

open Deeplay.Core
open Deeplay.Library
open TorchSharp

/// Layers that exchange channels and pixels.
module internal ShuffleLowerings =
    let table =
        [
            row PixelShuffle.definition (fun a -> torch.nn.PixelShuffle(Read.int a PixelShuffle.upscaleFactor))
            row PixelUnshuffle.definition (fun a -> torch.nn.PixelUnshuffle(Read.int a PixelUnshuffle.downscaleFactor))
            row ChannelShuffle.definition (fun a -> torch.nn.ChannelShuffle(Read.int a ChannelShuffle.groups))
        ]
