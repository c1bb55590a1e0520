/// Parameters of definitions and actions as arguments of C# methods.
module Deeplay.Generate.CSharpArguments

open System
open System.Globalization
open Deeplay.Core

/// One argument: PyTorch's name, C#'s name and type, and its default where it has one.
[<NoComparison>]
type Argument = { Parameter: Parameter; Name: string; Type: string; Default: string option }

let rec private ofType kind =
    match kind with
    | BoolType -> "bool"
    | IntType -> "long"
    | FloatType -> "double"
    | TextType
    | OneOf _ -> "string"
    | IntOrInts -> "Sizes"
    | ListOf item -> $"IReadOnlyList<{ofType item}>"
    | ModuleType -> Names.spec
    | FunctionType -> "TensorFunction"
    | OrNull inner -> ofType inner
    | AnyType -> "object"

let rec private ofKey (kind: Type) =
    if kind.IsGenericType && kind.GetGenericTypeDefinition() = typedefof<option<_>> then
        ofKey (kind.GetGenericArguments()[0])
    elif kind = typeof<int list> then
        "Sizes"
    elif kind = typeof<float> then
        "double"
    else
        "object"

/// The type, without a question mark. What takes several types (`AnyType`) is of the type that its key has.
let bare (definition: Definition) (parameter: Parameter) =
    match parameter.Type with
    | AnyType
    | OrNull AnyType ->
        if Catalog.isTextToo definition parameter then
            "ConvPadding"
        else
            ofKey (Catalog.key definition parameter).Type
    | kind -> ofType kind

/// Whether null is a value of it.
let takesNull (parameter: Parameter) =
    match parameter.Type with
    | OrNull _ -> true
    | _ -> parameter.Default = Null

/// The type that its values have.
let valueType definition parameter = bare definition parameter + (if takesNull parameter then "?" else "")

/// A default that C# can write as one.
let private constant kind (value: Value) =
    match kind, value with
    | "bool", Bool b -> Some(if b then "true" else "false")
    | "long", Int i -> Some(string i)
    | "double", Float f ->
        let text = f.ToString("R", CultureInfo.InvariantCulture)

        Some(if text.Contains '.' || text.Contains 'E' then text else text + ".0")
    | "string", Text text -> Some $"\"{text}\""
    | _ -> None

/// An argument that may be left out. Null says "not given" where a default can't be written.
let private optional (bare: string) (parameter: Parameter) =
    let name = Names.csharpArgument parameter.Name
    let question = if takesNull parameter then "?" else ""

    match constant bare parameter.Default, parameter.Default with
    | Some standard, _ -> { Parameter = parameter; Name = name; Type = bare + question; Default = Some standard }
    | None, standard when question <> "" && standard <> Null && standard <> Unset ->
        failwith $"The default of '{parameter.Name}' can't be written in C#, and null is another value of it."
    | None, _ -> { Parameter = parameter; Name = name; Type = bare + "?"; Default = Some "null" }

let private needed (bare: string) (parameter: Parameter) =
    {
        Parameter = parameter
        Name = Names.csharpArgument parameter.Name
        Type = bare + (if parameter.IsInferred || takesNull parameter then "?" else "")
        Default = None
    }

/// The arguments of a definition's factory, in order. One that may be inferred can't be left out where another that must
/// be given comes after it: there it takes null.
let ofDefinition (definition: Definition) =
    let leading = (Catalog.leading definition.Signature).Length

    [
        for i, parameter in Seq.indexed definition.Signature.Parameters do
            let bare = bare definition parameter

            if i < leading then needed bare parameter else optional bare parameter
    ]

/// The same, without those that may be inferred: for calls by name. None where nothing would be left out.
let withoutInferred (arguments: Argument list) =
    let kept = arguments |> List.filter (fun a -> not (a.Parameter.IsInferred && a.Default.IsNone))

    if kept.Length < arguments.Length then Some kept else None

/// The same, where all but the first may be left out.
let withFirstAlone (arguments: Argument list) =
    arguments
    |> List.mapi (fun i argument ->
        if i = 0 || argument.Default.IsSome then
            argument
        else
            { argument with Type = argument.Type.TrimEnd '?' + "?"; Default = Some "null" })

/// Whether the same method with `?` behind the types of these would be another one to the compiler.
let areOthersWithNull (arguments: Argument list) =
    let isReference (argument: Argument) =
        argument.Type = Names.spec
        || argument.Type = "string"
        || argument.Type = "object"
        || argument.Type.StartsWith("IReadOnlyList<", StringComparison.Ordinal)

    not (List.forall isReference arguments)

/// The arguments of a method or a style: those that must be given, then the others.
let ofAction (action: ActionDefinition) =
    let must, may = action.Signature.Parameters |> List.ofArray |> List.partition Catalog.isRequired

    [
        for parameter in must -> needed (ofType parameter.Type) parameter
        for parameter in may -> optional (ofType parameter.Type) parameter
    ]

/// How an argument is written in a method's head.
let declare (argument: Argument) =
    match argument.Default with
    | Some standard -> $"{argument.Type} {argument.Name} = {standard}"
    | None -> $"{argument.Type} {argument.Name}"

/// What is said of an argument. Where null stands for a default, that default is told.
let document (signature: Signature) (argument: Argument) =
    let inferred =
        if
            argument.Parameter.IsInferred
            && not (argument.Parameter.Documentation.Contains("inferred", StringComparison.Ordinal))
        then
            " Inferred where null."
        else
            ""

    let standard =
        match argument.Default, Documentation.standard argument.Parameter with
        | Some "null", Some value -> $" Default: {value}."
        | _ -> ""

    Documentation.parameter signature argument.Parameter + inferred + standard
