/// Law 9: selectors give tags of the tree, each once; slices are Python's; text and selector are the same thing.
module Deeplay.Properties.SelectorLaws

open Expecto
open Deeplay.Tests
open FsCheck
open FsCheck.FSharp
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Properties.Law

// Small numbers most of the time: what is special about slices happens around 0 and -1.
let private bound =
    Gen.frequency
        [
            3, Gen.constant None
            6, Gen.map Some (Gen.choose (-2, 1))
            4, Gen.map Some (Gen.choose (-6, 6))
            1, Gen.elements [ Some System.Int32.MaxValue; Some -1000000 ]
        ]

let private slice: Gen<Slice> =
    gen {
        let! start = bound
        let! stop = bound

        let! step = Gen.frequency [ 2, Gen.constant None; 2, Gen.map Some (Gen.elements [ -3; -2; -1; 1; 2; 3 ]) ]

        return { Start = start; Stop = stop; Step = step }
    }

/// Python's reference, "common sequence operations": the items with index x = i + n*k such that 0 <= n < (j-i)/k,
/// where negative i and j count from the end, and both are reduced to what there is.
let private pythonSlice (slice: Slice) (items: int list) =
    let length = List.length items
    let k = defaultArg slice.Step 1

    let fromEnd x = if x < 0 then int64 x + int64 length else int64 x

    let least, most = if k > 0 then 0L, int64 length else -1L, int64 length - 1L
    let reduce x = max least (min most (fromEnd x))

    let i = slice.Start |> Option.map reduce |> Option.defaultValue (if k > 0 then 0L else most)

    let j = slice.Stop |> Option.map reduce |> Option.defaultValue (if k > 0 then most else -1L)

    // n from 0 on, as long as x has not come to j.
    Seq.initInfinite (fun n -> i + int64 n * int64 k)
    |> Seq.takeWhile (fun x -> if k > 0 then x < j else x > j)
    |> Seq.map (fun x -> items[int x])
    |> List.ofSeq

let private pick =
    Gen.frequency
        [
            6, Gen.map Named (Gen.elements [ "a"; "b"; "c"; "l0"; "l1"; "s"; "t"; "h1" ])
            2, Gen.map At (Gen.choose (-3, 4))
            2, Gen.map Between slice
        ]

let private filters =
    let filter =
        Gen.oneof
            [
                Gen.map OfKind (Gen.elements [ "Leaf"; "OtherLeaf"; "K2"; "K3"; "Nowhere" ])
                Gen.map Having (Gen.elements [ "x"; "y"; "n"; "append"; "nothing" ])
            ]

    Gen.frequency
        [
            5, Gen.constant []
            2, Gen.map List.singleton filter
            1, Gen.map2 (fun a b -> [ a; b ]) filter filter
        ]

let private choice =
    gen {
        let! count = Gen.frequency [ 3, Gen.constant 1; 1, Gen.constant 2 ]
        let! anyOf = Gen.listOfLength count pick
        let! which = Gen.frequency [ 1, Gen.constant None; 1, Gen.map Some slice ]
        let! only = filters

        return { AnyOf = anyOf; Only = only; Which = which }
    }

let private segment =
    Gen.frequency
        [
            1, Gen.map AnyDepth filters
            3,
            Gen.frequency [ 4, Gen.constant 1; 1, Gen.constant 2 ]
            |> Gen.bind (fun n -> Gen.listOfLength n choice)
            |> Gen.map OneFrom
        ]

let private selector: Gen<Selector> = Gen.choose (0, 3) |> Gen.bind (fun n -> Gen.listOfLength n segment)

let private onTrees =
    let both = Gen.zip selector Generators.scenario

    Arb.fromGen (
        both
        |> Gen.map (fun (selector, s) -> Selector.print selector, selector, ({ Scenario = s }: Render.Case))
    )

/// Whether the selector leaves the order to the tree: one thing a segment, and no slice backwards.
let private namesNoOrder (selector: Selector) =
    let forward (slice: Slice) = defaultArg slice.Step 1 > 0

    selector
    |> List.forall (fun segment ->
        match segment with
        | AnyDepth filters -> filters.IsEmpty
        | OneFrom [ { AnyOf = [ pick ]; Which = which } ] ->
            Option.forall forward which
            && (match pick with
                | Between slice -> forward slice
                | _ -> true)
        | OneFrom _ -> false)

/// By the words of the documentation: kinds by their chain of bases, what a module has by its parameters and methods.
let private passes (filters: Filter list) (_: Tag, node: Node) =
    let rec kinds (definition: Definition) =
        definition.Id :: (definition.Base |> Option.map kinds |> Option.defaultValue [])

    filters
    |> List.forall (fun filter ->
        match filter with
        | OfKind id -> List.contains id (kinds node.Definition)
        | Having name ->
            List.contains name node.Definition.Signature.Names || Seq.contains name node.Definition.Methods.Keys
        | Where _ -> false)

/// Whether the selector goes any depth down.
let private isDeep (selector: Selector) =
    selector
    |> List.exists (fun segment ->
        match segment with
        | AnyDepth _ -> true
        | OneFrom _ -> false)

/// Segments of names, indices and slices alone, followed one by one through the children.
let private naive (selector: Selector) (root: Node) =
    let pick (children: (Tag * Node) list) p =
        match p with
        | Named name -> children |> List.filter (fun (tag, _) -> tag.Name = name)
        | At i ->
            let i = if i < 0 then i + children.Length else i

            if i >= 0 && i < children.Length then [ children[i] ] else []
        | Between slice -> pythonSlice slice [ 0 .. children.Length - 1 ] |> List.map (fun i -> children[i])

    let step found segment =
        found
        |> List.collect (fun (tag, node) ->
            let children = Tree.children tag node |> List.map (fun (tag, node, _) -> tag, node)

            match segment with
            | OneFrom choices ->
                [
                    for choice in choices do
                        let found = choice.AnyOf |> List.collect (pick children) |> List.filter (passes choice.Only)

                        match choice.Which with
                        | None -> yield! found
                        | Some slice -> for i in pythonSlice slice [ 0 .. found.Length - 1 ] -> found[i]
                ]
            | AnyDepth _ -> [])

    List.fold step [ Tag.root, root ] selector |> List.distinctBy fst

