namespace Deeplay.Torch

open Deeplay.Core
open TorchSharp

/// Activations.
module internal ActivationLayers =
    open Row

    let private inplace a = Read.orElse false Read.bool a "inplace"

    /// PyTorch's choice where no dimension is given: the first for 0, 1 and 3 dimensions, else the second.
    let private implicitDim (x: Tensor) =
        match x.dim () with
        | 0L
        | 1L
        | 3L -> 0L
        | _ -> 1L

    let private along
        (a: Arguments)
        (make: int64 -> torch.nn.Module)
        (f: Tensor -> int64 -> Tensor)
        : torch.nn.Module =
        match Read.optional Read.int a "dim" with
        | Some dim -> make dim
        | None -> new FunctionLayer(a.Kind, (fun x -> f x (implicitDim x)))

    let private softmax a =
        along a (fun dim -> torch.nn.Softmax dim) (fun x dim -> torch.nn.functional.softmax (x, dim))

    let private logSoftmax a =
        along a (fun dim -> torch.nn.LogSoftmax dim) (fun x dim -> torch.nn.functional.log_softmax (x, dim))

    let private softmin a =
        along a (fun dim -> torch.nn.Softmin dim) (fun x dim ->
            use negative = x.neg ()
            torch.nn.functional.softmax (negative, dim))

    let private gelu a =
        match Read.orElse "none" (Read.choice [ "none", "none"; "tanh", "tanh" ]) a "approximate" with
        | "tanh" -> torch.nn.GELU(TorchSharp.Modules.GELU.Approximate.tanh)
        | _ -> torch.nn.GELU()

    let private rrelu a =
        torch.nn.RReLU(Read.float a "lower", Read.float a "upper", inplace a)

    let private scalar (number: float) : Scalar = Scalar.op_Implicit number

    // TorchSharp's module does not overwrite its input, and neither does its `elu_` of alpha alone.
    let private elu (a: Arguments) : torch.nn.Module =
        let alpha = Read.float a "alpha"

        if inplace a then
            let alpha, one = scalar alpha, scalar 1.0
            new FunctionLayer(a.Kind, (fun x -> x.elu_ (alpha, one, one)))
        else
            torch.nn.ELU alpha

    // The engine's module takes -1 and 1, whatever it is given.
    let private hardtanh (a: Arguments) =
        let low, high = scalar (Read.float a "min_val"), scalar (Read.float a "max_val")

        new FunctionLayer(
            a.Kind,
            if inplace a then
                fun x -> x.clamp_ (low, high)
            else
                fun x -> x.clamp (low, high)
        )

    let table =
        [
            row "ReLU" (fun a -> torch.nn.ReLU(inplace a))
            row "ReLU6" (fun a -> torch.nn.ReLU6(inplace a))
            row "LeakyReLU" (fun a -> torch.nn.LeakyReLU(Read.float a "negative_slope", inplace a))
            row "PReLU" (fun a -> torch.nn.PReLU(Read.int a "num_parameters", Read.float a "init"))
            row "RReLU" rrelu
            row "ELU" elu
            row "SELU" (fun a -> torch.nn.SELU(inplace a))
            row "CELU" (fun a -> torch.nn.CELU(Read.float a "alpha", inplace a))
            row "GELU" gelu
            row "SiLU" (fun a -> torch.nn.SiLU(inplace a))
            row "Mish" (fun a -> torch.nn.Mish(inplace a))
            row "Sigmoid" (fun _ -> torch.nn.Sigmoid())
            row "LogSigmoid" (fun _ -> torch.nn.LogSigmoid())
            row "Tanh" (fun _ -> torch.nn.Tanh())
            row "Tanhshrink" (fun _ -> torch.nn.Tanhshrink())
            row "Hardtanh" hardtanh
            row "Hardsigmoid" (fun a -> torch.nn.Hardsigmoid(inplace a))
            row "Hardswish" (fun a -> torch.nn.Hardswish(inplace a))
            row "Hardshrink" (fun a -> torch.nn.Hardshrink(Read.float a "lambd"))
            row "Softshrink" (fun a -> torch.nn.Softshrink(Read.float a "lambd"))
            row "Softplus" (fun a -> torch.nn.Softplus(Read.float a "beta", Read.float a "threshold"))
            row "Softsign" (fun _ -> torch.nn.Softsign())
            row "Threshold" (fun a ->
                torch.nn.Threshold(Read.float a "threshold", Read.float a "value", inplace a))
            row "GLU" (fun a -> torch.nn.GLU(Read.int a "dim"))
            row "Softmax" softmax
            row "Softmax2d" (fun _ -> torch.nn.Softmax2d())
            row "LogSoftmax" logSoftmax
            row "Softmin" softmin
        ]
