namespace Deeplay.Torch

open Deeplay.Core
open Deeplay.Library
open TorchSharp
open TorchSharp.Modules

/// Activations that let positive numbers pass.
module internal RectifierLowerings =
    // An activation with one number, which TorchSharp's own module would not hold.
    let private ofNumber (number: Param<float>) (inplace: Param<bool>) apply applyInPlace (a: Arguments) =
        new FunctionLayer(a.Kind, Numbers.given (a.Get number) (if a.Get inplace then applyInPlace else apply))

    // TorchSharp's module of this does not overwrite its input, and neither does its `elu_` of alpha alone.
    let private elu =
        ofNumber ELU.alpha ELU.inplace (fun alpha x -> x.elu (alpha, Numbers.one, Numbers.one)) (fun alpha x ->
            x.elu_ (alpha, Numbers.one, Numbers.one))

    let private prelu (a: Arguments) =
        use init = Numbers.real (a.Get PReLU.init)
        let made = new FunctionLayer(a.Kind, id)
        made.register_parameter ("weight", new Parameter(torch.full ([| Read.int a PReLU.numParameters |], init)))
        new WeightedLayer(a.Kind, made, (fun x weight _ -> torch.nn.functional.prelu (x, weight)))

    let table =
        [
            row ReLU.definition (fun a -> torch.nn.ReLU(a.Get ReLU.inplace))
            row ReLU6.definition (fun a -> torch.nn.ReLU6(a.Get ReLU6.inplace))
            row
                LeakyReLU.definition
                (ofNumber LeakyReLU.negativeSlope LeakyReLU.inplace (fun slope x -> x.leaky_relu slope) (fun slope x ->
                    x.leaky_relu_ slope))
            row PReLU.definition prelu
            row RReLU.definition (fun a -> torch.nn.RReLU(a.Get RReLU.lower, a.Get RReLU.upper, a.Get RReLU.inplace))
            row ELU.definition elu
            row SELU.definition (fun a -> torch.nn.SELU(a.Get SELU.inplace))
            row
                CELU.definition
                (ofNumber CELU.alpha CELU.inplace (fun alpha x -> x.celu alpha) (fun alpha x -> x.celu_ alpha))
        ]
