/// What a loss takes as targets, and what is refused before the first step. Sources: PyTorch's documentation of the losses.
module Deeplay.Tests.TargetTests

open System.Globalization
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests

open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.TrainingHelp

/// Trains a linear layer from 2 numbers to `outputs` on 6 examples with this loss.
let private fit (loss: Definition) (settings: (string * Value) list) outputs (targets: torch.Tensor) =
    use inputs = fill [ 6L; 2L ] 0.1
    use data = new Dataset(inputs.clone (), targets)

    let spec =
        Classifier.definition
        |> Module.create
            [
                "model", Value.Module(Layers.linear 2 outputs)
                "loss", Value.Module(Module.create settings loss)
            ]

    let options = { Fit.defaults with MaxEpochs = 1; Build = optionsFor [] }

    use application = Trainer.fit options data spec
    application.History.Series("train_loss").Head

/// What is expected and found, where the loss refuses targets; nothing stays behind.
let private refused loss settings outputs (targets: unit -> torch.Tensor) =
    let before = liveTensors ()

    match errorsOf (fun () -> fit loss settings outputs (targets ())) with
    | [ WrongValue(tag, kind, "targets", expected, found) ] ->
        Assert.equal ("loss", loss.Id) (string tag, kind)
        Assert.equal before (liveTensors ())
        expected, found
    | other -> failtest $"%A{other}"

let private trains loss settings outputs targets =
    let value = fit loss settings outputs targets
    Expect.isTrue (System.Double.IsFinite value) $"{value}"

