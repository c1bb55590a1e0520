// Run with: dotnet fsi samples/denoise.fsx [--quick] [FOLDER FOR THE PICTURES] (after ./build.sh build)
// An encoder and decoder takes the noise out of images of particles: of one in the middle at first, then of any.
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

// A disc in an image, with a soft edge; without noise, and with.
let size = 32

let clean (x, y, radius) =
    [|
        for i in 0 .. size * size - 1 ->
            let away = sqrt ((float (i % size) - x) ** 2.0 + (float (i / size) - y) ** 2.0)
            0.3 + 0.5 / (1.0 + exp (2.0 * (away - radius)))
    |]

let example particle (random: Random) =
    let clean = clean (particle random)
    let noise () = sqrt (-2.0 * log (1.0 - random.NextDouble())) * cos (2.0 * Math.PI * random.NextDouble())
    let image values = Arrays.tensor(Array.map float32 values).reshape(1L, int64 size, int64 size)

    struct (image [| for value in clean -> value + 0.2 * noise () |], image clean)

let middle = float size / 2.0
let centered _ = middle, middle, 5.0

let diverse (random: Random) =
    let place () = float size * (0.2 + 0.6 * random.NextDouble())
    place (), place (), 4.0 + 4.0 * random.NextDouble()

// ---- the model and its training
let regressor = Components.convolutionalEncoderDecoder2d 1 [ 16; 16 ] 1 |> Applications.regressor
let options = { Fit.defaults with MaxEpochs = (if isQuick then 2 else 40); BatchSize = 8L }
let examples particle = Dataset.Generate((if isQuick then 64L else 256L), example particle)
let one = regressor |> Application.fit options (examples centered)
let any = regressor |> Application.fit options (examples diverse)

// ---- what they make of noise, of images without a particle, and of images with another one
let look name particle trained =
    let test = Dataset.Generate(8L, example particle, 1L).Keep()
    let predicted = trained |> Application.predictFor test
    let error (images: torch.Tensor) = (images - test.Targets).abs().mean().ToDouble()
    printfn "%s: mean absolute error %.3f, of the noise %.3f" name (error predicted) (error test.Inputs)

    let images = torch.cat ([| test.Inputs; test.Targets; predicted |], 0L)
    let shown = images.clamp (Scalar.op_Implicit 0.0, Scalar.op_Implicit 1.0)
    let texts = [ "noisy"; "clean"; "predicted" ] |> List.collect (List.replicate 8)
    Plot.predictions shown texts texts |> Plot.save (Path.Combine(folder, $"{name}.png"))

one |> look "one" centered
one |> look "one, of nothing" (fun _ -> middle, middle, -9.0)
one |> look "one, of any" diverse
any |> look "any" diverse
