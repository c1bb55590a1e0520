/// Random expressions, changes and hooks, as they stand in an `init` or as a user makes them.
module Deeplay.Properties.Expressions

open FsCheck.FSharp
open FsCheck
open Deeplay.Properties.Scenario

/// Where an expression stands: what kinds it may make, whether there are arguments to take from, what can be
/// looked at, and how much deeper it may go.
type Context = { Kinds: Kind list; Below: int; HasArguments: bool; Looks: (Path * int) list; Depth: int }

let private number context small =
    let just = if small then Gen.choose (0, 3) else Gen.choose (10, 99)

    Gen.frequency
        [
            6, Gen.map Just just
            if context.HasArguments then 3, Gen.elements [ Own "x"; Own(if small then "n" else "y") ]
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

let rec kindOf make =
    match make with
    | New(kind, _) -> Some kind
    | With(inner, _)
    | Copy inner
    | Back inner -> kindOf inner
    | FromArg _ -> None

/// What an `init` attaches, as far as it can be told without running it.
let rec below (kinds: Kind list) depth (statements: Statement list) : (Path * int) list =
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
    let deeper = { context with Depth = context.Depth - 1 }

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
            Gen.choose (0, 2) |> Gen.bind (fun n -> Gen.map Mods (Gen.listOfLength n (make deeper)))
    | _ -> Gen.map Num (number context (name = "n"))

and arguments context kind : Gen<(string * Given) list> =
    gen {
        let! count = Gen.choose (0, 2)

        let! names = Gen.listOfLength count (Gen.frequency [ for w, name in namesOf kind -> w, Gen.constant name ])

        let! values = names |> List.distinct |> List.map (fun name -> given context name) |> Gen.sequenceToList

        return List.zip (List.distinct names) values
    }

and make context : Gen<Make> =
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
            if context.HasArguments then 3, Gen.constant (FromArg "m")
            if context.Depth > 0 then
                4,
                gen {
                    let! inner = make { context with Depth = context.Depth - 1 }

                    let! count = Gen.choose (1, 2)
                    let! changes = Gen.listOfLength count (changeOn context inner)
                    let changed = With(inner, changes)

                    return!
                        Gen.frequency
                            [ 8, Gen.constant changed; 1, Gen.constant (Copy changed); 1, Gen.constant (Back changed) ]
                }

                1, make { context with Depth = context.Depth - 1 } |> Gen.map Copy
        ]

/// A change on a spec, or below it.
and changeOn context inner : Gen<Path * Change> =
    let places =
        match kindOf inner with
        | None -> [ [], None ]
        | Some kind when kind < 2 -> [ [], Some kind ]
        | Some kind ->
            ([], Some kind)
            :: [ for path, kind in below context.Kinds 2 context.Kinds[kind - 2].Init -> path, Some kind ]

    gen {
        let! path, kind = Gen.elements places
        let! change = change context kind
        return path, change
    }

and change context kind : Gen<Change> =
    let deeper = { context with Depth = context.Depth - 1 }

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
            1, Gen.map Inputs (Gen.elements [ [ "u" ]; [ "v" ]; [ "u"; "v" ] ])
            1, Gen.map Outputs (Gen.elements [ [ "u" ]; [ "w"; "v" ] ])
            if kind = Some 0 then
                2, Gen.map (fun given -> Become(1, given)) (arguments { deeper with Depth = 0 } 1)
            match kind with
            | Some own when own > 1 && context.Below > 2 ->
                2,
                gen {
                    let! other = Gen.choose (2, context.Below - 1)

                    let! given = arguments { deeper with Depth = max 0 deeper.Depth } other

                    return Become(other, given)
                }
            | _ -> ()
            if context.Depth > 0 then
                2, Gen.map Replace (make deeper)

                match kind with
                | Some kind when kind > 1 -> 3, hook deeper context.Kinds[kind - 2].Init
                | _ -> ()
        ]

/// A hook for a module with this `init`.
and hook context init : Gen<Change> =
    let inside = { context with HasArguments = true; Below = max 2 (min context.Below 3); Looks = [] }

    let names = [ for path, _ in below context.Kinds 0 init -> path.Head ]

    let attached = make { inside with Depth = 1 }
    let alone statement = Gen.map List.singleton statement

    let edit =
        Gen.frequency
            [
                4,
                gen {
                    let! i = Gen.choose (0, 9)
                    let! make = attached

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

                    return [ Attach($"h{i}", make, place) ]
                }
                if not names.IsEmpty then
                    1, Gen.elements names |> Gen.map Remove |> alone

                    // Another module under the name of one that was taken away.
                    1,
                    gen {
                        let! name = Gen.elements names
                        let! make = attached
                        let! place = Gen.elements [ AtFront; AtEnd ]
                        return [ Remove name; Attach(name, make, place) ]
                    }

                    3, say { inside with Depth = 0 } (below context.Kinds 1 init) |> alone

                    1,
                    say { inside with Depth = 0; Looks = below context.Kinds 0 init } (below context.Kinds 1 init)
                    |> alone
            ]

    gen {
        let! id = Gen.choose (0, 99)
        let! later = Gen.frequency [ 1, Gen.constant true; 3, Gen.constant false ]
        let! count = Gen.choose (1, 2)
        let! body = Gen.listOfLength count edit |> Gen.map List.concat

        let! m = given { context with Depth = min context.Depth 2 } "m"

        let! x = given { context with Depth = 0 } "x"
        let! arguments = Gen.elements [ []; [ "m", m ]; [ "m", m; "x", x ] ]

        return Hook({ Id = id; Later = later; Body = (if later then [] else body) }, arguments)
    }

and say context (targets: (Path * int) list) : Gen<Statement> =
    gen {
        let! path, kind = Gen.elements targets
        let! change = change context (Some kind)
        return Say(path, change)
    }
