/// Random scenarios. What is said goes mostly to modules that are there: targets are followed through the
/// definitions, and the user's script is made step by step, on the tree that the oracle gives.
module Deeplay.Properties.Generators

open FsCheck.FSharp
open FsCheck
open Deeplay.Properties.Scenario
open Deeplay.Properties.Expressions

/// The definition of the kind after these.
let private definition (kinds: Kind list) : Gen<Kind> =
    let context = { Kinds = kinds; Below = kinds.Length + 2; HasArguments = true; Looks = []; Depth = 2 }

    gen {
        let! standard =
            Gen.frequency [ 2, Gen.constant Nothing; 1, Gen.map Mod (make { context with HasArguments = false }) ]

        let! count = Gen.choose (1, 3)
        let! specs = Gen.listOfLength count (make context)

        let attached =
            [
                for name, spec in List.zip (List.truncate count [ "a"; "b"; "c" ]) specs -> Attach(name, spec, AtEnd)
            ]

        let! repeated =
            Gen.map2
                (fun n make -> Repeat("l", n, make))
                (Gen.elements [ Own "n"; Just 2 ])
                (make { context with Depth = 1 })

        let! attached =
            Gen.elements
                [
                    attached
                    attached
                    attached @ [ repeated ]
                    repeated :: attached
                    attached @ [ Each("e", "ms") ]
                ]

        let targets = below kinds 2 attached

        let names =
            [
                for statement in attached do
                    match statement with
                    | Attach(name, _, _) -> name
                    | _ -> ()
            ]

        let alias name =
            gen {
                let! deep = Gen.frequency [ 3, Gen.constant false; 2, Gen.constant true ]

                let! target =
                    if deep && not targets.IsEmpty then
                        Gen.map fst (Gen.elements targets)
                    else
                        Gen.elements [ for n in names -> [ n ] ]

                return Alias(name, target)
            }

        let! aliases =
            Gen.frequency
                [
                    3, Gen.constant []
                    2, Gen.map List.singleton (alias "s")
                    1, Gen.map2 (fun a b -> [ a; b ]) (alias "s") (alias "t")
                    1, Gen.map (fun a -> [ a; Alias("t", [ "s" ]) ]) (alias "s")
                ]

        // Through a second name, too.
        let targets =
            targets
            @ [
                for statement in aliases do
                    match statement with
                    | Alias(name, target) ->
                        for path, kind in targets do
                            if List.truncate target.Length path = target then name :: List.skip target.Length path, kind
                    | _ -> ()
            ]

        let! says =
            if targets.IsEmpty then
                Gen.constant []
            else
                Gen.choose (0, 3) |> Gen.bind (fun n -> Gen.listOfLength n (say context targets))

        let! looking =
            if targets.IsEmpty then
                Gen.constant []
            else
                Gen.frequency
                    [
                        2, Gen.constant []
                        1, Gen.map List.singleton (say { context with Looks = targets; Depth = 0 } targets)
                    ]

        let! own =
            Gen.frequency
                [
                    5, Gen.constant []
                    1, Gen.map (fun h -> [ Say([], h) ]) (hook { context with Depth = 2 } attached)
                ]

        // Configured before or after attaching: anywhere among the statements.
        let! places = Gen.listOfLength says.Length (Gen.choose (0, attached.Length))

        let mixed =
            List.zip places says
            |> List.fold (fun statements (place, say) -> List.insertAt place say statements) attached

        let rules =
            let rule =
                Gen.frequency
                    [
                        2, Gen.elements [ Plus("x", 100); Plus("y", 1000); Plus("n", 1) ]
                        1, Gen.elements [ Same("x", "y"); Same("y", "x") ]
                    ]

            Gen.frequency [ 3, Gen.constant []; 1, Gen.map List.singleton rule; 1, Gen.listOfLength 2 rule ]

        let! prepare = rules
        let! resolve = rules

        let! counts = Gen.frequency [ 4, Gen.constant None; 1, Gen.elements [ Some "y"; Some "x" ] ]

        let! forward =
            Gen.frequency
                [
                    2, Gen.constant None
                    1, Gen.constant (Some [ for name in names -> [ name ] ])
                    if not targets.IsEmpty then
                        1, Gen.map Some (Gen.listOfLength 2 (Gen.map fst (Gen.elements targets)))
                ]

        return
            {
                Default = standard
                Init = mixed @ aliases @ looking @ own
                Prepare = prepare
                Resolve = resolve
                Counts = counts
                Forward = forward
            }
    }

