/// Modules that take and give named tensors: what they compute.
module Deeplay.Tests.NamedTensors

open System.Collections.Generic
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests

open Deeplay.Tests.LoweringHelp

/// A module that multiplies by a number: something to compute by hand.
let scale (factor: float) =
    let by = Param.float "by"

    Definition.create "Scale" [ by ] (fun arguments -> init { return forward (fun x -> x * arguments.Get by) })
    |> Module.create [ by => factor ]

/// a - b
let difference =
    Definition.create "Difference" [] (fun _ ->
        init { return forwardOf [ "a"; "b" ] (fun inputs -> inputs[0] - inputs[1]) })
    |> Module.create []

/// x + 1 and x * 10
let fork =
    Definition.create "Fork" [] (fun _ ->
        init { return forwardMany [ "x" ] (fun inputs -> [ inputs.Head + 1.0; inputs.Head * 10.0 ]) })
    |> Module.create []

let from keys = Module.inputsFrom keys
let into keys = Module.outputsTo keys

let tensors (entries: (string * float list) list) : NamedTensors =
    let named = NamedTensors()

    for key, values in entries do
        named[key] <- tensorOf [ int64 values.Length ] values

    named

let contents (named: NamedTensors) = [ for KeyValue(key, tensor) in named -> key, numbers tensor ] |> List.sortBy fst

let disposeAll (named: NamedTensors) =
    for tensor in named.Values do
        tensor.Dispose()

type NamedToNamed = torch.nn.Module<NamedTensors, NamedTensors>
type NamedToOne = torch.nn.Module<NamedTensors, torch.Tensor>
type OneToNamed = torch.nn.Module<torch.Tensor, NamedTensors>

let private inputMaps: (string * float list) list =
    [
        "p q", [ 9.0 ]
        "a=p b=q", [ 9.0 ]
        "b=p a=q", [ -9.0 ]
        // A key without a name is for the next input that none was named for.
        "b=p q", [ -9.0 ]
        "p p", [ 0.0 ]
    ]

let private perceptron = Components.multiLayerPerceptron 2 [ 4 ] 3

// --- What goes wrong while it runs -------------------------------------------------------------------------------

let private failing =
    Definition.create "Failing" [] (fun _ ->
        init {
            let! first = child "first" (scale 2.0 |> from [ "x" ] |> into [ "h" ])
            let! second = child "second" (difference |> from [ "h"; "hh" ])
            return forward (fun x -> call second (call first x))
        })
    |> Module.create []

