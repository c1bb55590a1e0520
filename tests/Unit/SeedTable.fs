/// From the seed to values: one test for each row of the design's table, by the row's words.
module Deeplay.Tests.SeedTable

open System.IO
open System.Threading
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests

open Deeplay.Tests.LoweringHelp

let private width = Param.int "width" |> Param.withDefault 1

let private leaf = Definition.primitive "Leaf" [ width ] (fun _ shapes -> Ok { Outputs = shapes; Inferred = [] })

/// Two leaves, the first ten times as wide as it is told; with a width of 0 it says nothing of them.
let private twin =
    Definition.create "Twin" [ width ] (fun arguments ->
        init {
            let! a = child "a" (Module.create [] leaf)
            let! b = child "b" (Module.create [] leaf)

            if arguments.Get width <> 0 then do! configure a width (10 * arguments.Get width)

            return forward (fun x -> call b (call a x))
        })

/// Holds a twin under the name `twin`.
let private holder =
    Definition.create "Holder" [] (fun _ ->
        init {
            let! twin = child "twin" (Module.create [] twin)
            return forward (call twin)
        })

let private sourceOf tag name spec =
    match (Module.explain tag name spec).Candidates.Head.Origin with
    | Explain.Setting(source, _) -> source
    | other -> failwith $"not a setting: {other}"

