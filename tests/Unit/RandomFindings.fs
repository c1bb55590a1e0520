/// What random models showed (tests/Properties, laws 7, 8 and 12): inputs that torch refuses and inference took, and such that
/// torch, or TorchSharp, does not say anything of.
module Deeplay.Tests.RandomFindings

open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp

let private sizes = List.map int64

// What is said of a call that fails.
let private refusal (call: unit -> unit) : string =
    match Fail.catch call with
    | Error errors -> Error.describeAll errors
    | Ok() -> failtest "it does not fail"

/// Models with shapes of inputs that PyTorch refuses, and what is said of them before anything is built.
let private refused: (string * ModuleSpec * int list list * string) list =
    [
        "keys of another width than the queries",
        Module.create [ "num_heads" => 1 ] MultiheadAttention.definition,
        [ [ 5; 2; 4 ]; [ 3; 2; 6 ]; [ 3; 2; 6 ] ],
        "keys vectors of size 4"
        "keys of another batch than the queries",
        Module.create [ "num_heads" => 1 ] MultiheadAttention.definition,
        [ [ 5; 2; 4 ]; [ 3; 1; 4 ]; [ 3; 1; 4 ] ],
        "a batch of 2"
        "other values than keys",
        Module.create [ "num_heads" => 1 ] MultiheadAttention.definition,
        [ [ 5; 2; 4 ]; [ 3; 2; 4 ]; [ 7; 2; 4 ] ],
        "as many values as keys, 3"
        "one value for each channel, of which no statistics are kept",
        Layers.instanceNorm1d,
        [ [ 4; 3; 1 ] ],
        "more than 1 value for each channel of an example"
        "one value for each channel of a batch, of which no statistics are kept",
        Layers.batchNorm2d |> Module.configure BatchNorm2d.trackRunningStats false,
        [ [ 1; 3; 1; 1 ] ],
        "more than 1 value for each channel"
        "a volume that is smaller than the window of a mean, whatever is added",
        Module.create [ "kernel_size" => 2; "stride" => 3; "ceil_mode" => true ] AvgPool3d.definition,
        [ [ 1; 1; 1; 2; 2 ] ],
        "a window of (2, 2, 2)"
        "fewer dimensions than are permuted",
        Module.create [ "dims" => [ 0; 2; 3; 1 ] ] Permute.definition,
        [ [ 2; 3; 4 ] ],
        "4 dimensions"
    ]

