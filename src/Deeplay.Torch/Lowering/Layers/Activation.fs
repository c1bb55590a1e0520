namespace Deeplay.Torch

open Deeplay.Core
open Deeplay.Library
open TorchSharp

/// Smooth activations, and those along a dimension.
module internal ActivationLowerings =
    /// PyTorch's choice where no dimension is given: the first for 0, 1 and 3 dimensions, else the second.
    let private implicitDim (x: Tensor) =
        match x.dim () with
        | 0L
        | 1L
        | 3L -> 0L
        | _ -> 1L

    let private along (key: Param<int>) make (f: Tensor -> int64 -> Tensor) (a: Arguments) : torch.nn.Module =
        match a.TryGet key with
        | Some dim -> make (int64 dim)
        | None -> new FunctionLayer(a.Kind, (fun x -> f x (implicitDim x)))

    let private softmin (x: Tensor) (dim: int64) =
        use negative = x.neg ()
        torch.nn.functional.softmax (negative, dim)

    // TorchSharp's module overwrites what its own gradient needs.
    let private mish (a: Arguments) : torch.nn.Module =
        if a.Get Mish.inplace then
            new FunctionLayer(
                a.Kind,
                fun x ->
                    use kept = x.clone ()
                    use made = torch.nn.functional.mish kept
                    x.copy_ made
            )
        else
            torch.nn.Mish()

    let table =
        [
            row GELU.definition (fun a ->
                torch.nn.GELU(Read.oneOf<TorchSharp.Modules.GELU.Approximate>(a.Get GELU.approximate)))
            row SiLU.definition (fun a -> torch.nn.SiLU(a.Get SiLU.inplace))
            row Mish.definition mish
            row Sigmoid.definition (fun _ -> torch.nn.Sigmoid())
            row Tanh.definition (fun _ -> torch.nn.Tanh())
            row
                Softmax.definition
                (along Softmax.dim (fun dim -> torch.nn.Softmax dim) (fun x dim -> torch.nn.functional.softmax (x, dim)))
            row
                LogSoftmax.definition
                (along LogSoftmax.dim (fun dim -> torch.nn.LogSoftmax dim) (fun x dim ->
                    torch.nn.functional.log_softmax (x, dim)))
            row Softmin.definition (along Softmin.dim (fun dim -> torch.nn.Softmin dim) softmin)
            row Softmax2d.definition (fun a ->
                // Source: PyTorch, Softmax2d.forward: "expected input to be a 3D or 4D".
                torch.nn.Softmax2d()
                |> Checked.input (fun x ->
                    if x.dim () <> 3L && x.dim () <> 4L then
                        x |> Checked.stop a "an input of 4 dimensions (N, C, H, W), or 3 (C, H, W)"))
            row LogSigmoid.definition (fun _ -> torch.nn.LogSigmoid())
            row GLU.definition (fun a -> torch.nn.GLU(Read.int a GLU.dim))
        ]
