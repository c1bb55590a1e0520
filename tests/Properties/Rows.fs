/// What a tree says, one line a fact, alike for the core and for the oracle: so that they can be compared, and the
/// first difference be shown.
module Deeplay.Properties.Rows

open Deeplay.Core
open Deeplay.Properties.Scenario

let private joined (path: Path) = String.concat "." path

let private nameOf kind =
    match kind with
    | 0 -> "Leaf"
    | 1 -> "OtherLeaf"
    | kind -> $"K{kind}"

let private row path name value source = $"{joined path}: {name} = {value}, {source}"

let rec private referenceValue value =
    match value with
    | Rules.Number i -> string i
    | Rules.Null -> "None"
    | Rules.Specs specs -> specs |> List.map (Rules.Spec >> referenceValue) |> String.concat ", " |> sprintf "[%s]"
    | Rules.Spec spec ->
        let arguments =
            [ for KeyValue(name, value) in spec.Arguments -> $"{name}={referenceValue value}" ]
            |> String.concat ", "

        $"{nameOf spec.Kind}({arguments}) + {spec.Steps}"

let private keyRows path (inputs: string list option) (outputs: string list option) =
    [
        for keys in Option.toList inputs do
            "takes " + String.concat ", " keys
        for keys in Option.toList outputs do
            "gives " + String.concat ", " keys
    ]
    |> List.map (fun text -> $"{joined path}: {text}")

let private forwardRow path (calls: string list) =
    let calls = String.concat ", " calls
    $"{joined path}: calls {calls}"

let ofReference (scenario: Scenario) (root: Rules.Node) =
    let source origin =
        match origin with
        | Rules.Setting(Rules.By path) -> $"by '{joined path}'"
        | Rules.Setting Rules.User -> "by the user"
        | Rules.Setting Rules.Nobody -> "by nobody"
        | Rules.Argument -> "given"
        | Rules.Default -> "default"

    [
        for path, node in Reference.walk [] root do
            $"{joined path}: {nameOf node.Kind} at '{joined node.Tag}'"

            for KeyValue(name, (value, origin)) in node.Arguments do
                row path name (referenceValue value) (source origin)

            yield! keyRows path node.Inputs node.Outputs

            for calls in Option.toList (kindOf scenario node.Kind).Forward do
                forwardRow path (List.map joined calls)

            for hook in node.Later do
                $"{joined path}: hook{hook.Id}"
    ]

let rec private realValue value =
    match value with
    | Int i -> string i
    | Null -> "None"
    | List items -> items |> List.map realValue |> String.concat ", " |> sprintf "[%s]"
    | Module spec ->
        let arguments =
            [ for KeyValue(name, value) in spec.Arguments -> $"{name}={realValue value}" ] |> String.concat ", "

        $"{spec.Definition.Id}({arguments}) + {spec.Steps.Length}"
    | other -> Value.print other

let ofTree (root: Node) =
    let source (explanation: Explain.Explanation) =
        match explanation.Candidates with
        | { Origin = Explain.Setting(Derived tag, _) } :: _ -> $"by '{tag}'"
        | { Origin = Explain.Setting(User, _) } :: _ -> "by the user"
        | { Origin = Explain.Setting(Detached, _) } :: _ -> "by nobody"
        | { Origin = Explain.Argument } :: _ -> "given"
        | { Origin = Explain.Default } :: _ -> "default"
        | { Origin = Explain.NotSet } :: _
        | [] -> "not set"

    [
        for tag, node, _ in Tree.walk root do
            let path = tag.Names
            $"{joined path}: {node.Definition.Id} at '{node.Tag}'"

            for name in List.sort node.Definition.Signature.Names do
                row path name (realValue node.Arguments[name]) (source (Explain.parameter tag name root))

            yield! keyRows path (node.Inputs |> Option.map (List.map snd)) (node.Outputs |> Option.map (List.map fst))

            for graph in Option.toList node.Graph do
                forwardRow
                    path
                    [
                        for instruction in graph.Instructions do
                            match instruction.Operation with
                            | Call tag -> string tag
                            | other -> string other
                    ]

            for hook in node.Hooks do
                $"{joined path}: {hook.Action.Id.TrimEnd '\''}"
    ]

/// The first place where two accounts differ, in words; None where they agree.
let difference (expected: string list) (found: string list) =
    let rec go expected found =
        match expected, found with
        | [], [] -> None
        | e :: expected, f :: found -> if e = f then go expected found else Some $"expected {e}\n   found {f}"
        | e :: _, [] -> Some $"missing {e}"
        | [], f :: _ -> Some $"one too many: {f}"

    go expected found