/// A user's change of some of these modules, or going back and forth.
let private steps kinds (root: Rules.Node) : Gen<Step list> =
    let context = { Kinds = kinds; Below = kinds.Length + 2; HasArguments = false; Looks = []; Depth = 2 }

    let modules = Reference.walk [] root

    gen {
        let! path, node = Gen.elements modules

        let same =
            [
                for other, n in modules do
                    if n.Kind = node.Kind then other
            ]

        let! several = Gen.frequency [ 4, Gen.constant false; 1, Gen.constant true ]
        let! change = change context (Some node.Kind)
        let targets = if several then List.truncate 4 same else [ path ]

        return!
            Gen.frequency
                [
                    20, Gen.constant [ Do(targets, change) ]
                    1, Gen.constant [ Undo ]
                    1, Gen.constant [ Undo; Redo ]
                    1, Gen.constant [ Undo; Undo; Redo ]
                    1, Gen.constant [ Fresh ]
                ]
    }

/// Whether a tree is of a size that a person can look at. (What is shared is counted wherever it is met.)
let private isSmall most root = Seq.length (Seq.truncate (most + 1) (Reference.walk [] root)) <= most

/// Whether the first tree can be constructed, and is small.
let isSound scenario =
    match Reference.tree scenario (Reference.origin scenario) with
    | Ok root -> isSmall 40 root
    | Error _ -> false

let private script scenario : Gen<Step list> =
    let rec go n (spec: Rules.Spec) =
        gen {
            if n = 0 then
                return []
            else
                match Reference.tree scenario spec with
                | Ok root when isSmall 80 root ->
                    let! first = steps scenario.Kinds root

                    let next =
                        match first with
                        | [ Do(targets, change) ] ->
                            Reference.change scenario targets change spec |> Result.defaultValue spec
                        | _ -> spec

                    let! rest = go (n - 1) next
                    return first @ rest
                | _ -> return []
        }

    Gen.choose (0, 5) |> Gen.bind (fun n -> go n (Reference.origin scenario))

/// A changed spec that is the argument of a spec that is itself an argument.
let private through context : Gen<Given> =
    gen {
        let! inner = make context
        let! changes = Gen.listOfLength 1 (changeOn context inner)
        let! kind = Gen.choose (2, context.Below - 1)
        return Mod(New(kind, [ "m", Mod(With(inner, changes)) ]))
    }

/// Sound scenarios.
let scenario: Gen<Scenario> =
    let world =
        gen {
            let! first = definition []
            let! second = definition [ first ]
            let! third = definition [ first; second ]
            let! count = Gen.choose (1, 3)
            let kinds = List.truncate count [ first; second; third ]

            let context = { Kinds = kinds; Below = count + 2; HasArguments = false; Looks = []; Depth = 3 }

            let! arguments = arguments context (count + 1)
            let! deep = through { context with Depth = 1 }
            let! twice = Gen.frequency [ 3, Gen.constant false; 1, Gen.constant true ]

            let arguments =
                if twice then ("m", deep) :: List.filter (fun (name, _) -> name <> "m") arguments else arguments


            let! changes =
                Gen.choose (0, 2) |> Gen.bind (fun n -> Gen.listOfLength n (changeOn context (New(count + 1, []))))

            let root = New(count + 1, arguments)

            return { Kinds = kinds; Root = (if changes.IsEmpty then root else With(root, changes)); Script = [] }
        }

    gen {
        let! scenario = Gen.where isSound world
        let! script = script scenario
        return { scenario with Script = script }
    }
