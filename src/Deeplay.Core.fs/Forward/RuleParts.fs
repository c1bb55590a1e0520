namespace Deeplay.Core

open Checked

/// Expected and found, where the inputs of a rule do not fit.
type ShapeProblem = { Expected: string; Found: string }

/// What the shape rules of operations are made of.
module internal RuleParts =
    let fail expected (found: obj) : Result<'a, ShapeProblem> = Error { Expected = expected; Found = string found }

    /// The rule of a shape of which the number of dimensions is known; nothing is known of the others.
    let ranked shape next : Result<Shape, ShapeProblem> =
        match shape with
        | Unranked -> Ok Unranked
        | Ranked dims -> next dims

    /// The rule at one dimension, counted from the front.
    let withDim shape dim (next: Dim list -> int -> Result<Shape, ShapeProblem>) =
        ranked shape (fun dims ->
            match Shape.normalize dims.Length dim with
            | Some dim -> next dims dim
            | None -> fail $"an input with a dimension {string dim}" shape)

    /// The same, where a scalar counts as a vector of one, as most functions along a dimension take it.
    let withDimOrScalar shape dim next =
        match shape with
        | Ranked [] when dim = 0 || dim = -1 -> next [] 0
        | _ -> withDim shape dim next

    /// The rule at several dimensions, each named once.
    let withDims shape (dims: int list) (next: Dim list -> int list -> Result<Shape, ShapeProblem>) =
        ranked shape (fun sizes ->
            let places = dims |> List.map (Shape.normalize (max 1 sizes.Length))
            let named = Number.list (List.map int64 dims)

            if List.contains None places then fail $"an input with the dimensions {named}" shape
            elif (List.distinct places).Length < places.Length then fail "every dimension once" named
            else next sizes (List.choose id places))

    let broadcast a b =
        match Shape.broadcast a b with
        | Some shape -> Ok shape
        | None -> fail "two shapes that broadcast" $"{a} and {b}"

    let broadcastAll shapes =
        List.fold (fun known shape -> known |> Result.bind (fun known -> broadcast known shape)) (Ok(Ranked [])) shapes

    /// Whether `shape` broadcasts to `target` without changing it.
    let fitsInto target shape =
        match Shape.broadcast target shape, target, shape with
        | None, _, _ -> false
        | Some _, Ranked target, Ranked shape ->
            shape.Length <= target.Length
            && List.forall2
                (fun target size -> size = Known 1L || Dim.agrees target size)
                (List.skip (target.Length - shape.Length) target)
                shape
        | _ -> true

    /// Both shapes, where they may be the same: what is known of either.
    let same a b =
        match a, b with
        | Unranked, other
        | other, Unranked -> Some other
        | Ranked a, Ranked b when a.Length = b.Length ->
            let dims = List.map2 Dim.unify a b
            if List.contains None dims then None else Some(Ranked(List.choose id dims))
        | _ -> None

    /// The rule of inputs that have one number of dimensions.
    let ofSameRank shapes next =
        if List.contains Unranked shapes then
            Ok Unranked
        else
            let all =
                shapes
                |> List.map (fun shape ->
                    match shape with
                    | Ranked dims -> dims
                    | Unranked -> [])

            if (List.distinctBy List.length all).Length = 1 then next all else fail "inputs of one rank" shapes

    /// The size, where a size that is known fits `isFine`.
    let require isFine expected found (dim: Dim) next =
        match dim with
        | Known size when not (isFine size) -> fail expected found
        | _ -> next ()
