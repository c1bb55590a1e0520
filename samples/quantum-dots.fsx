// Run with: dotnet fsi samples/quantum-dots.fsx [--quick] [FOLDER FOR THE PICTURES] (after ./build.sh build)
// Where are the quantum dots? A U-Net learns it from images that are simulated while it trains; dots are few, so their pixels weigh more.
#load "plots.fsx"
#load "sample.fsx"

open System
open System.Collections.Generic
open System.IO
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open Deeplay.Plots
open Deeplay.Sample
open TorchSharp

// Spots of several brightness on a background, counted as photons are; and the classes of the pixels: 1 near the middle of a spot, else 0.
let size = 48

let dots (random: Random) =
    let within low high = low + (high - low) * random.NextDouble()
    let margin = 4.0
    let place () = within margin (float size - margin)
    [ for _ in 1 .. random.Next(4, 9) -> place (), place (), within 40.0 120.0 ]

let example (random: Random) =
    let dots, ground = dots random, 20.0 + 20.0 * random.NextDouble()
    let noise () = sqrt (-2.0 * log (1.0 - random.NextDouble())) * cos (2.0 * Math.PI * random.NextDouble())
    let away i (x, y) = (float (i % size) - x) ** 2.0 + (float (i / size) - y) ** 2.0

    // Of many photons the number is as good as normally distributed, by the square root of what is expected.
    let pixel i =
        let light = ground + (dots |> List.sumBy (fun (x, y, bright) -> bright * exp (-(away i (x, y)) / 4.0)))
        float32 ((light + sqrt light * noise ()) / 100.0)

    let isDot i = dots |> List.exists (fun (x, y, _) -> away i (x, y) < 3.0)
    let pixels = Array.init (size * size) pixel
    let classes = Array.init (size * size) (fun i -> if isDot i then 1L else 0L)
    let side = int64 size
    struct ((Arrays.tensor pixels).reshape(1L, side, side), (Arrays.tensor classes).reshape(side, side))

// ---- the model and its training
let regressor =
    Applications.regressor (Components.uNet2d 1 [ 32; 64 ] 2)
    |> Module.configure "loss" (Losses.crossEntropy |> Module.configure "weight" [ 1.0; 10.0 ])

let options = { Fit.defaults with MaxEpochs = (if isQuick then 2 else 15) }
let simulated = Dataset.Generate((if isQuick then 64L else 320L), example, replace = 0.1)
let trained = regressor |> Application.fit options simulated

// ---- the dots that it finds: the middles of the parts of the mask whose pixels touch
let positions (mask: bool[]) =
    let isSeen = Array.zeroCreate mask.Length

    let part start =
        let found, toSee = ResizeArray(), Stack [ start ]

        while toSee.Count > 0 do
            let at = toSee.Pop()

            if mask[at] && not isSeen[at] then
                isSeen[at] <- true
                found.Add at
                if at % size > 0 then toSee.Push(at - 1)
                if at % size < size - 1 then toSee.Push(at + 1)
                if at >= size then toSee.Push(at - size)
                if at + size < mask.Length then toSee.Push(at + size)

        let mean of' = found |> Seq.averageBy (fun at -> float (of' at))
        mean (fun at -> at % size), mean (fun at -> at / size)

    [
        for start in 0 .. mask.Length - 1 do
            if mask[start] && not isSeen[start] then part start
    ]

let test = Dataset.Generate((if isQuick then 8L else 100L), example, 1L).Keep()
let isDot = (trained |> Application.predictFor test).softmax(1L).select(1L, 1L).gt(torch.tensor 0.5f)

let each (masks: torch.Tensor) = [ for i in 0L .. masks.shape[0] - 1L -> positions (masks[i].data<bool>().ToArray()) ]

let found, actual = each isDot, each (test.Targets.gt (torch.tensor 0L))
let near (x, y) = List.exists (fun (x', y') -> (x - x') ** 2.0 + (y - y') ** 2.0 < 4.0)

let hits =
    List.map2 (fun found actual -> found |> List.filter (fun dot -> near dot actual) |> List.length) found actual

let share (all: (float * float) list list) = float (List.sum hits) / float (max 1 (List.sumBy List.length all))

printfn
    "%d dots, %d found: precision %.3f, recall %.3f"
    (List.sumBy List.length actual)
    (List.sumBy List.length found)
    (share found)
    (share actual)

// The images with the masks below them.
let first (images: torch.Tensor) = images.narrow (0L, 0L, 8L)
let shown = torch.cat ([| first (test.Inputs.squeeze 1L); first (isDot.to_type torch.float32) |], 0L)
let counts (dots: (float * float) list list) = dots |> List.take 8 |> List.map (fun dots -> $"{dots.Length} dots")

Plot.predictions shown (counts actual @ counts actual) (counts found @ counts found)
|> Plot.save (Path.Combine(folder, "images.png"))
