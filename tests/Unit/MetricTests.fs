/// Metrics against what scikit-learn gives (reference/metrics.py), however examples come in batches.
module Deeplay.Tests.MetricTests

open System
open System.IO
open System.Text.Json
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.TrainingHelp

/// One recorded metric.
[<NoComparison>]
type private Case =
    {
        Kind: string
        Arguments: (string * Value) list
        Outputs: int64 list * float list
        Targets: int64 list * float list
        /// Whether targets come as floats, else as whole numbers.
        Floats: bool
        Value: int64 list * float list
    }

let private cases: Case list =
    use document =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "reference", "metrics.json")))

    let items (json: JsonElement) = List.ofSeq (json.EnumerateArray())

    let shaped (json: JsonElement) =
        let number (item: JsonElement) = if item.ValueKind = JsonValueKind.Null then nan else item.GetDouble()

        [ for size in items (json.GetProperty "shape") -> size.GetInt64() ],
        [ for item in items (json.GetProperty "numbers") -> number item ]

    let data = items (document.RootElement.GetProperty "data")

    [
        for row in items (document.RootElement.GetProperty "rows") do
            let measured = data[row.GetProperty("data").GetInt32()]

            {
                Kind = row.GetProperty("kind").GetString()
                Arguments = [ for p in row.GetProperty("arguments").EnumerateObject() -> p.Name, valueOf p.Value ]
                Outputs = shaped (measured.GetProperty "outputs")
                Targets = shaped (measured.GetProperty "targets")
                Floats = measured.GetProperty("floats").GetBoolean()
                Value = shaped (row.GetProperty "value")
            }
    ]

let private tensor (dtype: torch.ScalarType) (shape: int64 list, numbers: float list) : Tensor =
    use wide = torch.tensor (Array.ofList numbers, dtype = torch.float64)
    use shaped = wide.reshape (Array.ofList shape)
    shaped.``to`` (dtype, true)

/// What a metric gives for outputs and targets that come in batches.
let private measure
    (spec: ModuleSpec)
    (batchSize: int64)
    (outputs: Tensor)
    (targets: Tensor)
    : int64 list * float list =
    use built = build [] spec
    use measuring = (built :?> MetricModule).Start()

    for start in 0L .. batchSize .. outputs.shape[0] - 1L do
        use _scope = torch.NewDisposeScope()
        let length = min batchSize (outputs.shape[0] - start)
        measuring.Add(outputs.narrow (0L, start, length), targets.narrow (0L, start, length))

    use value = measuring.Value()
    List.ofArray value.shape, List.ofArray (MetricNumbers.ofTensor value)

let private agrees (expected: float) (found: float) =
    (Double.IsNaN expected && Double.IsNaN found)
    || abs (found - expected) <= 1e-9 * max 1.0 (abs expected)

let private metric kind arguments = Module.create arguments (Registries.standard.Definitions[kind])

