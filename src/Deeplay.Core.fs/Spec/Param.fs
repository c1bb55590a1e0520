namespace Deeplay.Core

/// A parameter, whatever its type: what a definition is given a list of.
[<AbstractClass>]
type Param(parameter: Parameter) =
    member _.Parameter = parameter
    member _.Name = parameter.Name

/// A typed key to a parameter: it can't be mistyped, and its values can't be of the wrong type.
[<Sealed>]
type Param<'T>(parameter: Parameter, toValue: 'T -> Value, ofValue: Value -> 'T voption) =
    inherit Param(parameter)

    /// The value that stands for `item` in a spec.
    member _.ToValue(item: 'T) = toValue item

    /// The item that a value stands for; nothing where it is unset, null or of another type.
    member _.OfValue(value: Value) = ofValue value

    /// The same key with a changed parameter.
    member _.With(change: Parameter -> Parameter) = Param<'T>(change parameter, toValue, ofValue)

[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Arguments =
    /// The exception for an argument that is not set, or is not what was expected.
    let wrong name expected (arguments: Arguments) : exn =
        let error =
            match arguments[name] with
            | Unset -> Missing(arguments.Tag, arguments.Kind, name, "Set it, or give an input shape.")
            | Int number as large when number <> int64 (int number) ->
                WrongValue(arguments.Tag, arguments.Kind, name, $"{expected} of 32 bits", Value.print large)
            | other -> WrongValue(arguments.Tag, arguments.Kind, name, expected, Value.print other)

        Fail.exceptionOf [ error ]

    /// The argument of this name as a size, which may be inferred later.
    let size name (arguments: Arguments) : SymInt =
        match arguments[name] with
        | Unset -> SymInt(null, SizeExpr.Argument name)
        | Int size -> SymInt(null, SizeExpr.Fixed size)
        | _ -> raise (wrong name "an int" arguments)

[<AutoOpen>]
module ParamExtensions =
    type Arguments with

        /// The argument for this key. An argument that is not set is an error that names the module.
        member this.Get(key: Param<'T>) : 'T =
            match key.OfValue this[key.Name] with
            | ValueSome item -> item
            | ValueNone -> raise (Arguments.wrong key.Name (Value.describeType key.Parameter.Type) this)

        /// The argument for this key; None where it is unset or null.
        member this.TryGet(key: Param<'T>) : 'T option =
            match key.OfValue this[key.Name] with
            | ValueSome item -> Some item
            | ValueNone -> None

        /// The argument for this key as a size: for `lazyParameter`, `lazyBuffer`, and sizes in the forward pass. Where it is not set
        /// yet, it is what is inferred before the module is built (`Definition.withInferred`).
        member this.Size(key: Param<int>) : SymInt = Arguments.size key.Name this

        /// The argument of this name as far as it is known.
        member internal this.Known(name: string) : Dim =
            match this[name] with
            | Int size -> Known size
            | _ -> Unknown

        /// The argument of this name, which must be known by now.
        member internal this.Demanded(name: string) : int64 =
            match this[name] with
            | Int size -> size
            | _ -> raise (Arguments.wrong name "an int" this)
