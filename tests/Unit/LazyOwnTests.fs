/// Parameters and buffers of a module's own whose sizes follow from its input: PyTorch's UninitializedParameter.
module Deeplay.Tests.LazyOwnTests

open System
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.TrainingHelp

let private inFeatures = Param.int "in_features" |> Param.atLeast 1 |> Param.inferred
let private heads = Param.int "heads" |> Param.withDefault 2

/// That of OwnModules.fs, for inputs of any width.
let private rmsNorm =
    Definition.create "LazyRMSNorm" [ inFeatures ] (fun args ->
        init {
            let! weight = lazyParameter "weight" [ args.Size inFeatures ] Initial.ones
            return forward (fun x -> x * Op.rsqrt (Op.meanKeep [ -1 ] (Op.square x) + 1e-6) * weight)
        })
    |> Definition.withInferred inFeatures -1

// A scale for each head, and the sizes of the pass follow from the width too.
let private byHead =
    Definition.create "ByHead" [ inFeatures; heads ] (fun args ->
        init {
            let count = args.Get heads
            let width = args.Size inFeatures / count
            let! scale = lazyParameter "scale" [ Op.int count; width ] (Initial.constant 3.0)
            let! shift = lazyBuffer "shift" [ Op.int 1; width + 0 ] Initial.ones

            return
                forward (fun x ->
                    let parts = x |> Op.reshape [ Op.size 0 x; Op.int count; width ]
                    parts * scale + shift |> Op.reshape [ Op.size 0 x; args.Size inFeatures ])
        })
    |> Definition.withInferred inFeatures -1

let private norm = Module.create [] rmsNorm
let private split = Module.create [] byHead
let private shapes (built: torch.nn.Module) = [ for name, p in parametersOf built -> name, shapeOf p ]

