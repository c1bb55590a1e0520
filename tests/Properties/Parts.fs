/// What a scenario is made of, for those who ask what is in it.
module Deeplay.Properties.Parts

open Deeplay.Properties.Scenario

/// Everything that is made and changed in a scenario, with how deep in specs that are not attached it happens.
let parts (scenario: Scenario) =
    let rec make free m =
        [
            yield Choice1Of2 m, free
            match m with
            | New(_, arguments) ->
                for _, value in arguments do
                    yield! given free value
            | FromArg _ -> ()
            | Copy inner
            | Back inner -> yield! make free inner
            | With(inner, changes) ->
                yield! make (free + 1) inner

                for path, c in changes do
                    yield! change (free + 1) path c
        ]

    and given free value =
        match value with
        | Mod m -> make free m
        | Mods all -> List.collect (make free) all
        | Num _
        | Nothing -> []

    and change free path c =
        [
            yield Choice2Of2(path, c), free
            match c with
            | Set(_, value) -> yield! given free value
            | Replace m -> yield! make free m
            | Become _
            | Inputs _
            | Outputs _ -> ()
            | Hook(hook, arguments) ->
                for _, value in arguments do
                    yield! given free value

                yield! statements hook.Body
        ]

    and statements all =
        [
            for statement in all do
                match statement with
                | Attach(_, m, _)
                | Repeat(_, _, m) -> yield! make 0 m
                | Say(path, c) -> yield! change 0 path c
                | _ -> ()
        ]

    [
        for kind in scenario.Kinds do
            yield! given 0 kind.Default
            yield! statements kind.Init
        yield! make 0 scenario.Root
        for step in scenario.Script do
            match step with
            | Do(targets, c) -> yield! change 0 targets.Head c
            | _ -> ()
    ]

let inits scenario = scenario.Kinds |> List.collect (fun kind -> kind.Init)

let anySet test scenario =
    parts scenario
    |> List.exists (fun (part, _) ->
        match part with
        | Choice2Of2(_, Set(name, value)) -> test name value
        | _ -> false)

let hooks scenario =
    [
        for part, _ in parts scenario do
            match part with
            | Choice2Of2(path, Hook(hook, _)) -> path, hook
            | _ -> ()
    ]

/// Which sources have a say on one parameter of one module, in the end.
let sources (scenario: Scenario) =
    match Reference.tree scenario (Reference.origin scenario) with
    | Error _ -> []
    | Ok root ->
        [
            for _, node in Reference.walk [] root do
                for KeyValue(_, (_, origin)) in node.Arguments -> origin, node.Tag
        ]

let free depth scenario = parts scenario |> List.exists (fun (part, free) -> part.IsChoice2Of2 && free >= depth)

let shared path scenario =
    inits scenario
    |> List.exists (fun s ->
        match s with
        | Alias(_, target) -> List.length target >= path
        | _ -> false)

let said test scenario = inits scenario |> List.indexed |> List.exists (fun (i, s) -> test i s (inits scenario))
