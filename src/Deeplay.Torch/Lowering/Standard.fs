namespace Deeplay.Torch

open Deeplay.Core
open TorchSharp

/// How layers become modules of the engine.
///
/// A layer of your own is a definition (`Definition.primitive`, with its shape rule) and a function from its resolved
/// arguments to a torch module, added under the definition's id:
///
///     let lowerings =
///         Lowering.standard
///         |> Lowering.add "MyLayer" (fun a -> new MyLayer(a.Get width))
///
/// Build with these as `BuildOptions.Lowerings`. The module is called with as many tensors as the layer has inputs; it
/// is a `torch.nn.Module<Tensor, Tensor>`, one with two or three inputs, or one from arrays to arrays. What it gives
/// belongs to the caller, who disposes it as soon as nothing needs it: give a tensor of your own, or the input itself,
/// or a parameter, but not a buffer or a tensor that you keep. Where an argument can't be honoured, stop with
/// `Fail.with' (WrongValue …)`: it is never ignored.
[<RequireQualifiedAccess>]
module Lowering =
    /// The layers, losses and optimizers of the library, by the names of PyTorch's classes.
    let standard: Lowerings =
        Map.ofList (
            LinearLayers.table
            @ ConvolutionLayers.table
            @ NormalizationLayers.table
            @ PoolLayers.table
            @ DropoutLayers.table
            @ ActivationLayers.table
            @ PaddingLayers.table
            @ OtherLayers.table
            @ Map.toList TrainingLowerings.all
        )

    /// The lowerings with one more: how the layer with this id is made. It replaces the one there was.
    let add (id: string) (make: Arguments -> #torch.nn.Module) (lowerings: Lowerings) : Lowerings =
        Map.add id (fun arguments -> make arguments :> torch.nn.Module) lowerings