[<Tests>]
let tests =
    torchTests
        "RandomFindings"
        [
            for name, spec, inputs, expected in refused do
                testCase $"refused: {name}" (fun () ->
                    let shapes = List.map sizes inputs

                    match Fail.catch (fun () -> Shapes.outputs shapes spec) with
                    | Error [ WrongShape(tag, _, words, _) ] ->
                        Assert.equal Tag.root tag
                        Assert.containsText expected words
                    | other -> failtestf "%A" other)

            testCase "a padding that leaves nothing is an error, not the end of the process" (fun () ->
                use _scope = torch.NewDisposeScope()

                for (definition, rank), edit in
                    List.allPairs
                        [ ConvTranspose1d.definition, 1; ConvTranspose2d.definition, 2; ConvTranspose3d.definition, 3 ]
                        [ id; Block.lora (rank = 1); Block.weightNorm (); Block.spectralNorm () ] do
                    let spec =
                        Module.create
                            [ "in_channels" => 2; "out_channels" => 2; "kernel_size" => 2; "padding" => 2 ]
                            definition
                        |> edit

                    use built = Module.build "cpu" spec
                    let small = Array.append [| 3L; 2L |] (Array.create rank 3L)
                    let large = Array.append [| 3L; 2L |] (Array.create rank 6L)
                    let error = refusal (fun () -> built.call (torch.rand small) |> ignore)
                    Assert.containsText "leave something after the padding" error
                    // 6 − 1 − 4 + 1 + 1
                    Assert.equal
                        (Array.append [| 3L; 2L |] (Array.create rank 3L))
                        (built.call(torch.rand large).shape))

            testCase "a local response norm takes what was permuted" (fun () ->
                use _scope = torch.NewDisposeScope()
                use _noGrad = torch.no_grad ()
                use built = Module.build "cpu" (Module.create [ "size" => 3 ] LocalResponseNorm.definition)
                let x = (torch.rand [| 5L; 2L; 6L; 2L; 4L |]).transpose(0, 2)
                let dense = built.call (x.contiguous ())
                Assert.equal (numbers dense) (numbers (built.call x)))

            testCase "Softmax2d takes images alone" (fun () ->
                use _scope = torch.NewDisposeScope()
                use built = Module.build "cpu" (Module.create [] Softmax2d.definition)
                Assert.equal [| 1L; 2L; 3L; 4L |] (built.call(torch.rand (1, 2, 3, 4)).shape)
                let error = refusal (fun () -> built.call (torch.rand [| 1L; 2L; 3L; 4L; 5L |]) |> ignore)
                Assert.containsText "an input of 4 dimensions" error)

            testCase "a recurrent layer leaves no input out" (fun () ->
                use _scope = torch.NewDisposeScope()

                for definition, right in [ RNN.definition, 2; GRU.definition, 2; LSTM.definition, 3 ] do
                    let spec = Module.create [ "input_size" => 4; "hidden_size" => 2 ] definition
                    use built = Module.buildAs<torch.nn.Module<torch.Tensor[], torch.Tensor[]>> (optionsFor []) spec
                    let state () = torch.zeros (1, 3, 2)

                    let given count =
                        Array.append [| torch.rand (5, 3, 4) |] (Array.init (count - 1) (fun _ -> state ()))

                    Assert.equal right (built.call(given right).Length)
                    let error = refusal (fun () -> built.call (given (5 - right)) |> ignore)
                    Assert.containsText $"1 input, or {right} with the states" error)

            testTheory "the largest of bags has gradients of one kind" [ "scale_grad_by_freq"; "sparse" ] (fun flag ->
                let bag mode = Layers.embeddingBag 5 2 |> Module.configure "mode" mode |> Module.configure flag true
                use _sum = Module.buildAs<torch.nn.Module<torch.Tensor[], torch.Tensor[]>> (optionsFor []) (bag "sum")
                let error = refusal (fun () -> Module.construct (bag "max") |> ignore)
                Assert.containsText flag error
                Assert.containsText "False where mode is 'max'" error)

            testCase "attention keeps the examples of a batch apart" (fun () ->
                use _scope = torch.NewDisposeScope()
                let spec = Module.create [ "embed_dim" => 1; "num_heads" => 1 ] MultiheadAttention.definition
                use built = Module.buildAs<torch.nn.Module<torch.Tensor[], torch.Tensor[]>> (optionsFor []) spec
                let attend shapes = built.call [| for shape in shapes -> torch.rand (Array.ofList shape) |]
                Assert.equal [| 5L; 3L; 1L |] (attend [ [ 5L; 3L; 1L ]; [ 4L; 3L; 1L ]; [ 4L; 3L; 1L ] ]).[0].shape

                // As many numbers as for 3 examples.
                for keys, values in [ [ 3L; 4L; 1L ], [ 3L; 4L; 1L ]; [ 4L; 3L; 1L ], [ 2L; 3L; 1L ] ] do
                    let error = refusal (fun () -> attend [ [ 5L; 3L; 1L ]; keys; values ] |> ignore)
                    Assert.containsText "as many values as keys" error)

            testCase "attention takes no sequences of sequences for batches" (fun () ->
                use _scope = torch.NewDisposeScope()
                let spec = Module.create [ "embed_dim" => 2; "num_heads" => 1 ] MultiheadAttention.definition
                use built = Module.buildAs<torch.nn.Module<torch.Tensor[], torch.Tensor[]>> (optionsFor []) spec
                let error = refusal (fun () -> built.call [| torch.rand (1L, 1L, 1L, 2L) |] |> ignore)
                Assert.containsText "or 3 (L, N, embed_dim), but gets (1, 1, 1, 2)" error)

            testCase "a width that is inferred is positive, as one that is set" (fun () ->
                let error = refusal (fun () -> Shapes.outputs [ [ 2L; 0L ] ] (Layers.lazyLinear 3) |> ignore)
                Assert.containsText "expects last dimension at least 1, but gets (2, 0)" error
                let error = refusal (fun () -> Shapes.outputs [ [ 2L; 0L ] ] Layers.layerNorm |> ignore)
                Assert.containsText "expects last dimension at least 1, but gets (2, 0)" error)

            testCase "pools refuse an empty input, whatever is added; a mean over all of it they give" (fun () ->
                use _scope = torch.NewDisposeScope()
                let empty = [ 2L; 4L; 0L ]

                for spec in
                    [
                        Module.create [ "kernel_size" => 3; "padding" => 1 ] AvgPool1d.definition
                        Module.create [ "kernel_size" => 3; "padding" => 1 ] MaxPool1d.definition
                        Module.create [ "output_size" => 1 ] AdaptiveMaxPool1d.definition
                    ] do
                    Assert.containsText "(2, 4, 0)" (refusal (fun () -> Shapes.outputs [ empty ] spec |> ignore))

                let pool = Module.create [ "kernel_size" => 3; "padding" => 1 ] AvgPool1d.definition
                let error = refusal (fun () -> Shapes.outputs [ [ 2L; 0L; 5L ] ] pool |> ignore)
                Assert.containsText "at least 1 channel" error

                let mean = Module.create [ "output_size" => 1 ] AdaptiveAvgPool1d.definition
                use built = Module.buildAs<torch.nn.Module<torch.Tensor, torch.Tensor>> (optionsFor []) mean
                Assert.equal [| 2L; 4L; 1L |] (built.call (torch.zeros (2L, 4L, 0L))).shape
                Assert.equal [ [ 2L; 4L; 1L ] ] (Shapes.outputs [ empty ] mean))

            testCase
                "a convolution that keeps the size adds to each dimension what its own dilation asks for"
                (fun () ->
                    use _scope = torch.NewDisposeScope()

                    let spec =
                        Module.create
                            [
                                "in_channels" => 1
                                "out_channels" => 2
                                "kernel_size" => 3
                                "padding" => "same"
                                "dilation", List [ Int 1L; Int 2L ]
                                "padding_mode" => "replicate"
                                "bias" => false
                            ]
                            Conv2d.definition

                    use built = Module.buildAs<torch.nn.Module<torch.Tensor, torch.Tensor>> (optionsFor []) spec
                    let x = torch.rand (2L, 1L, 3L, 2L)
                    // The last dimension first.
                    let padded = torch.nn.functional.pad (x, [| 2L; 2L; 1L; 1L |], PaddingModes.Replicate)
                    let weight = built.state_dict().["weight"]
                    let expected = torch.nn.functional.conv2d (padded, weight, dilation = [| 1L; 2L |])
                    let found = built.call x
                    Assert.equal [| 2L; 2L; 3L; 2L |] found.shape
                    Assert.isTrue (torch.allclose (found, expected)))

            testCase "a convolution that keeps the size adds one more behind than before, where it is odd" (fun () ->
                use _scope = torch.NewDisposeScope()

                let spec =
                    Module.create
                        [
                            "in_channels" => 1
                            "out_channels" => 2
                            "kernel_size", List [ Int 2L; Int 3L; Int 4L ]
                            "padding" => "same"
                            "padding_mode" => "circular"
                            "bias" => false
                        ]
                        Conv3d.definition

                use built = Module.buildAs<torch.nn.Module<torch.Tensor, torch.Tensor>> (optionsFor []) spec
                let x = torch.rand [| 1L; 1L; 5L; 6L; 7L |]
                // The last dimension first: 3 in all, 2 and 1.
                let padded = torch.nn.functional.pad (x, [| 1L; 2L; 1L; 1L; 0L; 1L |], PaddingModes.Circular)
                let expected = torch.nn.functional.conv3d (padded, built.state_dict().["weight"])
                let found = built.call x
                Assert.equal [| 1L; 2L; 5L; 6L; 7L |] found.shape
                Assert.isTrue (torch.allclose (found, expected)))

            testCase "named tensors go through a graph network that has no block left" (fun () ->
                use _scope = torch.NewDisposeScope()

                let shapes =
                    [ "x", [ 4L; 1L ]; "edge_index", [ 2L; 3L ]; "edge_attr", [ 3L; 2L ]; "distance", [ 3L; 1L ] ]

                let spec =
                    Models.graphToEdgeMPM [ 4 ] 1
                    |> Module.select "backbone/blocks" (Module.call "remove" [ "name", Text "0" ])

                let options = { optionsFor [] with Named = shapes }
                use built = Module.buildAs<torch.nn.Module<NamedTensors, torch.Tensor>> options spec

                let graph =
                    NamedTensors(
                        dict
                            [
                                for name, sizes in shapes do
                                    let sizes = Array.ofList sizes

                                    if name = "edge_index" then
                                        name, torch.zeros (sizes, dtype = torch.int64)
                                    else
                                        name, torch.rand sizes
                            ]
                    )

                // One number for each of the 3 edges.
                Assert.equal [| 3L; 1L |] (built.call graph).shape)

            testCase "a call of a child that was taken away names the child" (fun () ->
                let spec =
                    Definition.create "Calls" [] (fun _ ->
                        init {
                            let! inner = child "inner" (Layers.sequential [ Layers.relu ])
                            return forward (call (inner / "0"))
                        })
                    |> Module.create []

                let spec = spec |> Module.select "inner" (Module.call "remove" [ "name", Text "0" ])

                match Fail.catch (fun () -> Shapes.outputs [ [ 2L; 3L ] ] spec) with
                | Error [ UnknownTag(tag, at, _) ] ->
                    Assert.equal "inner.0" (string tag)
                    Assert.equal "inner" (string at)
                | other -> failtestf "%A" other)
        ]
