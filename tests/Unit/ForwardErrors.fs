/// Errors inside a built model's forward pass: typed, with the module's tag.
module Deeplay.Tests.ForwardErrors

open System
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests

open Deeplay.Tests.LoweringHelp

type private Unary = torch.nn.Module<torch.Tensor, torch.Tensor>

/// The one failed call that the work ends with: tag, kind, inputs and reason. No tensor stays behind.
let private failedCall (work: unit -> 'a) =
    let before = liveTensors ()

    match errorsOf work with
    | [ CallFailed(tag, kind, inputs, because) ] ->
        Assert.equal before (liveTensors ())
        // One line, without the frames of libtorch's stack.
        Assert.isFalse (because.Contains '\n' || because.Contains "frame #")
        string tag, kind, inputs, because
    | other -> failtest $"%A{other}"

let private twoLinears = Layers.sequential [ Layers.linear 4 3; Layers.relu; Layers.linear 3 2 ]

/// Raises what a user's own code may raise.
let private raising =
    Action.afterBuild "raising" [] (fun _ built ->
        (built :?> Unary).register_forward_pre_hook(Func<_, _, _>(fun _ _ -> raise (TimeoutException "mine")))
        |> ignore)

[<Tests>]
let tests =
    torchTests
        "ForwardErrors"
        [
            testCase "a shape that a layer in a chain can't take names the layer and what it was given" (fun () ->
                use model = Module.build "cpu" twoLinears
                use x = torch.zeros (5L, 7L)
                let tag, kind, inputs, because = failedCall (fun () -> model.call x)
                Assert.equal ("0", "Linear", [ "(5, 7) float32" ]) (tag, kind, inputs)
                // What PyTorch says of it.
                Assert.containsText "mat1 and mat2 shapes cannot be multiplied (5x7 and 4x3)" because

                let error = Assert.throws<DeeplayException>(fun () -> model.call x |> ignore)
                Assert.startsWith "0 (Linear) fails on (5, 7) float32: " error.Message)

            testCase "an index that an embedding does not have names the embedding" (fun () ->
                use model = Module.build "cpu" (Layers.sequential [ Layers.embedding 10 4; Layers.linear 4 2 ])

                use x = torch.tensor [| 3L; 10L |]
                let tag, kind, inputs, because = failedCall (fun () -> model.call x)
                Assert.equal ("0", "Embedding", [ "(2,) int64" ]) (tag, kind, inputs)
                Assert.containsText "index out of range in self" because)

            testCase "a dtype deep inside names the layer at its whole tag" (fun () ->
                use model = Module.build "cpu" (Layers.sequential [ Components.multiLayerPerceptron 2 [ 4 ] 3 ])

                use x = torch.zeros (5L, 2L, dtype = torch.float64)
                let tag, kind, inputs, because = failedCall (fun () -> model.call x)
                Assert.equal ("0.blocks.0.layer", "Linear", [ "(5, 2) float64" ]) (tag, kind, inputs)
                Assert.containsText "dtype" because)

            testCase "a single layer is no other" (fun () ->
                use linear = Module.build "cpu" (Layers.linear 4 3)
                use x = torch.zeros (5L, 7L)
                let tag, kind, inputs, _ = failedCall (fun () -> linear.call x)
                Assert.equal ("", "Linear", [ "(5, 7) float32" ]) (tag, kind, inputs)
                // Its tensors have PyTorch's names, and go where it goes.
                Assert.equal [ "weight"; "bias" ] (List.map fst (parametersOf linear))
                linear.``to`` torch.float64 |> ignore
                use wide = torch.zeros (5L, 4L, dtype = torch.float64)
                use y = linear.call wide
                Assert.equal torch.float64 y.dtype)

            testCase "so is one with two inputs" (fun () ->
                use loss =
                    Losses.crossEntropyDefinition
                    |> Module.create []
                    |> Module.buildAs<torch.nn.Module<torch.Tensor, torch.Tensor, torch.Tensor>>
                        { Build.defaults with Device = "cpu"; Inputs = [ [ 2L; 3L ]; [ 2L ] ] }

                use x = torch.zeros (2L, 3L)
                use y = torch.tensor [| 0L; 3L |]
                let tag, kind, inputs, because = failedCall (fun () -> loss.call (x, y))
                Assert.equal ("", "CrossEntropyLoss", [ "(2, 3) float32"; "(2,) int64" ]) (tag, kind, inputs)
                Assert.containsText "Target 3 is out of bounds" because)

            testCase "an operation of a module's own names the module and the operation" (fun () ->
                let adding =
                    Definition.create "Adding" [] (fun _ ->
                        init {
                            let! layer = child "layer" (Layers.linear 4 3)
                            return forward (fun x -> call layer x + x)
                        })
                    |> Module.create []

                use model = Module.build "cpu" (Layers.sequential [ Layers.relu; adding ])
                use x = torch.zeros (5L, 4L)
                let tag, kind, inputs, because = failedCall (fun () -> model.call x)
                Assert.equal ("1", [ "(5, 3) float32"; "(5, 4) float32" ]) (tag, inputs)
                Assert.startsWith "Adding, add" kind
                Assert.containsText "must match the size of tensor b" because)

            testCase "named tensors are named" (fun () ->
                let model =
                    Layers.sequential
                        [
                            Layers.linear 4 3 |> Module.inputsFrom [ "x" ] |> Module.outputsTo [ "h" ]
                            Layers.linear 3 2 |> Module.inputsFrom [ "y" ] |> Module.outputsTo [ "z" ]
                        ]

                use built =
                    model
                    |> Module.buildAs<torch.nn.Module<NamedTensors, NamedTensors>>
                        { Build.defaults with Device = "cpu" }

                use x = torch.zeros (5L, 4L)
                use y = torch.zeros (5L, 7L)
                let given = NamedTensors(dict [ "x", x; "y", y ])
                let tag, kind, inputs, _ = failedCall (fun () -> built.call given)
                Assert.equal ("1", "Linear") (tag, kind)
                Assert.equal [ "{x: (5, 4) float32, y: (5, 7) float32, h: (5, 3) float32}" ] inputs)

            testCase "a part that is called by itself says the same" (fun () ->
                use model = Module.build "cpu" (Layers.sequential [ Layers.relu; twoLinears ])

                let part = model.named_children () |> Seq.map (fun struct (_, m) -> m) |> Seq.last :?> Unary

                use x = torch.zeros (5L, 7L)
                let tag, kind, _, _ = failedCall (fun () -> part.call x)
                Assert.equal ("1.0", "Linear") (tag, kind))

            testCase "a built model inside another one says what it is itself" (fun () ->
                use inner = Module.build "cpu" twoLinears

                let calling =
                    Definition.primitive "Calling" [] (fun _ _ -> Ok { Outputs = [ Unranked ]; Inferred = [] })

                use outer =
                    Layers.sequential [ Layers.relu; Module.create [] calling ]
                    |> Module.buildWith
                        { Build.defaults with
                            Device = "cpu"
                            Lowerings =
                                Lowering.standard
                                |> Lowering.add calling (fun _ ->
                                    { new Unary("Calling") with
                                        override _.forward x = inner.call x
                                    })
                        }

                use x = torch.zeros (5L, 7L)
                let tag, kind, _, _ = failedCall (fun () -> outer.call x)
                Assert.equal ("0", "Linear") (tag, kind))

            testCase "what the program's own code raises stays what it is" (fun () ->
                use model = twoLinears |> Module.select "2" (Module.hook raising []) |> Module.build "cpu"

                use x = torch.zeros (5L, 4L)
                let before = liveTensors ()
                let error = Assert.throws<TimeoutException>(fun () -> model.call x |> ignore)
                Assert.equal "mine" error.Message
                Assert.equal before (liveTensors ()))

            testCase "a number of inputs that there are not is a typed error" (fun () ->
                let two =
                    Definition.create "Many" [] (fun _ ->
                        init { return forwardMany [ "a"; "b" ] (fun xs -> [ xs[0] + xs[1]; xs[0] ]) })
                    |> Module.create []

                use built =
                    two
                    |> Module.buildAs<torch.nn.Module<torch.Tensor[], torch.Tensor[]>>
                        { Build.defaults with Device = "cpu" }

                use x = torch.zeros 2L

                match errorsOf (fun () -> built.call [| x |]) with
                | [ WrongShape(_, "Many", "2 inputs", "1") ] -> ()
                | other -> failtest $"%A{other}")
        ]
