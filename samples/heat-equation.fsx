// Run with: dotnet fsi samples/heat-equation.fsx [--quick] [FOLDER FOR THE RESULTS] (after ./build.sh build)
// A network that solves the heat equation u_t = 0.1 u_xx, with u = sin πx at first and 0 at both ends: it sees the solution nowhere else,
// and learns from how far its own derivatives are from the equation. With --quick it learns for a short time.
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

torch.manual_seed 1L |> ignore

// ---- the model and its training
let network =
    Components.multiLayerPerceptron 2 [ 64; 64; 64 ] 1
    |> Module.select "blocks/:-1/activation" (Module.become Layers.tanh)

// In 64 bits, where small differences of the loss are kept.
let net = network |> Module.buildWith { Build.defaults with Device = "cpu"; DType = Some torch.float64 }

// Points (x, t) where the equation holds, and points where the solution is known.
let random = Random 1
let column (numbers: float[]) = torch.tensor(numbers).reshape(-1L, 1L)
let drawn count = column (Array.init count (fun _ -> random.NextDouble()))
let count = if isQuick then 500 else 2000
let x, t = (drawn count).requires_grad_(), (drawn count).requires_grad_()
let edge, time = drawn 100, drawn 200
let ends = column [| for i in 0..199 -> float (i % 2) |]
let known = torch.cat ([| torch.cat ([| edge; ends |]); torch.cat ([| torch.zeros_like edge; time |]) |], 1L)
let values = torch.cat [| (edge * torch.tensor Math.PI).sin(); torch.zeros_like time |]
let diffusivity = torch.tensor 0.1

let derivative (of': torch.Tensor) (by: torch.Tensor) =
    torch.autograd.grad([| of'.sum () |], [| by |], create_graph = true, retain_graph = true)[0]

let loss () =
    let u = net.call (torch.cat ([| x; t |], 1L))
    let equation = derivative u t - diffusivity * derivative (derivative u x) x
    (equation * equation).mean() + torch.nn.functional.mse_loss (net.call known, values)

let train (optimizer: ModuleSpec) steps =
    use stepping = optimizer |> Optimizer.create net

    for _ in 1..steps do
        use _scope = torch.NewDisposeScope()
        stepping.Step loss

// ---- how far it is from the solution
let side = 51L
let places = [| for i in 0L .. side - 1L -> float i / float (side - 1L) |]
let grid = torch.meshgrid ([| torch.tensor places; torch.tensor places |], indexing = "ij") |> Array.ofSeq
let points = torch.stack(grid, -1L).reshape(-1L, 2L)

let solution =
    column
        [|
            for x in places do
                for t in places -> exp (-0.1 * Math.PI * Math.PI * t) * sin (Math.PI * x)
        |]

let report name =
    use _scope = torch.NewDisposeScope()
    use _noGrad = torch.no_grad ()
    let error = (net.call points - solution).abs()
    printfn "%s: largest error %.6f, mean error %.6f" name (error.max().item<float>()) (error.mean().item<float>())

train (Optimizers.adam 2e-3) (if isQuick then 400 else 1500)
report "Adam"

// Its defaults take the small steps that are left for the end.
let lbfgs =
    Optimizers.lbfgs 1.0
    |> Module.configure Optimizers.lineSearchFn "strong_wolfe"
    |> Module.configure Optimizers.toleranceGrad 1e-12
    |> Module.configure Optimizers.toleranceChange 1e-15

train lbfgs (if isQuick then 8 else 40)
report "LBFGS after it"

let found = (net.call points).detach()
let difference = ((found - solution).abs() * torch.tensor 100.0).clamp_max(1.0.ToScalar())

let images =
    torch.stack([| found.clamp (0.0.ToScalar(), 1.0.ToScalar()); solution; difference |]).reshape(3L, side, side)

let names = [ "network"; "solution"; "difference × 100" ]

Plot.predictions images names names
|> Plot.scaled 2.0
|> Plot.save (Path.Combine(folder, "solution.png"))

Plot.predictionError solution found |> Plot.save (Path.Combine(folder, "error.png"))
printfn $"The pictures are in {folder}."