[<Tests>]
let tests =
    torchTests
        "LazyOwn"
        [
            testCase "they give PyTorch's numbers" (fun () ->
                use _ = torch.NewDisposeScope()
                let recorded = OwnTests.cases |> List.filter (fun case -> OwnTests.nameOf case = "RMSNorm")
                Assert.notEmpty recorded

                for case in recorded do
                    OwnTests.checkCase (build1 [ 2; 4 ] norm) case)

            testCase "the tree is there before the width is, and knows it after" (fun () ->
                Assert.equal [ ""; "0" ] (Recorded.tags (Layers.sequential [ norm ]))
                let node = Module.construct norm
                Assert.empty node.Weights
                let root = (Infer.run [ Shape.known [ 2L; 7L ] ] node |> Fail.unwrap).Root
                Assert.equal [ "weight", [ 7L ] ] root.Weights
                Assert.equal 7 (root.Arguments.Get inFeatures)
                Assert.equal 7L (norm |> Module.summarize [ [ 2; 7 ] ]).Parameters
                // What was asked of one input is not kept for another.
                Assert.equal 5L (norm |> Module.summarize [ [ 2; 5 ] ]).Parameters)

            testCase "where the width is not known, a build says so before a tensor is made" (fun () ->
                let before = liveTensors ()

                match errorsOf (fun () -> Layers.sequential [ Layers.linear 3 3; norm ] |> build []) with
                | [ Missing(tag, "LazyRMSNorm", "in_features", _) ] -> Assert.equal "1" (string tag)
                | other -> failtest $"{other}"

                Assert.equal before (liveTensors ()))

            testCase "what modules before them give says their widths" (fun () ->
                use built = Layers.sequential [ Layers.lazyLinear 6; norm; split ] |> build [ [ 2; 3 ] ]

                Assert.equal
                    [ "0.weight", [ 6L; 3L ]; "0.bias", [ 6L ]; "1.weight", [ 6L ]; "2.scale", [ 2L; 3L ] ]
                    (shapes built))

            testCase "a width that is set stays, and one that does not fit is an error" (fun () ->
                let set = Module.configure inFeatures 4 norm
                use built = build [] set
                Assert.equal [ "weight", [ 4L ] ] (shapes built)

                match errorsOf (fun () -> Module.inferShape [ 2; 5 ] set) with
                | [ WrongShape(_, "LazyRMSNorm", _, found) ] -> Assert.equal "(2, 5) and (4,)" found
                | other -> failtest $"{other}")

            testCase "each of several equal modules has its own width" (fun () ->
                let model = Layers.sequential [ norm; norm; Layers.linear 4 6; norm; norm ]
                use built = build [ [ 2; 4 ] ] model

                let widths =
                    [
                        for name, shape in shapes built do
                            if shape.Length = 1 && not (name.EndsWith "bias") then shape
                    ]

                Assert.equal [ [ 4L ]; [ 4L ]; [ 6L ]; [ 6L ] ] widths)

            testCase "sizes are computed, in declarations and in the pass" (fun () ->
                use _ = torch.NewDisposeScope()
                let built = build1 [ 5; 6 ] split
                Assert.equal [ "scale", [ 2L; 3L ] ] (shapes built)
                Assert.equal [ "shift", [ 1L; 3L ] ] [ for name, b in buffersOf built -> name, shapeOf b ]

                assertClose
                    "output"
                    (List.replicate 12 7.0)
                    (numbers (built.call (tensorOf [ 2; 6 ] (Seq.replicate 12 2.0))))

                Assert.equal [ 5L; 6L ] (Module.inferShape [ 5; 6 ] split)

                // 7 is not two heads of 3.
                match errorsOf (fun () -> Module.inferShape [ 5; 7 ] split) with
                | [ WrongShape(_, "ByHead", _, _) ] -> ()
                | other -> failtest $"{other}")

            testCase "initial values, aliases and selections are as of other parameters" (fun () ->
                let twice =
                    Definition.create "Twice" [] (fun _ ->
                        init {
                            let! first = child "first" norm
                            let! again = alias "again" first
                            return forward (call first >> call again)
                        })
                    |> Module.create []

                let written = [ Initializer.tensors => [ "weight" ]; Initializer.mean => 2.0; Initializer.std => 0.0 ]

                use built = twice |> Module.select "first" (Initializer.normal written) |> build [ [ 2; 3 ] ]
                Assert.equal [ "first.weight", [ 3L ] ] (shapes built)
                Assert.equal [ 2.0; 2.0; 2.0 ] (numbers (snd (parametersOf built).Head)))

            testCase "an application with them is trained, and comes back from its file" (fun () ->
                let network = Layers.sequential [ norm; Layers.linear 2 1 ]
                use data = new Dataset(fill [ 32L; 2L ] 0.3, fill [ 32L; 1L ] 0.7)
                use application = fitted 2 (Applications.regressor network) data
                let all = Map.ofList (weights application)
                Assert.notEqual [ 1.0; 1.0 ] all["model.0.weight"]

                inFile (fun path ->
                    Application.save path application
                    let registry = Registries.standard |> Registry.add rmsNorm
                    use restored = Application.loadWith registry (optionsFor []) path
                    Assert.equal (weights application) (weights restored)))

            testCase "what can't be inferred so is an error" (fun () ->
                let problem work = Error.describeAll (errorsOf work)

                let layer = Definition.primitive "Same" [ inFeatures ] Rule.same
                Assert.containsText "a shape rule" (problem (fun () -> Definition.withInferred inFeatures -1 layer))
                Assert.containsText "'heads'" (problem (fun () -> Definition.withInferred heads -1 rmsNorm))
                Assert.containsText "a dimension -1" (problem (fun () -> Module.inferShape [] norm))

                let measured =
                    Definition.create "Measured" [ inFeatures ] (fun _ ->
                        init {
                            let mutable size = Op.int 1

                            let! _ =
                                fun builder ->
                                    Graph.trace [ "x" ] (fun xs ->
                                        size <- Op.size 0 xs.Head
                                        [ "", xs.Head ])
                                    |> ignore

                                    lazyParameter "weight" [ size ] Initial.ones builder

                            return forward id
                        })

                Assert.containsText
                    "known before the module runs"
                    (problem (fun () -> Module.create [] measured |> Module.construct)))
        ]
