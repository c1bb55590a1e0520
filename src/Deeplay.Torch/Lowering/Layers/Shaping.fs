namespace Deeplay.Torch

open Deeplay.Core
open Deeplay.Library
open TorchSharp

/// Gives the very tensor it is given, as PyTorch's does (TorchSharp's makes another handle for it): the last block of
/// every perceptron has one, and it should cost nothing.
[<Sealed>]
type internal IdentityLayer() =
    inherit torch.nn.Module<torch.Tensor, torch.Tensor>("Identity")
    override _.forward input = input

/// Layers that change shapes alone.
module internal ShapingLowerings =
    // TorchSharp counts from the front alone.
    let private unflatten (a: Arguments) : torch.nn.Module =
        let dim = Read.int a Unflatten.dim
        let sizes = a.Get Unflatten.unflattenedSize |> List.map int64 |> Array.ofList

        if dim >= 0L then
            torch.nn.Unflatten(dim, sizes)
        else
            new FunctionLayer(a.Kind, (fun x -> x.unflatten (x.dim () + dim, sizes)))

    let table =
        [
            row Identity.definition (fun _ -> new IdentityLayer())
            row Flatten.definition (fun a -> torch.nn.Flatten(Read.int a Flatten.startDim, Read.int a Flatten.endDim))
            row Unflatten.definition unflatten
        ]
