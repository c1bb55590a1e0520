/// The tensor operations of a forward function, as members of the C# face's `Sym`: out of the functions of `Op` and the
/// operators of the core's `Sym`, with their documentation.
module Deeplay.Generate.CSharpSym

open Deeplay.Core
open System
open System.IO
open System.Reflection
open System.Text.RegularExpressions
open System.Xml.Linq

/// PyTorch's defaults, which functions of F# can't have: of a parameter of this name, or of one function's alone.
let private defaults =
    Map.ofList
        [
            "startDim", "0"
            "endDim", "-1"
            "descending", "false"
            "step", "1"
            "alignCorners", "false"
            "dropoutP", "0"
            "isCausal", "false"
            "negativeSlope", "0.01"
            "split.dim", "0"
            "chunk.dim", "0"
            "unbind.dim", "0"
            "topk.dim", "-1"
            "bottomk.dim", "-1"
            "sort.dim", "-1"
            "argsort.dim", "-1"
            "glu.dim", "-1"
            "tril.diagonal", "0"
            "triu.diagonal", "0"
            "pad.value", "0"
            "interpolate.mode", "\"nearest\""
            "interpolateBy.mode", "\"nearest\""
        ]

let private moduleNamed name = typeof<Sym>.Assembly.GetTypes() |> Array.find (fun found -> found.Name = name)

let private operations = moduleNamed "OpModule"

// The same functions over sizes of one type, where those of `Op` take two.
let private sized = moduleNamed "SizedOpModule"

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

// How an argument is declared, where it is, and how it is handed on. The first tensor is the one that the method is called on.
let private argument (found: MethodInfo) receiver isLast (parameter: ParameterInfo) =
    let name = parameter.Name

    let standard = defaults.TryFind $"{found.Name}.{name}" |> Option.orElse (defaults.TryFind name)

    // Those without a default come first, an open end last.
    let plain kind =
        match standard with
        | Some value -> Some(1, $"{kind} {name} = {value}")
        | None -> Some(0, $"{kind} {name}")

    let several kind = if isLast then Some(2, $"params {kind}[] {name}") else Some(0, $"{kind}[] {name}")

    match parameter.ParameterType with
    | kind when kind = typeof<Sym> && Some parameter = receiver -> None, "Inner"
    | kind when kind = typeof<Sym> ->
        let name = if name = "y" then "other" else name
        Some(0, $"Sym {name}"), $"{name}.Given().Inner"
    | kind when kind = typeof<Sym list> -> Some(2, "params Sym[] tensors"), "All(tensors.Given())"
    | kind when kind = typeof<int list> -> several "int", $"Interop.List({name}.Given())"
    | kind when kind = typeof<float list> -> several "double", $"Interop.List({name}.Given())"
    | kind when kind = typeof<SymInt list> -> several "SymInt", $"SymInt.All({name}.Given())"
    | kind when kind = typeof<SymInt> -> Some(0, $"SymInt {name}"), $"{name}.Given().Inner"
    | kind when kind = typeof<int> -> plain "int", name
    | kind when kind = typeof<float> -> plain "double", name
    | kind when kind = typeof<bool> -> plain "bool", name
    | kind when kind = typeof<DType> -> plain "torch.ScalarType", $"Torch.DTypes.ofTorch({name})"
    | kind when kind = typeof<string> -> plain "string", $"{name}.Given()"
    | kind -> failwith $"{found.Name}: no type of C# for {kind}."

// What a method gives, and what the core gave made that.
let private result (found: MethodInfo) =
    match found.ReturnType with
    | kind when kind = typeof<Sym> -> "Sym", (fun call -> $"new({call})")
    | kind when kind = typeof<Sym list> -> "Sym[]", (fun call -> $"All({call})")
    | kind when kind = typeof<Sym * Sym> -> "(Sym Values, Sym Indices)", (fun call -> $"Pair({call})")
    | kind when kind = typeof<SymInt> -> "SymInt", (fun call -> $"new({call})")
    | kind when kind = typeof<unit> || kind = typeof<Void> -> "void", id
    | kind -> failwith $"{found.Name}: no type of C# for {kind}."

// Overloads in C#: what takes a number, and what takes a tensor.
let private memberName (name: string) =
    [ "Scalar"; "Tensor" ]
    |> List.fold
        (fun (name: string) part -> if name.EndsWith part then name.Substring(0, name.Length - part.Length) else name)
        name
    |> Names.pascal

let private operation (declared: MethodInfo) =
    let owner, short = if declared.IsGenericMethodDefinition then sized, "SizedOp" else operations, "Op"
    let found = owner.GetMethod declared.Name
    let parameters = found.GetParameters() |> List.ofArray
    let tensors = parameters |> List.filter (fun parameter -> parameter.ParameterType = typeof<Sym>)

    // `tensors.Put("key", value)`: named tensors come last in F#.
    let receiver = if found.Name = "put" then List.tryLast tensors else List.tryHead tensors

    let last = parameters |> List.filter (fun parameter -> parameter.ParameterType <> typeof<Sym>) |> List.tryLast

    let declared, handed =
        parameters
        |> List.map (fun parameter -> argument found receiver (Some parameter = last) parameter)
        |> List.unzip

    let head = declared |> List.choose id |> List.sortBy fst |> List.map snd |> String.concat ", "
    let kind, make = result found
    let call = $"""{short}.{found.Name}({String.Join(", ", handed)})"""
    let body = make call + ";"

    [
        yield! summary $"M:{owner.FullName}.{found.Name}"
        match found.Name, receiver with
        // `tensors["key"]`.
        | "get", _ -> $"    public Sym this[{head}] => {body}"
        | name, Some _ -> $"    public {kind} {memberName name}({head}) => {body}"
        | name, None -> $"    public static {kind} {memberName name}({head}) => {body}"
    ]

// What C# says by a conversion, and what the compiler adds to a function of several types.
let private isOther (found: MethodInfo) = found.Name = "int" || found.Name.Contains '$'

/// The file by its path.
let files =
    [
        "src/Deeplay.CSharp/Sym.g.cs",
        String.Join(
            "\n",
            [
                yield! CSharpFactories.header
                $"using Op = {operations.FullName};"
                $"using SizedOp = {sized.FullName};"
                ""
                "namespace Deeplay;"
                ""
                "/// <content>Tensor operations, with PyTorch's names and meanings. Dimensions count from the back where"
                "/// negative.</content>"
                "public sealed partial class Sym"
                "{"
                let operators = declared typeof<Sym> |> List.filter (fun found -> symbols.ContainsKey found.Name)

                let functions = declared operations |> List.filter (isOther >> not)
                let members = List.map operator operators @ List.map operation functions

                for i, lines in List.indexed members do
                    if i > 0 then ""
                    yield! lines

                "}"
                ""
            ]
        )
    ]
