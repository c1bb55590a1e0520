namespace Deeplay.Torch

open Deeplay.Core
open Deeplay.Library
open TorchSharp

/// What the generators of trained adversaries make.
[<RequireQualifiedAccess>]
module Adversaries =
    let private isOneOf (definitions: Definition list) (application: Application) =
        let kind = application.Outline.Root.Definition

        if not (definitions |> List.exists kind.Is) then
            let expected = definitions |> List.map (fun definition -> "a " + definition.Id) |> String.concat " or "
            Fail.with' (Malformed("generation", expected, kind.Id))

    let private make (count: int64) (given: Tensor -> Tensor list) (seed: int64) (application: Application) =
        if count < 1L then Fail.with' (Malformed("generation", "a number of images above 0", string count))

        let root = application.Outline.Root
        let shape = count :: List.map int64 (root.Arguments.Get Adversarial.latentShape) |> Array.ofList
        use scope = torch.NewDisposeScope()
        use generator = new torch.Generator(uint64 seed)
        let noise = torch.randn (shape, generator = generator)

        let call start length =
            let inputs =
                given noise |> List.map (fun tensor -> tensor.narrow(0L, start, length).``to`` application.Device)

            application.Parts.Call("generator", Inputs.several inputs)

        scope.MoveToOuter(Evaluation.outputs application.Modes count 64L call)

    /// So many images (N, …) of a GAN, on the CPU; the same seed gives the same.
    let generate (seed: int64) (count: int64) (application: Application) : torch.Tensor =
        isOneOf [ GAN.definition ] application
        make count List.singleton seed application

    /// An image for each of these classes (N,) of a ConditionalGAN.
    let generateOf (seed: int64) (classes: torch.Tensor) (application: Application) : torch.Tensor =
        isOneOf [ ConditionalGAN.definition ] application

        if not (torch.is_integral classes) || classes.dim () <> 1L then
            Fail.with' (Malformed("generation", "classes (N,)", string (Shape.known classes.shape)))

        make classes.shape[0] (fun noise -> [ noise; classes.``to`` torch.int64 ]) seed application

    let private translate name (images: torch.Tensor) (application: Application) =
        isOneOf [ CycleGAN.definition ] application

        Evaluation.outputs application.Modes images.shape[0] 16L (fun start length ->
            application.Parts.Call(name, Inputs.one (images.narrow(0L, start, length).``to`` application.Device)))

    /// What becomes of images of the first kind of a CycleGAN, as ones of the second.
    let toSecond (images: torch.Tensor) (application: Application) : torch.Tensor =
        translate "generator_ab" images application

    /// What becomes of images of the second kind, as ones of the first.
    let toFirst (images: torch.Tensor) (application: Application) : torch.Tensor =
        translate "generator_ba" images application
