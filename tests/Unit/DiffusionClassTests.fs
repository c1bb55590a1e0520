/// Diffusion models of classes: trained with them, and asked for images of some.
module Deeplay.Tests.DiffusionClassTests

open System
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.TrainingHelp

let private unet =
    Components.attentionUNet
    |> Module.configure AttentionUNet.channels [ 2; 4 ]
    |> Module.configure AttentionUNet.baseChannels [ 4 ]

let private steps = 8

let private ofClasses model =
    Applications.diffusion model
    |> Module.configure Diffusion.numTimesteps steps
    |> Module.configure Diffusion.betaSchedule "cosine"
    |> Module.configure Diffusion.classConditional true

// Images of one brightness for each class.
let private brightness = [| 0.5f; -0.25f; 0.75f |]
let private labels = [ 0L; 1L; 2L; 1L ]

let private data () =
    let images = torch.tensor [| for label in labels -> brightness[int label] |]
    new Dataset(images.reshape(-1L, 1L, 1L, 1L).expand(4L, 1L, 4L, 4L).clone(), ints labels)

// Knows the image of each class: ε = (x − √ᾱ image) / √(1 − ᾱ) is all the noise that there is.
let private knowing =
    Definition.create "Knowing" [] (fun _ ->
        init {
            let! image = buffer "image" [ 3 ] Initial.zeros
            let! left = buffer "left" [ steps ] Initial.ones
            let! scale = parameter "scale" [ 1 ] Initial.ones

            return
                forwardOf [ "x"; "t"; "label" ] (fun inputs ->
                    let at places numbers = Op.indexSelect 0 numbers places |> Op.reshape [ -1; 1; 1; 1 ]
                    let left = at (Op.toDType DType.Int64 inputs[1]) left
                    scale * (inputs[0] - Op.sqrt left * at inputs[2] image) / Op.sqrt (1.0 - left))
        })
    |> Module.create []

let private built (data: Dataset) =
    let still (spec: ModuleSpec) = spec |> Module.configure "optimizer" (Optimizers.sgd 0.0)
    let application = Application.fit { options 1 with MaxEpochs = 0 } data (still (ofClasses knowing))
    let schedule = NoiseSchedule.ofBetas (Deeplay.Library.Diffusion.betas "cosine" steps 1e-4 0.02)

    using (torch.no_grad ()) (fun _ ->
        let set (name: string) (values: float32[]) =
            application.Module.get_buffer($"model.{name}").copy_(torch.tensor values) |> ignore

        set "image" brightness
        set "left" (schedule.Left |> Array.map float32))

    application

let private shapeOf (tensor: Tensor) = List.ofArray tensor.shape

[<Tests>]
let tests =
    torchTests
        "DiffusionClassTests"
        [
            testCase "the model is told the class of each image" (fun () ->
                use data = data ()
                use application = built data
                application |> Application.fitMore (options 1) data
                Expect.isLessThan (application.History.Series "train_loss" |> List.last) 1e-6 "all noise is told"

                // With the classes of others it is not.
                use wrong = new Dataset(data.Inputs.clone (), ints [ 1L; 2L; 0L; 0L ])
                application |> Application.fitMore (options 1) wrong
                Expect.isGreaterThan (application.History.Series "train_loss" |> List.last) 1e-2 "other noise")

            testCase "an image of each class that is asked for is made" (fun () ->
                use data = data ()
                use application = built data
                let asked = [ 2L; 0L; 1L; 1L; 2L ]

                for made in
                    [
                        application |> Application.sampleOf 1L (ints asked)
                        application |> Application.sampleOfBy (DDIM(4, 0.0)) 1L (ints asked)
                    ] do
                    Assert.equal [ 5L; 1L; 4L; 4L ] (shapeOf made)
                    let pixels = numbers (made.mean [| 1L; 2L; 3L |])

                    for label, pixel in List.zip asked pixels do
                        Expect.isTrue (abs (float brightness[int label] - pixel) < 1e-4) $"class {label}: {pixel}")

            testCase "a U-Net of classes is trained, saved and asked for images" (fun () ->
                use data = data ()
                let spec = ofClasses (unet |> Module.configure AttentionUNet.numClasses 3)
                use trained = Application.fit (options 2) data spec

                let sample (application: Application) =
                    application |> Application.sampleOf 3L (ints [ 0L; 2L ]) |> numbers

                inFile (fun path ->
                    trained |> Application.save path
                    use loaded = Application.load "cpu" path
                    Assert.equal (sample trained) (sample loaded))

                Assert.equal [ 4L; 1L; 4L; 4L ] (shapeOf (trained |> Application.predict data.Inputs)))

            testCase "what does not fit is told" (fun () ->
                use data = data ()
                use application = built data
                use plain = Application.fit (options 1) data (Applications.diffusion unet)
                use other = Application.fit (options 1) (points ()) (classifier [ Layers.linear 2 2 ])

                let says (parts: string list) (work: unit -> unit) =
                    let text = Error.describeAll (errorsOf work)

                    for part in parts do
                        Assert.containsText part text

                says [ "the class of each image" ] (fun () -> application |> Application.sample 1L 2L |> ignore)
                says [ "a Diffusion of classes" ] (fun () -> plain |> Application.sampleOf 1L (ints [ 0L ]) |> ignore)

                says [ "a built Diffusion"; "Classifier" ] (fun () ->
                    other |> Application.sampleOf 1L (ints [ 0L ]) |> ignore)

                says [ "whole numbers"; "float32" ] (fun () ->
                    application |> Application.sampleOf 1L (torch.ones 2L) |> ignore)

                says [ "at least one image" ] (fun () -> application |> Application.sampleOf 1L (ints []) |> ignore)
                use images = new Dataset(data.Inputs.clone (), data.Inputs.clone ())
                says [ "targets"; "whole numbers" ] (fun () -> application |> Application.fitMore (options 1) images))
        ]
