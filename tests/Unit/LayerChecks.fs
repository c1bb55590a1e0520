/// What PyTorch checks in Python, and TorchSharp does not, or the other way round (reference/checks.py, layers.py).
module Deeplay.Tests.LayerChecks

open System.Text.Json
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp

/// One row of checks.json.
[<NoComparison>]
type Check =
    {
        Kind: string
        Arguments: (string * Value) list
        Training: bool
        Inputs: int64 list list
        /// Why PyTorch refuses it.
        Message: string option
        /// What a loss is.
        Output: float list option
    }

    override this.ToString() =
        let arguments =
            this.Arguments
            |> List.map (fun (name, value) -> $"{name}={Value.print value}")
            |> String.concat ", "

        let mode = if this.Training then " training" else ""
        $"{this.Kind}({arguments}){mode} of %A{this.Inputs}"

let private orNone read (json: JsonElement) = if json.ValueKind = JsonValueKind.Null then None else Some(read json)

let checks: Check list =
    Recorded.read "reference" "checks"
    |> Recorded.items
    |> List.map (fun row ->
        {
            Kind = row.GetProperty("kind").GetString()
            Arguments = [ for p in row.GetProperty("arguments").EnumerateObject() -> p.Name, Recorded.value p.Value ]
            Training = row.GetProperty("training").GetBoolean()
            Inputs = row.GetProperty "inputs" |> Recorded.items |> List.map Recorded.sizes
            Message = row.GetProperty "message" |> orNone _.GetString()
            Output = row.GetProperty "output" |> orNone (Recorded.items >> List.map _.GetDouble())
        })

let private layers = checks |> List.filter (fun row -> row.Inputs.Length = 1)

let private inputsOf (kind: string) (shapes: int64 list list) : Tensor list =
    shapes
    |> List.mapi (fun i shape ->
        if kind.StartsWith "Embedding" || (kind.StartsWith "MaxUnpool" && i = 1) then
            torch.zeros (Array.ofList shape, torch.ScalarType.Int64)
        else
            fill shape (float i))

/// Builds and calls a layer; gives the errors where it is refused, whenever that is.
let private run (row: Check) =
    errorsOf (fun () ->
        use _ = torch.NewDisposeScope()
        use built = build row.Inputs (layerSpec row.Kind row.Arguments)
        built.train row.Training
        use _ = torch.no_grad ()
        callAll built (inputsOf row.Kind row.Inputs) |> ignore)

let private kinds = layers |> List.map (fun row -> row.Kind) |> List.distinct

let private ofKind kind = layers |> List.filter (fun row -> row.Kind = kind)

/// The rows of layers.json that PyTorch takes, by kind.
let private taken =
    Recorded.read "reference" "layers"
    |> Recorded.items
    |> List.filter (fun row -> row.GetProperty("outputs").ValueKind <> JsonValueKind.Null)
    |> List.groupBy (fun row -> row.GetProperty("kind").GetString())

let private inputShapes (row: JsonElement) =
    match Recorded.items (row.GetProperty "input") with
    | first :: _ as several when first.ValueKind = JsonValueKind.Array -> several |> List.map Recorded.sizes
    | _ -> [ Recorded.sizes (row.GetProperty "input") ]

let private perceptron = Layers.sequential [ Layers.linear 2 3; Layers.batchNorm1d; Layers.linear 3 2 ]

let private problems lines = Expect.isTrue (List.isEmpty lines) (String.concat "\n" lines)

let private stateOf (built: torch.nn.Module) =
    [
        for name, tensor in buffersOf built do
            name, numbers tensor
    ]

let private conv arguments =
    Module.create ([ "out_channels", Int 8L; "kernel_size", Int 3L ] @ arguments) Conv2d.definition

