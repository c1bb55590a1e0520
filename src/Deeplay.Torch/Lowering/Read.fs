namespace Deeplay.Torch

open System
open Deeplay.Core
open TorchSharp

/// Reading a layer's resolved arguments by PyTorch's names.
module internal Read =
    /// Refuses an argument: what was expected, against what it is.
    let wrong (a: Arguments) name expected =
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

    let private listOf item expected (a: Arguments) name values =
        values
        |> List.map (fun value ->
            match item value with
            | Some number -> number
            | None -> wrong a name expected)
        |> Array.ofList

    let private ofInt value =
        match value with
        | Int i -> Some i
        | _ -> None

    let private ofFloat value =
        match value with
        | Int i -> Some(Operators.float i)
        | Float f -> Some f
        | _ -> None

    /// One number for each dimension, where one for all may have been given.
    let dims rank (a: Arguments) name : int64[] =
        let expected = if rank = 1 then "an int" else $"an int, or {rank} of them"

        match a[name] with
        | Int i
        | List [ Int i ] -> Array.replicate rank i
        | List values when values.Length = rank -> listOf ofInt expected a name values
        | _ -> wrong a name expected

    /// A list of numbers; one number is a list of one.
    let ints (a: Arguments) name : int64[] =
        match a[name] with
        | Int i -> [| i |]
        | List values -> listOf ofInt "a list of ints" a name values
        | _ -> wrong a name "a list of ints"

    /// A list of numbers; one number is a list of one.
    let floats (a: Arguments) name : float[] =
        match a[name] with
        | List values -> listOf ofFloat "a list of floats" a name values
        | value -> listOf ofFloat "a float, or a list of them" a name [ value ]

    /// Whether one number was given where there could be one for each dimension.
    let isOne (a: Arguments) name =
        match a[name] with
        | List _ -> false
        | _ -> true

    /// What a reader gives; None where the argument is null or unset, or where the layer has no such parameter.
    let optional (read: Arguments -> string -> 'a) (a: Arguments) name : 'a option =
        if not (a.Signature.Has name) then
            None
        else
            match a[name] with
            | Null
            | Unset -> None
            | _ -> Some(read a name)

    /// The same as a nullable, as the engine's factories take it.
    let nullable (read: Arguments -> string -> 'a) (a: Arguments) name : Nullable<'a> =
        optional read a name |> Option.toNullable

    /// What a reader gives, or a default where the layer has no such parameter.
    let orElse standard (read: Arguments -> string -> 'a) (a: Arguments) name : 'a =
        if a.Signature.Has name then read a name else standard

    /// The case that a text stands for, out of a table.
    let choice (table: (string * 'a) list) (a: Arguments) name : 'a =
        let given = text a name

        match table |> List.tryFind (fun (known, _) -> known = given) with
        | Some(_, case) -> case
        | None ->
            let known = table |> List.map (fun (known, _) -> $"'{known}'")
            let known = String.Join(", ", known)
            wrong a name $"one of {known}"

    /// Refuses what PyTorch offers and the engine does not. Layers without such a parameter pass.
    let only (value: Value) (a: Arguments) name =
        if a.Signature.Has name && a[name] <> value then
            wrong a name $"{Value.print value} (the engine offers nothing else)"

    let pair (numbers: int64[]) = struct (numbers[0], numbers[1])

    let triple (numbers: int64[]) =
        struct (numbers[0], numbers[1], numbers[2])

/// One row of a table of lowerings.
module internal Row =
    /// A layer kind and how its module is made.
    let row id (make: Arguments -> #torch.nn.Module) : string * (Arguments -> torch.nn.Module) =
        id, (fun arguments -> make arguments :> torch.nn.Module)

/// A layer that is one function of tensors, where the engine has the function alone.
[<Sealed>]
type internal FunctionLayer(name: string, f: Tensor -> Tensor) =
    inherit torch.nn.Module<torch.Tensor, torch.Tensor>(name)
    override _.forward input = f input
