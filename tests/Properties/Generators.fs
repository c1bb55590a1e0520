/// Random scenarios. What is said goes mostly to modules that are there: targets are followed through the
/// definitions, and the user's script is made step by step, on the tree that the oracle gives.
module Deeplay.Properties.Generators

open FsCheck.FSharp
open FsCheck
open Deeplay.Properties.Scenario

/// Where an expression stands: what kinds it may make, whether there are arguments to take from, what can be
/// looked at, and how much deeper it may go.
type private Context =
    {
        Kinds: Kind list
        Below: int
        HasArguments: bool
        Looks: (Path * int) list
        Depth: int
    }

let private number context small =
    let just = if small then Gen.choose (0, 3) else Gen.choose (10, 99)

    Gen.frequency
        [
            6, Gen.map Just just
            if context.HasArguments then
                3, Gen.elements [ Own "x"; Own(if small then "n" else "y") ]
            if not context.Looks.IsEmpty then
                6,
                Gen.map2
                    (fun (path, _) name -> Seen(path, name))
                    (Gen.elements context.Looks)
                    (Gen.elements [ "x"; "y" ])
        ]

let private namesOf kind =
    match kind with
    | 0 -> [ 3, "x"; 1, "y" ]
    | 1 -> [ 3, "x"; 1, "z" ]
    | _ -> [ 3, "x"; 1, "y"; 2, "n"; 2, "m"; 1, "ms" ]

let rec private kindOf make =
    match make with
    | New(kind, _) -> Some kind
    | With(inner, _)
    | Copy inner
    | Back inner -> kindOf inner
    | FromArg _ -> None

/// What an `init` attaches, as far as it can be told without running it.
let rec private below (kinds: Kind list) depth (statements: Statement list) : (Path * int) list =
    [
        for statement in statements do
            let under name make =
                [
                    match kindOf make with
                    | Some kind ->
                        [ name ], kind

                        if depth > 0 && kind > 1 then
                            for path, kind in below kinds (depth - 1) kinds[kind - 2].Init do
                                name :: path, kind
                    | None -> ()
                ]

            match statement with
            | Attach(name, make, _) -> yield! under name make
            | Repeat(name, _, make) -> yield! under $"{name}0" make
            | _ -> ()
    ]

let rec private given context name : Gen<Given> =
    let deeper =
        { context with
            Depth = context.Depth - 1
        }

    match name with
    | "m" ->
        if context.Depth <= 0 then
            Gen.constant Nothing
        else
            Gen.frequency [ 1, Gen.constant Nothing; 6, Gen.map Mod (make deeper) ]
    | "ms" ->
        if context.Depth <= 0 then
            Gen.constant (Mods [])
        else
            Gen.choose (0, 2)
            |> Gen.bind (fun n -> Gen.map Mods (Gen.listOfLength n (make deeper)))
    | _ -> Gen.map Num (number context (name = "n"))

and private arguments context kind : Gen<(string * Given) list> =
    gen {
        let! count = Gen.choose (0, 2)

        let! names =
            Gen.listOfLength count (Gen.frequency [ for w, name in namesOf kind -> w, Gen.constant name ])

        let! values =
            names
            |> List.distinct
            |> List.map (fun name -> given context name)
            |> Gen.sequenceToList

        return List.zip (List.distinct names) values
    }

and private make context : Gen<Make> =
    let kind =
        if context.Below <= 2 then
            Gen.choose (0, 1)
        else
            Gen.frequency [ 1, Gen.choose (0, 1); 3, Gen.choose (2, context.Below - 1) ]

    let fresh =
        gen {
            let! kind = kind
            let! arguments = arguments context kind
            return New(kind, arguments)
        }

    Gen.frequency
        [
            5, fresh
            if context.HasArguments then
                3, Gen.constant (FromArg "m")
            if context.Depth > 0 then
                4,
                gen {
                    let! inner =
                        make
                            { context with
                                Depth = context.Depth - 1
                            }

                    let! count = Gen.choose (1, 2)
                    let! changes = Gen.listOfLength count (changeOn context inner)
                    let changed = With(inner, changes)

                    return!
                        Gen.frequency
                            [
                                8, Gen.constant changed
                                1, Gen.constant (Copy changed)
                                1, Gen.constant (Back changed)
                            ]
                }

                1,
                make
                    { context with
                        Depth = context.Depth - 1
                    }
                |> Gen.map Copy
        ]

/// A change on a spec, or below it.
and private changeOn context inner : Gen<Path * Change> =
    let places =
        match kindOf inner with
        | None -> [ [], None ]
        | Some kind when kind < 2 -> [ [], Some kind ]
        | Some kind ->
            ([], Some kind)
            :: [
                for path, kind in below context.Kinds 2 context.Kinds[kind - 2].Init -> path, Some kind
            ]

    gen {
        let! path, kind = Gen.elements places
        let! change = change context kind
        return path, change
    }

and private change context kind : Gen<Change> =
    let deeper =
        { context with
            Depth = context.Depth - 1
        }

    let set =
        gen {
            let! name =
                match kind with
                | Some kind -> Gen.frequency [ for w, name in namesOf kind -> w, Gen.constant name ]
                | None -> Gen.constant "x"

            let! value = given deeper name
            return Set(name, value)
        }

    Gen.frequency
        [
            12, set
            if kind = Some 0 then
                2, Gen.map (fun given -> Become(1, given)) (arguments { deeper with Depth = 0 } 1)
            if context.Depth > 0 then
                2, Gen.map Replace (make deeper)

                match kind with
                | Some kind when kind > 1 -> 3, hook deeper context.Kinds[kind - 2].Init
                | _ -> ()
        ]