[<Tests>]
let tests =
    torchTests
        "SeedTable"
        [
            testCase "the lifecycle is three functions in a row: spec, construct, build" (fun () ->
                let spec = Components.multiLayerPerceptron 2 [ 4 ] 3
                let tree = Module.construct spec
                Assert.equal "MultiLayerPerceptron" tree.Definition.Id
                use built = build [] spec

                Assert.equal
                    [ "blocks.0.layer.weight"; "blocks.0.layer.bias"; "blocks.1.layer.weight"; "blocks.1.layer.bias" ]
                    (List.map fst (parametersOf built)))

            testCase "there is no ambient state: 32 threads construct and configure from one spec alike" (fun () ->
                let spec = Module.create [ width => 2 ] twin
                let trees = Array.zeroCreate<Node> 32
                use together = new Barrier(32)

                let work i () =
                    together.SignalAndWait()

                    trees[i] <-
                        spec
                        |> Module.configure width (3 + i % 2)
                        |> Module.select "b" (Module.configure width 7)
                        |> Module.construct

                let threads = [ for i in 0..31 -> Thread(work i) ]

                for thread in threads do
                    thread.Start()

                for thread in threads do
                    thread.Join()

                for i in 0..31 do
                    let widths =
                        [ for name in [ "a"; "b" ] -> (Tree.find (Tag.parse name) trees[i]).Arguments.Get width ]

                    Assert.equal [ 10 * (3 + i % 2); 7 ] widths
                    Assert.isTrue (Tree.equal trees[i % 2] trees[i])

                Assert.equal 20 (Module.argument "a" width spec))

            testCase "the arguments are in the spec as they were given" (fun () ->
                let one = Value.Module(Layers.linear 2 2)
                let nested = List [ one; List [ one; one ] ]
                let spec = Module.create [ "layers", nested ] Sequential.definition
                Module.construct spec |> ignore
                let changed = spec |> Module.select "0" (Module.configure Linear.bias false)

                for spec in [ spec; changed; Module.fresh changed ] do
                    Assert.equal [ "layers", nested ] (Map.toList spec.Arguments))

            testCase "prepare gives the arguments their form: a list is flattened, positionals are named" (fun () ->
                let one = Value.Module(Layers.linear 2 2)

                let spec = Module.create [ "layers", List [ one; List [ one; List [ one ] ] ] ] Sequential.definition

                Assert.equal [ "0"; "1"; "2" ] (Module.names ":" spec)

                let sizes = Param.ints "sizes" |> Param.withDefault []
                let height = Param.int "height" |> Param.withDefault 0

                let positional =
                    Definition.primitive "Positional" [ sizes; width; height ] (fun _ _ ->
                        Ok { Outputs = []; Inferred = [] })
                    |> Definition.withPrepare (fun given ->
                        match given.TryFind "sizes", given.TryFind "w", given.TryFind "h" with
                        | Some(List [ w; h ]), _, _
                        | None, Some w, Some h -> Map.ofList [ "width", w; "height", h ]
                        | _ -> given)

                // `w` and `h` are no parameters: only `prepare` knows them.
                for given in [ [ sizes => [ 3; 4 ] ]; [ "w", Int 3L; "h", Int 4L ] ] do
                    let spec = Module.create given positional
                    let tree = Module.construct spec
                    Assert.equal (3, 4) (tree.Arguments.Get width, tree.Arguments.Get height)
                    let text = Fail.unwrap (Codec.encode spec)

                    Assert.equal spec (Fail.unwrap (Codec.decode (Registry.add positional Registry.empty) text))

                match errorsOf (fun () -> Module.create [ "x", Int 3L ] positional) with
                | [ UnknownName(_, "Positional", "parameter", "x", _) ] -> ()
                | other -> failtest $"%A{other}")

            testCase
                "construct: arguments are prepared and resolved, init, after-init hooks and finish run, in this order"
                (fun () ->
                    let seen = ResizeArray<string>()

                    let staged =
                        Definition.create "Staged" [ width ] (fun arguments ->
                            fun _ ->
                                seen.Add $"init {arguments.Get width}"
                                NoForward)
                        |> Definition.withPrepare (fun given ->
                            seen.Add "prepare"
                            given)
                        |> Definition.withResolve (fun arguments ->
                            seen.Add $"resolve {arguments.Get width}"
                            arguments.With("width", Int 9L))
                        |> Definition.withFinish (fun node ->
                            seen.Add "finish"
                            node)

                    let note =
                        Action.afterInit "note" [] (fun _ builder -> seen.Add $"hook {builder.Arguments.Get width}")

                    let made = Module.create [ width => 4 ] staged
                    // Making the spec looks at its arguments, and at nothing else.
                    Assert.doesNotContain "init 9" seen
                    let spec = made |> Module.hook note [] |> Module.fresh
                    seen.Clear()
                    Module.construct spec |> ignore

                    Assert.equal [ "prepare"; "resolve 4"; "init 9"; "hook 9"; "finish" ] (List.ofSeq seen))

            testCase "construct drops what was derived there, and keeps what ancestors and the user said" (fun () ->
                let above =
                    Definition.create "Above" [] (fun _ ->
                        init {
                            let! twin = child "twin" (Module.create [ width => 2 ] twin)
                            do! configure (twin / "b") width 5
                            return forward (call twin)
                        })

                let spec = Module.create [] above

                let widths spec = [ for tag in [ "twin.a"; "twin.b" ] -> Module.argument tag width spec ]

                Assert.equal [ 20; 5 ] (widths spec)
                // Now the twin derives nothing for `a`: its default is back. What the root derived for
                // `b` stays.
                let again = spec |> Module.select "twin" (Module.configure width 0)
                Assert.equal [ 1; 5 ] (widths again)
                let told = again |> Module.select "twin/b" (Module.configure width 6)

                Assert.equal [ 1; 6 ] (widths (told |> Module.select "twin" (Module.configure width 3) |> Module.undo)))

            testCase "finish has the last word: node to node" (fun () ->
                let doubled =
                    twin
                    |> Definition.withFinish (fun node ->
                        let twice = Int(2L * int64 (node.Arguments.Get width))
                        Tree.withArguments (node.Arguments.With("width", twice)) node)

                let spec = Module.create [ width => 4 ] doubled
                Assert.equal 8 (Module.argument "" width spec)
                // The init saw what there was before.
                Assert.equal 40 (Module.argument "a" width spec))

            testCase "whoever is constructing is known from the position in the tree" (fun () ->
                let said = Module.create [] leaf |> Module.configure width 3

                let attaching =
                    Definition.create "Attaching" [] (fun _ ->
                        init {
                            let! _ = child "leaf" said
                            return NoForward
                        })

                let outer =
                    Definition.create "Outer" [] (fun _ ->
                        init {
                            let! _ = child "inner" (Module.create [] attaching)
                            return NoForward
                        })

                Assert.equal User (sourceOf "" "width" said)
                Assert.equal (Derived Tag.root) (sourceOf "leaf" "width" (Module.create [] attaching))

                Assert.equal (Derived(Tag.parse "inner")) (sourceOf "inner.leaf" "width" (Module.create [] outer)))

            testCase "a shared module has several tags; the root's config speaks for the hierarchy" (fun () ->
                let sharing =
                    Definition.create "Sharing" [] (fun _ ->
                        init {
                            let! twin = child "twin" (Module.create [] twin)
                            let! again = alias "again" twin
                            return forward (fun x -> call again (call twin x))
                        })

                let spec = Module.create [] sharing |> Module.select "again/a" (Module.configure width 7)

                let tags tag = Tree.tagsOf (Tag.parse tag) (Module.construct spec) |> List.map string

                Assert.equal [ "twin"; "again" ] (tags "again")
                Assert.equal [ "twin.a"; "again.a" ] (tags "twin.a")
                Assert.equal 7 (Module.argument "twin.a" width spec)
                // What was said of any module is kept in one place, under its tag from the root.
                Assert.equal
                    [ "again.a", Parameter "width" ]
                    (Config.toList spec.Memory.Config |> List.map (fun (tag, key, _) -> string tag, key)))

            testCase "a derived setting has as source the tag of the module whose init asked for it" (fun () ->
                let spec = Module.create [] holder
                Assert.equal (Derived(Tag.parse "twin")) (sourceOf "twin.a" "width" spec)
                Assert.equal 10 (Module.argument "twin.a" width spec))

            testCase "resolveArguments is the definition's to override" (fun () ->
                let even =
                    twin
                    |> Definition.withResolve (fun arguments ->
                        arguments.With("width", Int(int64 (arguments.Get width / 2 * 2))))

                let spec = Module.create [ width => 5 ] even
                Assert.equal (4, 40) (Module.argument "" width spec, Module.argument "a" width spec)
                // It comes after the configuration was heard.
                Assert.equal 6 (Module.argument "" width (Module.configure width 7 spec)))

            testCase "parameters are typed, and the factory functions take them" (fun () ->
                let bias: Param<bool> = Linear.bias

                Assert.equal
                    [ "in_features", IntType; "out_features", IntType; "bias", BoolType ]
                    [ for p in Linear.definition.Signature.Parameters -> p.Name, p.Type ]

                let made: ModuleSpec = Layers.linear 3 4

                Assert.equal [ "in_features", Int 3L; "out_features", Int 4L ] (Map.toList made.Arguments)

                Assert.isFalse (Module.argument "" bias (Module.configure bias false made))

                match errorsOf (fun () -> Module.configure "bias" "no" made) with
                | [ WrongValue(_, "Linear", "bias", "a bool", "'no'") ] -> ()
                | other -> failtest $"%A{other}")

            testCase "Config holds items that are the user's, derived or detached, and attaching decides" (fun () ->
                let said = Module.create [] leaf |> Module.configure width 3

                let sources config = Config.toList config |> List.map (fun (_, _, item) -> item.Source)

                Assert.equal [ Detached ] (sources said.Memory.Config)

                let given = Layers.sequential [ said ]
                // It came in through an argument that the user gave.
                Assert.equal User (sourceOf "0" "width" given)

                let everything (node: Node) : ConfigItem<Setting> list =
                    [
                        for _, below, _ in Tree.walk node do
                            for parameter in below.Definition.Signature.Parameters do
                                yield! Scopes.candidates (Parameter parameter.Name) below.Particulars.Scopes
                    ]

                for spec in [ said; given; Module.create [] holder ] do
                    let items = everything (Module.construct spec)
                    Assert.notEmpty items
                    Assert.doesNotContain Detached (items |> List.map (fun item -> item.Source)))

            testCase "what changes a spec is a step; what runs at a stage is a hook" (fun () ->
                let seen = ResizeArray<string>()
                let afterInit = Action.afterInit "first" [] (fun _ _ -> seen.Add "after init")

                let beforeBuild =
                    Action.beforeBuild "second" [] (fun _ node ->
                        seen.Add "before build"
                        node)

                let afterBuild = Action.afterBuild "third" [] (fun _ _ -> seen.Add "after build")

                let spec =
                    Layers.linear 2 2
                    |> Module.configure Linear.bias false
                    |> Module.hook afterBuild []
                    |> Module.hook beforeBuild []

                let spec = Layers.sequential [ spec ] |> Module.hook afterInit []
                Assert.equal 1 (Module.tape spec).Length

                Assert.equal
                    [ "the root: bias = False"; "the root: third()"; "the root: second()" ]
                    (match spec.Arguments["layers"] with
                     | List [ Module inner ] -> Module.tape inner |> List.map Tape.describe
                     | _ -> [])

                use _built = build [] spec
                Assert.equal [ "after init"; "before build"; "after build" ] (List.ofSeq seen))

            testCase "fresh: the tape replayed over the original arguments" (fun () ->
                let spec =
                    Module.create [ width => 2 ] twin
                    |> Module.configure width 3
                    |> Module.select "b" (Module.configure width 8)

                let widths spec = [ for tag in [ "a"; "b" ] -> Module.argument tag width spec ]

                let made = Module.fresh spec
                let replayed = Module.replay (Module.tape spec) (Spec.origin spec)
                Assert.equal [ 20; 1 ] (widths (Spec.origin spec))

                for again in [ made; replayed ] do
                    Assert.equal spec again
                    Assert.equal [ 30; 8 ] (widths again)

                let nodes spec = [ for _, node, _ in Tree.walk (Module.construct spec) -> node ]

                for mine in nodes spec do
                    for other in nodes made do
                        Assert.notSame mine other)

            testCase "building never spoils a spec" (fun () ->
                let spec =
                    Components.multiLayerPerceptron 2 [ 4 ] 3
                    |> Module.select "blocks" (Block.append (Layers.linear 3 3))

                let before = string spec, Fail.unwrap (Codec.encode spec), Module.construct spec

                let afterwards =
                    use first = build [] spec
                    use second = build [] spec

                    Assert.notSame (List.head (parametersOf first) |> snd) (List.head (parametersOf second) |> snd)

                    string spec, Fail.unwrap (Codec.encode spec), Module.construct spec

                let text, json, tree = before
                let textAfter, jsonAfter, treeAfter = afterwards
                Assert.equal (text, json) (textAfter, jsonAfter)
                Assert.same tree treeAfter

                let other = spec |> Module.select "blocks/0/layer" (Module.configure Linear.bias false)

                use built = build [] other
                Assert.equal 5 (List.length (parametersOf built)))

            testCase
                "a checkpoint is the unbuilt spec as JSON beside the weights, read through a closed registry"
                (fun () ->
                    let spec =
                        Applications.classifier 2 (Components.multiLayerPerceptron 2 [ 3 ] 2)
                        |> Module.select "model/blocks/0/activation" (Module.become Layers.gelu)

                    let path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName())

                    try
                        use application = Application.build (optionsFor []) [ 2L ] spec
                        Checkpoint.save path application
                        let header = Safetensors.reading path (fun header _ -> header)
                        Assert.equal (Fail.unwrap (Codec.encode spec)) (header.Metadata["deeplay.spec"])
                        use loaded = Checkpoint.load "" Library.registry (optionsFor []) path
                        Assert.equal spec loaded.Spec

                        let weights (a: Application) = [ for name, p in parametersOf a.Module -> name, numbers p ]

                        Assert.equal
                            [
                                for i in 0..1 do
                                    for name in [ "weight"; "bias" ] -> $"model.blocks.{i}.layer.{name}"
                            ]
                            (List.map fst (weights application))

                        Assert.equal (weights application) (weights loaded)

                        match
                            errorsOf (fun () -> Checkpoint.load "by adding it." Registry.empty (optionsFor []) path)
                        with
                        | [ Malformed(file, _, found) ] ->
                            Assert.equal path file
                            Assert.containsText "a definition of the registry, found 'Classifier'" found
                            Assert.containsText "goes into the registry: by adding it." found
                        | other -> failtest $"%A{other}"
                    finally
                        File.Delete path)
        ]
