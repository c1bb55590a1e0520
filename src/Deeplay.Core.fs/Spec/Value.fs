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
        | Opaque o -> if isNull o then "None" else $"<{o.GetType().Name}>"

    /// A spec on one line: its kind and the arguments it was given.
    and printSpec (spec: ModuleSpec) =
        let arguments =
            spec.Definition.Signature.Parameters
            |> Seq.choose (fun p ->
                spec.Arguments.TryFind p.Name |> Option.map (fun v -> $"{p.Name}={print v}"))

        let changed =
            if spec.Steps.IsEmpty then ""
            elif spec.Steps.Length = 1 then " + 1 change"
            else $" + {spec.Steps.Length} changes"

        let arguments = String.Join(", ", arguments)
        $"{spec.Definition.Id}({arguments}){changed}"

    /// The type of a value in words.
    let kindOf value =
        match value with
        | Unset -> "unset"
        | Null -> "null"
        | Bool _ -> "a bool"
        | Int _ -> "an int"
        | Float _ -> "a float"
        | Text _ -> "a text"
        | List _ -> "a list"
        | Kind _ -> "a layer kind"
        | Module _ -> "a module"
        | Function _ -> "a function"
        | Opaque _ -> "an object"

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
        | IntOrInts, List items -> coerce (ListOf IntType) (List items)
        | ListOf item, List items ->
            let coerced = items |> List.map (coerce item)

            if List.forall ValueOption.isSome coerced then
                ValueSome(List(coerced |> List.map ValueOption.get))
            else
                ValueNone
        | _ -> ValueNone

    /// Whether the value, or one inside it, still has `Detached` settings.
    let rec isFree value =
        match value with
        | Module spec -> spec.IsFree
        | List values -> List.exists isFree values
        | _ -> false

    /// Whether something in the value became somebody's in the construction of a tree.
    let rec isClaimed value =
        match value with
        | Module spec -> spec.IsClaimed
        | List values -> List.exists isClaimed values
        | _ -> false

    let rec private release value =
        match value with
        | Module spec -> Module(releaseSpec spec)
        | List values -> List(List.map release values)
        | _ -> value

    /// The spec as nobody's: what was claimed in it is `Detached` again, as when it was made. Two specs are equal whoever
    /// owns their settings, and a saved one does not say it: so what a user took out of a tree must forget it, or it
    /// would construct otherwise than its equal that was made anew.
    and releaseSpec spec =
        let arguments = spec.Arguments |> Map.map (fun _ value -> release value)

        // The last part of a stamp is the number of the step.
        let releaseItem (item: ConfigItem<Setting>) =
            { item with
                Source = Detached
                Stamp = [ List.last item.Stamp ]
                Value =
                    match item.Value with
                    | Set value -> Set(release value)
                    | Run hook ->
                        Run
                            { hook with
                                Arguments = hook.Arguments |> Map.map (fun _ value -> release value)
                            }
            }

        { spec with
            Config = Config.choose (fun _ _ item -> Some(releaseItem item)) spec.Config
            Arguments = arguments
            IsFree = not spec.Config.IsEmpty || arguments |> Map.exists (fun _ value -> isFree value)
            IsClaimed = false
            Cache = TreeCache None
        }

    /// The value as given by `source` at `stamp`: whatever in it was `Detached` is now theirs.
    let rec claim source stamp value =
        match value with
        | Module spec when spec.IsFree -> Module(claimSpec source stamp spec)
        | List values when List.exists isFree values -> List(values |> List.map (claim source stamp))
        | _ -> value

    and private claimSpec source stamp spec =
        let claimItem (item: ConfigItem<Setting>) =
            match item.Source with
            | Detached ->
                { item with
                    Source = source
                    Stamp = stamp @ item.Stamp
                }
            | _ -> item

        { spec with
            Config = Config.choose (fun _ _ item -> Some(claimItem item)) spec.Config
            Arguments = spec.Arguments |> Map.map (fun _ value -> claim source (stamp @ [ 0 ]) value)
            IsFree = false
            IsClaimed = true
            Cache = TreeCache None
        }