[<Tests>]
let tests =
    torchTests
        "MetricTests"
        [
            testCase "metrics are scikit-learn's, whatever the batches" (fun () ->
                let before = liveTensors ()

                for case in cases do
                    use outputs = tensor torch.float64 case.Outputs
                    use targets = tensor (if case.Floats then torch.float64 else torch.int64) case.Targets

                    for batchSize in [ 1L; 3L; 64L ] do
                        let shape, found = measure (metric case.Kind case.Arguments) batchSize outputs targets
                        let expectedShape, expected = case.Value
                        let told = $"{case.Kind} %A{case.Arguments} in batches of {string batchSize}"
                        Expect.equal shape expectedShape told

                        Expect.isTrue (List.forall2 agrees expected found) $"{told}: %A{found}, and not %A{expected}"

                Assert.equal before (liveTensors ()))

            testCase "every metric of the library is among the cases" (fun () ->
                let kinds =
                    [
                        for definition in Registries.standard.Definitions.Values do
                            if definition.Is Metrics.definition && definition.Id <> "Metric" then definition.Id
                    ]

                Assert.equal (Set.ofList kinds) (set [ for case in cases -> case.Kind ]))

            testCase "a metric worked out by hand" (fun () ->
                // Of class 0 two of three are found, of class 1 one of one; what is predicted as 1 is so in one of two.
                use outputs = tensorOf [ 4L; 2L ] [ 2.0; 1.0; 3.0; 0.0; 0.0; 1.0; 1.0; 4.0 ]
                use targets = ints [ 0L; 0L; 0L; 1L ]
                let found kind arguments = measure (metric kind arguments) 3L outputs targets |> snd
                Assert.equal [ 2.0 / 3.0; 1.0 ] (found "MulticlassRecall" [ "average", Text "none" ])
                Assert.equal [ 1.0; 0.5 ] (found "MulticlassPrecision" [ "average", Text "none" ])
                Assert.equal [ 0.75 ] (found "MulticlassAccuracy" [ "average", Text "micro" ])
                Assert.equal [ 2.0; 1.0; 0.0; 1.0 ] (found "MulticlassConfusionMatrix" [])
                // Dice is twice the overlap over the sizes of both: 2 · 2 / (2 + 3), and 2 · 1 / (2 + 1).
                Assert.equal [ 0.8; 2.0 / 3.0 ] (found "MulticlassF1Score" [ "average", Text "none" ]))

            testCase "Dice's coefficient by examples, worked out by hand" (fun () ->
                // Of the first one of two that are predicted is there; of the second there is nothing at all; the third is right.
                use outputs = tensorOf [ 3L; 4L ] [ 1.0; 1.0; 0.0; 0.0; 0.0; 0.0; 0.0; 0.0; 0.0; 0.0; 1.0; 1.0 ]
                use targets = tensorOf [ 3L; 4L ] [ 1.0; 0.0; 0.0; 0.0; 0.0; 0.0; 0.0; 0.0; 0.0; 0.0; 1.0; 1.0 ]
                let found kind arguments = measure (metric kind arguments) 2L outputs targets |> snd |> List.exactlyOne
                Expect.isTrue (agrees ((2.0 / 3.0 + 1.0) / 2.0) (found "BinaryDiceScore" [])) "the mean of two"
                let together = found "BinaryDiceScore" [ "aggregation_level", Text "global" ]
                Expect.isTrue (agrees (6.0 / 7.0) together) "all together"
                Assert.equal (found "BinaryF1Score" []) together)

            testCase "what can't be compared is refused, by the metric's name" (fun () ->
                let refused kind arguments (outputs: Tensor) (targets: Tensor) =
                    use outputs = outputs
                    use targets = targets

                    match errorsOf (fun () -> measure (metric kind arguments) 8L outputs targets) with
                    | [ WrongValue(_, found, what, expected, _) ] ->
                        Assert.equal kind found
                        what, expected
                    | [ WrongShape(_, found, expected, _) ] ->
                        Assert.equal kind found
                        "shape", expected
                    | other -> failtest $"%A{other}"

                let zeros (shape: int64 list) : Tensor = torch.zeros (Array.ofList shape)

                Assert.equal
                    ("targets", "class indices (4,), or a number for each class (4, 3)")
                    (refused "MulticlassAccuracy" [] (zeros [ 4L; 3L ]) (zeros [ 4L ]))

                Assert.equal
                    ("outputs", "5 along the second dimension, as num_classes says")
                    (refused "MulticlassRecall" [ "num_classes", Int 5L ] (zeros [ 4L; 3L ]) (ints [ 0L; 1L; 2L; 0L ]))

                Assert.equal
                    ("targets", "0 or 1 for each output (4, 1)")
                    (refused "BinaryAccuracy" [] (zeros [ 4L; 1L ]) (zeros [ 4L ]))

                Assert.equal
                    ("targets", "of the outputs' shape (4, 1)")
                    (refused "MeanAbsoluteError" [] (zeros [ 4L; 1L ]) (zeros [ 4L ]))

                Assert.equal
                    ("shape", "areas: numbers of several places for each example")
                    (refused "MulticlassDiceScore" [] (zeros [ 4L; 3L ]) (ints [ 0L; 1L; 2L; 0L ]))

                Assert.equal
                    ("shape", "outputs (N,) or (N, M)")
                    (refused "R2Score" [] (zeros [ 4L; 1L; 2L ]) (zeros [ 4L; 1L; 2L ])))

            testCase "where nothing counts there is no number" (fun () ->
                use outputs = tensorOf [ 2L; 2L ] [ 1.0; 2.0; 3.0; 4.0 ]
                use targets = ints [ -100L; -100L ]

                for kind in
                    [ "MulticlassAccuracy"; "MulticlassF1Score"; "MulticlassAUROC"; "MulticlassAveragePrecision" ] do
                    let found = measure (metric kind [ "ignore_index", Int -100L ]) 1L outputs targets |> snd
                    Expect.isTrue (Double.IsNaN(List.exactlyOne found)) $"{kind}: %A{found}")
        ]