/// The work in a culture with strange signs, also where a machine has no cultures installed.
let private abroad (work: unit -> 'a) =
    let before = CultureInfo.CurrentCulture
    let culture = CultureInfo.InvariantCulture.Clone() :?> CultureInfo
    culture.NumberFormat.NegativeSign <- "~"
    culture.NumberFormat.NumberDecimalSeparator <- "!"
    CultureInfo.CurrentCulture <- culture

    try
        work ()
    finally
        CultureInfo.CurrentCulture <- before

let private column (numbers: float32 list) =
    use flat = torch.tensor (Array.ofList numbers)
    flat.reshape (-1L, 1L)

let private crossEntropy = Losses.crossEntropyDefinition

[<Tests>]
let tests =
    torchTests
        "TargetTests"
        [
            testCase "a label out of range is refused with its row and the range" (fun () ->
                let bad label = refused crossEntropy [] 3 (fun () -> ints [ 0L; 1L; 2L; label; 1L; 99L ])

                let expected = "int64 class indices from 0 to 2 (or -100, which does not count)"
                Assert.equal (expected, "3 in row 3") (bad 3L)
                Assert.equal (expected, "-1 in row 3") (bad -1L)

                Assert.equal
                    (expected, "5 in row 5")
                    (refused Losses.nllDefinition [] 3 (fun () -> ints [ 0L; 1L; 2L; 2L; 1L; 5L ])))

            testCase "what is ignored may be any number, and is told" (fun () ->
                trains crossEntropy [] 3 (ints [ 0L; -100L; 2L; 1L; -100L; 0L ])
                trains crossEntropy [ Losses.ignoreIndex => 7 ] 3 (ints [ 0L; 7L; 2L; 1L; 7L; 0L ])

                Assert.equal
                    ("int64 class indices from 0 to 2 (or 7, which does not count)", "-100 in row 1")
                    (refused crossEntropy [ Losses.ignoreIndex => 7 ] 3 (fun () -> ints [ 0L; -100L; 2L; 1L; 7L; 0L ])))

            testCase "labels of any whole numbers are those of int64" (fun () ->
                let expected = fit crossEntropy [] 3 (ints [ 0L; 1L; 2L; 2L; 1L; 0L ])

                for dtype in [ torch.uint8; torch.int8; torch.int16; torch.int32 ] do
                    use wide = ints [ 0L; 1L; 2L; 2L; 1L; 0L ]
                    Assert.equal expected (fit crossEntropy [] 3 (wide.``to`` dtype)))

            testCase "labels as floats or truths are refused by their dtype" (fun () ->
                for dtype, name in [ torch.float32, "float32"; torch.float64, "float64"; torch.bool, "bool" ] do
                    let _, found = refused crossEntropy [] 3 (fun () -> torch.zeros (6L, dtype = dtype))
                    Assert.equal name found)

            testCase "labels in a column are refused by their shape" (fun () ->
                Assert.equal
                    ("class indices of shape (6,)", "(6, 1)")
                    (refused crossEntropy [] 3 (fun () -> torch.zeros (6L, 1L, dtype = torch.int64))))

            testCase "cross entropy takes probabilities as well" (fun () ->
                // One-hot probabilities are the classes themselves.
                use hot = torch.nn.functional.one_hot (ints [ 0L; 1L; 2L; 2L; 1L; 0L ], 3L)

                let byClass = fit crossEntropy [] 3 (ints [ 0L; 1L; 2L; 2L; 1L; 0L ])
                let byProbability = fit crossEntropy [] 3 (hot.``to`` torch.float32)
                Expect.isTrue (abs (byClass - byProbability) < 1e-6) $"{byClass} and {byProbability}"

                let _, found = refused crossEntropy [] 3 (fun () -> torch.zeros (6L, 3L, dtype = torch.float64))

                Assert.equal "float64" found

                Assert.equal
                    ("the probability of each class of shape (6, 3)", "(6, 4)")
                    (refused crossEntropy [] 3 (fun () -> torch.zeros (6L, 4L))))

            testCase "one-hot targets are made of indices below the number of classes" (fun () ->
                use inputs = fill [ 3L; 2L ] 0.1

                let spec =
                    Applications.classifier 3 (Layers.linear 2 3)
                    |> Module.configure Classifier.makeTargetsOneHot true
                    |> Module.select "loss" (Module.replace (Module.create [] Losses.mseDefinition))

                let options = { Fit.defaults with MaxEpochs = 1; Build = optionsFor [] }

                use good = new Dataset(inputs.clone (), torch.tensor [| 0; 2; 1 |])
                use _trained = Trainer.fit options good spec
                use bad = new Dataset(inputs.clone (), torch.tensor [| 0; 2; 3 |])

                match errorsOf (fun () -> Trainer.fit options bad spec) with
                | [ WrongValue(_, _, "targets", "int64 class indices from 0 to 2", "3 in row 2") ] -> ()
                | other -> failtest $"%A{other}")

            testCase "binary cross entropy takes numbers from 0 to 1" (fun () ->
                let halves = column [ 0f; 0.5f; 1f; 0f; 1f; 0.25f ]
                trains Losses.bceWithLogitsDefinition [] 1 halves

                let refusedNumber (number: float32) =
                    refused Losses.bceWithLogitsDefinition [] 1 (fun () -> column [ 0f; 0.5f; 1f; number; 2f; 0f ])

                for number, printed in [ 1.5f, "1.5"; -0.5f, "-0.5"; nanf, "NaN" ] do
                    Assert.equal ("numbers from 0 to 1", $"{printed} in row 3, at (3, 0)") (refusedNumber number)

                Assert.equal
                    ("numbers from 0 to 1 in float32", "int64")
                    (refused Losses.bceWithLogitsDefinition [] 1 (fun () -> torch.zeros (6L, 1L, dtype = torch.int64))))

            testCase "numbers in what is refused are the same in every culture" (fun () ->
                let refusals () =
                    [
                        refused crossEntropy [ Losses.ignoreIndex => -7 ] 3 (fun () ->
                            ints [ 0L; 1L; 2L; -1L; 1L; 0L ])
                        refused Losses.bceWithLogitsDefinition [] 1 (fun () -> column [ 0f; 0.5f; 1f; -1.5f; 2f; 0f ])
                    ]

                Assert.equal
                    [
                        "int64 class indices from 0 to 2 (or -7, which does not count)", "-1 in row 3"
                        "numbers from 0 to 1", "-1.5 in row 3, at (3, 0)"
                    ]
                    (abroad refusals)

                let told kind arguments =
                    [
                        for error in errorsOf (fun () -> layerSpec kind arguments |> Module.construct) ->
                            Error.describe error
                    ]

                let bounds () =
                    told "Hardtanh" [ "min_val", Float -1.5; "max_val", Float -2.5 ]
                    @ told "RReLU" [ "lower", Float -1.5; "upper", Float -2.5 ]

                Assert.equal (bounds ()) (abroad bounds)
                Assert.containsText "-1.5" (String.concat "" (abroad bounds)))

            testCase "losses of numbers take the dtype and the shape of the outputs" (fun () ->
                for loss in
                    [ Losses.mseDefinition; Losses.l1Definition; Losses.smoothL1Definition; Losses.huberDefinition ] do
                    trains loss [] 1 (torch.zeros (6L, 1L))

                    Assert.equal
                        ("numbers in float32", "float64")
                        (refused loss [] 1 (fun () -> torch.zeros (6L, 1L, dtype = torch.float64)))

                    Assert.equal
                        ("numbers in float32", "int64")
                        (refused loss [] 1 (fun () -> torch.zeros (6L, 1L, dtype = torch.int64)))

                    // (6,) and (6, 1) would broadcast to 36 differences.
                    Assert.equal ("numbers of shape (6, 1)", "(6,)") (refused loss [] 1 (fun () -> torch.zeros 6L)))

            testCase "a loss that is no number for a batch is refused" (fun () ->
                match
                    errorsOf (fun () ->
                        fit crossEntropy [ Losses.reduction => "none" ] 3 (ints [ 0L; 1L; 2L; 2L; 1L; 0L ]))
                with
                | [ WrongShape(tag, "CrossEntropyLoss", "to give one number for a batch", found) ] ->
                    Assert.equal "loss" (string tag)
                    Assert.startsWith "(6,)" found
                | other -> failtest $"%A{other}")

            testCase "validation and test data are checked before anything is trained" (fun () ->
                use inputs = fill [ 3L; 2L ] 0.1
                use good = new Dataset(inputs.clone (), ints [ 0L; 1L; 1L ])
                use bad = new Dataset(inputs.clone (), ints [ 0L; 1L; 2L ])
                let mutable epochs = 0

                let options =
                    { Fit.defaults with
                        MaxEpochs = 2
                        Validation = Some bad
                        Progress = fun _ -> epochs <- epochs + 1
                        Build = optionsFor []
                    }

                let spec = Applications.classifier 2 (Layers.linear 2 2)

                match errorsOf (fun () -> Trainer.fit options good spec) with
                | [ WrongValue(_, _, "targets", _, "2 in row 2") ] -> Assert.equal 0 epochs
                | other -> failtest $"%A{other}"

                use application = Trainer.fit { options with Validation = None } good spec

                match errorsOf (fun () -> application.Test bad) with
                | [ WrongValue(_, _, "targets", _, "2 in row 2") ] -> ()
                | other -> failtest $"%A{other}")

            testCase "inputs of another dtype than the model's are refused before the first step" (fun () ->
                use data = new Dataset(torch.zeros (4L, 2L, dtype = torch.float64), ints [ 0L; 1L; 1L; 0L ])

                let spec = Applications.classifier 2 (Layers.linear 2 2)

                match errorsOf (fun () -> Trainer.fit { Fit.defaults with Build = optionsFor [] } data spec) with
                | [ WrongValue(tag, "Linear", "inputs", "in float32, as its parameters are", "float64") ] ->
                    Assert.equal "model" (string tag)
                | other -> failtest $"%A{other}")
        ]
