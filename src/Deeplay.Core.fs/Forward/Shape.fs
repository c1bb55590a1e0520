namespace Deeplay.Core

open System
// Sizes that don't fit into 64 bits stop the inference (`Infer`), here and in every rule.
open Checked

/// The size of one dimension of a tensor: known, or not known yet (a batch of any size, a lazy width).
[<Struct>]
type Dim =
    | Known of size: int64
    | Unknown

    override this.ToString() =
        match this with
        | Known size -> string size
        | Unknown -> "?"

/// The shape of a tensor, as far as it is known before it exists.
type Shape =
    /// So many dimensions, some of them perhaps of unknown size.
    | Ranked of Dim list
    /// Not even the number of dimensions is known.
    | Unranked

    /// Written like PyTorch's sizes: `(8, 32)`, with `?` for what is not known and `…` for an unknown rank.
    override this.ToString() =
        match this with
        | Ranked [ one ] -> $"({one},)"
        | Ranked dims -> "(" + String.Join(", ", dims) + ")"
        | Unranked -> "(…)"

/// What flows between modules: a tensor, or several with names.
type Carried =
    | Tensor of Shape
    | Tensors of Map<string, Shape>

    override this.ToString() =
        match this with
        | Tensor shape -> string shape
        | Tensors named ->
            let entries = named |> Map.toSeq |> Seq.map (fun (name, shape) -> $"{name}: {shape}")

            "{" + String.Join(", ", entries) + "}"

[<RequireQualifiedAccess>]
module Dim =
    /// `f` of the size, unknown where the size is.
    let map f dim =
        match dim with
        | Known size -> Known(f size)
        | Unknown -> Unknown

    /// `f` of both sizes, unknown where one of them is.
    let map2 f a b =
        match a, b with
        | Known a, Known b -> Known(f a b)
        | _ -> Unknown

    /// The size, where it is known.
    let tryValue dim =
        match dim with
        | Known size -> Some size
        | Unknown -> None

    /// Whether both could be the same size.
    let agrees a b =
        match a, b with
        | Known a, Known b -> a = b
        | _ -> true

    /// What is known of a size of which both are said; None where they contradict each other.
    let unify a b =
        match a, b with
        | Known x, Known y -> if x = y then Some a else None
        | Unknown, other
        | other, Unknown -> Some other

[<RequireQualifiedAccess>]
module Shape =
    /// A shape whose sizes are all known.
    let known (sizes: int64 seq) = Ranked(sizes |> Seq.map Known |> List.ofSeq)

    /// The number of dimensions, where it is known.
    let rank shape =
        match shape with
        | Ranked dims -> Some dims.Length
        | Unranked -> None

    /// Whether both could be the same shape.
    let agrees a b =
        match a, b with
        | Ranked a, Ranked b -> a.Length = b.Length && List.forall2 Dim.agrees a b
        | _ -> true

    /// The sizes, where all of them are known.
    let tryKnown shape =
        match shape with
        | Ranked dims when dims |> List.forall (fun d -> d <> Unknown) -> Some(dims |> List.choose Dim.tryValue)
        | _ -> None

    /// `dim` counted from the front, where it may be given from the back (-1 is the last), as in PyTorch.
    /// `rank` is one more than the dimensions there are where a new one is put in.
    let normalize rank dim =
        let positive = if dim < 0 then dim + rank else dim

        if positive < 0 || positive >= rank then None else Some positive

    /// The product of the sizes.
    let numel dims = List.fold (Dim.map2 (*)) (Known 1L) dims

    /// The shape of an elementwise operation on both, by PyTorch's rule of broadcasting; None where they do not
    /// fit each other.
    let broadcast a b =
        match a, b with
        | Unranked, _
        | _, Unranked -> Some Unranked
        | Ranked a, Ranked b ->
            let rank = max a.Length b.Length

            let pad (dims: Dim list) = List.replicate (rank - dims.Length) (Known 1L) @ dims

            let dims =
                List.map2
                    (fun a b ->
                        match a, b with
                        | Known 1L, other
                        | other, Known 1L -> Some other
                        | _ -> Dim.unify a b)
                    (pad a)
                    (pad b)

            if List.forall Option.isSome dims then Some(Ranked(List.choose id dims)) else None
