namespace Deeplay.Torch

open Deeplay.Core
open Deeplay.Library
open TorchSharp

/// Mean and standard deviation as buffers, which are saved and go to the device with the model, and are not trained.
[<Sealed>]
type internal StandardizedLayer(a: Arguments, f: Tensor -> Tensor -> Tensor -> Tensor) as this =
    inherit torch.nn.Module<torch.Tensor, torch.Tensor>(a.Kind)

    let dim = Read.int a Standardized.dim
    let count = int64 (a.Get Standardized.mean).Length

    do
        for key in [ Standardized.mean; Standardized.std ] do
            this.register_buffer (key.Name, torch.tensor [| for number in a.Get key -> float32 number |])

    override this.forward x =
        let at = if dim < 0L then x.dim () + dim else dim

        if at < 0L || at >= x.dim () || x.shape[int at] <> count then
            x |> Checked.stop a $"in dimension {string dim} the size {string count}"

        // Against the dimensions that come after it.
        let shape = Array.append [| count |] (Array.replicate (int (x.dim () - at) - 1) 1L)
        // Looked up, since moving to another device puts others in their place.
        use mean = (this.get_buffer "mean").view shape
        use std = (this.get_buffer "std").view shape
        f x mean std

module internal StandardizeLowerings =
    let table =
        [
            row Standardize.definition (fun a ->
                new StandardizedLayer(
                    a,
                    fun x mean std ->
                        use centered = x.sub mean
                        centered.div std
                ))
            row Unstandardize.definition (fun a ->
                new StandardizedLayer(
                    a,
                    fun x mean std ->
                        use scaled = x.mul std
                        Numbers.add scaled mean
                ))
        ]
