/// Standardization. Numbers are those that scikit-learn gave: reference/data.json.
module Deeplay.Tests.StandardizeTests

open Expecto
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Deeplay.Tests
open Deeplay.Tests.DataHelp
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.TrainingHelp

let private rowsOf (json: System.Text.Json.JsonElement) = [ for row in json.EnumerateArray() -> floats row ]

let private recordedRows () =
    let rows = rowsOf ((recorded "standard").GetProperty "rows")
    tensorOf [ 4L; 4L ] (List.concat rows)

// Lengths in meters and a price: numbers far from 0 and 1, of which a part is for testing.
let private houses () =
    let size = [| for i in 0..39 -> 60f + 7f * float32 (i * 17 % 40) |]
    let price = size |> Array.mapi (fun i x -> 50_000f + 3_000f * x + 500f * float32 (i % 5))
    new Dataset(torch.tensor(size).unsqueeze 1L, torch.tensor(price).unsqueeze 1L)

let private raw (s: Standardization) (t: Standardization) =
    Layers.sequential [ Standardization.standardize s; Layers.linear 1 1; Standardization.unstandardize t ]

[<Tests>]
let tests =
    torchTests
        "Standardize"
        [
            testCase "mean and deviation are scikit-learn's, a constant's deviation 1" (fun () ->
                let expected = recorded "standard"
                use x = recordedRows ()
                let s = Standardization.ofTensor 1 x
                assertClose "mean" (floats (expected.GetProperty "mean")) s.Mean
                assertClose "std" (floats (expected.GetProperty "scale")) s.Std
                Assert.equal [ 1.0; 1.0 ] s.Std[1..2]

                use built = build1 [ 4L; 4L ] (Standardization.standardize s)
                use y = built.call x
                assertClose "scaled" (List.concat (rowsOf (expected.GetProperty "scaled"))) (numbers y)
                use back = build1 [ 4L; 4L ] (Standardization.unstandardize s)
                use again = back.call y
                assertClose "back" (numbers x) (numbers again))

            testCase "channels are features of images" (fun () ->
                // One channel has 1 to 8, the other ten times as much.
                let values =
                    [
                        for n in 0..1 do
                            for c in 0..1 do
                                for i in 1..4 -> float (4 * n + i) * (if c = 0 then 1.0 else 10.0)
                    ]

                use x = tensorOf [ 2L; 2L; 2L; 2L ] values
                let s = Standardization.ofTensor 1 x
                // The variance of 1 to n is (n² − 1)/12.
                assertClose "mean" [ 4.5; 45.0 ] s.Mean
                assertClose "std" [ sqrt 5.25; 10.0 * sqrt 5.25 ] s.Std
                let last = Standardization.ofTensor -1 x
                assertClose "mean of columns" [ 22.0; 27.5 ] last.Mean)

            testCase "much data is gone through in parts" (fun () ->
                use x = torch.arange(3_000_000L).reshape(1_000_000L, 3L).``to`` torch.ScalarType.Float32
                let s = Standardization.ofTensor 1 x
                let count = 1_000_000.0
                let middle = 3.0 * (count - 1.0) / 2.0
                let deviation = 3.0 * sqrt ((count * count - 1.0) / 12.0)
                assertClose "mean" [ middle; middle + 1.0; middle + 2.0 ] s.Mean
                assertClose "std" (List.replicate 3 deviation) s.Std)

            testCase "it is that of the training part alone" (fun () ->
                use data = houses ()
                let struct (train, test) = data.Split(0.75, 3L)
                use train = train
                use test = test
                let sizes = numbers train.Inputs
                let mean = List.average sizes
                let s = Standardization.ofInputs 1 train
                assertClose "mean" [ mean ] s.Mean
                assertClose "std" [ sqrt (sizes |> List.averageBy (fun x -> (x - mean) ** 2.0)) ] s.Std
                Assert.notEqual s (Standardization.ofInputs 1 data)
                Assert.notEqual s (Standardization.ofInputs 1 test))

            testCase "a model between both takes and gives raw units, also when it was saved" (fun () ->
                use data = houses ()
                let struct (train, test) = data.Split(0.75, 3L)
                let model = raw (Standardization.ofInputs 1 train) (Standardization.ofTargets 1 train)
                let spec = Applications.regressor model |> steppedBy (Optimizers.adam 0.05)
                use trained = fitted 60 spec train
                use found = Application.predict test.Inputs trained
                // Prices from 230 to 1052 thousand, which are a line up to 2 thousand.
                for found, expected in List.zip (numbers found) (numbers test.Targets) do
                    Assert.inRange (expected - 15_000.0) (expected + 15_000.0) found

                inFile (fun path ->
                    Application.save path trained
                    use again = Application.load "cpu" path
                    use predicted = Application.predict test.Inputs again
                    Assert.equal (numbers found) (numbers predicted)
                    let buffers = [ for name, x in buffersOf again.Module -> name, numbers x ]
                    let s = Standardization.ofInputs 1 train
                    let of' name = buffers |> List.find (fun (found, _) -> found.EndsWith(name: string)) |> snd
                    assertClose "mean" s.Mean (of' "0.mean")))

            testCase "it trains nothing, and its numbers go with the model" (fun () ->
                let spec = Layers.standardize [ 1.0; 2.0 ] [ 0.5; 4.0 ]
                use built = build1 [ 3L; 2L ] spec
                Assert.equal [] (parametersOf built)

                Assert.equal
                    [ "mean", [ 1.0; 2.0 ]; "std", [ 0.5; 4.0 ] ]
                    [ for name, b in buffersOf built -> name, numbers b ]
                // Whole numbers, such as pixels, become fractions.
                use x = torch.tensor [| 2L; 10L |]
                use y = built.call (x.unsqueeze 0L)
                Assert.equal [ 2.0; 2.0 ] (numbers y))

            testCase "what does not fit is an error" (fun () ->
                use x = tensorOf [ 2L; 2L ] [ 1.0; 2.0; nan; 4.0 ]

                for work, expected in
                    [
                        (fun () -> Standardization.ofTensor 1 x |> ignore),
                        "standardize: expected finite numbers, found others in feature 0."
                        (fun () -> Standardization.ofTensor 0 x |> ignore),
                        "standardize: expected a tensor with features in dimension 0, after the first, found (2, 2)."
                        (fun () -> Standardization.ofTensor 1 (x.flatten ()) |> ignore),
                        "standardize: expected a tensor with features in dimension 1, after the first, found (4,)."
                        (fun () -> build [ [ 2L; 3L ] ] (Layers.standardize [ 1.0; 2.0 ] [ 1.0; 1.0 ]) |> ignore),
                        "the root (Standardize) expects in dimension 1 the size 2, but gets (2, 3)."
                    ] do
                    Assert.equal expected (message work)

                for spec in
                    [
                        fun () -> Layers.standardize [ 1.0; 2.0 ] [ 1.0 ]
                        fun () -> Layers.standardize [ 1.0 ] [ 0.0 ]
                        fun () -> Layers.unstandardize [ 1.0 ] [ -1.0 ]
                        fun () -> Layers.standardize [] []
                        fun () -> Layers.standardize [ nan ] [ 1.0 ]
                    ] do
                    match errorsOf (fun () -> build [] (spec ())) with
                    | WrongValue(_, _, name, _, _) :: _ -> Assert.contains name [ "mean"; "std" ]
                    | other -> failtest $"%A{other}"

                let built =
                    build [] (Layers.standardize [ 1.0; 2.0 ] [ 1.0; 1.0 ])
                    :?> torch.nn.Module<torch.Tensor, torch.Tensor>

                use wide = torch.zeros (2L, 3L)
                Assert.containsText "the size 2" (message (fun () -> built.call wide)))
        ]
