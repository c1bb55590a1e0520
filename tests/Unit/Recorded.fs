/// Reading what was recorded from Python.
module Deeplay.Tests.Recorded

open System
open System.IO
open System.Text.Json
open Deeplay.Core
open Deeplay.FSharp

/// A recorded file, as it lies beside the tests.
let read (folder: string) (name: string) =
    let path = Path.Combine(AppContext.BaseDirectory, folder, name + ".json")
    (JsonDocument.Parse(File.ReadAllText path)).RootElement

let items (json: JsonElement) = json.EnumerateArray() |> List.ofSeq

let texts (json: JsonElement) = items json |> List.map (fun item -> item.GetString())

let sizes (json: JsonElement) = items json |> List.map (fun item -> item.GetInt64())

/// A JSON value as a value of a spec.
let rec value (json: JsonElement) : Value =
    match json.ValueKind with
    | JsonValueKind.True -> Bool true
    | JsonValueKind.False -> Bool false
    | JsonValueKind.Null -> Null
    | JsonValueKind.String -> Text(json.GetString())
    | JsonValueKind.Number when json.GetRawText().Contains '.' -> Float(json.GetDouble())
    | JsonValueKind.Number -> Int(json.GetInt64())
    | _ -> List(items json |> List.map value)

/// Every module with its tag, its kind and what is printed of it, in tree order.
let modules (spec: ModuleSpec) =
    Tree.walk (Module.construct spec)
    |> Seq.map (fun (tag, node, _) -> string tag, node.Definition.Id, node.Definition.Extra node.Arguments)
    |> List.ofSeq

/// The tags of all modules, in tree order.
let tags (spec: ModuleSpec) = modules spec |> List.map (fun (tag, _, _) -> tag)

/// The names of the root's children, in order.
let children (spec: ModuleSpec) = (Module.construct spec).Children.Names

/// The message of the typed errors that an action raises; fails where it raises none.
let problem (action: unit -> 'a) : string =
    match Fail.catch action with
    | Error errors -> errors |> List.map Error.describe |> String.concat "\n"
    | Ok _ -> failwith "An error was expected, but none was raised."

/// A text without the places of this program that it names: they move whenever a test is written above.
let withoutPlaces (text: string) =
    System.Text.RegularExpressions.Regex.Replace(
        text,
        """(,"file":"\w+\.fs","line":\d+)|(,? (asked for )?at \w+\.fs:\d+)""",
        ""
    )
