namespace Deeplay.Torch

open Deeplay.Core
open TorchSharp

/// Reading a layer's resolved arguments by PyTorch's names.
module internal Read =
    let private wrong (a: Arguments) name expected =
        match a[name] with
        | Unset ->
            let hint = "Set it, or build with the shape of an input."
            Fail.with' (Missing(a.Tag, a.Kind, name, hint))
        | other -> Fail.with' (WrongValue(a.Tag, a.Kind, name, expected, Value.print other))

    let int (a: Arguments) name : int64 =
        match a[name] with
        | Int i -> i
        | _ -> wrong a name "an int"

    let float (a: Arguments) name : float =
        match a[name] with
        | Float f -> f
        | Int i -> Operators.float i
        | _ -> wrong a name "a float"

    let bool (a: Arguments) name : bool =
        match a[name] with
        | Bool b -> b
        | _ -> wrong a name "a bool"

    let text (a: Arguments) name : string =
        match a[name] with
        | Text t -> t
        | _ -> wrong a name "a text"

    let private intsOf (a: Arguments) name values =
        values
        |> List.map (fun value ->
            match value with
            | Int i -> i
            | _ -> wrong a name "a list of ints")
        |> Array.ofList

    /// One number for each dimension, where one for all may have been given.
    let dims (a: Arguments) rank name : int64[] =
        match a[name] with
        | Int i -> Array.replicate rank i
        | List values when values.Length = rank -> intsOf a name values
        | _ -> wrong a name $"an int, or {rank} of them"

    /// A list of numbers; one number is a list of one.
    let ints (a: Arguments) name : int64[] =
        match a[name] with
        | Int i -> [| i |]
        | List values -> intsOf a name values
        | _ -> wrong a name "a list of ints"

    /// What a reader gives; None where the argument is null or unset.
    let optional (read: Arguments -> string -> 'a) (a: Arguments) name : 'a option =
        match a[name] with
        | Null
        | Unset -> None
        | _ -> Some(read a name)
