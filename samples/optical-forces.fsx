// Run with: dotnet fsi samples/optical-forces.fsx [--quick] [FOLDER FOR THE PICTURES] (after ./build.sh build)
// A perceptron learns the force of optical tweezers on a small bead, which takes long to compute for larger ones.
#load "plots.fsx"
#load "sample.fsx"

open System
open System.IO
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open Deeplay.Plots
open Deeplay.Sample

// The force (pN) at a place (µm) in a Gaussian beam along z, on a bead much smaller than the wavelength: depth · ∇I, which pulls to the
// focus, and push · I along the beam, with I = exp(−2ρ² / w²) / s, w² = w0² s, s = 1 + (z / zR)². Source: Harada and Asakura, 1996,
// Radiation forces on a dielectric sphere in the Rayleigh scattering regime. Of light of 1.064 µm in water, zR is 0.98 µm.
// In pN µm, pN, µm and µm:
let depth, push, w0, zR = 0.5, 0.3, 0.5, 0.98

let force (at: float[]) =
    let x, y, z = at[0], at[1], at[2]
    let s = 1.0 + (z / zR) ** 2.0
    let q = 2.0 * (x * x + y * y) / (w0 * w0 * s)
    let intensity = exp -q / s
    let radial = -4.0 / (w0 * w0 * s)

    [| depth * radial * x; depth * radial * y; depth * (q - 1.0) * 2.0 * z / (zR * zR * s) + push |]
    |> Array.map ((*) intensity)

// Places in a box around the focus.
let struct (train, validation) =
    let random = Random 1
    let within half = half * (2.0 * random.NextDouble() - 1.0)
    let places = Array.init (if isQuick then 4_000 else 25_000) (fun _ -> [| within 1.0; within 1.0; within 2.0 |])
    (new Dataset(Arrays.ofRows places, Arrays.ofRows (Array.map force places))).Split(0.8, 1L)

// ---- the model and its training
let epochs = if isQuick then 10 else 100

let regressor =
    Applications.regressor (Components.multiLayerPerceptron 3 [ 256; 256; 256 ] 3)
    |> Module.configure "loss" Losses.mse
    |> Module.configure "metrics" [ Metrics.meanAbsoluteError ]
    |> Module.configure "lr_scheduler" (Schedules.cosineAnnealingLR epochs)

let options =
    { Fit.defaults with
        MaxEpochs = epochs
        BatchSize = if isQuick then 128L else 1024L
        Validation = Some validation
        Callbacks =
            [
                ProgressBar.callback ProgressBar.defaults
                CsvLogger.callback { CsvLogger.into folder with LogEveryNSteps = 20 }
            ]
    }

let trained = regressor |> Application.fit options train

// ---- its pictures
let into name = Path.Combine(folder, name)
let log = History.loadCsv (Path.Combine(trained.LogDirs.Head, "metrics.csv"))
log |> Plot.curves |> Plot.save (into "log.png")

let predicted = trained |> Application.predictFor validation
Plot.predictionError validation.Targets predicted |> Plot.save (into "forces.png")

// The force along a line through the focus: theory and prediction.
let along title axis half (place: float -> float[]) =
    let at = [ for i in -50 .. 50 -> half * float i / 50.0 ]
    let found = trained |> Application.predict (Arrays.ofRows (List.map place at))
    let of' (forces: float seq) = List.zip at (List.ofSeq forces)
    let predicted = found.select(1L, axis).data<float32>() |> Seq.map float
    let theory = at |> Seq.map (fun at -> (force (place at))[int axis])
    Plot.lines title "distance from the focus (µm)" "force (pN)" [ "theory", of' theory; "predicted", of' predicted ]

along "radial force" 0L 1.0 (fun x -> [| x; 0.0; 0.0 |]) |> Plot.save (into "radial.png")
along "axial force" 2L 2.0 (fun z -> [| 0.0; 0.0; z |]) |> Plot.save (into "axial.png")
let tested = trained |> Application.test validation
printfn "mean absolute error %.4f pN after %d steps, see %s" tested["mean_absolute_error"] trained.Steps folder
