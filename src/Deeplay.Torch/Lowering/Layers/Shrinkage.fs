namespace Deeplay.Torch

open Deeplay.Core
open Deeplay.Library
open TorchSharp

/// Activations that clamp, shrink and saturate.
module internal ShrinkageLowerings =
    // TorchSharp's module takes -1 and 1, whatever it is given.
    let private hardtanh (a: Arguments) =
        let clamp =
            if a.Get Hardtanh.inplace then
                fun (low: Scalar) (high: Scalar) (x: Tensor) -> x.clamp_ (low, high)
            else
                fun (low: Scalar) (high: Scalar) (x: Tensor) -> x.clamp (low, high)

        new FunctionLayer(a.Kind, Numbers.givenTwo (a.Get Hardtanh.minVal) (a.Get Hardtanh.maxVal) clamp)

    let private threshold (a: Arguments) =
        let f =
            if a.Get Threshold.inplace then
                fun at value (x: Tensor) -> x.threshold_ (at, value)
            else
                fun at value (x: Tensor) -> x.threshold (at, value)

        new FunctionLayer(a.Kind, Numbers.givenTwo (a.Get Threshold.threshold) (a.Get Threshold.value) f)

    // TorchSharp's adds a number that it does not hold.
    let private softsign (x: Tensor) =
        use size = x.abs ()
        use more = Numbers.plus Numbers.one size
        x.div more

    let table =
        [
            row Softplus.definition (fun a -> torch.nn.Softplus(a.Get Softplus.beta, a.Get Softplus.threshold))
            row Softsign.definition (fun a -> new FunctionLayer(a.Kind, softsign))
            row Hardtanh.definition hardtanh
            row Hardsigmoid.definition (fun a -> torch.nn.Hardsigmoid(a.Get Hardsigmoid.inplace))
            row Hardswish.definition (fun a -> torch.nn.Hardswish(a.Get Hardswish.inplace))
            row Hardshrink.definition (fun a -> torch.nn.Hardshrink(a.Get Hardshrink.lambd))
            row Softshrink.definition (fun a -> torch.nn.Softshrink(a.Get Softshrink.lambd))
            row Tanhshrink.definition (fun _ -> torch.nn.Tanhshrink())
            row Threshold.definition threshold
        ]
