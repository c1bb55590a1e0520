namespace Deeplay.Torch

open Deeplay.Core
open Deeplay.Library
open TorchSharp

module internal LinearLowerings =
    let table =
        [
            row Linear.definition (fun a ->
                let ins, outs = Read.int a Linear.inFeatures, Read.int a Linear.outFeatures
                torch.nn.Linear(ins, outs, a.Get Linear.bias))
            row Bilinear.definition (fun a ->
                torch.nn.Bilinear(
                    Read.int a Bilinear.in1Features,
                    Read.int a Bilinear.in2Features,
                    Read.int a Bilinear.outFeatures,
                    a.Get Bilinear.bias
                ))
        ]
