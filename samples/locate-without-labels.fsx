// Run with: dotnet fsi samples/locate-without-labels.fsx [--quick] [FOLDER FOR THE PICTURES] (after ./build.sh build)
// Where is the particle? A network learns it without being told, from copies of images that must agree: by an application of one's own
// that moves them, by one that mirrors them too, and by a LodeSTAR.
#load "plots.fsx"
#load "sample.fsx"

open System
open System.IO
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open Deeplay.Plots
open Deeplay.Sample
open TorchSharp

let size = if isQuick then 27 else 51

// An image of a spot with noise, and the row and the column of the spot from the middle, in pixels.
let particle (random: Random) =
    let within () = 5.0 * (2.0 * random.NextDouble() - 1.0)
    let row, column = within (), within ()
    let middle = float (size - 1) / 2.0

    let pixel i =
        let r, c = float (i / size) - middle - row, float (i % size) - middle - column
        let noise = sqrt (-2.0 * log (1.0 - random.NextDouble())) * cos (2.0 * Math.PI * random.NextDouble())
        float32 (exp (-(r * r + c * c) / 8.0) + 0.1 * noise)

    let position = torch.tensor [| float32 row; float32 column |]
    struct (torch.tensor(Array.init (size * size) pixel).reshape(1L, int64 size, int64 size), position)

let train = Dataset.Generate(100L, particle).Keep()
let test = Dataset.Generate((if isQuick then 100L else 1000L), particle, 1L).Keep()

// ---- the model and its training
let cnn =
    Components.convolutionalNeuralNetwork 1 [ 16; 32; 64 ] 128
    |> Module.configure "pool" (Layers.maxPool2d 2)

let network = Layers.sequential [ cnn; Layers.flatten; Layers.lazyLinear 2 ]
let copies = 8L
let rate, model = Param.float "rate", Param.spec "model"

let localizer =
    Application.define "ParticleLocalizer" [ rate; model ] (fun a ->
        init {
            let! _ = child "loss" Losses.l1
            let! _ = child "optimizer" (Optimizers.adam (a.Get rate))
            let! model = child "model" (a.Get model)
            return forward (call model)
        })

// Copies moved by so many rows and columns, and mirrored where a factor is -1, by the matrices that affine_grid takes.
let moved (images: torch.Tensor) (shifts: torch.Tensor) (sides: torch.Tensor) =
    let offset = (shifts * (-2.0 / float (size - 1))).flip([| 1L |]).unsqueeze 2L
    let grid = torch.cat ([| torch.diag_embed (sides.flip [| 1L |]); offset |], 2L)
    let grid = torch.nn.functional.affine_grid (grid, images.shape, true)

    torch.nn.functional.grid_sample (
        images,
        grid,
        padding_mode = torch.GridSamplePaddingMode.Reflection,
        align_corners = true
    )

let learn flips (step: StepContext) =
    let images = step.Inputs.repeat (copies, 1L, 1L, 1L)
    let shifts = torch.rand (copies, 2L) * 5.0 - 2.5
    let sides = if flips then torch.randint (2L, [| copies; 2L |]) * 2.0 - 1.0 else torch.ones (copies, 2L)
    let found = step.Call("model", moved images shifts sides) * sides - shifts
    let loss = step.Call("loss", found, found.mean([| 0L |], true).expand_as found)
    step.Minimize("optimizer", loss)
    step.Log("loss", loss)

let options flips epochs batch =
    let lowerings = Lowering.standard |> Lowering.addTraining localizer (TrainingSteps.train (learn flips))
    let epochs = if isQuick then 2 else epochs
    let build = { Build.defaults with Lowerings = lowerings }
    { Fit.defaults with MaxEpochs = epochs; BatchSize = batch; Build = build }

let localize flips stepSize =
    Module.create [ rate => stepSize; model => network ] localizer
    |> Application.fit (options flips 100 1L) train

let translated, flipped = localize false 5e-4, localize true 1e-3
let lodestar = Applications.lodeSTAR |> Application.fit (options false 100 4L) train

// ---- what they found
let shows name (positions: torch.Tensor) =
    Plot.predictionError test.Targets positions |> Plot.save (Path.Combine(folder, $"{name}.png"))
    printfn "%s: mean error %.2f pixels" name ((positions - test.Targets).abs().mean().item<float32>())

// Moved alone, they agree about the particle but not about where its middle is; mirrored images tell how far off that is.
let direct = translated |> Application.predict test.Inputs
shows "translations-direct" direct
let mirrored = translated |> Application.predict (test.Inputs.flip [| 2L; 3L |])
shows "translations-mirrored" ((direct - mirrored) / 2.0)
shows "translations-and-flips" (flipped |> Application.predict test.Inputs)
shows "lodestar" ((lodestar |> Detection.pooled test.Inputs) - (float (size - 1) / 2.0))
printfn "The pictures are in %s." folder
