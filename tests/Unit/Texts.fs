/// What people read: JSON, reasons, differences, trees.
module Deeplay.Tests.Texts

open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open Expecto
open Deeplay.Tests

open Deeplay.Tests.LoweringHelp

let private perceptron = Components.multiLayerPerceptron 2 [ 4 ] 3
let private encode spec = Fail.unwrap (Codec.encode spec)
let private decode text = Codec.decode Library.registry text
let private lines (text: string) = List.ofArray (text.Split '\n')

let private wrongTexts: (string * string) list =
    [
        """{"schema":2,"spec":{}}""", "$.schema: expected schema version 1, found 2."
        """{"schema":1,"spek":{}}""",
        "$: expected one of the fields schema, spec, found the unknown field 'spek' (near it: spec)."
        """{"schema":1}""", "$: expected the field 'spec', found an object without it."
        """{"schema":1,"spec":{"definition":"Linaer","arguments":{}}}""",
        "$.spec.definition: expected a definition of the registry, found 'Linaer' (near it: Linear)."
        """{"schema":1,"spec":{"definition":"Linear","arguments":{"in_feature":3}}}""",
        "$.spec.arguments: expected a parameter of Linear, found 'in_feature' (near it: in_features)."
        """{"schema":1,"spec":{"definition":"Linear","arguments":{},"steps":[{"targets":[""],"configur":{}}]}}""",
        "$.spec.steps[0]: expected one of the fields targets, configure, become, replace, hook, inputs, outputs, group, continues, file, line, found the unknown field 'configur' (near it: configure)."
        """{"schema":1,"spec":{"definition":"LinearBlock","arguments":{},"steps":[{"targets":[""],"hook":{"action":"activatd","of":"LinearBlock","arguments":{}}}]}}""",
        "$.spec.steps[0].hook.action: expected a method or style of LinearBlock of the registry, found 'activatd' (near it: activated)."
        """{"schema":1,"spec":{"definition":"Linear","arguments":{"bias":{"type":"System.Object"}}}}""",
        "$.spec.arguments.bias: expected a value: one of unset, float, kind, function, module, found another object."
        """{"schema":1,"spec":{"definition":"Linear","arguments":{"bias":true,"bias":false}}}""",
        "$.spec.arguments: expected every name once, found 'bias' twice."
    ]

