/// Smaller scenarios: one thing less, or one thing simpler, at a time.
module Deeplay.Properties.Shrink

open Deeplay.Properties.Scenario

/// A list without one of its items, or with one of them smaller.
let private list (smaller: 'a -> 'a list) (items: 'a list) =
    [
        for i in 0 .. items.Length - 1 do
            List.removeAt i items

        for i in 0 .. items.Length - 1 do
            for item in smaller items[i] do
                List.updateAt i item items
    ]

let private number n =
    match n with
    | Just i when i > 1 -> [ Just 1 ]
    | Just _ -> []
    | Own _
    | Seen _ -> [ Just 1 ]

let rec private given value =
    match value with
    | Num n -> List.map Num (number n)
    | Nothing -> []
    | Mod m -> Nothing :: List.map Mod (make m)
    | Mods all -> List.map Mods (list make all)

and private named (name: string, value) =
    [
        for smaller in given value do
            name, smaller
    ]

and private make m =
    match m with
    | New(kind, arguments) ->
        [
            if kind > 0 then New(0, arguments |> List.filter (fun (name, _) -> name = "x"))
            for smaller in list named arguments do
                New(kind, smaller)
        ]
    | FromArg _ -> [ New(0, []) ]
    | Copy inner -> inner :: List.map Copy (make inner)
    | Back inner -> inner :: List.map Back (make inner)
    | With(inner, changes) ->
        inner
        :: [
            for smaller in list placed changes do
                With(inner, smaller)
            for smaller in make inner do
                With(smaller, changes)
        ]

and private placed (path: Path, c) =
    [
        for smaller in change c do
            path, smaller
    ]

and private change c =
    match c with
    | Set(name, value) ->
        [
            for smaller in given value do
                Set(name, smaller)
        ]
    | Become(kind, arguments) ->
        [
            for smaller in list named arguments do
                Become(kind, smaller)
        ]
    | Replace m ->
        [
            for smaller in make m do
                Replace smaller
        ]
    | Inputs keys -> [ for smaller in list (fun _ -> []) keys -> Inputs smaller ]
    | Outputs keys -> [ for smaller in list (fun _ -> []) keys -> Outputs smaller ]
    | Hook(hook, arguments) ->
        [
            for smaller in list named arguments do
                Hook(hook, smaller)
            for smaller in list statement hook.Body do
                Hook({ hook with Body = smaller }, arguments)
        ]

and private statement s =
    match s with
    | Attach(name, m, place) ->
        [
            if place <> AtEnd then Attach(name, m, AtEnd)
            for smaller in make m do
                Attach(name, smaller, place)
        ]
    | Repeat(name, n, m) ->
        [
            for smaller in number n do
                Repeat(name, smaller, m)
            for smaller in make m do
                Repeat(name, n, smaller)
        ]
    | Alias(name, [ first; _ ]) -> [ Alias(name, [ first ]) ]
    | Say(path, c) ->
        [
            for smaller in change c do
                Say(path, smaller)
        ]
    | Alias _
    | Each _
    | Remove _ -> []

let private kind (k: Kind) =
    [
        if k.Default <> Nothing then { k with Default = Nothing }
        if k.Counts.IsSome then { k with Counts = None }
        if k.Forward.IsSome then { k with Forward = None }
        for rules in list (fun _ -> []) k.Prepare do
            { k with Prepare = rules }
        for rules in list (fun _ -> []) k.Resolve do
            { k with Resolve = rules }
        for smaller in list statement k.Init do
            { k with Init = smaller }
    ]

let private step s =
    match s with
    | Do(targets, c) ->
        [
            if targets.Length > 1 then
                for target in targets do
                    Do([ target ], c)
            for smaller in change c do
                Do(targets, smaller)
        ]
    | Undo
    | Redo
    | Fresh -> []

/// Everything that is one step smaller.
let scenario (s: Scenario) : Scenario seq =
    seq {
        for script in list step s.Script do
            yield { s with Script = script }

        for root in make s.Root do
            yield { s with Root = root }

        for i in 0 .. s.Kinds.Length - 1 do
            for smaller in kind s.Kinds[i] do
                yield { s with Kinds = List.updateAt i smaller s.Kinds }
    }