[<Tests>]
let tests =
    torchTests
        "LayerChecks"
        [
            testTheory "what PyTorch refuses is a typed error, what it takes runs" kinds (fun kind ->
                problems
                    [
                        for row in ofKind kind do
                            match run row, row.Message with
                            | [], None
                            | _ :: _, Some _ -> ()
                            | [], Some message -> $"{row} is taken, but PyTorch says {message}"
                            | errors, None -> $"{row}: {errors |> List.map Error.describe}"
                    ])

            testTheory "a built layer takes the shapes that PyTorch takes" taken (fun (kind, rows) ->
                problems
                    [
                        for row in rows do
                            let arguments =
                                [
                                    for p in row.GetProperty("arguments").EnumerateObject() ->
                                        p.Name, Recorded.value p.Value
                                ]

                            let inputs = inputShapes row

                            let expected = row.GetProperty "outputs" |> Recorded.items |> List.map Recorded.sizes

                            // PyTorch 1.13 gives an empty tensor here, newer versions refuse.
                            if not (List.exists (List.contains 0L) expected && inputs = [ [ 2L; 6L; 1L ] ]) then
                                use _ = torch.NewDisposeScope()
                                use built = build inputs (layerSpec kind arguments)
                                built.train true
                                let found = callAll built (inputsOf kind inputs) |> List.map shapeOf

                                if found <> expected then $"{kind} {arguments} of %A{inputs}: %A{found}"
                    ])

            testCase "the last batch of 33 rows in batches of 32 stops at the batch norm and spoils nothing" (fun () ->
                use _ = torch.NewDisposeScope()
                use built = build1 [ 32L; 2L ] perceptron
                built.train true
                let rows = fill [ 33L; 2L ] 0.5
                built.call (rows.narrow (0L, 0L, 32L)) |> ignore
                let before = stateOf built

                match errorsOf (fun () -> built.call (rows.narrow (0L, 32L, 1L))) with
                | [ WrongShape(tag, "BatchNorm1d", expected, found) ] ->
                    Assert.equal "1" (string tag)
                    Assert.containsText "more than 1 value for each channel while training" expected
                    Assert.equal "(1, 3)" found
                | other -> failtest $"%A{other}"

                Assert.equal before (stateOf built)
                built.eval ()

                for number in numbers (built.call (rows.narrow (0L, 32L, 1L))) do
                    Assert.isTrue (System.Double.IsFinite number))

            testCase "fitting ends with the error of the batch norm, never with a model that is NaN" (fun () ->
                use _ = torch.NewDisposeScope()
                let labels = torch.zeros ([| 5L |], torch.ScalarType.Int64)
                use data = new Dataset(fill [ 5L; 2L ] 0.0, labels)

                let options =
                    { Fit.defaults with MaxEpochs = 1; BatchSize = 4L; Shuffle = false; Build = optionsFor [] }

                match errorsOf (fun () -> Trainer.fit options data (Applications.classifier 2 perceptron)) with
                | [ WrongShape(tag, "BatchNorm1d", _, "(1, 3)") ] -> Assert.equal "model.1" (string tag)
                | other -> failtest $"%A{other}")

            testCase "a check of inputs stays where the model is moved or copied to another type" (fun () ->
                use _ = torch.NewDisposeScope()

                use built = build1 [ 4L; 3L ] (Module.create [ "num_features", Int 3L ] BatchNorm1d.definition)

                built.``to`` torch.ScalarType.Float64 |> ignore
                built.train true

                Assert.notEmpty (
                    errorsOf (fun () -> built.call (torch.zeros ([| 1L; 3L |], torch.ScalarType.Float64)))
                ))

            testTheory
                "parameters of TorchSharp's module stay where it is collected, and where the model is moved"
                [
                    "GroupNorm", [ "num_groups", Int 2L; "num_channels", Int 4L ]
                    "ConvTranspose2d",
                    [
                        "in_channels", Int 4L
                        "out_channels", Int 2L
                        "kernel_size", Int 2L
                        "stride", Int 2L
                        "output_padding", List [ Int 0L; Int 1L ]
                    ]
                ]
                (fun (kind, arguments) ->
                    use _ = torch.NewDisposeScope()
                    let input = [ 1L; 4L; 3L; 3L ]
                    let model = Layers.sequential [ layerSpec kind arguments ]
                    let models = List.init 20 (fun _ -> build1 input model)

                    for _ in 1..3 do
                        System.GC.Collect()
                        System.GC.WaitForPendingFinalizers()

                    for built in models do
                        use built = built
                        built.call (fill input 0.0) |> ignore
                        built.``to`` torch.ScalarType.Float64 |> ignore
                        let names = parametersOf built |> List.map fst |> List.sort
                        Assert.equal [ "0.bias"; "0.weight" ] names
                        built.call ((fill input 0.0).``to`` torch.ScalarType.Float64) |> ignore)

            testCase "groups that do not divide the channels are refused where the layer is created" (fun () ->
                Assert.equal
                    "the root (Conv2d): 'in_channels' must be divisible by the 2 groups, but is 3."
                    (Recorded.problem (fun () -> conv [ "in_channels", Int 3L; "groups", Int 2L ])))

            testCase "groups that do not divide inferred channels are refused after inference" (fun () ->
                let model = Layers.sequential [ Layers.linear 4 6; conv [ "groups", Int 4L ] ]

                Assert.equal
                    "1 (Conv2d): 'in_channels' must be divisible by the 4 groups, but is 6."
                    (Recorded.problem (fun () -> model |> Module.inferShape [ 1; 6; 8; 4 ])))

            testCase "arguments that go together in the end may be changed one after another" (fun () ->
                let model =
                    Layers.sequential [ conv [ "in_channels", Int 3L ] ]
                    |> Module.select "0" (Module.configure "groups" 4)
                    |> Module.select "0" (Module.configure "in_channels" 4)

                Assert.equal [ 1L; 8L; 6L; 6L ] (model |> Module.inferShape [ 1; 4; 8; 8 ]))

            testCase "all modules whose arguments do not go together are named" (fun () ->
                let wrong = conv [ "in_channels", Int 4L ]

                let model = Layers.sequential [ wrong; wrong ] |> Module.select "0|1" (Module.configure "groups" 3)

                match errorsOf (fun () -> Module.construct model) with
                | [ WrongValue(first, _, "in_channels", _, "4")
                    WrongValue(_, _, "out_channels", _, "8")
                    WrongValue(second, _, "in_channels", _, "4")
                    WrongValue(_, _, "out_channels", _, "8") ] ->
                    Assert.equal [ "0"; "1" ] [ string first; string second ]
                | other -> failtest $"%A{other}")
        ]
