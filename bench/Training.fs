/// What a step of `Fit` costs, with its metrics, checks, history, a log and a progress bar, beside a loop written by hand in TorchSharp
/// with its own Adam.
module Deeplay.Bench.Training

open System.IO
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open Spectre.Console
open TorchSharp
open Deeplay.Bench.Measure

let internal options = { Fit.defaults with MaxEpochs = 1; Build = { Build.defaults with Device = "cpu" } }

// A run as people watch it: a line of a terminal that is written anew all the time, and a log.
let private watched (folder: string) =
    let settings =
        AnsiConsoleSettings(
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
            Out = AnsiConsoleOutput TextWriter.Null
        )

    [
        ProgressBar.callback { ProgressBar.defaults with Console = Some(AnsiConsole.Create settings) }
        CsvLogger.callback (CsvLogger.into folder)
    ]

// What begins and ends a run is for many steps, as in users' runs.
let private epochs = 10

/// The same network by hand: linear layers of these widths with a ReLU between them.
let private linear (widths: int list) : torch.nn.Module<torch.Tensor, torch.Tensor> =
    let layers: torch.nn.Module<torch.Tensor, torch.Tensor>[] =
        [|
            for i, (from, into) in List.indexed (List.pairwise widths) do
                if i > 0 then torch.nn.ReLU()
                torch.nn.Linear(int64 from, int64 into)
        |]

    torch.nn.Sequential layers

let private convolutions () : torch.nn.Module<torch.Tensor, torch.Tensor> =
    torch.nn.Sequential(
        torch.nn.Conv2d(1L, 16L, 3L, padding = 1L),
        torch.nn.ReLU(),
        torch.nn.MaxPool2d 2L,
        torch.nn.Conv2d(16L, 32L, 3L, padding = 1L),
        torch.nn.ReLU(),
        torch.nn.MaxPool2d 2L,
        torch.nn.Flatten(),
        torch.nn.Linear(1568L, 10L)
    )

let private convolutional () =
    let convolution input output = Layers.conv2d input output 3 |> Module.configure Conv2d.padding [ 1 ]

    Layers.sequential
        [
            convolution 1 16
            Layers.relu
            Layers.maxPool2d 2
            convolution 16 32
            Layers.relu
            Layers.maxPool2d 2
            Layers.flatten
            Layers.linear 1568 10
        ]

// How long a max pool takes depends on the numbers it is given: the weights of both stay those that they began with.
let private rate = 1e-12

/// Lets an application keep the weights that it has.
let slow (application: Application) : unit =
    for optimizer in application.Optimizers.Values do
        optimizer.LearningRate <- rate

/// An epoch as one writes it by hand: nothing is measured.
let private byHand (model: torch.nn.Module<torch.Tensor, torch.Tensor>) (data: Dataset) (batch: int64) =
    let loss = torch.nn.CrossEntropyLoss()
    let optimizer = torch.optim.Adam(model.parameters (), rate)

    fun () ->
        use _scope = torch.NewDisposeScope()
        let order = torch.randperm data.Count

        for start in 0L .. batch .. data.Count - 1L do
            use _scope = torch.NewDisposeScope()
            let indices = order.narrow (0L, start, min batch (data.Count - start))
            optimizer.zero_grad ()
            let outputs = model.call (data.Inputs.index_select (0L, indices))
            (loss.call (outputs, data.Targets.index_select (0L, indices))).backward()
            optimizer.step () |> ignore

/// A network that is trained, with the same by hand.
[<NoEquality; NoComparison>]
type Network =
    {
        Name: string
        Batch: int64
        /// How many batches an epoch has: what a log and an end of an epoch cost is for as many steps as in users' runs.
        Batches: int64
        Shape: int64 list
        IsPerceptron: bool
        /// How much of the time by hand a step may take.
        Bound: float
        Spec: ModuleSpec
        ByHand: unit -> torch.nn.Module<torch.Tensor, torch.Tensor>
    }

/// All networks that are measured.
let networks: Network list =
    [
        for name, bound, batch, batches, widths in
            [
                "mlp_784_256_256_10_batch_64", 1.0, 64L, 100L, [ 784; 256; 256; 10 ]
                "mlp_64_64_64_10_batch_32", 1.0, 32L, 200L, [ 64; 64; 64; 10 ]
                "100_narrow_blocks_batch_32", 0.7, 32L, 20L, 64 :: List.replicate 100 16 @ [ 10 ]
            ] do
            let inner = widths |> List.skip 1 |> List.take (widths.Length - 2)

            {
                Name = name
                Batch = batch
                Batches = batches
                Shape = [ int64 widths.Head ]
                IsPerceptron = name.StartsWith("mlp", System.StringComparison.Ordinal)
                Bound = bound
                Spec = Components.multiLayerPerceptron widths.Head inner (List.last widths)
                ByHand = fun () -> linear widths
            }

        {
            Name = "two_convolutions_batch_64"
            Batch = 64L
            Batches = 20L
            Shape = [ 1L; 28L; 28L ]
            IsPerceptron = false
            Bound = 1.0
            Spec = convolutional ()
            ByHand = convolutions
        }
    ]

/// A network that is trained by `Fit`, an epoch at a time.
[<Sealed>]
type Fitted(network: Network) =
    let count = network.Batches * network.Batch

    let data =
        new Dataset(
            torch.randn (Array.ofList (count :: network.Shape)),
            torch.randint (10L, [| count |], dtype = torch.int64)
        )

    let options = { options with BatchSize = network.Batch }
    let application = Trainer.fit options data (Applications.classifier 10 network.Spec)

    do slow application

    member _.Data = data

    member _.Epoch() = Trainer.continueWith options data application

    /// So many steps.
    member _.Steps(count: int) =
        Trainer.continueWith { options with MaxEpochs = count / int network.Batches } data application

    /// A run that is watched, with a log in this folder.
    member _.Watched(folder: string) =
        let options = { options with MaxEpochs = epochs; Callbacks = watched folder }
        Trainer.continueWith options data application

    interface System.IDisposable with
        member _.Dispose() =
            (application :> System.IDisposable).Dispose()
            (data :> System.IDisposable).Dispose()

/// A network as `Fit` trains it.
let fitted (network: Network) = new Fitted(network)

/// All figures of training.
let figures () =
    [
        for network in networks do
            torch.manual_seed 0L |> ignore
            use fit = fitted network
            torch.manual_seed 0L |> ignore
            use hand = network.ByHand()
            let epoch = byHand hand fit.Data network.Batch
            let folder = Directory.CreateTempSubdirectory("bench-").FullName

            let byHand () =
                for _ in 1..epochs do
                    epoch ()

            ratio 15 (fun () -> fit.Watched folder) byHand
            |> atMost network.Bound $"fit_{network.Name}_step_over_by_hand"

            Directory.Delete(folder, true)
    ]
