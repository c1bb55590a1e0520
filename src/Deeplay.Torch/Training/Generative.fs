namespace Deeplay.Torch

open Deeplay.Core
open Deeplay.Library
open TorchSharp

/// What autoencoders and diffusion models are trained for: codes of images, images of codes, and new images. All of it is on the CPU,
/// in evaluation mode and without gradients, in batches.
[<RequireQualifiedAccess>]
module Generative =
    let private batchSize = 256L
    let private is (kind: Definition) (application: Application) = application.Outline.Root.Definition.Is kind

    let private wrong (application: Application) what kinds =
        Fail.with' (Malformed(what, $"a built {kinds}", application.Outline.Root.Definition.Id))

    let private autoEncoders = "VariationalAutoEncoder or WassersteinAutoEncoder"

    let private isAutoEncoder (application: Application) =
        is VariationalAutoEncoder.definition application || is WassersteinAutoEncoder.definition application

    let private check what (application: Application) =
        if not (isAutoEncoder application) then wrong application what autoEncoders

    // What children give, one after another, for rows of a tensor.
    let private through (names: string list) (input: Tensor) (application: Application) : Tensor =
        let call (rows: Tensor) name = application.Parts.Call(name, Inputs.one rows)

        Evaluation.outputs application.Modes input.shape[0] batchSize (fun start length ->
            names |> List.fold call (application.Rows(input, start, length)))

    let private checkImages what (application: Application) (images: Tensor) =
        let shape = application.InputShape

        if images.dim () <> int64 shape.Length + 1L || List.ofArray images.shape[1..] <> shape then
            let expected = $"images {Ranked(Unknown :: List.map Known shape)}"
            Fail.with' (Malformed(what, expected, string (Shape.known images.shape)))

    /// The mean and the logarithm of the variance of what images are encoded as.
    let encodeDistribution (images: Tensor) (application: Application) : struct (Tensor * Tensor) =
        if not (is VariationalAutoEncoder.definition application) then
            wrong application "encodeDistribution" "VariationalAutoEncoder"

        checkImages "encodeDistribution" application images
        use scope = torch.NewDisposeScope()
        let hidden = through [ "encoder" ] images application
        let mean = through [ "fc_mu" ] hidden application
        let logVariance = through [ "fc_var" ] hidden application
        struct (scope.MoveToOuter mean, scope.MoveToOuter logVariance)

    /// The codes of images.
    let encode (images: Tensor) (application: Application) : Tensor =
        check "encode" application
        checkImages "encode" application images
        let last = if is VariationalAutoEncoder.definition application then "fc_mu" else "fc_enc"
        through [ "encoder"; last ] images application

    let private latentDim (application: Application) =
        let arguments = application.Outline.Root.Arguments
        // Both keys have one name.
        arguments.Get VariationalAutoEncoder.latentDim |> int64

    /// The images of codes.
    let decode (codes: Tensor) (application: Application) : Tensor =
        check "decode" application
        let size = latentDim application

        if codes.dim () <> 2L || codes.shape[1] <> size then
            Fail.with' (Malformed("decode", $"codes (?, {string size})", string (Shape.known codes.shape)))

        through [ "fc_dec"; "decoder" ] codes application

    // Images of codes that are drawn.
    let private sampleCodes (seed: int64) (count: int64) (application: Application) : Tensor =
        use _scope = torch.NewDisposeScope()
        // On the CPU: the same on all devices.
        use generator = new torch.Generator(uint64 seed)
        let codes = torch.randn ([| count; latentDim application |], generator = generator)

        let deviation =
            if is WassersteinAutoEncoder.definition application then
                sqrt (application.Outline.Root.Arguments.Get WassersteinAutoEncoder.zVar)
            else
                1.0

        use deviation = Numbers.real deviation
        (decode (codes.mul deviation) application).MoveToOuterDisposeScope()

    let private checkCount (count: int64) =
        if count < 1L then Fail.with' (Malformed("sample", "at least one image", string count))

    /// New images. A sampler is for diffusion models alone, which take DDPM where there is none.
    let sample (sampler: Sampler option) (seed: int64) (count: int64) (application: Application) : Tensor =
        checkCount count

        match sampler with
        | _ when is Diffusion.definition application ->
            DiffusionSampling.sample (defaultArg sampler DDPM) seed count None application
        | Some _ -> wrong application "sample, with a sampler" "Diffusion"
        | None when isAutoEncoder application -> sampleCodes seed count application
        | None -> wrong application "sample" $"Diffusion, {autoEncoders}"

    /// A new image of each of these classes (N,), of a diffusion model of classes; by DDPM where there is no sampler.
    let sampleOf (sampler: Sampler option) (seed: int64) (classes: Tensor) (application: Application) : Tensor =
        if not (is Diffusion.definition application) then wrong application "sample, of classes" "Diffusion"
        let count = if classes.dim () = 0L then 1L else classes.shape[0]
        checkCount count
        DiffusionSampling.sample (defaultArg sampler DDPM) seed count (Some classes) application
