/// Recurrent blocks and models: what they give, and how they are edited.
module Deeplay.Tests.RecurrentTests

open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp

// So many steps of a batch of two, four features wide.
let private steps (length: int64) = fill [ 2L; length; 4L ] 0.3

let private model = Models.recurrentModel 4 [ 5; 3 ] |> Module.configure "out_features" 2

let private fillAll (built: torch.nn.Module) =
    use _ = torch.no_grad ()

    for i, (_, p) in List.indexed (parametersOf built) do
        p.copy_ (fill (shapeOf p) (1.0 + float i)) |> ignore

let private call spec (x: Tensor) =
    use built = build [ shapeOf x ] spec
    fillAll built
    callAll built [ x ]

// What libtorch's own layer gives with the numbers that a built layer has.
let private gru input hidden first (x: Tensor) =
    let layer = torch.nn.GRU(input, hidden, 1L, true, true, 0.0, true)
    use _ = torch.no_grad ()

    for i, struct (_, p) in Seq.indexed (layer.named_parameters ()) do
        p.copy_ (fill (shapeOf p) (first + float i)) |> ignore

    let struct (output, _) = layer.call x
    output.narrow (-1L, 0L, hidden) + output.narrow (-1L, hidden, hidden)

[<Tests>]
let tests =
    torchTests
        "RecurrentTests"
        [
            testCase "a model that goes both ways gives the sum of both, then its head over the last step" (fun () ->
                use _ = torch.NewDisposeScope()
                let x = steps 6L

                let found =
                    model
                    |> Module.configure "bidirectional" true
                    |> Module.configure RecurrentModel.rnnType "GRU"
                    |> fun spec -> call spec x

                // Eight parameters in each block come before the head's two.
                let hidden = x |> gru 4L 5L 1.0 |> gru 5L 3L 9.0
                let weight, bias = fill [ 2L; 3L ] 17.0, fill [ 2L ] 18.0
                let last = hidden.select (1L, 5L)
                assertClose "output" (numbers (last.matmul (weight.t ()) + bias)) (numbers found.Head))

            testCase "dropout is in every block, and the parameters are Deeplay's" (fun () ->
                let spec = model |> Module.configure "bidirectional" true |> Module.configure "dropout" 0.2
                let node = Module.construct spec
                let kinds = [ for tag, node, _ in Tree.walk node -> string tag, node.Definition.Id ]
                Assert.contains ("blocks.0.dropout", "Dropout") kinds
                Assert.contains ("blocks.1.dropout", "Dropout") kinds
                let golden = Recorded.read "golden" "recurrentmodel_bidir_dropout"

                let expected =
                    golden.GetProperty "named_parameters"
                    |> Recorded.items
                    |> List.map (fun row -> row[0].GetString(), Recorded.sizes row[1])

                use _ = torch.NewDisposeScope()

                use built =
                    Models.recurrentModel 8 [ 32; 32 ]
                    |> Module.configure "out_features" 4
                    |> Module.configure "bidirectional" true
                    |> Module.configure "dropout" 0.2
                    |> build [ [ 2L; 5L; 8L ] ]

                Assert.equal expected [ for name, p in parametersOf built -> name, shapeOf p ]
                Assert.equal [ [ 2L; 4L ] ] (callAll built [ fill [ 2L; 5L; 8L ] 0.0 ] |> List.map shapeOf))

            testCase "without a head the last step is given, or all of them" (fun () ->
                let bare = Models.recurrentModel 4 [ 5; 3 ]
                Assert.equal [ 2L; 3L ] (bare |> Module.inferShape [ 2; 6; 4 ])

                Assert.equal
                    [ 2L; 6L; 3L ]
                    (bare |> Module.configure RecurrentModel.returnSequence true |> Module.inferShape [ 2; 6; 4 ])

                // Steps come first.
                Assert.equal
                    [ 6L; 3L ]
                    (bare |> Module.configure RecurrentModel.batchFirst false |> Module.inferShape [ 2; 6; 4 ]))

            testCase "the last states come after the output: two of an LSTM, one of others" (fun () ->
                use _ = torch.NewDisposeScope()
                let spec = model |> Module.configure RecurrentModel.returnCellState true
                let shapes spec = call spec (steps 6L) |> List.map shapeOf
                Assert.equal [ [ 2L; 2L ]; [ 1L; 2L; 3L ]; [ 1L; 2L; 3L ] ] (shapes spec)
                Assert.equal [ [ 2L; 2L ]; [ 1L; 2L; 3L ] ] (shapes (spec |> Module.configure "rnn_type" "RNN")))

            testCase "a layer that is put in the place of another is called as what it is" (fun () ->
                use _ = torch.NewDisposeScope()
                let x = steps 4L

                let swapped =
                    Blocks.sequence1d 4 3
                    |> Module.configure Sequence1dBlock.batchFirst true
                    |> Module.select "layer" (Module.become (Layers.gru 4 3))

                let direct = Layers.gru 4 3 |> Module.configure GRU.batchFirst true
                assertClose "output" (numbers (call direct x).Head) (numbers (call swapped x).Head)

                // One that is no recurrent layer is called as any other.
                let linear = Blocks.sequence1d 4 3 |> Module.select "layer" (Module.replace (Layers.linear 4 3))
                assertClose "linear" (numbers (call (Layers.linear 4 3) x).Head) (numbers (call linear x).Head)

                Assert.containsText
                    "no recurrent layer"
                    (Recorded.problem (fun () ->
                        linear
                        |> Module.configure Sequence1dBlock.returnCellState true
                        |> Module.inferShape [ 2; 4; 4 ])))

            testCase "blocks have the edits of all blocks" (fun () ->
                let block = Blocks.sequence1d 4 3 |> Module.configure Sequence1dBlock.batchFirst true

                let edited =
                    block |> Block.normalized () |> Block.activated () |> Block.shortcut () |> Block.appendDropout 0.1

                let children = [ for child in (Module.construct edited).Children -> child.Name ]

                Assert.equal
                    [ "shortcut_start"; "layer"; "normalization"; "activation"; "shortcut_end"; "dropout" ]
                    children

                Assert.equal [ 2L; 6L; 3L ] (edited |> Module.inferShape [ 2; 6; 4 ]))

            testCase "words are embedded first" (fun () ->
                let spec =
                    Models.lazyRecurrentModel [ 5 ]
                    |> Module.configure "embedding" (Layers.embedding 10 4)
                    |> Module.configure RecurrentModel.dropout 0.1
                    |> Module.configure RecurrentModel.outFeatures 2

                Assert.equal
                    [ "embedding"; "embedding_dropout"; "blocks"; "head" ]
                    [ for child in (Module.construct spec).Children -> child.Name ]

                Assert.equal [ 3L; 2L ] (spec |> Module.inferShape [ 3; 7 ]))

            testCase "a dropout between layers needs two of them" (fun () ->
                Assert.equal
                    "the root (LSTM): 'dropout' must be 0 where there is one layer, for it acts between layers, but is 0.5."
                    (Recorded.problem (fun () ->
                        Layers.lstm 4 3 |> Module.configure LSTM.dropout 0.5 |> Module.inferShape [ 6; 2; 4 ])))

            testCase "a state of another shape is an error before anything runs" (fun () ->
                use _ = torch.NewDisposeScope()

                match errorsOf (fun () -> build [ [ 6L; 2L; 4L ]; [ 1L; 3L; 3L ] ] (Layers.gru 4 3)) with
                | [ WrongShape(_, "GRU", expected, found) ] ->
                    Assert.containsText "a state of shape (1, 2, 3)" expected
                    Assert.equal "(1, 3, 3)" found
                | other -> failtest $"%A{other}")

            testCase "every parameter of a model learns" (fun () ->
                use _ = torch.NewDisposeScope()
                use data = new Dataset(steps 6L, fill [ 2L; 6L; 2L ] 0.7)

                let regressor =
                    model
                    |> Module.configure "bidirectional" true
                    |> Module.configure RecurrentModel.dropout 0.1
                    |> Module.configure RecurrentModel.returnSequence true
                    |> Applications.regressor

                let options = { Fit.defaults with MaxEpochs = 0; Build = { Build.defaults with Device = "cpu" } }
                use application = Trainer.fit options data regressor
                let state () = [ for name, p in parametersOf application.Module -> name, numbers p ]
                let before = state ()
                Trainer.continueWith { options with MaxEpochs = 1 } data application

                for (name, first), (_, last) in List.zip before (state ()) do
                    Expect.notEqual last first name)
        ]
