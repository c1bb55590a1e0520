namespace Deeplay.Torch

open Deeplay.Core
open Deeplay.Library
open TorchSharp

/// Activations that let positive numbers pass.
module internal RectifierLowerings =
    // TorchSharp's module does not overwrite its input, and neither does its `elu_` of alpha alone.
    let private elu (a: Arguments) : torch.nn.Module =
        let alpha = a.Get ELU.alpha

        if a.Get ELU.inplace then
            let alpha, one = Numbers.real alpha, Numbers.real 1.0
            new FunctionLayer(a.Kind, (fun x -> x.elu_ (alpha, one, one)))
        else
            torch.nn.ELU alpha

    let table =
        [
            row ReLU.definition (fun a -> torch.nn.ReLU(a.Get ReLU.inplace))
            row ReLU6.definition (fun a -> torch.nn.ReLU6(a.Get ReLU6.inplace))
            row LeakyReLU.definition (fun a ->
                torch.nn.LeakyReLU(a.Get LeakyReLU.negativeSlope, a.Get LeakyReLU.inplace))
            row PReLU.definition (fun a -> torch.nn.PReLU(Read.int a PReLU.numParameters, a.Get PReLU.init))
            row RReLU.definition (fun a -> torch.nn.RReLU(a.Get RReLU.lower, a.Get RReLU.upper, a.Get RReLU.inplace))
            row ELU.definition elu
            row SELU.definition (fun a -> torch.nn.SELU(a.Get SELU.inplace))
            row CELU.definition (fun a -> torch.nn.CELU(a.Get CELU.alpha, a.Get CELU.inplace))
        ]