/// A kind with a parameter that no other kind has.
let private own: Param<int> = Param.int "own" |> Param.withDefault 0

let private other = Definition.primitive "Other" [ own ] (fun _ shapes -> Ok { Outputs = shapes; Inferred = [] })

[<Tests>]
let tests =
    testList
        "SelectorLaws"
        [
            law "slices are Python's" (Arb.fromGen (Gen.zip slice (Gen.choose (0, 6)))) (fun (slice, length) ->
                let items = List.init length id
                Assert.equal (pythonSlice slice items) (Slice.apply slice items))

            testCase "slices are Python's, as Python printed them" (fun () ->
                // Printed by Python 3: list(range(5))[...]
                for text, expected in
                    [
                        "1:3", [ 1; 2 ]
                        "-2:", [ 3; 4 ]
                        ":-2", [ 0; 1; 2 ]
                        "::-1", [ 4; 3; 2; 1; 0 ]
                        "-1:0", []
                        "-1:0:-2", [ 4; 2 ]
                        "10:", []
                        "-10:2", [ 0; 1 ]
                        "3:-10:-1", [ 3; 2; 1; 0 ]
                        "::2", [ 0; 2; 4 ]
                    ] do
                    match SelectorText.parse text with
                    | [ OneFrom [ { AnyOf = [ Between slice ]; Only = []; Which = None } ] ] ->
                        Assert.equal expected (Slice.apply slice [ 0..4 ])
                    | other -> fail $"{text} is read as {other}")

            law "text → selector → text → selector is the identity" (Arb.fromGen selector) (fun selector ->
                let read = SelectorText.parse (Selector.print selector)
                Assert.equal read (SelectorText.parse (Selector.print read)))

            law "what is selected are tags of the tree, each once" onTrees (fun (_, selector, case) ->
                let root = Construct.root (Real.origin (Real.World case.Scenario) case.Scenario)
                let found = Selector.select selector Tag.root root

                for tag, node in found do
                    demand $"{tag} is there" (obj.ReferenceEquals(node, Tree.find tag root))

                demand "no tag twice" (List.length found = List.length (List.distinctBy fst found)))

            law "a selector selects what its text selects" onTrees (fun (text, selector, case) ->
                let root = Construct.root (Real.origin (Real.World case.Scenario) case.Scenario)

                let tags selector = Selector.select selector Tag.root root |> List.map (fst >> string)

                Assert.equal (tags selector) (tags (SelectorText.parse text)))

            law "results come in tree order where the selector names none" onTrees (fun (_, selector, case) ->
                // After two `...` a module is met from several places; the first of them counts.
                if namesNoOrder selector && (selector |> List.filter ((=) (AnyDepth []))).Length < 2 then
                    let root = Construct.root (Real.origin (Real.World case.Scenario) case.Scenario)
                    let order = Tree.walk root |> Seq.map (fun (tag, _, _) -> string tag) |> List.ofSeq
                    let found = Selector.select selector Tag.root root |> List.map (fst >> string)

                    let nested =
                        List.last (OneFrom [] :: selector) <> AnyDepth [] && isDeep selector && selector.Length > 2

                    // `.../x/y`: in the order of the `x`, then of their `y`; an `x` in an `x` has its own
                    // later.
                    if not nested then Assert.equal (List.filter (fun tag -> List.contains tag found) order) found)

            law "direct segments select as following them child by child" onTrees (fun (_, selector, case) ->
                if not (isDeep selector) then
                    let root = Construct.root (Real.origin (Real.World case.Scenario) case.Scenario)
                    let tags found = found |> List.map (fst >> string)

                    Assert.equal (tags (naive selector root)) (tags (Selector.select selector Tag.root root)))

            law "a name at any depth selects every tag that ends with it" scenarios (fun case ->
                let root = Construct.root (Real.origin (Real.World case.Scenario) case.Scenario)

                for name in [ "a"; "b"; "s"; "l0" ] do
                    let expected =
                        [
                            for tag, _, _ in Tree.walk root do
                                if tag.Name = name then string tag
                        ]

                    let found =
                        Selector.select (SelectorText.parse $".../{name}") Tag.root root |> List.map (fst >> string)

                    Assert.equal expected found)

            law
                "changes of one selection are changes of its tags, one after the other"
                onTrees
                (fun (_, selector, case) ->
                    let spec = Real.origin (Real.World case.Scenario) case.Scenario

                    let tags = Selector.select selector Tag.root (Construct.root spec) |> List.map fst

                    if not tags.IsEmpty then
                        // A module may go with the one that held it: the second change says so, or does not
                        // fit.
                        let atOnce =
                            Fail.catch (fun () ->
                                spec
                                |> Selection.change
                                    (Selection.narrow selector)
                                    (Module.become (Module.create [] other) >> Module.configure own 1)
                                |> string)

                        let oneByOne =
                            Fail.catch (fun () ->
                                (Selection.ofTags spec tags
                                 |> Change.apply None (Verbs.changeKind other Map.empty)
                                 |> Change.apply None (Verbs.configure "own" (Int 1L)))
                                    .Spec
                                |> string)

                        Assert.equal oneByOne atOnce)
        ]
