/// The generators reach what the laws are about: each class below is met often enough, or a law that passes would say
/// little.
module Deeplay.Properties.Coverage

open FsCheck.FSharp
open Expecto
open Deeplay.Properties.Scenario
open Deeplay.Properties.Parts
open Deeplay.Properties.Law

let private classes: (string * (Scenario -> bool)) list =
    [
        "a shared module", shared 1
        "a shared module deep below", shared 2
        "a second name of a second name", said (fun _ s _ -> s = Alias("t", [ "s" ]))
        "settings under a second name",
        (fun s ->
            parts s
            |> List.exists (fun (part, _) ->
                match part with
                | Choice2Of2(("s" | "t") :: _, _) -> true
                | _ -> false))
        "a setting on a free spec", free 1
        "a setting on a free spec, two levels down", free 2
        "a setting on a free spec, three levels down", free 3
        "an argument that is a module", anySet (fun name value -> name = "m" && value <> Nothing)
        "an argument passed on as an argument",
        (fun s ->
            parts s
            |> List.exists (fun (part, _) ->
                match part with
                | Choice1Of2(New(_, a)) -> List.exists (fun (_, v) -> v = Mod(FromArg "m")) a
                | _ -> false))
        "a setting that travels through two levels of arguments",
        (fun s ->
            match s.Root with
            | New(_, arguments)
            | With(New(_, arguments), _) ->
                arguments
                |> List.exists (fun (_, value) ->
                    match value with
                    | Mod(New(_, inner)) ->
                        inner
                        |> List.exists (fun (_, value) ->
                            match value with
                            | Mod(With _) -> true
                            | _ -> false)
                    | _ -> false)
            | _ -> false)
        "a changed spec that came in as an argument",
        (fun s ->
            parts s
            |> List.exists (fun (part, _) ->
                match part with
                | Choice1Of2(With(FromArg _, _)) -> true
                | _ -> false))
        "a spec made anew",
        (fun s ->
            parts s
            |> List.exists (fun (part, _) ->
                match part with
                | Choice1Of2(Copy _) -> true
                | _ -> false))
        "a change undone on a free spec",
        (fun s ->
            parts s
            |> List.exists (fun (part, _) ->
                match part with
                | Choice1Of2(Back _) -> true
                | _ -> false))
        "a list of a length that is an argument",
        said (fun _ s _ ->
            match s with
            | Repeat(_, Own _, _) -> true
            | _ -> false)
        "a list argument",
        said (fun _ s _ ->
            match s with
            | Each _ -> true
            | _ -> false)
        "derived before attaching",
        said (fun i s all ->
            match s with
            | Say(name :: _, Set _) ->
                List.skip i all
                |> List.exists (fun t ->
                    match t with
                    | Attach(other, _, _) -> other = name
                    | _ -> false)
            | _ -> false)
        "derived from a look",
        anySet (fun _ value ->
            match value with
            | Num(Seen _) -> true
            | _ -> false)
        "another kind",
        (fun s ->
            parts s
            |> List.exists (fun (part, _) ->
                match part with
                | Choice2Of2(_, Become _) -> true
                | _ -> false))
        "a composite becomes another",
        (fun s ->
            parts s
            |> List.exists (fun (part, _) ->
                match part with
                | Choice2Of2(_, Become(kind, _)) -> kind > 1
                | _ -> false))
        "a kind that prepares arguments", (fun s -> s.Kinds |> List.exists (fun k -> not k.Prepare.IsEmpty))
        "a kind that resolves arguments", (fun s -> s.Kinds |> List.exists (fun k -> not k.Resolve.IsEmpty))
        "a kind that finishes", (fun s -> s.Kinds |> List.exists (fun k -> k.Counts.IsSome))
        "a kind with a forward pass", (fun s -> s.Kinds |> List.exists (fun k -> k.Forward.IsSome))
        "named tensors for a module",
        (fun s ->
            parts s
            |> List.exists (fun (part, _) ->
                match part with
                | Choice2Of2(_, Inputs _) -> true
                | _ -> false))
        "named tensors from a module",
        (fun s ->
            parts s
            |> List.exists (fun (part, _) ->
                match part with
                | Choice2Of2(_, Outputs _) -> true
                | _ -> false))
        "another module in its place",
        (fun s ->
            parts s
            |> List.exists (fun (part, _) ->
                match part with
                | Choice2Of2(_, Replace _) -> true
                | _ -> false))
        "a hook that edits", (fun s -> hooks s |> List.exists (fun (_, h) -> not h.Later))
        "a hook that removes",
        (fun s -> hooks s |> List.exists (fun (_, h) -> h.Body |> List.exists (fun b -> b.IsRemove)))
        "a hook that gives a name to another module",
        (fun s ->
            hooks s
            |> List.exists (fun (_, h) ->
                h.Body
                |> List.pairwise
                |> List.exists (fun pair ->
                    match pair with
                    | Remove name, Attach(other, _, _) -> name = other
                    | _ -> false)))
        "a hook that inserts",
        (fun s ->
            hooks s
            |> List.exists (fun (_, h) ->
                h.Body
                |> List.exists (fun b ->
                    match b with
                    | Attach(_, _, (AtFront | Behind _)) -> true
                    | _ -> false)))
        "a hook of a later stage", (fun s -> hooks s |> List.exists (fun (_, h) -> h.Later))
        "a constructor's own hook",
        said (fun _ s _ ->
            match s with
            | Say([], Hook _) -> true
            | _ -> false)
        "won by the user", (fun s -> sources s |> List.exists (fun (o, _) -> o = Rules.Setting Rules.User))
        "won by the parent",
        (fun s ->
            sources s
            |> List.exists (fun (o, tag) ->
                match o with
                | Rules.Setting(Rules.By by) -> by.Length = tag.Length - 1
                | _ -> false))
        "won by a grandparent",
        (fun s ->
            sources s
            |> List.exists (fun (o, tag) ->
                match o with
                | Rules.Setting(Rules.By by) -> by.Length < tag.Length - 1
                | _ -> false))
        "three user's steps", (fun s -> s.Script.Length >= 3)
        "a step for several modules",
        (fun s ->
            s.Script
            |> List.exists (fun x ->
                match x with
                | Do(_ :: _ :: _, _) -> true
                | _ -> false))
        "undo", (fun s -> List.contains Undo s.Script)
        "redo after undo",
        (fun s ->
            match List.tryFindIndex ((=) Undo) s.Script with
            | Some i -> s.Script |> List.skip i |> List.contains Redo
            | None -> false)
        "fresh", (fun s -> List.contains Fresh s.Script)
        "a step that is refused",
        (fun s ->
            s.Script
            |> List.exists (fun step ->
                match step with
                | Do(targets, c) -> Reference.change s targets c (Reference.origin s) |> Result.isError
                | _ -> false))
    ]

[<Tests>]
let tests =
    testList
        "Coverage"
        [
            testCase "the generators reach every class of scenarios" (fun () ->
                let scenarios = Gen.sample 1000 Generators.scenario |> List.ofSeq

                let shares = [ for name, test in classes -> name, scenarios |> Seq.filter test |> Seq.length ]

                let text =
                    shares |> List.map (fun (name, n) -> $"%5.1f{float n / 10.0} %% {name}") |> String.concat "\n"

                report text
                let missing = shares |> List.filter (fun (_, n) -> n < 10)
                demand $"reached in at least 1 %% of the scenarios:\n{text}" missing.IsEmpty)
        ]
