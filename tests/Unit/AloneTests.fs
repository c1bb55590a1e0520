/// Metrics and schedules by themselves: what they give for the examples is what PyTorch and scikit-learn gave
/// (reference/examples.py).
module Deeplay.Tests.AloneTests

open System
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp

let private tensor (input: ExampleInput) : torch.Tensor =
    let numbers = torch.tensor (Array.ofList input.Numbers, dtype = torch.float64)
    let shaped = numbers.reshape (Array.ofList input.Sizes)
    if input.Below.IsSome then shaped.``to`` torch.int64 else shaped

let private close what (expected: float list) (found: float list) =
    Expect.hasLength found expected.Length what

    for a, b in List.zip expected found do
        Expect.floatClose { absolute = 5.1e-5; relative = 0.0 } a b what

let private specs (kind: string) =
    [
        for d in Registries.standard.Definitions.Values do
            match d.Example with
            | Some example when d.Base |> Option.exists (fun parent -> parent.Id = kind) ->
                Module.create example.Arguments d, example
            | _ -> ()
    ]

let private problem expected (work: unit -> 'a) = Assert.equal expected (Recorded.problem work)

[<Tests>]
let tests =
    torchTests
        "AloneTests"
        [
            testCase "every metric by itself gives what scikit-learn gives" (fun () ->
                let specs = specs "Metric"
                Expect.isGreaterThan specs.Length 30 "metrics"

                for spec, example in specs do
                    use _scope = torch.NewDisposeScope()
                    let outputs, targets = tensor example.Inputs[0], tensor example.Inputs[1]
                    let found = (spec |> Metric.compute outputs targets).data<float>().ToArray()
                    close spec.Definition.Id example.Outputs (List.ofArray found))

            testCase "every schedule by itself gives what PyTorch's gives" (fun () ->
                let specs = specs "LRScheduler"
                Expect.isGreaterThan specs.Length 10 "schedules"

                for spec, example in specs do
                    let rates =
                        match example.Inputs with
                        | [] -> spec |> Schedule.rates 0.1 example.Outputs.Length
                        | inputs -> spec |> Schedule.following 0.1 inputs.Head.Numbers

                    close spec.Definition.Id example.Outputs rates)

            testCase "a metric and a schedule of one's own are computed as their lowerings say" (fun () ->
                use _scope = torch.NewDisposeScope()
                let largest = Metric.define "LargestError" []
                let halving = Schedule.define "Halving" []

                let lowerings =
                    Lowering.standard
                    |> Lowering.add largest (fun _ ->
                        Metric.ofAll (fun outputs targets -> outputs.sub(targets).abs().max()))
                    |> Lowering.add halving (fun _ -> Schedule.ofTime (fun rate time -> rate / 2.0 ** float time))

                let outputs, targets = torch.tensor [| 1.0; 4.0 |], torch.tensor [| 2.0; 1.0 |]
                let found = Module.create [] largest |> Metric.computeWith lowerings outputs targets
                Assert.equal 3.0 (found.item<float>())
                Assert.equal [ 1.0; 0.5; 0.25 ] (Module.create [] halving |> Schedule.ratesWith lowerings 1.0 3))

            testCase "what is no metric, or none of these tensors, is an error" (fun () ->
                use _scope = torch.NewDisposeScope()
                let two, three = torch.zeros 2L, torch.zeros 3L

                problem "the root (MSELoss): it is no metric." (fun () -> Losses.mse |> Metric.compute two two)

                problem
                    "the root (MeanAbsoluteError): 'targets' must be of the outputs' shape (2,), but is (3,)."
                    (fun () -> Metrics.meanAbsoluteError |> Metric.compute two three))

            testCase "what is no schedule, or goes otherwise than it is asked, is an error" (fun () ->
                problem "the root (Adam): it is no schedule." (fun () -> Optimizers.adam 0.1 |> Schedule.rates 0.1 3)
                let plateau, step = Schedules.reduceLROnPlateau, Schedules.stepLR 2

                problem
                    "the root (ReduceLROnPlateau): it follows a metric: say what that is after each epoch."
                    (fun () -> plateau |> Schedule.rates 0.1 3)

                problem "the root (StepLR): it follows no metric: say for how long." (fun () ->
                    step |> Schedule.following 0.1 [ 1.0 ])

                problem "schedule: expected at least 1 step size, found 0." (fun () -> step |> Schedule.rates 0.1 0)

                problem "schedule: expected a step size of at least 0, found -1." (fun () ->
                    step |> Schedule.rates -1.0 3)

                problem "schedule: expected a step size of at least 0, found NaN." (fun () ->
                    step |> Schedule.rates nan 3))
        ]
