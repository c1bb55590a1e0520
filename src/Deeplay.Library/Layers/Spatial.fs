namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp
open Checked

/// What layers over one, two or three spatial dimensions have in common.
module internal Spatial =
    /// The dimensions as documentation writes them: (N, C, L), (N, C, H, W), (N, C, D, H, W).
    let words n =
        match n with
        | 1 -> "of 3 dimensions (N, C, L), or 2 (C, L)"
        | 2 -> "of 4 dimensions (N, C, H, W), or 3 (C, H, W)"
        | _ -> "of 5 dimensions (N, C, D, H, W), or 4 (C, D, H, W)"

    let private several n = if n = 1 then "1 of them" else $"{n} of them"

    /// The shapes of a layer from so many channels to so many, as documentation writes them; `size` says how each size of
    /// the output follows.
    let shapes n input output size =
        let shape channels suffix =
            [ "D"; "H"; "W" ]
            |> fun names -> if n = 1 then [ "L" ] else List.skip (3 - n) names
            |> List.map (fun name -> name + suffix)
            |> String.concat ", "
            |> fun sizes -> $"(N, {channels}, {sizes})"

        let from, to' = shape input "", shape output "_out"
        $"{from} → {to'}, or both without N. Each size_out is {size}."

    /// A whole number for all of `n` dimensions, or one for each, none below `least`.
    let perDimension n least (name: string) : Param<int list> =
        let one = if least = 1 then "a positive int" else $"an int of at least {string least}"

        Param.perDimension name
        |> Param.withCheck $"{one}, or {several n}" (fun sizes ->
            (sizes.Length = 1 || sizes.Length = n) && List.forall (fun size -> size >= least) sizes)

    /// The sizes that a value says for `n` dimensions.
    let ofValue n (value: Value) : int64 list =
        match value with
        | Int size -> List.replicate n size
        | List [ Int size ] -> List.replicate n size
        | List items ->
            items
            |> List.choose (fun item ->
                match item with
                | Int size -> Some size
                | _ -> None)
        | _ -> []

    let get n (arguments: Arguments) (key: Param<int list>) : int64 list =
        // An argument that is not set is an error that names the module.
        arguments.Get key |> ignore
        ofValue n arguments[key.Name]

    /// Splits a shape into what is before the channels, the channels and the spatial sizes.
    let split n (input: Shape) next : Result<Inference, OpShape.Problem> =
        match input with
        | Unranked -> Rule.gives Unranked
        | Ranked dims when dims.Length <> n + 1 && dims.Length <> n + 2 ->
            Rule.fail $"an input {words n}" input
        | Ranked dims ->
            let at = dims.Length - n - 1
            next dims[.. at - 1] dims[at] dims[at + 1 ..]

    /// Maps the spatial sizes one by one; None is a size that does not fit.
    let map (problem: unit -> Result<Dim list, OpShape.Problem>) (f: int -> int64 -> int64 option) sizes =
        let mapped =
            sizes
            |> List.mapi (fun i size ->
                match size with
                | Unknown -> Some Unknown
                | Known size -> f i size |> Option.map Known)

        if List.forall Option.isSome mapped then Ok(List.choose id mapped) else problem ()

    /// Division that rounds down for negative numbers too.
    let floorDiv (a: int64) (b: int64) =
        let q = a / b
        if a % b <> 0L && (a < 0L) <> (b < 0L) then q - 1L else q
