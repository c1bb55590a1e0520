/// A spec is a plain value: what it says, what counts in comparisons, what is undone as one, what an author may say.
module Deeplay.Unit.SpecValues

open Expecto
open Deeplay.Tests
open Deeplay.Core
open Deeplay.FSharp

let private perceptron = Components.multiLayerPerceptron 8 [ 4; 4 ] 2

let private holder id body : ModuleSpec =
    Definition.create id [] (fun _ ->
        init {
            do! body
            return NoForward
        })
    |> Module.create []

/// Levels that each look into the one below before they attach it.
let private looking depth =
    let mutable constructed = 0

    let rec level depth : Definition =
        if depth = 0 then
            Linear.definition
        else
            let below = level (depth - 1)

            Definition.create $"Level{depth}" [] (fun _ ->
                constructed <- constructed + 1

                init {
                    let spec = Module.create [] below

                    let! _ =
                        child "a" (if depth = 1 then spec else spec |> Module.select "a" (Module.logOutput "seen"))

                    return NoForward
                })

    Module.construct (Module.create [] (level depth)) |> ignore
    constructed

[<Tests>]
let tests =
    testList
        "SpecValues"
        [
            testCase "specs that say the same on two lines of a program are equal" (fun () ->
                let one = Module.configure "hidden_features" [ 3 ] perceptron
                let other = Module.configure "hidden_features" [ 3 ] perceptron

                let line spec = (List.head (Module.tape spec)).Location.Value.Line

                Expect.equal (line other) (line one + 1) "they were made on two lines"
                Expect.equal other one "and are equal")

            testCase "a step says the file's name and the line that made it" (fun () ->
                let step = perceptron |> Module.configure "hidden_features" [ 3 ] |> Module.tape |> List.head

                Expect.equal step.Location.Value.File "SpecValues.fs" "the file, without its folder"

                Expect.stringContains
                    (string (Module.explain "" "hidden_features" (Module.configure "hidden_features" [ 3 ] perceptron)))
                    "step 1 at SpecValues.fs:"
                    "an explanation tells it")

            testCase "a call over modules of different kinds is undone as one" (fun () ->
                let number =
                    Definition.create "Number" [ Param.int "n" |> Param.withDefault 1 ] (fun _ ->
                        init { return NoForward })

                let fraction =
                    Definition.create "Fraction" [ Param.float "n" |> Param.withDefault 1.0 ] (fun _ ->
                        init { return NoForward })

                let both = Layers.list [ Module.create [] number; Module.create [] fraction ]

                let changed = both |> Module.select ":" (Module.configure "n" 2)
                Expect.equal (Module.tape changed).Length 2 "an int here, a float there"
                Expect.equal (Module.undo changed) both "undone as one"
                Expect.equal (changed |> Module.undo |> Module.redo) changed "and redone as one"

                let registry =
                    [ both.Definition; number; fraction ] |> List.fold (fun all d -> Registry.add d all) Registry.empty

                let read = Fail.unwrap (Codec.decode registry (Fail.unwrap (Codec.encode changed)))
                Expect.equal (Module.undo read) both "also when it comes from a file")

            testCase "a group is undone as one, and a group in it keeps its own name" (fun () ->
                let changed =
                    perceptron
                    |> Module.grouped "all" (fun spec ->
                        spec
                        |> Module.configure "hidden_features" [ 3; 3 ]
                        |> Module.grouped "inner" (Module.configure "out_features" 5)
                        |> Module.configure "in_features" 7)

                Expect.equal
                    (Module.tape changed |> List.map (fun step -> step.Group, step.Continues))
                    [ Some "all", false; Some "inner", true; Some "all", true ]
                    "three steps of one entry"

                Expect.equal (Module.undo changed) perceptron "undone as one")

            testCase "what is undone within a group is refused" (fun () ->
                Expect.throwsT<DeeplayException>
                    (fun () ->
                        perceptron |> Module.configure "out_features" 5 |> Module.grouped "g" Module.undo |> ignore)
                    "a group only adds")

            testCase "what an author says of a module that is never there is an error that names the nearest" (fun () ->
                let wrong =
                    holder
                        "Wrong"
                        (init {
                            let! _ = child "bias" (Layers.linear 2 2)
                            do! configure (at "bais") Linear.bias false
                        })

                Expect.equal
                    (Recorded.problem (fun () -> Module.construct wrong))
                    "There is no module 'bais': the root has no child 'bais'. Did you mean 'bias'? It has: bias."
                    "the author's typo"

                let deeper =
                    holder
                        "Deeper"
                        (init {
                            let! list = child "list" (Layers.list [ Layers.linear 2 2 ])
                            do! configure (list / "zz") "bias" false
                        })

                Expect.stringContains
                    (Recorded.problem (fun () -> Module.construct deeper))
                    "There is no module 'list.zz': list has no child 'zz'"
                    "below a child too")

            testCase
                "what may be missing is said with tryConfigure, and a user's other kind is no mistake of the author's"
                (fun () ->
                    let fine =
                        holder
                            "Fine"
                            (init {
                                let! list = child "list" (Layers.list [ Layers.linear 2 2 ])
                                do! tryConfigure (at "absent") "bias" false
                                do! configure (list / "0") Linear.bias false
                            })

                    Expect.isFalse (Module.argument "list.0" Linear.bias fine) "what is there hears it"
                    let exchanged = fine |> Module.select "list" (Module.become Layers.relu)
                    Expect.equal (Module.construct exchanged).Children.Names [ "list" ] "it constructs")

            testCase "looking into a child before it is attached costs no more with each level" (fun () ->
                let runs depth = looking depth
                let at10, at20 = runs 10, runs 20
                // Each init runs once where its module is attached, and once for each level above that looked into it.
                Expect.isLessThan at20 (5 * at10) $"{at10} inits at depth 10, {at20} at 20")

            testCase "many nested modules are too many, not one that contains itself" (fun () ->
                let nested = Seq.fold (fun inner _ -> Layers.sequential [ inner ]) Layers.relu (seq { 1..5000 })

                let problem = Recorded.problem (fun () -> Module.construct nested)

                Expect.stringContains
                    problem
                    "nested too deep, 1000 levels are the most: Sequential > Sequential > …"
                    "it is said as it is")

            testCase "specs that are nested deeper than the stack can't be compared, which is an error" (fun () ->
                let nested depth = Seq.fold (fun inner _ -> Layers.sequential [ inner ]) Layers.relu (seq { 1..depth })

                Assert.equal (nested 900) (nested 900)

                Assert.equal
                    [ "the root (Sequential): it is nested too deep to be compared." ]
                    (Recorded.problem (fun () -> nested 100_000 = nested 100_000) |> List.singleton))

            testCase "a message of a long text is cut" (fun () ->
                let text = String.replicate 1_000_000 "x"

                for work in
                    [
                        fun () -> Module.select text id Layers.relu
                        fun () -> Layers.relu |> Module.configure "inplace" text
                        fun () -> Components.multiLayerPerceptron 1 (List.replicate 1_000_000 -1) 1
                    ] do
                    Expect.isLessThan (Recorded.problem work).Length 4000 "it can be read")

            testCase "a forward pass knows its own tensors alone" (fun () ->
                let mutable other = None

                let pass body = Definition.create "Pass" [] (fun _ -> init { return forward body }) |> Module.create []

                pass (fun x ->
                    other <- Some x
                    x)
                |> Module.construct
                |> ignore

                for body in [ (fun x -> x + other.Value); (fun _ -> other.Value); (fun _ -> Op.cat 0 []) ] do
                    Expect.stringContains
                        (Recorded.problem (fun () -> Module.construct (pass body)))
                        "forward pass: expected tensors of this pass"
                        "and says so")

            testCase "a definition has each parameter once" (fun () ->
                Assert.equal
                    "definition Twice: expected every parameter once, found 'x' twice."
                    (Recorded.problem (fun () ->
                        Definition.primitive "Twice" [ Param.int "x"; Param.int "x" ] (fun _ _ ->
                            Rule.gives Shape.Unranked))))

            testCase "a whole number of more than 32 bits is too large where it is said so" (fun () ->
                Assert.equal
                    "the root (Linear): 'out_features' must be an int of 32 bits, but is 8589934592."
                    (Recorded.problem (fun () ->
                        Layers.linear 1 1 |> Module.configure "out_features" (1L <<< 33) |> Module.inferShape [ 1; 1 ])))

            testCase "two definitions with one id in one spec are refused when it is saved" (fun () ->
                let twin bias =
                    Definition.create "Twin" [] (fun _ ->
                        init {
                            let! layer = child "layer" (Layers.linear 2 2 |> Module.configure Linear.bias bias)

                            return forward (call layer)
                        })
                    |> Module.create []

                match Codec.encode (Layers.sequential [ twin true; twin false ]) with
                | Error [ NotSaveable(_, problem) ] ->
                    Expect.stringContains problem "two different definitions with the id 'Twin'" "both are named"
                | other -> failtest $"%A{other}")

            testCase
                "an edit that does not fit fails where it is asked for, unless the spec is not finished yet"
                (fun () ->
                    Expect.throwsT<DeeplayException>
                        (fun () -> Blocks.linear 2 2 |> Block.remove "lay" |> ignore)
                        "there is no such child"

                    let unfinished = Module.create [] LinearBlock.definition |> Block.activated Layers.relu

                    let finished = unfinished |> Module.configure LinearBlock.outFeatures 3

                    Expect.equal
                        (Module.construct finished).Children.Names
                        [ "layer"; "activation" ]
                        "it is finished later")
        ]
