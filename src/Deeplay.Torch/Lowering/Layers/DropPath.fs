namespace Deeplay.Torch

open Deeplay.Core
open Deeplay.Library
open TorchSharp

/// Stochastic depth: a number for each example, 0 or 1 / (1 − p).
[<Sealed>]
type internal DropPathLayer(name: string, p: float) =
    inherit torch.nn.Module<Tensor, Tensor>(name)

    override this.forward input =
        if not this.training || p = 0.0 then
            input.alias ()
        else
            let sizes = Array.init (int (input.dim ())) (fun i -> if i = 0 then input.size 0 else 1L)
            use noise = torch.empty (sizes, dtype = input.dtype, device = input.device)
            noise.bernoulli_ (1.0 - p) |> ignore

            // Where nothing survives, nothing is divided.
            if p < 1.0 then
                use survival = Numbers.real (1.0 - p)
                noise.div_ survival |> ignore

            input.mul noise

module internal DropPathLowerings =
    let table = [ row DropPath.definition (fun a -> new DropPathLayer(a.Kind, a.Get DropPath.p)) ]
