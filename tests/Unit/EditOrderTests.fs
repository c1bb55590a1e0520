/// What the user does to a block of a network comes behind what the network's styles and edits do to it, if these are the
/// network's own or were said before.
module Deeplay.Tests.EditOrderTests

open Deeplay.Core
open Deeplay.FSharp
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp

let private childrenOf (path: string) (spec: ModuleSpec) =
    (Tree.find (Tag.parse path) (Module.construct spec)).Children.Names

// The tree by its printed form, once made step by step and once from nothing.
let private isMadeAlike (spec: ModuleSpec) =
    let anew = Fail.unwrap (Construct.scratch spec)
    Assert.equal (Tree.print anew) (Tree.print (Module.construct spec))

let private encoder = Components.convolutionalEncoder2d 3 [ 8; 8 ] 8

[<Tests>]
let tests =
    torchTests
        "EditOrderTests"
        [
            testCase "the pool of a ResNet's first block can be taken away" (fun () ->
                for path, model in [ "backbone/blocks/0", Models.resNet18; "blocks/0", Models.backboneResnet50 ] do
                    let spec = model |> Module.select path (Block.remove "pool")
                    let block = path.Replace('/', '.')
                    Assert.equal [ "layer"; "normalization"; "activation" ] (childrenOf block spec)
                    Assert.equal [ "layer"; "normalization"; "activation"; "pool" ] (childrenOf block model)
                    isMadeAlike spec
                    Assert.equal model (Module.undo spec))

            testCase "so can what an edit of a network puts into a block" (fun () ->
                let network = Components.convolutionalNeuralNetwork 3 [ 8; 8 ] 8 |> Block.normalized Layers.batchNorm2d
                let spec = network |> Module.select "blocks/1" (Block.remove "normalization")
                Assert.equal [ "layer"; "activation"; "normalization" ] (childrenOf "blocks.0" spec)
                Assert.equal [ "layer"; "activation" ] (childrenOf "blocks.1" spec)
                isMadeAlike spec)

            testCase "and what a style does, which is said before" (fun () ->
                let spec = encoder |> Style.resnet18 () |> Module.select "blocks/0" (Block.remove "pool")

                Assert.equal [ "layer"; "normalization"; "activation" ] (childrenOf "blocks.0" spec)
                isMadeAlike spec)

            testCase "what the user says later comes later" (fun () ->
                let dropped = encoder |> Module.select "blocks/0" (Block.append (Layers.dropout 0.5))
                let spec = dropped |> Style.resnet18 ()
                Assert.equal "pool" (List.last (childrenOf "blocks.0" spec))
                Assert.isTrue (List.contains "dropout" (childrenOf "blocks.0" spec))
                isMadeAlike spec)

            testCase "a network's blocks are theirs whose kind the user says" (fun () ->
                let kinds = ResizeArray<string list>()

                let holder =
                    Definition.create "Holder" [] (fun _ ->
                        init {
                            let! list = child "list" (Layers.list [ Layers.linear 2 2; Layers.relu ])
                            let! found = kindsOf list
                            kinds.Add [ for name, kind in found -> $"{name} {kind.Id}" ]
                            return forward (chain list)
                        })
                    |> Module.create []

                let spec =
                    holder
                    |> Module.select "list/1" (Module.become Layers.gelu)
                    |> Module.select "list" (Block.append Layers.tanh)

                Module.construct holder |> ignore
                Module.construct spec |> ignore
                Assert.equal [ "0 Linear"; "1 ReLU" ] kinds[0]
                Assert.equal [ "0 Linear"; "1 GELU"; "2 Tanh" ] (Seq.last kinds)
                isMadeAlike spec

                // Without children there is nothing to tell of, and nothing below them.
                let ask (path: string) =
                    Definition.create "Asking" [] (fun _ ->
                        init {
                            let! _ = child "layer" (Layers.linear 2 2)
                            let! found = kindsOf (at path)
                            kinds.Add(List.map fst found)
                            return forward (call (at "layer"))
                        })
                    |> Module.create []
                    |> Module.construct

                ask "layer" |> ignore
                Assert.equal [] (Seq.last kinds)

                for path in [ "layer.inside"; "nothing" ] do
                    Assert.notEmpty (errorsOf (fun () -> ask path)))
        ]
