/// The mean of several checkpoints.
module Deeplay.Tests.AverageTests

open System.IO
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.TrainingHelp

// Batch normalization has statistics, and counts its batches in whole numbers.
let private model = classifier [ Layers.linear 2 3; Layers.batchNorm1d; Layers.linear 3 2 ]

/// Checkpoints after one, two and three epochs, and what they hold.
let private three (work: string list -> Map<string, float list> list -> unit) =
    inFolder (fun folder ->
        use data = points ()
        use application = fitted 0 model data
        let paths = [ for i in 1..3 -> Path.Combine(folder, $"{i}.safetensors") ]

        let saved =
            [
                for path in paths do
                    Application.fitMore (options 1) data application
                    Application.save path application

                    Map.ofList
                        [ for KeyValue(name, tensor) in application.Module.state_dict () -> name, numbers tensor ]
            ]

        work paths saved)

let private isCount (name: string) = name.EndsWith "num_batches_tracked"

let private means (saved: Map<string, float list> list) =
    List.last saved
    |> Map.map (fun name last ->
        if isCount name then
            last
        else
            List.init last.Length (fun i -> saved |> List.averageBy (fun one -> one[name][i])))

let private assertMeans saved (found: (string * float list) list) =
    let expected = means saved
    Assert.equal (List.ofSeq expected.Keys) (List.sort (List.map fst found))

    for name, numbers in found do
        assertClose name expected[name] numbers

[<Tests>]
let tests =
    torchTests
        "AverageTests"
        [
            testCase "an application has the mean of the weights, and the rest of the last" (fun () ->
                three (fun paths saved ->
                    use average = Application.average "cpu" paths
                    Assert.notEqual saved[0] saved[2]

                    assertMeans
                        saved
                        [ for KeyValue(name, tensor) in average.Module.state_dict () -> name, numbers tensor ]

                    Assert.equal (3, 12L) (average.History.Epochs.Length, average.Steps)
                    use last = Application.load "cpu" paths[2]

                    let state (of': Application) =
                        [ for name, tensor in of'.Optimizer.Stepping.State -> name, numbers tensor ]

                    Assert.equal (state last) (state average)
                    // Of one it is that one.
                    use one = Application.average "cpu" [ paths[1] ]

                    Assert.equal
                        saved[1]
                        (Map.ofList [ for KeyValue(n, t) in one.Module.state_dict () -> n, numbers t ])))

            testCase "a module has the mean of state dicts" (fun () ->
                three (fun paths saved ->
                    use application = Application.load "cpu" paths[0]

                    for path in paths do
                        use one = Application.load "cpu" path
                        Application.saveStateDict path one

                    Application.loadStateDictAverage paths application |> ignore

                    assertMeans
                        saved
                        [ for KeyValue(name, tensor) in application.Module.state_dict () -> name, numbers tensor ]))

            testCase "none, other shapes or other names are errors, and nothing is left or changed" (fun () ->
                three (fun paths _ ->
                    let other = Path.Combine(Path.GetDirectoryName paths[0], "other.safetensors")
                    use data = points ()
                    let load files = fun () -> (Application.average "cpu" files).Steps |> ignore

                    let refused files =
                        let before = liveTensors ()
                        let errors = errorsOf (load files)
                        Assert.equal before (liveTensors ())
                        Assert.notEmpty errors
                        String.concat "\n" (List.map Error.describe errors)

                    Assert.containsText "at least one checkpoint" (refused [])

                    for layers, expected in
                        [
                            [ Layers.linear 2 4; Layers.batchNorm1d; Layers.linear 4 2 ], "(3, 2) float32"
                            [ Layers.linear 2 3; Layers.linear 3 2 ], "expected (3,) float32, found (2, 3) float32"
                            [
                                Layers.linear 2 3
                                Layers.batchNorm1d
                                Layers.linear 3 2 |> Module.configure "bias" false
                            ],
                            "the tensor 'model.2.bias'"
                            [ Layers.linear 2 3; Layers.batchNorm1d; Layers.linear 3 2; Layers.linear 2 2 ],
                            "'model.3.weight'"
                        ] do
                        using (fitted 0 (classifier layers) data) (Application.save other)
                        Assert.containsText expected (refused [ paths[0]; other; paths[1] ])

                        using (Application.load "cpu" paths[0]) (fun application ->
                            let before = weights application

                            Assert.notEmpty (
                                errorsOf (fun () ->
                                    application |> Application.loadStateDictAverage [ paths[1]; other ])
                            )

                            Assert.equal before (weights application))))
        ]
