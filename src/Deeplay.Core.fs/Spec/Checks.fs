namespace Deeplay.Core

open System

/// Checking values against parameters.
[<RequireQualifiedAccess>]
module internal Checks =
    // The value as the parameter takes it, else what is expected.
    let private valueOf (parameter: Parameter) value : Result<Value, string> =
        match Value.coerce parameter.Type value with
        | ValueNone -> Error(Value.describeType parameter.Type)
        | ValueSome Unset -> Ok Unset
        | ValueSome value ->
            match parameter.Check value with
            | Some expected -> Error expected
            | None -> Ok value

    /// A value for each parameter of a signature; every error is reported, not the first alone.
    let arguments tag kind (signature: Signature) (valueFor: Parameter -> Value) =
        let mutable errors = []
        let values = Array.zeroCreate<Value> signature.Parameters.Length

        for i in 0 .. values.Length - 1 do
            let parameter = signature.Parameters[i]
            let given = valueFor parameter

            // What was not given is as it was declared.
            if Object.ReferenceEquals(given, parameter.Default) then
                values[i] <- given
            else
                match valueOf parameter given with
                | Ok value -> values[i] <- value
                | Error expected ->
                    errors <- WrongValue(tag, kind, parameter.Name, expected, Value.print given) :: errors
                    values[i] <- Unset

        if not errors.IsEmpty then Fail.withAll (List.rev errors)

        Arguments(tag, kind, signature, values)

    /// The given arguments as the parameters of something with this signature take them; raises what does not fit.
    let given tag kind (signature: Signature) (arguments: Map<string, Value>) =
        arguments
        |> Map.map (fun name given ->
            match valueOf signature.Parameters[signature.Find(tag, kind, name)] given with
            | Ok value -> value
            | Error expected -> Fail.with' (WrongValue(tag, kind, name, expected, Value.print given)))

    /// The arguments of an action: those given, else its defaults.
    let hook tag (hook: Hook) =
        let signature = hook.Action.Signature

        for name in hook.Arguments.Keys do
            signature.Find(tag, hook.Action.Id, name) |> ignore

        arguments tag hook.Action.Id signature (fun parameter ->
            hook.Arguments.TryFind parameter.Name |> Option.defaultValue parameter.Default)
