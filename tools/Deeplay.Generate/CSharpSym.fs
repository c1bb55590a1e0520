/// The tensor operations of a forward function, as members of the C# face's `Sym`: out of the functions of `Op` and the
/// operators of the core's `Sym`, with their documentation.
module Deeplay.Generate.CSharpSym

open Deeplay.Core
open System
open System.IO
open System.Reflection
open System.Text.RegularExpressions
open System.Xml.Linq

/// PyTorch's defaults, which functions of F# can't have.
let private defaults = Map.ofList [ "startDim", "0"; "endDim", "-1" ]

let private operations = typeof<Sym>.Assembly.GetTypes() |> Array.find (fun found -> found.Name = "OpModule")

// What the compiler wrote beside the core's assembly, by the names of the members without their parameters' types; for
// operators, which are overloaded, with them.
let private documentation =
    let members = XDocument.Load(Path.ChangeExtension(typeof<Sym>.Assembly.Location, ".xml")).Descendants "member"

    Map.ofSeq
        [
            for found in members do
                let name = found.Attribute("name").Value
                let text = Regex.Replace(found.Element("summary").Value.Trim(), @"\s+", " ")
                let text = Regex.Replace(Documentation.escape text, "`([^`]+)`", "<c>$1</c>")
                name, text
                if not (name.Contains ".op_") then name.Split('(')[0], text
        ]

let private summary key =
    match documentation.TryFind key with
    | Some text -> Documentation.element "    " "summary" "" text
    | None -> failwith $"{key} has no documentation."

let private declared (kind: Type) =
    kind.GetMethods(BindingFlags.Public ||| BindingFlags.Static ||| BindingFlags.DeclaredOnly)
    |> Array.sortBy (fun found -> found.MetadataToken)
    |> List.ofArray

let private symbols =
    Map.ofList
        [
            "op_Addition", "+"
            "op_Subtraction", "-"
            "op_Multiply", "*"
            "op_Division", "/"
            "op_UnaryNegation", "-"
        ]

let private operator (found: MethodInfo) =
    let operands = found.GetParameters() |> List.ofArray
    let isSym (operand: ParameterInfo) = operand.ParameterType = typeof<Sym>
    let types = operands |> List.map (fun operand -> operand.ParameterType.FullName)

    let inner =
        operands
        |> List.map (fun operand -> operand.Name + (if isSym operand then ".Given().Inner" else ""))

    let head =
        operands
        |> List.map (fun operand -> (if isSym operand then "Sym " else "double ") + operand.Name)
        |> String.concat ", "

    let symbol = symbols[found.Name]

    let body =
        match inner with
        | [ only ] -> symbol + only
        | both -> String.concat $" {symbol} " both

    [
        let types = String.Join(",", types)
        yield! summary $"M:{typeof<Sym>.FullName}.{found.Name}({types})"
        $"    public static Sym operator {symbol}({head}) => new({body});"
    ]

// How an argument is declared, and how it is handed on. The first tensor is the one that the method is called on.
let private argument receiver (parameter: ParameterInfo) =
    let name = parameter.Name

    let plain kind =
        let standard = defaults.TryFind name |> Option.map (fun value -> $" = {value}") |> Option.defaultValue ""

        Some $"{kind} {name}{standard}", name

    match parameter.ParameterType with
    | kind when kind = typeof<Sym> && Some parameter = receiver -> None, "Inner"
    | kind when kind = typeof<Sym> -> Some "Sym other", "other.Given().Inner"
    | kind when kind = typeof<Sym list> -> Some $"params Sym[] tensors", "All(tensors.Given())"
    | kind when kind = typeof<int list> -> Some $"params int[] {name}", $"Interop.List({name}.Given())"
    | kind when kind = typeof<int> -> plain "int"
    | kind when kind = typeof<float> -> plain "double"
    | kind when kind = typeof<string> -> Some $"string {name}", $"{name}.Given()"
    | kind -> failwith $"{parameter.Member.Name}: no type of C# for {kind}."

let private operation (found: MethodInfo) =
    let parameters = found.GetParameters() |> List.ofArray
    let receiver = parameters |> List.tryFind (fun parameter -> parameter.ParameterType = typeof<Sym>)
    let declared, handed = parameters |> List.map (argument receiver) |> List.unzip
    let head = declared |> List.choose id |> String.concat ", "
    let body = $"""new(Op.{found.Name}({String.Join(", ", handed)}));"""

    [
        yield! summary $"M:{operations.FullName}.{found.Name}"
        match found.Name, receiver with
        // `tensors["key"]`.
        | "get", _ -> $"    public Sym this[{head}] => {body}"
        | name, Some _ -> $"    public Sym {Names.pascal name}({head}) => {body}"
        | name, None -> $"    public static Sym {Names.pascal name}({head}) => {body}"
    ]

/// The file by its path.
let files =
    [
        "src/Deeplay.CSharp/Sym.g.cs",
        String.Join(
            "\n",
            [
                yield! CSharpFactories.header
                $"using Op = {operations.FullName};"
                ""
                "namespace Deeplay;"
                ""
                "/// <content>Tensor operations, with PyTorch's names and meanings. Dimensions count from the back where"
                "/// negative.</content>"
                "public sealed partial class Sym"
                "{"
                let operators = declared typeof<Sym> |> List.filter (fun found -> symbols.ContainsKey found.Name)

                let members = List.map operator operators @ List.map operation (declared operations)

                for i, lines in List.indexed members do
                    if i > 0 then ""
                    yield! lines

                "}"
                ""
            ]
        )
    ]