[<Tests>]
let tests =
    torchTests
        "NamedTensors"
        [
            testCase "a sequence of mapped modules adds to a dictionary" (fun () ->
                let spec =
                    Layers.sequential
                        [ scale 2.0 |> from [ "x" ] |> into [ "h" ]; scale 3.0 |> from [ "h" ] |> into [ "y" ] ]

                use built = build [] spec :?> NamedToNamed
                let given = tensors [ "x", [ 1.0; 2.0 ]; "other", [ 9.0 ] ]
                let before = liveTensors ()
                let results = built.call given

                Assert.equal
                    [ "h", [ 2.0; 4.0 ]; "other", [ 9.0 ]; "x", [ 1.0; 2.0 ]; "y", [ 6.0; 12.0 ] ]
                    (contents results)

                // What was given is passed on, and its dictionary is left alone.
                Assert.same (given["x"]) (results["x"])
                Assert.equal [ "other"; "x" ] (given.Keys |> Seq.sort |> List.ofSeq)
                Assert.equal (before + 2L) (liveTensors ())
                disposeAll results
                Assert.equal (before - 2L) (liveTensors ()))

            testCase "a key that is given anew frees what it stood for, but never what the caller gave" (fun () ->
                let step = scale 2.0 |> from [ "x" ] |> into [ "x" ]
                use built = build [] (Layers.sequential [ step; step; step ]) :?> NamedToNamed
                let given = tensors [ "x", [ 1.0; 2.0 ] ]
                let before = liveTensors ()
                let results = built.call given
                Assert.equal [ "x", [ 8.0; 16.0 ] ] (contents results)
                Assert.equal [ "x", [ 1.0; 2.0 ] ] (contents given)
                Assert.equal (before + 1L) (liveTensors ())
                disposeAll results
                disposeAll given
                Assert.equal (before - 1L) (liveTensors ()))

            testCase "named tensors may begin and end within a sequence of plain tensors" (fun () ->
                let spec =
                    Layers.sequential
                        [
                            scale 2.0 |> into [ "h" ]
                            scale 5.0 |> from [ "h" ] |> into [ "k" ]
                            difference |> from [ "k"; "h" ]
                            scale 10.0
                        ]

                use built = build [ [ 2L ] ] spec :?> torch.nn.Module<torch.Tensor, torch.Tensor>
                use x = tensorOf [ 2L ] [ 1.0; 2.0 ]
                let before = liveTensors ()
                use y = built.call x
                // (10 x - 2 x) · 10
                Assert.equal [ 80.0; 160.0 ] (numbers y)
                Assert.equal (before + 1L) (liveTensors ()))

            testCase "named tensors go through sequences within sequences" (fun () ->
                let inner =
                    Layers.sequential
                        [ scale 2.0 |> from [ "x" ] |> into [ "h" ]; scale 3.0 |> from [ "h" ] |> into [ "h" ] ]

                let spec =
                    Layers.sequential [ inner; Layers.sequential [ difference |> from [ "h"; "x" ] |> into [ "y" ] ] ]

                use built = build [] spec :?> NamedToNamed
                let given = tensors [ "x", [ 1.0; 2.0 ] ]
                let before = liveTensors ()
                let results = built.call given

                Assert.equal [ "h", [ 6.0; 12.0 ]; "x", [ 1.0; 2.0 ]; "y", [ 5.0; 10.0 ] ] (contents results)

                Assert.equal (before + 2L) (liveTensors ())
                disposeAll results)

            testTheory "several inputs come in order or by their names" inputMaps (fun (keys, expected) ->
                use built = build [] (difference |> from (List.ofArray (keys.Split ' '))) :?> NamedToOne

                let given = tensors [ "p", [ 10.0 ]; "q", [ 1.0 ] ]
                use result = built.call given
                Assert.equal expected (numbers result)
                disposeAll given)

            testCase "several outputs go under their keys, in order or by place" (fun () ->
                use x = tensorOf [ 1L ] [ 3.0 ]

                let check keys expected =
                    use built = build [ [ 1L ] ] (fork |> into keys) :?> OneToNamed
                    let before = liveTensors ()
                    let results = built.call x
                    Assert.equal expected (contents results)
                    // An output without a key is not left behind.
                    Assert.equal (before + int64 results.Count) (liveTensors ())
                    disposeAll results

                check [ "plus"; "times" ] [ "plus", [ 4.0 ]; "times", [ 30.0 ] ]
                check [ "plus" ] [ "plus", [ 4.0 ] ]
                check [ "times=1" ] [ "times", [ 30.0 ] ]
                check [ "times=1"; "plus=0" ] [ "plus", [ 4.0 ]; "times", [ 30.0 ] ])

            testCase "parallel modules give tensors under keys, plain ones or named ones coming in" (fun () ->
                let plain = Layers.inParallelNamed [ "twice", scale 2.0; "thrice", scale 3.0 ]
                use built = build [ [ 1L ] ] plain :?> OneToNamed
                use x = tensorOf [ 1L ] [ 5.0 ]
                let results = built.call x
                Assert.equal [ "thrice", [ 15.0 ]; "twice", [ 10.0 ] ] (contents results)
                disposeAll results

                let named =
                    Layers.inParallelNamed [ "twice", scale 2.0 |> from [ "p" ]; "thrice", scale 3.0 |> from [ "q" ] ]

                use built = build [] named :?> NamedToNamed
                let given = tensors [ "p", [ 1.0 ]; "q", [ 2.0 ] ]
                let results = built.call given
                Assert.equal [ "thrice", [ 6.0 ]; "twice", [ 2.0 ] ] (contents results)
                disposeAll results)

            testCase
                "parallel modules without keys give an array, and with an output map a dictionary that goes on"
                (fun () ->
                    let both = Layers.inParallel [ scale 2.0 |> from [ "p" ]; scale 3.0 |> from [ "q" ] ]

                    let given = tensors [ "p", [ 1.0 ]; "q", [ 2.0 ] ]
                    use built = build [] both :?> torch.nn.Module<NamedTensors, torch.Tensor[]>
                    let before = liveTensors ()

                    Assert.equal
                        [ [ 2.0 ]; [ 6.0 ] ]
                        [
                            for y in built.call given ->
                                let n = numbers y in
                                y.Dispose()
                                n
                        ]

                    Assert.equal before (liveTensors ())

                    let spec =
                        Layers.sequential
                            [ both |> into [ "a"; "b" ]; difference |> from [ "b"; "a" ] |> into [ "c" ] ]

                    use built = build [] spec :?> NamedToNamed
                    let results = built.call given

                    Assert.equal
                        [ "a", [ 2.0 ]; "b", [ 6.0 ]; "c", [ 4.0 ]; "p", [ 1.0 ]; "q", [ 2.0 ] ]
                        (contents results)

                    Assert.equal (before + 3L) (liveTensors ())
                    disposeAll results)

            testCase "a forward pass of one's own takes named tensors apart and gives others" (fun () ->
                let own =
                    Definition.create "Own" [] (fun _ ->
                        init {
                            let! twice = child "twice" (scale 2.0)

                            return
                                forwardNamed [ "tensors" ] (fun inputs ->
                                    let sum = Op.get "x" inputs.Head + Op.get "y" inputs.Head
                                    [ "sum", sum; "double", call twice sum ])
                        })
                    |> Module.create []

                use built = build [] own :?> NamedToNamed
                let given = tensors [ "x", [ 1.0 ]; "y", [ 2.0 ] ]
                let before = liveTensors ()
                let results = built.call given
                Assert.equal [ "double", [ 6.0 ]; "sum", [ 3.0 ] ] (contents results)
                Assert.equal (before + 2L) (liveTensors ())
                disposeAll results)

            testCase "a tensor that is only taken out of named ones is an output of its own" (fun () ->
                let own =
                    Definition.create "Own" [] (fun _ -> init { return forward (Op.get "x") }) |> Module.create []

                use built = build [] own :?> NamedToOne
                let given = tensors [ "x", [ 1.0 ] ]
                (built.call given).Dispose()
                Assert.equal [ 1.0 ] (numbers given["x"]))

            testCase "a forward pass of several inputs may have named tensors within" (fun () ->
                let own =
                    Definition.create "Own" [] (fun _ ->
                        init {
                            let! fork = child "fork" (fork |> into [ "plus"; "times" ])

                            return
                                forwardOf [ "a"; "b" ] (fun inputs ->
                                    let named = call fork (inputs[0] - inputs[1])
                                    Op.get "times" named - Op.get "plus" named)
                        })
                    |> Module.create []

                use built = build [ [ 1L ]; [ 1L ] ] own :?> torch.nn.Module<torch.Tensor[], torch.Tensor>

                use a = tensorOf [ 1L ] [ 5.0 ]
                use b = tensorOf [ 1L ] [ 3.0 ]
                let before = liveTensors ()
                use result = built.call [| a; b |]
                // 20 - 3
                Assert.equal [ 17.0 ] (numbers result)
                Assert.equal (before + 1L) (liveTensors ()))

            // --- The root ----------------------------------------------------------------------------------
            testCase "a mapped layer as the root keeps its names, and trains and moves as one" (fun () ->
                let spec = Layers.linear 2 1 |> from [ "x" ] |> into [ "y" ]
                use built = build [] spec :?> NamedToNamed
                Assert.equal [ "weight"; "bias" ] (List.map fst (parametersOf built))
                Assert.equal [ "bias"; "weight" ] (built.state_dict().Keys |> Seq.sort |> List.ofSeq)
                use _ = torch.no_grad ()
                (built.get_parameter "weight").copy_(tensorOf [ 1L; 2L ] [ 2.0; 3.0 ]) |> ignore
                (built.get_parameter "bias").copy_(tensorOf [ 1L ] [ 1.0 ]) |> ignore
                let given = NamedTensors(dict [ "x", tensorOf [ 1L; 2L ] [ 10.0; 100.0 ] ])
                use y = (built.call given)["y"]
                Assert.equal [ 321.0 ] (numbers y)

                built.``to`` torch.float64 |> ignore
                Assert.equal torch.float64 ((built.get_parameter "weight").dtype)
                let wide = NamedTensors(dict [ "x", given["x"].``to`` torch.float64 ])
                use y = (built.call wide)["y"]
                Assert.equal torch.float64 y.dtype
                Assert.equal [ 321.0 ] (numbers y))

            testCase "a mapped dropout as the root drops in training alone" (fun () ->
                use built = build [] (Layers.dropout 1.0 |> from [ "x" ]) :?> NamedToOne
                let given = tensors [ "x", [ 1.0; 2.0 ] ]
                built.eval ()
                use kept = built.call given
                Assert.equal [ 1.0; 2.0 ] (numbers kept)
                built.train ()
                use dropped = built.call given
                Assert.equal [ 0.0; 0.0 ] (numbers dropped))

            testCase "a mapped batch norm as the root has its buffers" (fun () ->
                use built = build [] (Layers.batchNorm1d |> Module.configure "num_features" 2 |> from [ "x" ])

                Assert.equal
                    [ "num_batches_tracked"; "running_mean"; "running_var" ]
                    (buffersOf built |> List.map fst |> List.sort))

            testCase "maps change no name of the state" (fun () ->
                let mapped =
                    perceptron
                    |> Module.select "blocks/0" (from [ "x" ] >> into [ "h" ])
                    |> Module.select "blocks/1" (from [ "h" ])
                    |> Module.configure "flatten_input" false

                let names spec =
                    use built = build [] spec
                    built.state_dict().Keys |> Seq.sort |> List.ofSeq

                Assert.equal (names perceptron) (names mapped)
                Assert.equal (names perceptron) (names (mapped |> into [ "y" ]))
                use built = build [] (mapped |> into [ "y" ]) :?> NamedToNamed
                let given = NamedTensors(dict [ "x", fill [ 5L; 2L ] 0.0 ])
                let before = liveTensors ()
                let results = built.call given
                Assert.equal [ "x"; "y" ] (results.Keys |> Seq.sort |> List.ofSeq)
                Assert.equal [ 5L; 3L ] (shapeOf results["y"])
                Assert.equal (before + 1L) (liveTensors ()))

            testCase "a mapped root of several inputs or outputs" (fun () ->
                use two = build [] (difference |> into [ "d" ]) :?> torch.nn.Module<torch.Tensor[], NamedTensors>

                use a = tensorOf [ 1L ] [ 5.0 ]
                use b = tensorOf [ 1L ] [ 3.0 ]
                Assert.equal [ "d", [ 2.0 ] ] (contents (two.call [| a; b |]))

                use forked = build [] (fork |> from [ "x" ]) :?> torch.nn.Module<NamedTensors, torch.Tensor[]>

                let results = forked.call (tensors [ "x", [ 3.0 ] ])
                Assert.equal [ [ 4.0 ]; [ 30.0 ] ] [ for y in results -> numbers y ])

            testCase "gradients flow through named tensors" (fun () ->
                let spec =
                    Layers.sequential
                        [
                            Layers.linear 2 2 |> Module.configure Linear.bias false |> from [ "x" ] |> into [ "h" ]
                            difference |> from [ "h"; "x" ] |> into [ "y" ]
                        ]

                use built = build [] spec :?> NamedToNamed
                let given = NamedTensors(dict [ "x", tensorOf [ 1L; 2L ] [ 3.0; 5.0 ] ])
                let results = built.call given
                use loss = results["y"].sum()
                loss.backward ()
                use gradient = (built.get_parameter "0.weight").grad.clone()
                Assert.equal [ 3.0; 5.0; 3.0; 5.0 ] (numbers gradient))

            // --- What goes wrong while it runs -------------------------------------------------------------
            testCase
                "a missing key is an error with the module, near names and what there is, and leaves nothing behind"
                (fun () ->
                    use built = build [] failing :?> NamedToOne
                    let given = tensors [ "x", [ 1.0 ] ]
                    let before = liveTensors ()

                    match errorsOf (fun () -> built.call given) with
                    | [ WrongShape(tag, "Difference", expected, found) ] ->
                        Assert.equal "second" (string tag)
                        Assert.equal "a tensor named 'hh' (near it: h, x)" expected
                        Assert.equal "tensors named x, h" found
                    | other -> failtest $"%A{other}"

                    Assert.equal before (liveTensors ())
                    Assert.equal [ 1.0 ] (numbers given["x"]))

            testCase "plain tensors where named ones are expected, and the other way round, are typed errors" (fun () ->
                let wrong = Layers.sequential [ scale 1.0; scale 2.0 |> from [ "x" ] ]

                match errorsOf (fun () -> build [] wrong) with
                | [ WrongShape(tag, "Scale", "named tensors", _) ] -> Assert.equal "1" (string tag)
                | other -> failtest $"%A{other}"

                match errorsOf (fun () -> build [] (Layers.sequential [ scale 1.0 |> into [ "x" ]; scale 2.0 ])) with
                | [ WrongShape(tag, "Scale", expected, _) ] ->
                    Assert.equal "1" (string tag)
                    Assert.startsWith "a tensor (give it an input map" expected
                | other -> failtest $"%A{other}")

            testCase "maps that do not fit their module are errors of building" (fun () ->
                let problems spec =
                    match errorsOf (fun () -> build [] spec) with
                    | [ WrongStructure(_, _, problem) ] -> problem
                    | [ UnknownName(_, _, what, name, known) ] -> $"no {what} {name}: %A{known}"
                    | [ WrongShape(_, _, expected, found) ] -> $"{expected}, not {found}"
                    | other -> failwith $"%A{other}"

                Assert.equal "its input map has 1 keys, but it takes 2 inputs." (problems (difference |> from [ "x" ]))

                Assert.equal """no input c: ["a"; "b"]""" (problems (difference |> from [ "c=x"; "y" ]))
                Assert.equal "1 input, not 2" (problems (Layers.linear 2 2 |> from [ "x"; "y" ]))

                Assert.equal
                    "its output map names output 2, but it gives 2."
                    (problems (fork |> into [ "a"; "b"; "c" ]))

                let twoOfMany = Layers.inParallel [ scale 1.0 |> into [ "a" ]; scale 2.0 ]

                Assert.startsWith "one of its several outputs are named tensors" (problems twoOfMany))

            testCase "a model that takes named tensors is not trained as if it took one" (fun () ->
                let spec = Applications.classifier 3 (perceptron |> from [ "x" ])

                match errorsOf (fun () -> Application.build (optionsFor []) [ 2L ] spec) with
                | [ WrongShape(tag, "MultiLayerPerceptron", "named tensors (x)", "one without a name") ] ->
                    Assert.equal "model" (string tag)
                | other -> failtest $"%A{other}"

                let giving = Applications.classifier 3 (perceptron |> into [ "y" ])

                match errorsOf (fun () -> Application.build (optionsFor []) [ 2L ] giving) with
                | [ WrongStructure(tag, "MultiLayerPerceptron", problem) ] ->
                    Assert.equal "model" (string tag)
                    Assert.startsWith "it gives named tensors, and a loss takes one tensor" problem
                | other -> failtest $"%A{other}")
        ]
