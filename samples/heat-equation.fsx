// Run with: dotnet fsi samples/heat-equation.fsx [--full] [FOLDER FOR THE RESULTS] (after ./build.sh build)
// A network that solves the heat equation u_t = 0.1 u_xx, with u = sin πx at first and 0 at both ends: it sees the solution nowhere else,
// and learns from how far its own derivatives are from the equation. Without --full it learns for a short time.
#load "plots.fsx"

open System
open System.IO
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open Deeplay.Plots
open TorchSharp

let args = fsi.CommandLineArgs |> List.ofArray |> List.tail
let isFull = List.contains "--full" args
torch.manual_seed 1L |> ignore

// ---- the model and its training
let network =
    Components.multiLayerPerceptron 2 [ 64; 64; 64 ] 1
    |> Module.select "blocks/:-1/activation" (Module.become Layers.tanh)

let net = network |> Module.build "cpu"

// Points (x, t) where the equation holds, and points where the solution is known.
let column (numbers: float32[]) = torch.tensor(numbers).reshape(-1L, 1L)
let count = if isFull then 2000L else 500L
let x, t = torch.rand (count, 1L, requires_grad = true), torch.rand (count, 1L, requires_grad = true)
let edge, time = torch.rand (100L, 1L), torch.rand (200L, 1L)
let ends = column [| for i in 0..199 -> float32 (i % 2) |]
let known = torch.cat ([| torch.cat ([| edge; ends |]); torch.cat ([| torch.zeros_like edge; time |]) |], 1L)
let values = torch.cat [| (edge * (float32 Math.PI).ToScalar()).sin(); torch.zeros_like time |]
let diffusivity = (torch.full_like (x, 0.1.ToScalar())).detach()

let derivative (of': torch.Tensor) (by: torch.Tensor) =
    torch.autograd.grad([| of'.sum () |], [| by |], create_graph = true, retain_graph = true)[0]

let loss () =
    let u = net.call (torch.cat ([| x; t |], 1L))
    let equation = derivative u t - diffusivity * derivative (derivative u x) x
    equation.pow(2.0.ToScalar()).mean() + torch.nn.functional.mse_loss (net.call known, values)

let train (optimizer: ModuleSpec) steps =
    use stepping = optimizer |> Optimizer.create net

    for _ in 1..steps do
        use _scope = torch.NewDisposeScope()
        stepping.Step loss

// ---- how far it is from the solution
let side = 51L
let places = [| for i in 0L .. side - 1L -> float32 i / float32 (side - 1L) |]
let grid = torch.meshgrid ([| torch.tensor places; torch.tensor places |], indexing = "ij") |> Array.ofSeq
let points = torch.stack(grid, -1L).reshape(-1L, 2L)

let solution =
    column
        [|
            for x in places do
                for t in places -> MathF.Exp(-0.1f * MathF.PI * MathF.PI * t) * MathF.Sin(MathF.PI * x)
        |]

let report name =
    use _scope = torch.NewDisposeScope()
    use _noGrad = torch.no_grad ()
    let error = (net.call points - solution).abs()
    printfn "%s: largest error %.5f, mean error %.5f" name (error.max().item<float32>()) (error.mean().item<float32>())

train (Optimizers.adam 2e-3) (if isFull then 5000 else 500)
report "Adam"
train (Optimizers.lbfgs 1.0 |> Module.configure Optimizers.lineSearchFn "strong_wolfe") (if isFull then 100 else 8)
report "LBFGS after it"

let folder =
    match List.filter (fun (arg: string) -> not (arg.StartsWith "--")) args with
    | given :: _ -> Directory.CreateDirectory(given).FullName
    | [] -> Directory.CreateTempSubdirectory("heat-equation-").FullName

let found = (net.call points).detach()
let difference = ((found - solution).abs() * (100.0).ToScalar()).clamp_max(1.0.ToScalar())

let images =
    torch.stack([| found.clamp (0.0.ToScalar(), 1.0.ToScalar()); solution; difference |]).reshape(3L, side, side)

let names = [ "network"; "solution"; "difference × 100" ]

Plot.predictions images names names
|> Plot.scaled 2.0
|> Plot.save (Path.Combine(folder, "solution.png"))

Plot.predictionError solution found |> Plot.save (Path.Combine(folder, "error.png"))
printfn $"The pictures are in {folder}."
