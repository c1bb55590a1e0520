/// Law 4: a tree depends on the spec alone, however it came about.
module Deeplay.Properties.ConstructionLaws

open System.Threading.Tasks
open Expecto
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Properties.Scenario
open Deeplay.Properties.Law

/// Fails unless both say the same, in everything that can be asked.
let private alike what (expected: Result<Node, Error list>) (found: Result<Node, Error list>) =
    match expected, found with
    | Ok expected, Ok found ->
        same what (Rows.ofTree expected) (Rows.ofTree found)
        demand $"{what}: Tree.equal" (Tree.equal expected found)
    | Error _, Error _ -> ()
    | _ -> fail $"{what}: there is a tree in one way alone"

/// A spec that holds three modules from one spec in each of two, where `specOf` gives what each is attached from.
let private holding (specOf: ModuleSpec -> ModuleSpec) spec =
    let holder id names (spec: ModuleSpec) =
        let attach _ (builder: Builder) =
            for name in names do
                builder.Attach(name, specOf spec, Last)

            NoForward

        Spec.create (Definition.create id [] attach) Map.empty

    spec |> holder "Inner" [ "a"; "b"; "c" ] |> holder "Outer" [ "one"; "two" ]

[<Tests>]
let tests =
    testList
        "ConstructionLaws"
        [
            law "constructing twice gives the same tree" scenarios (fun case ->
                let spec = Real.origin (Real.World case.Scenario) case.Scenario
                alike "again" (Construct.scratch spec) (Construct.scratch spec)
                let other = Real.origin (Real.World case.Scenario) case.Scenario
                same "elsewhere" (Rows.ofTree (Construct.root spec)) (Rows.ofTree (Construct.root other)))

            law
                "constructing what changed gives what constructing everything gives, after every step"
                scenarios
                (fun case ->
                    Real.run (Real.World case.Scenario) case.Scenario
                    |> List.iteri (fun i spec ->
                        alike $"after {i} steps" (Construct.scratch spec) (Construct.tree spec)))

            law "several changes at once are constructed as one after another" scenarios (fun case ->
                let specs = Real.run (Real.World case.Scenario) case.Scenario

                for first in List.truncate 2 specs do
                    let last = List.last specs
                    let news = Tape.steps last |> List.skip (min first.Steps.Length last.Steps.Length)

                    // The tree of the first is there; those in between nobody asks for.
                    if Result.isOk (Construct.tree first) then
                        let changed = news |> List.fold (fun spec step -> Spec.record step spec) first
                        alike "at once" (Construct.scratch changed) (Construct.tree changed)

                        alike
                            "again"
                            (Construct.scratch changed)
                            (Construct.again (news |> List.collect (fun s -> s.Targets)) (Construct.root first) changed))

            law
                "several children of one spec are as children of equal specs, whatever becomes of one"
                scenarios
                (fun case ->
                    let specs = Real.run (Real.World case.Scenario) case.Scenario
                    let shared, apart = holding id specs.Head, holding Spec.forget specs.Head
                    let there = Tag.ofNames [ "two"; "b" ]

                    let steps =
                        [
                            for step in Tape.steps (List.last specs) ->
                                { step with Targets = List.map (Tag.append there) step.Targets }
                        ]

                    let rec compare shared apart (steps: Deeplay.Core.Step list) =
                        match Construct.tree shared, Construct.tree apart with
                        | Ok shared, Ok apart -> same "the rows" (Rows.ofTree apart) (Rows.ofTree shared)
                        | Error _, Error _ -> ()
                        | _ -> fail "there is a tree in one way alone"

                        match steps with
                        | step :: later -> compare (Spec.record step shared) (Spec.record step apart) later
                        | [] -> ()

                    compare shared apart steps)

            law "independent changes commute" scenarios (fun case ->
                let world = Real.World case.Scenario
                let spec = Real.origin world case.Scenario
                let root = Construct.root spec

                let numbers =
                    [
                        for tag, node, isAlias in Tree.walk root do
                            if not isAlias then
                                for name in node.Definition.Signature.Names do
                                    if name <> "m" && name <> "ms" then tag.Names, name
                    ]

                // Ten pairs, spread over the tree.
                for i in 0..9 do
                    let tag, name = numbers[i * 7 % numbers.Length]
                    let tag', name' = numbers[(i * 11 + 3) % numbers.Length]

                    if (tag, name) <> (tag', name') then
                        let a = Real.change world [ tag ] (Set(name, Num(Just 3)))
                        let b = Real.change world [ tag' ] (Set(name', Num(Just 1)))

                        match a spec |> Result.bind b, b spec |> Result.bind a with
                        | Ok ab, Ok ba -> alike $"{tag}.{name}, {tag'}.{name'}" (Construct.tree ab) (Construct.tree ba)
                        | _ -> ())

            law "thirty-two threads construct the same tree" scenarios (fun case ->
                let spec = Real.run (Real.World case.Scenario) case.Scenario |> List.last
                let trees = Array.zeroCreate 32

                // Half of them ask one and the same spec, whose tree is not there yet; the others make it for
                // themselves.
                let unbuilt = Tape.fresh spec

                Parallel.For(
                    0,
                    32,
                    fun i -> trees[i] <- if i % 2 = 0 then Construct.tree unbuilt else Construct.scratch spec
                )
                |> ignore

                for tree in trees do
                    match Construct.tree spec, tree with
                    | Ok expected, Ok found -> demand "equal trees" (Tree.equal expected found)
                    | Error _, Error _ -> ()
                    | _ -> fail "some threads have a tree and others don't")

            testCase "a module owns what it was given itself, among several from one spec" (fun () ->
                let m, x = Param.spec "m", Param.int "x" |> Param.withDefault 0
                let leaf = Definition.create "Leaf" [ x ] (fun _ _ -> NoForward)
                let keeping = Definition.create "Keeping" [ m ] (fun _ _ -> NoForward)

                let attaching =
                    Action.afterInit "attach_it" [] (fun _ builder ->
                        builder.Attach("it", builder.Arguments.Get m, Last))

                let given = Spec.create leaf Map.empty |> Module.configure x 7
                let spec = Spec.create keeping (Map.ofList [ m => given ])

                let rows specOf =
                    holding specOf spec
                    |> Module.select "two/b" (Module.hook attaching [])
                    |> Construct.root
                    |> Rows.ofTree

                same "the rows" (rows Spec.forget) (rows id))

            testCase "a hook of a module's own holds what is that module's, among several from one spec" (fun () ->
                let m, x = Param.spec "m", Param.int "x" |> Param.withDefault 0
                let leaf = Definition.create "Leaf" [ x ] (fun _ _ -> NoForward)
                let given = Spec.create leaf Map.empty |> Module.configure x 7
                let acting = Action.beforeBuild "act" [ m ] (fun _ node -> node)

                let hooked =
                    Definition.create "Hooked" [] (fun _ builder ->
                        builder.Change(Tag.root, Verbs.act acting (Map.ofList [ m => given ]), false)
                        NoForward)

                let root = Spec.create hooked Map.empty |> holding id |> Construct.root

                for tag in [ "one"; "two" ] |> List.collect (fun first -> [ first + ".a"; first + ".b" ]) do
                    let node = Tree.find (Tag.parse tag) root

                    match node.Hooks.Head.Arguments["m"] with
                    | Module spec ->
                        same "the owner" [ string (Derived node.Tag) ] [ string spec.Memory.Owners.Head.Source ]
                    | other -> fail (Value.print other))

            testCase "a module that looks at its tag has no twins" (fun () ->
                let asked = ResizeArray<string>()

                let asking =
                    Definition.create "Asking" [] (fun _ builder ->
                        asked.Add(string builder.Tag)
                        NoForward)

                let spec = Spec.create asking Map.empty
                let other = Spec.create (Definition.create "Other" [] (fun _ _ -> NoForward)) Map.empty

                let holder =
                    Definition.create "Holder" [] (fun _ builder ->
                        // Those before it have twins.
                        for name in [ "first"; "second" ] do
                            builder.Attach(name, other, Last)

                        for name in [ "a"; "b"; "c" ] do
                            builder.Attach(name, spec, Last)

                        NoForward)

                Construct.root (Spec.create holder Map.empty) |> ignore
                same "the tags" [ "a"; "b"; "c" ] (List.ofSeq asked))

            testCase "a module that looks at a child, which has a tag, has no twins" (fun () ->
                let x = Param.int "x" |> Param.withDefault 0
                let leaf = Definition.create "Leaf" [ x ] (fun _ _ -> NoForward)
                let seen = ResizeArray<string>()

                let looking =
                    Definition.create "Looking" [] (fun _ builder ->
                        builder.Attach("leaf", Spec.create leaf Map.empty, Last)
                        seen.Add(string (builder.Observe(Tag.ofNames [ "leaf" ])).Tag)
                        NoForward)

                let spec = holding id (Spec.create looking Map.empty)
                Construct.root spec |> ignore

                let tags =
                    [
                        for first in [ "one"; "two" ] ->
                            [ for second in [ "a"; "b"; "c" ] -> $"{first}.{second}.leaf" ]
                    ]

                same "the tags" (List.concat tags) (List.ofSeq seen)

                // And when something is said of all of them.
                seen.Clear()
                spec |> Module.select "*/*/leaf" (Module.configure x 1) |> Construct.root |> ignore
                same "the tags again" (List.concat tags) (List.ofSeq seen))

            testCase "what an author says of a module is an error exactly where there is no such module" (fun () ->
                let x = Param.int "x" |> Param.withDefault 0
                let leaf = Definition.create "Leaf" [ x ] (fun _ -> init { return NoForward })

                let pair =
                    Definition.create "Pair" [ x ] (fun _ ->
                        init {
                            let! _ = child "c" (Spec.create leaf Map.empty)
                            return NoForward
                        })

                let there = [ "a"; "b"; "b.c" ]

                for target in there @ [ "c"; "a.c"; "b.a"; "b.c.a" ] do
                    for isOptional in [ false; true ] do
                        let holder =
                            Definition.create "Holder" [] (fun _ ->
                                init {
                                    let! _ = child "a" (Spec.create leaf Map.empty)

                                    do!
                                        (if isOptional then
                                             tryConfigure (at target) x 1
                                         else
                                             configure (at target) x 1)

                                    let! _ = child "b" (Spec.create pair Map.empty)
                                    return NoForward
                                })

                        let made = Construct.tree (Spec.create holder Map.empty)
                        let expected = isOptional || List.contains target there
                        demand $"{target}, optional: {isOptional}" (Result.isOk made = expected))
        ]
