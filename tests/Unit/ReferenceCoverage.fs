/// That nothing of the library is without numbers of PyTorch's: outputs and gradients.
module Deeplay.Tests.ReferenceCoverage

open Expecto
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open Deeplay.Tests

let private groups = [ "Layers"; "Blocks"; "Components"; "Models" ]

/// Whatever a compared network holds is compared with it: all that it gives, and each gradient, goes through its modules.
let private compared: Set<string> =
    let specs =
        [
            for networks in
                [
                    ConvolutionNumbers.networks
                    TransformerNumbers.networks
                    GenerativeNumbers.networks
                    ModuleNumbers.networks
                ] do
                for network in networks do
                    network.Spec
            for KeyValue(_, (spec, _)) in GraphNumbers.specs do
                spec
        ]

    set
        [
            for spec in specs do
                for _, node, _ in Tree.walk (Module.construct spec) do
                    node.Definition.Id

            // One layer by itself: LoweringLayers, AttentionTests.
            for case in LoweringHelp.layerCases do
                case.Kind
            yield! LoweringHelp.recordedApart
            // A sum of two lots of named tensors, worked out by hand: AddDictTests.
            "AddDict"
        ]

[<Tests>]
let tests =
    testList
        "ReferenceCoverage"
        [
            for group in groups do
                testCase $"every definition of {group} has numbers of PyTorch's" (fun () ->
                    let definitions =
                        Library.groups
                        |> List.pick (fun (name, _, definitions) -> if name = group then Some definitions else None)

                    Assert.notEmpty definitions

                    Assert.equal
                        []
                        [
                            for definition in definitions do
                                if not (compared.Contains definition.Id) then definition.Id
                        ])
        ]
