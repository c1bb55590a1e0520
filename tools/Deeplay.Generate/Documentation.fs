/// What both faces say of definitions and parameters, as XML documentation.
module Deeplay.Generate.Documentation

open System
open System.Text.RegularExpressions
open Deeplay.Core

let private width = 110

let escape (text: string) = text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;")

/// A sentence: it begins with a capital, unless with a name or formula, and ends.
let sentence (text: string) = if text = "" || text.EndsWith '.' || text.EndsWith '…' then text else text + "."

/// Texts of the library name parameters as PyTorch does; a face names them as its users write them.
let private named (signature: Signature) (text: string) =
    Regex.Replace(
        text,
        @"\b[a-z]+(_[a-z]+)+\b",
        fun found -> if signature.Has found.Value then Names.argument found.Value else found.Value
    )

let text signature value = escape (named signature value)

/// What a check says of a value that no parameter takes: what it expects.
let private expected (parameter: Parameter) =
    match parameter.Check(Opaque(obj ())), parameter.Type with
    | Some words, _ -> Some words
    | None, (OneOf _ as choice)
    | None, OrNull(OneOf _ as choice) -> Some(Value.describeType choice)
    | None, _ -> None

/// The default, as code of either face would write it; None where nothing is the default.
let standard (parameter: Parameter) =
    match parameter.Default with
    | Unset
    | Null
    | List [] -> None
    | Bool b -> Some(if b then "true" else "false")
    | Text t -> Some $"\"{t}\""
    | other -> Some(escape (Value.print other))

/// What a parameter means, and what it must be.
let parameter signature (p: Parameter) =
    [
        sentence p.Documentation
        match expected p with
        | Some words -> $"Must be {words}."
        | None -> ()
    ]
    |> String.concat " "
    |> text signature

let private wrap (indent: string) (content: string) =
    let lines = ResizeArray()
    let mutable line = indent + "///"

    for word in content.Split(' ', StringSplitOptions.RemoveEmptyEntries) do
        if line.Length + 1 + word.Length > width && line <> indent + "///" then
            lines.Add line
            line <- indent + "///"

        line <- line + " " + word

    lines.Add line
    List.ofSeq lines

/// An element with its content, over as many lines as it takes.
let element indent (tag: string) (attributes: string) (content: string) =
    let opening = if attributes = "" then tag else $"{tag} {attributes}"
    wrap indent $"<{opening}>{content}</{tag}>"

/// Shapes and sources of a definition, with what else there is to say.
let remarks indent (definition: Definition) (more: string list) =
    let parts =
        [
            if definition.Shapes <> "" then "Shapes: " + sentence (text definition.Signature definition.Shapes)
            if not definition.Sources.IsEmpty then
                "Source: " + sentence (escape (String.Join("; ", definition.Sources)))
            yield! more
        ]

    if parts.IsEmpty then
        []
    else
        [
            $"{indent}/// <remarks>"
            for part in parts do
                yield! element indent "para" "" part
            $"{indent}/// </remarks>"
        ]
