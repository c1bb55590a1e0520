/// Positional embeddings: what they start from, whether they are trained, and how positions count.
module Deeplay.Tests.PositionalTests

open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp

let private standardDeviation (tensor: Tensor) =
    use x = tensor.detach().std()
    float (x.item<float32>())

[<Tests>]
let tests =
    torchTests
        "PositionalTests"
        [
            testCase "sines and cosines by turns, as a buffer that is saved" (fun () ->
                use _ = torch.NewDisposeScope()
                let spec = Components.positionalEmbedding 4 |> Module.configure "max_length" 3
                use built = build [ [ 3L; 1L; 4L ] ] spec
                Assert.equal [] (parametersOf built)

                Assert.equal
                    [ "embs", [ 3L; 1L; 4L ] ]
                    (buffersOf built |> List.map (fun (name, b) -> name, shapeOf b))

                Assert.equal [ "embs" ] (List.ofSeq (built.state_dict().Keys))

                let expected =
                    [
                        for position in [ 0.0; 1.0; 2.0 ] do
                            for slower in [ 1.0; 100.0 ] do
                                sin (position / slower)
                                cos (position / slower)
                    ]

                assertClose "embs" expected (numbers (snd (List.head (buffersOf built)))))

            testCase "an odd number of features ends with a sine" (fun () ->
                use _ = torch.NewDisposeScope()
                let spec = Components.positionalEmbedding 3 |> Module.configure "max_length" 2
                use built = build [ [ 2L; 1L; 3L ] ] spec
                let slower = sin (1.0 / 10000.0 ** (2.0 / 3.0))
                let expected = [ 0.0; 1.0; 0.0; sin 1.0; cos 1.0; slower ]
                assertClose "embs" expected (numbers (snd (List.head (buffersOf built)))))

            testCase "learned embeddings are a parameter, of the standard deviation that is asked for" (fun () ->
                use _ = torch.NewDisposeScope()

                let spec =
                    Components.positionalEmbedding 64
                    |> Module.configure PositionalEmbedding.learnable true
                    |> Module.configure PositionalEmbedding.initializer "normal"
                    |> Module.configure PositionalEmbedding.std 0.02

                use built = build [ [ 7L; 1L; 64L ] ] spec
                let name, embs = List.exactlyOne (parametersOf built)
                Assert.equal ("embs", [ 5000L; 1L; 64L ]) (name, shapeOf embs)
                Expect.floatClose { absolute = 0.0; relative = 0.02 } (standardDeviation embs) 0.02 "std")

            testCase "a sequence that is too long is refused before anything is made" (fun () ->
                let spec = Components.positionalEmbedding 4 |> Module.configure "max_length" 3
                let found = Infer.run [ Shape.known [ 4L; 1L; 4L ] ] (Module.construct spec)
                Expect.isError found "of length 4")

            testCase "positions count anew in each sequence of a batch that is one" (fun () ->
                use _ = torch.NewDisposeScope()
                let spec = Components.indexedPositionalEmbedding 4 |> Module.configure "max_length" 5
                let sequences = [ 0; 0; 1; 1; 1; 4 ]
                let places = [ 0; 1; 0; 1; 2; 0 ]

                use built = Build.run (optionsFor [ [ 6L; 4L ]; [ 6L ] ]) spec

                let index = torch.tensor (List.map int64 sequences |> Array.ofList)
                let found = callAll built [ torch.zeros (6L, 4L); index ] |> List.exactlyOne

                let expected =
                    [
                        for place in List.map float places do
                            sin place
                            cos place
                            sin (place / 100.0)
                            cos (place / 100.0)
                    ]

                assertClose "embeddings" expected (numbers found))
        ]
