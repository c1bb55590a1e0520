namespace Deeplay.Torch

open Deeplay.Core
open Deeplay.Library
open TorchSharp

/// Activations that clamp, shrink and saturate.
module internal ShrinkageLowerings =
    // TorchSharp's module takes -1 and 1, whatever it is given.
    let private hardtanh (a: Arguments) =
        let low, high = Numbers.real (a.Get Hardtanh.minVal), Numbers.real (a.Get Hardtanh.maxVal)

        new FunctionLayer(
            a.Kind,
            if a.Get Hardtanh.inplace then fun x -> x.clamp_ (low, high) else fun x -> x.clamp (low, high)
        )

    let table =
        [
            row Softplus.definition (fun a -> torch.nn.Softplus(a.Get Softplus.beta, a.Get Softplus.threshold))
            row Softsign.definition (fun _ -> torch.nn.Softsign())
            row Hardtanh.definition hardtanh
            row Hardsigmoid.definition (fun a -> torch.nn.Hardsigmoid(a.Get Hardsigmoid.inplace))
            row Hardswish.definition (fun a -> torch.nn.Hardswish(a.Get Hardswish.inplace))
            row Hardshrink.definition (fun a -> torch.nn.Hardshrink(a.Get Hardshrink.lambd))
            row Softshrink.definition (fun a -> torch.nn.Softshrink(a.Get Softshrink.lambd))
            row Tanhshrink.definition (fun _ -> torch.nn.Tanhshrink())
            row Threshold.definition (fun a ->
                torch.nn.Threshold(a.Get Threshold.threshold, a.Get Threshold.value, a.Get Threshold.inplace))
        ]
