/// A scenario as code that a person can read: what is printed when a law is broken.
module Deeplay.Properties.Render

open System
open Deeplay.Properties.Scenario

let private path (p: Path) = "\"" + String.concat "." p + "\""

let private kind k =
    match k with
    | 0 -> "Leaf"
    | 1 -> "OtherLeaf"
    | k -> $"K{k}"

let private number n =
    match n with
    | Just i -> string i
    | Own name -> $"own {name}"
    | Seen(p, name) -> $"(look {path p}).{name}"

let rec private given value =
    match value with
    | Num n -> number n
    | Nothing -> "null"
    | Mod m -> make m
    | Mods all -> all |> List.map make |> String.concat "; " |> sprintf "[ %s ]"

and private arguments items = items |> List.map (fun (name, value) -> $"{name} = {given value}") |> String.concat ", "

and private make m =
    match m with
    | New(k, items) -> $"{kind k}({arguments items})"
    | FromArg name -> $"own {name}"
    | Copy inner -> $"(fresh {make inner})"
    | Back inner -> $"(undo {make inner})"
    | With(inner, changes) ->
        let changes = changes |> List.map (fun (p, c) -> $" |> at {path p} ({change c})")
        "(" + make inner + String.Join("", changes) + ")"

and private change c =
    match c with
    | Set(name, value) -> $"configure {name} {given value}"
    | Become(k, items) -> $"become {kind k}({arguments items})"
    | Replace m -> $"replace {make m}"
    | Inputs keys -> "inputsFrom " + String.concat ", " keys
    | Outputs keys -> "outputsTo " + String.concat ", " keys
    | Hook({ Later = true } as hook, items) -> $"beforeBuild hook{hook.Id}({arguments items})"
    | Hook(hook, items) ->
        let body = hook.Body |> List.map statement |> String.concat "; "
        $"hook{hook.Id}({arguments items}) {{ {body} }}"

and private statement s =
    match s with
    | Attach(name, m, AtEnd) -> $"child {name} {make m}"
    | Attach(name, m, AtFront) -> $"prepend {name} {make m}"
    | Attach(name, m, Behind other) -> $"insert {name} {make m} after {other}"
    | Each(name, argument) -> $"for i, spec in own {argument} -> child {name}i spec"
    | Repeat(name, n, m) -> $"for i in 0 .. {number n} - 1 -> child {name}i {make m}"
    | Alias(name, target) -> $"alias {name} {path target}"
    | Say(p, c) -> $"at {path p} ({change c})"
    | Remove name -> $"remove {name}"

let private step s =
    match s with
    | Do(targets, c) ->
        let targets = targets |> List.map path |> String.concat ", "
        $"|> at {targets} ({change c})"
    | Undo -> "|> undo"
    | Redo -> "|> redo"
    | Fresh -> "|> fresh"

let scenario (s: Scenario) =
    let definition i (k: Kind) =
        let rules what all =
            [
                for rule in all do
                    match rule with
                    | Plus(name, n) -> $"    {what}: {name} = {name} + {n}"
                    | Same(name, other) -> $"    {what}: {name} = {other}"
            ]

        let lines =
            [
                yield! rules "prepare" k.Prepare
                yield! rules "resolveArguments" k.Resolve
                for s in k.Init do
                    "    " + statement s
                for calls in Option.toList k.Forward do
                    "    forward: " + (calls |> List.map path |> String.concat ", ")
                for name in Option.toList k.Counts do
                    $"    finish: {name} = number of modules below"
            ]

        String.Join("\n", $"define {kind (i + 2)} with m = {given k.Default}" :: lines)

    let lines =
        List.mapi definition s.Kinds
        @ [ "root = " + make s.Root ]
        @ List.map (fun s -> "    " + step s) s.Script

    "\n" + String.Join("\n", lines) + "\n"

/// A scenario that prints as code.
[<StructuredFormatDisplay("{Text}")>]
type Case =
    {
        Scenario: Scenario
    }

    member this.Text = scenario this.Scenario
    override this.ToString() = this.Text