/// A hook for a module with this `init`.
and private hook context init : Gen<Change> =
    let inside =
        { context with
            HasArguments = true
            Below = max 2 (min context.Below 3)
            Looks = []
        }

    let names = [ for path, _ in below context.Kinds 0 init -> path.Head ]

    let edit =
        Gen.frequency
            [
                4,
                gen {
                    let! i = Gen.choose (0, 9)
                    let! make = make { inside with Depth = 1 }

                    let! place =
                        Gen.elements
                            [
                                AtFront
                                AtEnd
                                AtEnd
                                (match names with
                                 | n :: _ -> Behind n
                                 | [] -> AtEnd)
                            ]

                    return Attach($"h{i}", make, place)
                }
                if not names.IsEmpty then
                    1, Gen.map Remove (Gen.elements names)
                    3, say { inside with Depth = 0 } (below context.Kinds 1 init)

                    1,
                    say
                        { inside with
                            Depth = 0
                            Looks = below context.Kinds 0 init
                        }
                        (below context.Kinds 1 init)
            ]

    gen {
        let! id = Gen.choose (0, 99)
        let! later = Gen.frequency [ 1, Gen.constant true; 3, Gen.constant false ]
        let! count = Gen.choose (1, 2)
        let! body = Gen.listOfLength count edit

        let! m =
            given
                { context with
                    Depth = min context.Depth 2
                }
                "m"

        let! x = given { context with Depth = 0 } "x"
        let! arguments = Gen.elements [ []; [ "m", m ]; [ "m", m; "x", x ] ]

        return
            Hook(
                {
                    Id = id
                    Later = later
                    Body = (if later then [] else body)
                },
                arguments
            )
    }

and private say context (targets: (Path * int) list) : Gen<Statement> =
    gen {
        let! path, kind = Gen.elements targets
        let! change = change context (Some kind)
        return Say(path, change)
    }

/// The definition of the kind after these.
let private definition (kinds: Kind list) : Gen<Kind> =
    let context =
        {
            Kinds = kinds
            Below = kinds.Length + 2
            HasArguments = true
            Looks = []
            Depth = 2
        }

    gen {
        let! standard =
            Gen.frequency
                [
                    2, Gen.constant Nothing
                    1, Gen.map Mod (make { context with HasArguments = false })
                ]

        let! count = Gen.choose (1, 3)
        let! specs = Gen.listOfLength count (make context)

        let attached =
            [
                for name, spec in List.zip (List.truncate count [ "a"; "b"; "c" ]) specs ->
                    Attach(name, spec, AtEnd)
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
                            if List.truncate target.Length path = target then
                                name :: List.skip target.Length path, kind
                    | _ -> ()
            ]

        let! says =
            if targets.IsEmpty then
                Gen.constant []
            else
                Gen.choose (0, 3)
                |> Gen.bind (fun n -> Gen.listOfLength n (say context targets))

        let! looking =
            if targets.IsEmpty then
                Gen.constant []
            else
                Gen.frequency
                    [
                        2, Gen.constant []
                        1,
                        Gen.map
                            List.singleton
                            (say
                                { context with
                                    Looks = targets
                                    Depth = 0
                                }
                                targets)
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

        return
            {
                Default = standard
                Init = mixed @ aliases @ looking @ own
            }
    }

/// A user's change of some of these modules, or going back and forth.
let private steps kinds (root: Reference.Node) : Gen<Step list> =
    let context =
        {
            Kinds = kinds
            Below = kinds.Length + 2
            HasArguments = false
            Looks = []
            Depth = 2
        }

    let modules = Reference.walk [] root

    gen {
        let! path, node = Gen.elements modules

        let same =
            [
                for other, n in modules do
                    if n.Kind = node.Kind then
                        other
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
let private isSmall most root =
    Seq.length (Seq.truncate (most + 1) (Reference.walk [] root)) <= most

/// Whether the first tree can be constructed, and is small.
let isSound scenario =
    match Reference.tree scenario (Reference.origin scenario) with
    | Ok root -> isSmall 40 root
    | Error _ -> false

let private script scenario : Gen<Step list> =
    let rec go n (spec: Reference.Spec) =
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

/// Sound scenarios.
let scenario: Gen<Scenario> =
    let world =
        gen {
            let! first = definition []
            let! second = definition [ first ]
            let! third = definition [ first; second ]
            let! count = Gen.choose (1, 3)
            let kinds = List.truncate count [ first; second; third ]

            let context =
                {
                    Kinds = kinds
                    Below = count + 2
                    HasArguments = false
                    Looks = []
                    Depth = 3
                }

            let! arguments = arguments context (count + 1)

            let! changes =
                Gen.choose (0, 2)
                |> Gen.bind (fun n -> Gen.listOfLength n (changeOn context (New(count + 1, []))))

            let root = New(count + 1, arguments)

            return
                {
                    Kinds = kinds
                    Root = (if changes.IsEmpty then root else With(root, changes))
                    Script = []
                }
        }

    gen {
        let! scenario = Gen.where isSound world
        let! script = script scenario
        return { scenario with Script = script }
    }
