/// Named tensors to which others are added. The first two cases are those of Deeplay's tests (test_dict.py).
module Deeplay.Tests.AddDictTests

open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.NamedTensors

let private product =
    Definition.create "Product" [] (fun _ ->
        init { return forwardOf [ "a"; "b" ] (fun inputs -> inputs[0] * inputs[1]) })
    |> Module.create []

let private skipping keys layer =
    Components.layerSkip layer |> Module.configure LayerSkip.skip (Components.addDict keys)

[<Tests>]
let tests =
    torchTests
        "AddDictTests"
        [
            testCase "a way past a layer over named tensors" (fun () ->
                let layer =
                    Layers.inParallel [ product |> from [ "x"; "y" ]; product |> from [ "y"; "x" ] ]
                    |> into [ "x"; "y" ]

                use built = build [] (skipping [ "x"; "y" ] layer) :?> NamedToNamed
                let given = tensors [ "x", [ 2.0 ]; "y", [ 3.0 ] ]
                let before = liveTensors ()
                let results = built.call given
                Assert.equal [ "x", [ 8.0 ]; "y", [ 9.0 ] ] (contents results)
                Assert.equal [ "x", [ 2.0 ]; "y", [ 3.0 ] ] (contents given)
                // What the layer gave is gone.
                Assert.equal (before + 2L) (liveTensors ()))

            testCase "what is not added is the layer's" (fun () ->
                let layer =
                    Layers.inParallel [ scale 2.0 |> from [ "x" ]; scale 10.0 |> from [ "y" ] ] |> into [ "x"; "y" ]

                let spec = skipping [ "x" ] layer
                use built = build [] spec :?> NamedToNamed
                let results = built.call (tensors [ "x", [ 2.0 ]; "y", [ 3.0 ] ])
                Assert.equal [ "x", [ 6.0 ]; "y", [ 30.0 ] ] (contents results)
                let shapes = Module.inferNamed [ "x", [ 4 ]; "y", [ 5; 6 ] ] spec
                Assert.equal (Map.ofList [ "x", [ 4L ]; "y", [ 5L; 6L ] ]) shapes)

            testCase "by itself it takes both, and leaves them as they are" (fun () ->
                use built = build [] (Components.addDict [ "x" ]) :?> torch.nn.Module<NamedTensors[], NamedTensors>
                let first = tensors [ "x", [ 1.0; 2.0 ]; "z", [ 5.0 ] ]
                let second = tensors [ "x", [ 10.0; 20.0 ]; "y", [ 7.0 ] ]
                let results = built.call [| first; second |]
                Assert.equal [ "x", [ 11.0; 22.0 ]; "z", [ 5.0 ] ] (contents results)
                Assert.equal [ "x", [ 1.0; 2.0 ]; "z", [ 5.0 ] ] (contents first)
                Assert.equal [ "x", [ 10.0; 20.0 ]; "y", [ 7.0 ] ] (contents second))

            testCase "a forward pass of one's own puts tensors among named ones" (fun () ->
                let spec =
                    Definition.create "Doubling" [] (fun _ ->
                        init {
                            return
                                forward (fun named ->
                                    let x = Op.get "x" named
                                    named |> Op.put "double" (x + x) |> Op.put "x" (x * x))
                        })
                    |> Module.create []

                use built = build [] spec :?> NamedToNamed
                let given = tensors [ "x", [ 3.0 ]; "y", [ 1.0 ] ]
                let results = built.call given
                Assert.equal [ "double", [ 6.0 ]; "x", [ 9.0 ]; "y", [ 1.0 ] ] (contents results)
                Assert.equal [ "x", [ 3.0 ]; "y", [ 1.0 ] ] (contents given))

            testCase "what does not fit is told" (fun () ->
                use built = build [] (Components.addDict [ "x" ]) :?> torch.nn.Module<NamedTensors[], NamedTensors>
                let call () = built.call [| tensors [ "x", [ 1.0 ] ]; tensors [ "xx", [ 1.0 ] ] |]

                match errorsOf call with
                | [ WrongShape(_, "AddDict", expected, _) ] -> Assert.equal "a tensor named 'x' (near it: xx)" expected
                | other -> failtest $"%A{other}"

                let mixed =
                    Definition.create "Mixed" [] (fun _ ->
                        init { return forwardOf [ "named"; "plain" ] (fun xs -> Op.put "x" xs[1] xs[0]) })
                    |> Module.create []

                let holder =
                    Definition.create "Holder" [] (fun _ ->
                        init {
                            let! mixed = child "mixed" mixed
                            return forward (fun named -> callOn mixed [ named; Op.get "y" named ])
                        })
                    |> Module.create []

                match errorsOf (fun () -> build [] holder) with
                | [ WrongStructure(_, "Mixed", problem) ] ->
                    Assert.equal "named tensors are an only input, and 'named' is one of several." problem
                | other -> failtest $"%A{other}"

                let plain =
                    Definition.create "Plain" [] (fun _ -> init { return forward (fun x -> Op.put "x" x (x + 1.0)) })
                    |> Module.create []

                Assert.notEmpty (errorsOf (fun () -> build [ [ 2L ] ] plain)))
        ]