[<Tests>]
let tests =
    testList
        "Texts"
        [
            // --- JSON --------------------------------------------------------------------------------------
            testCase "a spec is saved as its definition, its arguments as given and its steps" (fun () ->
                let spec =
                    Layers.sequential [ Layers.linear 3 4; Layers.dropout 0.5 ]
                    |> Module.select "0" (Module.configure Linear.bias false)
                    |> Module.select "1" (Module.become Layers.relu)
                    |> Module.grouped "more" (Block.append Layers.tanh)

                Assert.equal
                    ("""{"schema":1,"spec":{"definition":"Sequential","arguments":{"layers":["""
                     + """{"module":{"definition":"Linear","arguments":{"in_features":3,"out_features":4}}},"""
                     + """{"module":{"definition":"Dropout","arguments":{"p":0.5}}}]},"steps":["""
                     + """{"targets":["0"],"configure":{"name":"bias","value":false}},"""
                     + """{"targets":["1"],"become":{"kind":"ReLU","arguments":{}}},"""
                     + """{"targets":[""],"hook":{"action":"append","of":"Sequential","arguments":"""
                     + """{"layer":{"module":{"definition":"Tanh","arguments":{}}}}},"group":"more"}]}}""")
                    (Recorded.withoutPlaces (encode spec))

                Assert.equal spec (Fail.unwrap (decode (encode spec))))

            testCase "a text written by hand is read" (fun () ->
                let text =
                    """
        {
            "schema": 1,
            "spec": {
                "definition": "LinearBlock",
                "arguments": { "in_features": 3, "out_features": 4, "activation": { "kind": "ReLU" } },
                "steps": [ { "targets": [ "activation" ], "configure": { "name": "inplace", "value": true } } ]
            }
        }
        """

                let spec = Fail.unwrap (decode text)

                Assert.equal
                    (3, true)
                    (Module.argument "layer" Linear.inFeatures spec, Module.argument "activation" ReLU.inplace spec))

            testCase "numbers keep their kind and their value" (fun () ->
                for value in
                    [
                        Int 3L
                        Float 3.0
                        Float 1e-8
                        Float 0.1
                        Float nan
                        Float infinity
                        Float -infinity
                        Int System.Int64.MaxValue
                        Null
                        Text "ä\"\\\n"
                        List [ Int 1L; Float 1.0; List [] ]
                    ] do
                    let key = Param.any "value"

                    let definition = Definition.primitive "Any" [ key ] (fun _ _ -> Ok { Outputs = []; Inferred = [] })

                    let spec = Module.create [ key => value ] definition

                    let again = Fail.unwrap (Codec.decode (Registry.add definition Registry.empty) (encode spec))
                    // Not compared as they are, since NaN is not NaN.
                    Assert.equal $"%A{spec.Arguments}" $"%A{again.Arguments}")

            testTheory
                "what is wrong with a text is said with its path and what it may have meant"
                wrongTexts
                (fun (text, expected) ->
                    match decode text with
                    | Error [ error ] -> Assert.equal expected (Error.describe error)
                    | other -> failtest $"%A{other}")

            testCase "what can't be saved is refused, and named" (fun () ->
                let note = Action.afterBuild "note" [] (fun _ _ -> ()) |> Action.opaque

                let refusal spec =
                    match Codec.encode spec with
                    | Error [ error ] -> Error.describe error
                    | other -> failwith $"%A{other}"

                Assert.equal
                    "blocks.0.layer can't be saved: its hook 'note' is a function that no registry knows."
                    (refusal (perceptron |> Module.select "blocks/0/layer" (Module.hook note [])))

                let key = Param.any "value"

                let definition = Definition.primitive "Any" [ key ] (fun _ _ -> Ok { Outputs = []; Inferred = [] })

                Assert.equal
                    "the root can't be saved: it holds a .NET object (Random) that no registry knows."
                    (refusal (Module.create [ key => Opaque(System.Random 1) ] definition)))

            // --- Reasons -----------------------------------------------------------------------------------
            testCase "an explanation names the winner, who set it, and why the others lost" (fun () ->
                let bias = Param.bool "bias" |> Param.withDefault true

                let inner =
                    Definition.create "Inner" [ bias ] (fun arguments ->
                        init {
                            let! layer = child "layer" (Layers.linear 2 2)
                            do! configure layer Linear.bias (arguments.Get bias)
                            return forward (call layer)
                        })

                let outer =
                    Definition.create "Outer" [] (fun _ ->
                        init {
                            let! inner = child "inner" (Module.create [] inner)
                            do! configure (inner / "layer") Linear.bias true
                            return forward (call inner)
                        })

                let spec =
                    Module.create [] outer
                    |> Module.select "inner/layer" (Module.configure Linear.bias true)
                    |> Module.select "inner/layer" (Module.configure Linear.bias false)

                Assert.equal
                    [
                        "inner.layer.bias = False (Linear)"
                        "  → False: set by the user, step 2"
                        "    True: set by the user, step 1 — a later setting of the same source wins"
                        "    True: derived by the root — the user wins"
                        "    True: derived by inner — the user wins"
                        "    True: the default — a setting beats it"
                    ]
                    (lines (Recorded.withoutPlaces (string (Module.explain "inner.layer" "bias" spec)))))

            testCase "an explanation of what nobody set names arguments, defaults and nothing" (fun () ->
                let explain name = lines (string (Module.explain "" name (Layers.lazyLinear 4)))

                Assert.equal [ "out_features = 4 (Linear)"; "  → 4: given as an argument" ] (explain "out_features")

                Assert.equal [ "bias = True (Linear)"; "  → True: the default" ] (explain "bias")
                Assert.equal [ "in_features = unset (Linear)"; "  → unset: not set" ] (explain "in_features")

                match errorsOf (fun () -> Module.explain "" "biass" (Layers.lazyLinear 4)) with
                | [ UnknownName(_, "Linear", "parameter", "biass", _) ] -> ()
                | other -> failtest $"%A{other}")

            testCase "an explanation says where a setting was made" (fun () ->
                let location = { File = "/some/where/Program.cs"; Line = 12 }

                let spec =
                    (Selection.ofSpec (Layers.linear 2 2) |> Change.configure (Some location) "bias" (Bool false)).Spec

                Assert.equal
                    [
                        "bias = False (Linear)"
                        "  → False: set by the user, step 1 at Program.cs:12"
                        "    True: the default — a setting beats it"
                    ]
                    (lines (string (Module.explain "" "bias" spec))))

            // --- Differences -------------------------------------------------------------------------------
            testCase "a difference names kinds, arguments, children, order and hooks" (fun () ->
                let block = Blocks.linear 3 4 |> Block.activated Layers.relu

                let diff change = lines (Module.diff block (change block))

                Assert.equal [ "no difference" ] (diff id)

                Assert.equal
                    [ "~ activation: ReLU → GELU" ]
                    (diff (Module.select "activation" (Module.become Layers.gelu)))

                Assert.equal
                    [ "~ layer: bias True → False" ]
                    (diff (Module.select "layer" (Module.configure Linear.bias false)))

                Assert.equal [ "+ normalization: BatchNorm1d" ] (diff (Block.normalized Layers.batchNorm1d))
                Assert.equal [ "- activation: ReLU" ] (diff (Block.remove "activation"))

                Assert.equal
                    [
                        "~ the root: order None → ['activation', 'layer']"
                        "~ the root: order [layer, activation] → [activation, layer]"
                    ]
                    (diff (Module.configure "order" [ "activation"; "layer" ]) |> List.truncate 2)

                let note = Action.beforeBuild "note" [] (fun _ node -> node)

                Assert.equal [ "~ layer: hooks [] → [note]" ] (diff (Module.select "layer" (Module.hook note []))))

            testCase "a part that is on one side alone is named once, without what it contains" (fun () ->
                let inner = Layers.sequential [ Layers.linear 2 2; Layers.relu ]
                let before = Layers.sequential [ Layers.relu ]
                Assert.equal "+ 1: Sequential" (Module.diff before (before |> Block.append inner))
                Assert.equal "- 1: Sequential" (Module.diff (before |> Block.append inner) before))

            // --- Trees -------------------------------------------------------------------------------------
            testCase "a tree is printed as PyTorch prints a model" (fun () ->
                Assert.equal
                    [
                        "MultiLayerPerceptron("
                        "  (blocks): LayerList("
                        "    (0): LinearBlock("
                        "      (layer): Linear(in_features=2, out_features=4, bias=True)"
                        "      (activation): ReLU()"
                        "    )"
                        "    (1): LinearBlock("
                        "      (layer): Linear(in_features=4, out_features=3, bias=True)"
                        "      (activation): Identity()"
                        "    )"
                        "  )"
                        ")"
                    ]
                    (lines (string perceptron)))
        ]
