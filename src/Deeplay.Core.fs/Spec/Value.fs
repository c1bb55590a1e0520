namespace Deeplay.Core

open System
open System.Collections
open System.Globalization
open System.Numerics

[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Value =
    let private float' (number: float) =
        let text = number.ToString("R", CultureInfo.InvariantCulture)

        if Double.IsFinite number && not (text.Contains '.') && not (text.Contains 'E') then
            text + ".0"
        else
            text.Replace("E-", "e-").Replace("E+", "e+")

    /// The value as Python would print it: `True`, `1e-05`, `[64, 32]`, `GELU`.
    let rec print value =
        match value with
        | Unset -> "unset"
        | Null -> "None"
        | Bool b -> if b then "True" else "False"
        | Int i -> string i
        | Float f -> float' f
        | Text t -> $"'{t}'"
        | List values -> "[" + String.Join(", ", List.map print values) + "]"
        | Kind definition -> definition.Id
        | Module spec -> printSpec spec
        | Function f -> f.Id
        | Action action -> action.Id
        | Opaque o -> if isNull o then "None" else $"<{o.GetType().Name}>"

    /// Arguments as a call shows them: `p=0.5, inplace=False`.
    and printArguments (arguments: Map<string, Value>) =
        arguments
        |> Map.toSeq
        |> Seq.map (fun (name, value) -> $"{name}={print value}")
        |> String.concat ", "

    /// A spec on one line: its kind and the arguments it was given.
    and printSpec (spec: ModuleSpec) =
        let arguments =
            spec.Definition.Signature.Parameters
            |> Seq.choose (fun p -> spec.Arguments.TryFind p.Name |> Option.map (fun v -> $"{p.Name}={print v}"))

        let changed =
            match spec.Memory.Count with
            | 0 -> ""
            | 1 -> " + 1 change"
            | count -> $" + {count} changes"

        let arguments = String.Join(", ", arguments)
        $"{spec.Definition.Id}({arguments}){changed}"

    let private wholeNumber (number: IFormattable) =
        let text = number.ToString(null, CultureInfo.InvariantCulture)

        match Int64.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) with
        | true, number -> Int number
        | _ -> Fail.with' (Malformed("value", "a whole number of 64 bits", text))

    /// A .NET value as a `Value`: numbers of every type, texts, sequences, specs, definitions. A whole number that 64 bits
    /// don't hold is an error. Anything else becomes opaque.
    let rec ofObject (value: obj) =
        match value with
        | null -> Null
        | :? Value as v -> v
        | :? bool as b -> Bool b
        | :? int as i -> Int(int64 i)
        | :? int64 as i -> Int i
        | :? float as f -> Float f
        | :? sbyte
        | :? byte
        | :? int16
        | :? uint16
        | :? uint32
        | :? uint64
        | :? nativeint
        | :? unativeint
        | :? Int128
        | :? UInt128
        | :? BigInteger -> wholeNumber (value :?> IFormattable)
        // As a person would write it: 0.1f is 0.1.
        | :? float32
        | :? Half
        | :? decimal ->
            let text = (value :?> IFormattable).ToString(null, CultureInfo.InvariantCulture)
            Float(Double.Parse(text, CultureInfo.InvariantCulture))
        | :? char as letter -> Text(string letter)
        // By its name: parameters take such a text where PyTorch does.
        | :? Enum as case -> Text(case.ToString())
        | :? string as t -> Text t
        | :? ModuleSpec as spec -> Module spec
        | :? Definition as definition -> Kind definition
        | :? NamedFunction as f -> Function f
        | :? IEnumerable as values -> List [ for v in values -> ofObject v ]
        | other -> Opaque other

    /// What a parameter type takes, in words.
    let rec describeType kind =
        match kind with
        | BoolType -> "a bool"
        | IntType -> "an int"
        | FloatType -> "a float"
        | TextType -> "a text"
        | OneOf names -> "one of " + String.Join(", ", names |> List.map (fun n -> $"'{n}'"))
        | ListOf item -> $"a list, each item {describeType item}"
        | IntOrInts -> "an int, or a list of one int per dimension"
        | ModuleType -> "a module"
        | FunctionType -> "a function of a registry"
        | OrNull inner -> $"{describeType inner} or null"
        | AnyType -> "any value"

    let private listOfInts = ListOf IntType

    /// The value as the type takes it (a whole number as a float, a kind as a module), or ValueNone.
    let rec coerce kind (value: Value) =
        match kind, value with
        | _, Unset
        | AnyType, _
        | BoolType, Bool _
        | IntType, Int _
        | FloatType, Float _
        | TextType, Text _
        | IntOrInts, Int _
        | ModuleType, (Module _ | Kind _)
        | FunctionType, Function _ -> ValueSome value
        | FloatType, Int i -> ValueSome(Float(float i))
        | OneOf names, Text t when List.contains t names -> ValueSome value
        | OrNull _, Null -> ValueSome Null
        | OrNull inner, _ -> coerce inner value
        | IntOrInts, List _ -> coerce listOfInts value
        | ListOf item, List items ->
            // Most lists are as they are wanted, and need no copy.
            let rec isFine items =
                match items with
                | [] -> true
                | first :: others ->
                    match coerce item first with
                    | ValueSome same when Object.ReferenceEquals(same, first) -> isFine others
                    | _ -> false

            if isFine items then
                ValueSome value
            else
                let coerced = items |> List.map (coerce item)

                if List.forall ValueOption.isSome coerced then
                    ValueSome(List(coerced |> List.map ValueOption.get))
                else
                    ValueNone
        | _ -> ValueNone
