/// Selectors, paths and sizes in the F# face. What both faces share is tested in tests/CSharp as well.
module Deeplay.Tests.Selectors

open Expecto
open Deeplay.Core
open Deeplay.FSharp

let private mlp = Components.multiLayerPerceptron 64 [ 64; 32 ] 10

let private errorOf (work: unit -> 'a) =
    match Fail.catch work with
    | Error [ error ] -> Error.describe error
    | Error errors -> failwith $"{errors.Length} errors"
    | Ok _ -> failwith "no error"

/// A module whose init says of what is below it where it is, by `way`.
let private holder (way: Handle -> Handle) =
    Definition.create "Holder" [] (fun _ ->
        init {
            let! a = child "a" mlp
            do! configure (way a) "bias" false
            return forward (call a)
        })
    |> Module.create []

[<Tests>]
let tests =
    testList
        "Selectors"
        [
            for path in [ "blocks.0.layer"; "blocks/0/layer"; "blocks/0.layer" ] do
                testCase $"the path {path} means the same wherever it is said" (fun () ->
                    let below = holder (fun a -> a / path)
                    let above = holder (fun _ -> at ("a/" + path))

                    for spec in [ below; above ] do
                        Assert.isFalse (Module.argument ("a." + path) Linear.bias spec)
                        Assert.equal [ "a.blocks.0.layer" ] (Module.names ("a/" + path) spec))

            testCase "a filter is the same in text and as a function" (fun () ->
                let byText = mlp |> Module.select "...[Layer][has:bias]" (Module.configure "bias" false)

                let byFunction =
                    mlp
                    |> Module.select
                        "..."
                        (Module.ofType Layer.definition (Module.having "bias" (Module.configure "bias" false)))

                Assert.isTrue (Tree.equal (Module.construct byText) (Module.construct byFunction))
                Assert.isFalse (Module.argument "blocks/2/layer" Linear.bias byText))

            testCase "a filter that nothing passes names what is near" (fun () ->
                let linaer = Definition.primitive "Linaer" [] (fun _ shapes -> Ok { Outputs = shapes; Inferred = [] })

                for change in
                    [
                        Module.select "..." (Module.ofType linaer id)
                        Module.select "...[Linaer]" id
                        Module.select ".../layer[Linaer]" id
                    ] do
                    Assert.containsText "Did you mean 'Linear'?" (errorOf (fun () -> change mlp)))

            testCase "a predicate is printed and is not read" (fun () ->
                let selector = [ AnyDepth [ Where { Name = "wide"; Passes = fun _ _ -> true } ] ]

                Assert.equal "...[where:wide]" (Selector.print selector)
                let root = Module.construct mlp
                Assert.equal (Seq.length (Tree.walk root)) (Selector.select selector Tag.root root).Length
                let read () = SelectorText.parse "...[where:wide]"
                Assert.containsText "expected a filter" (errorOf read))

            for text in
                [
                    "a//b"
                    "a|"
                    ",a"
                    "a#0#1"
                    "a#x"
                    "a:b"
                    "1:2:0"
                    "a#0[Linear]"
                    "[Linear"
                    "[Linear]a"
                    "[]"
                    "[has:]"
                    "lay*"
                    "-a"
                    "a b"
                    "....a"
                ] do
                testCase $"'{text}' is no selector" (fun () ->
                    Assert.containsText $"selector '{text}': expected" (errorOf (fun () -> SelectorText.parse text)))

            testCase "null is no selector" (fun () ->
                Assert.containsText "found null" (errorOf (fun () -> SelectorText.parse null)))

            testCase "a name that is gone is not the place" (fun () ->
                let removed = mlp |> Module.select "blocks" (Block.remove "1")
                Assert.equal [] (Module.names "blocks/1" removed)
                Assert.equal [ "blocks.2" ] (Module.names "blocks/1:2" removed))

            testCase "sizes have 64 bits, whatever the integers are given as" (fun () ->
                Assert.equal [ 1L; 4295032832L ] (Module.inferShape [ 1; 65536; 65537 ] Layers.flatten)

                Assert.equal [ 1L; 1L <<< 40 ] (Module.inferShape [ 1L; 1L <<< 20; 1L <<< 20 ] Layers.flatten))
        ]
