namespace Deeplay.FSharp

open System
open Deeplay.Core

/// Typed parameters of a definition.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Param =
    let private make name kind toValue ofValue = Param<'T>(Parameter.Named(name, kind), toValue, ofValue)

    /// A parameter that is true or false.
    let bool name : Param<bool> =
        make name BoolType Bool (fun value ->
            match value with
            | Bool b -> ValueSome b
            | _ -> ValueNone)

    let private ofInt value =
        match value with
        | Int i when i >= int64 Int32.MinValue && i <= int64 Int32.MaxValue -> ValueSome(int i)
        | _ -> ValueNone

    /// A whole number.
    let int name : Param<int> = make name IntType (int64 >> Int) ofInt

    /// A number.
    let float name : Param<float> =
        make name FloatType Float (fun value ->
            match value with
            | Float f -> ValueSome f
            | Int i -> ValueSome(Operators.float i)
            | _ -> ValueNone)

    let private ofText value =
        match value with
        | Text t -> ValueSome t
        | _ -> ValueNone

    /// A text.
    let text name : Param<string> = make name TextType Text ofText

    /// One of several texts.
    let oneOf choices name : Param<string> = make name (OneOf choices) Text ofText

    let private all (ofItem: Value -> 'a voption) (values: Value list) =
        let items =
            [
                for value in values do
                    match ofItem value with
                    | ValueSome item -> item
                    | ValueNone -> ()
            ]

        if items.Length = values.Length then ValueSome items else ValueNone

    /// Several of what another parameter takes one of.
    let list (item: Param<'T>) : Param<'T list> =
        let check (value: Value) =
            match value with
            | Value.List values -> List.tryPick item.Parameter.Check values
            | other -> item.Parameter.Check other
            |> Option.map (fun expected -> $"a list, each item {expected}")

        let ofValue value =
            match value with
            | Value.List values -> all item.OfValue values
            | _ -> ValueNone

        make item.Name (ListOf item.Parameter.Type) (List.map item.ToValue >> Value.List) ofValue
        |> fun key -> key.With(fun p -> { p with Check = check })

    /// Whole numbers.
    let ints name : Param<int list> = list (int name)

    /// One whole number for all dimensions, or one for each: `kernel_size`, `stride`, `padding`.
    let perDimension name : Param<int list> =
        make
            name
            IntOrInts
            (fun items ->
                match items with
                | [ one ] -> Int(int64 one)
                | several -> Value.List(several |> List.map (int64 >> Int)))
            (fun value ->
                match value with
                | Int _ -> ofInt value |> ValueOption.map List.singleton
                | Value.List values -> all ofInt values
                | _ -> ValueNone)

    /// A module. A layer kind is taken as that kind without arguments.
    let spec name : Param<ModuleSpec> =
        make name ModuleType Module (fun value ->
            match value with
            | Module spec -> ValueSome spec
            | Kind definition -> ValueSome(Spec.create definition Map.empty)
            | _ -> ValueNone)

    /// Several modules.
    let specs name : Param<ModuleSpec list> = list (spec name)

    /// A function over tensors, by its name in a registry.
    let func name : Param<NamedFunction> =
        make name FunctionType Function (fun value ->
            match value with
            | Function f -> ValueSome f
            | _ -> ValueNone)

    /// Any value at all.
    let any name : Param<Value> = make name AnyType id ValueSome

    /// The same parameter, which may also be null: "nothing, on purpose".
    let optional (inner: Param<'T>) : Param<'T option> =
        let p = inner.Parameter
        let check (value: Value) = if value.IsNull then None else p.Check value
        let toValue item = item |> Option.map inner.ToValue |> Option.defaultValue Null

        let ofValue (value: Value) =
            if value.IsNull then ValueSome None else inner.OfValue value |> ValueOption.map Some

        Param<'T option>({ p with Type = OrNull p.Type; Check = check }, toValue, ofValue)

    /// The same parameter with a default.
    let withDefault (value: 'T) (key: Param<'T>) : Param<'T> = key.With(fun p -> { p with Default = key.ToValue value })

    /// The same parameter, which the shape of an input says where it is not set: by the shape rule of a layer, or by
    /// `Definition.withInferred`.
    let inferred (key: Param<'T>) : Param<'T> = key.With(fun p -> { p with IsInferred = true })

    /// The same parameter with its documentation.
    let withDocumentation text (key: Param<'T>) : Param<'T> = key.With(fun p -> { p with Documentation = text })

    /// The same parameter, taking only values that pass. `expected` says in words what passes.
    let withCheck expected (passes: 'T -> bool) (key: Param<'T>) : Param<'T> =
        key.With(fun p ->
            { p with
                Check =
                    fun value ->
                        match key.OfValue value with
                        | ValueSome item when passes item -> None
                        | _ -> Some expected
            })

    /// A whole number of at least `least`.
    let atLeast least (key: Param<int>) =
        let expected = if least = 1 then "a positive int" else $"an int of at least {string least}"

        // Straight from the value, for every module has several of these.
        let check value =
            match value with
            | Int number when number >= int64 least -> None
            | _ -> Some expected

        key.With(fun p -> { p with Check = check })

/// What a setting may be named by: a name, or a typed key.
[<AbstractClass; Sealed>]
type SettingKey =
    /// A parameter by its name; any .NET value is taken as the value that stands for it.
    static member Setting(key: string, value: 'v) : string * Value = key, Value.ofObject (box value)

    /// A parameter by its typed key.
    static member Setting(key: Param<'v>, value: 'v) : string * Value = key.Name, key.ToValue value

[<AutoOpen>]
module ParamOperators =
    /// What `=>` overloads over.
    let inline settingOf (_: ^W) (key: ^K) (value: ^V) : string * Value =
        ((^W or ^K): (static member Setting: ^K * ^V -> string * Value) (key, value))

    /// A parameter with the value it is to have: `features => 32`, or `"features" => 32`.
    let inline (=>) key value : string * Value = settingOf Unchecked.defaultof<SettingKey> key value
