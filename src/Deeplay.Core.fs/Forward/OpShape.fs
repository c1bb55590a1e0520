namespace Deeplay.Core

open Checked

/// The shapes that tensor operations give, by PyTorch's rules.
[<RequireQualifiedAccess>]
module OpShape =
    /// Expected and found, where the inputs do not fit.
    type Problem = { Expected: string; Found: string }

    let private fail expected (found: obj) = Error { Expected = expected; Found = string found }

    let private withDim shape dim next =
        match shape with
        | Unranked -> Ok Unranked
        | Ranked dims ->
            match Shape.normalize dims.Length dim with
            | Some dim -> next dims dim
            | None -> fail $"an input with a dimension {string dim}" shape

    let private binary a b =
        match Shape.broadcast a b with
        | Some shape -> Ok shape
        | None -> fail "two shapes that broadcast" $"{a} and {b}"

    let private matmul a b =
        match a, b with
        | Unranked, _
        | _, Unranked -> Ok Unranked
        | Ranked a', Ranked b' ->
            let split (dims: Dim list) = List.splitAt (dims.Length - 2) dims
            let fit = fail "two shapes that can be multiplied" $"{a} and {b}"

            match a', b' with
            | [], _
            | _, [] -> fit
            | [ k ], [ k' ] -> if Dim.agrees k k' then Ok(Ranked []) else fit
            | [ k ], _ ->
                let batch, last = split b'

                if Dim.agrees k last[0] then Ok(Ranked(batch @ [ last[1] ])) else fit
            | _, [ k ] ->
                let batch, last = split a'

                if Dim.agrees k last[1] then Ok(Ranked(batch @ [ last[0] ])) else fit
            | _ ->
                let batchA, lastA = split a'
                let batchB, lastB = split b'

                match Shape.broadcast (Ranked batchA) (Ranked batchB) with
                | Some(Ranked batch) when Dim.agrees lastA[1] lastB[0] -> Ok(Ranked(batch @ [ lastA[0]; lastB[1] ]))
                | _ -> fit

    let private reshape (sizes: int64 list) shape =
        let known = sizes |> List.filter (fun s -> s >= 0L) |> List.fold (*) 1L
        let open' = sizes |> List.filter (fun s -> s < 0L) |> List.length

        let numel =
            match shape with
            | Ranked dims -> Shape.numel dims
            | Unranked -> Unknown

        match numel, open' with
        | _, n when n > 1 -> fail "at most one size of -1" sizes
        | Known n, 0 when n <> known -> fail $"an input of {known} elements" shape
        | Known n, 1 when known = 0L || n % known <> 0L -> fail $"an input of a multiple of {known} elements" shape
        | _ ->
            sizes
            |> List.map (fun size -> if size >= 0L then Known size else Dim.map (fun n -> n / known) numel)
            |> Ranked
            |> Ok

    let private flatten first last shape =
        withDim shape first (fun dims first ->
            match Shape.normalize dims.Length last with
            | Some last when last >= first ->
                let middle = dims[first..last] |> Shape.numel
                Ok(Ranked(dims[.. first - 1] @ [ middle ] @ dims[last + 1 ..]))
            | _ -> fail $"an input with a dimension {string last} after {string first}" shape)

    let private reduce dims keep shape =
        match shape with
        | Unranked -> Ok Unranked
        | Ranked sizes ->
            let over =
                if List.isEmpty dims then
                    List.init sizes.Length Some
                else
                    dims |> List.map (Shape.normalize sizes.Length)

            if List.exists Option.isNone over then
                fail $"an input with the dimensions {Number.list (List.map int64 dims)}" shape
            else
                let over = List.choose id over |> Set.ofList

                sizes
                |> List.indexed
                |> List.choose (fun (i, size) ->
                    match over.Contains i, keep with
                    | false, _ -> Some size
                    | true, true -> Some(Known 1L)
                    | true, false -> None)
                |> Ranked
                |> Ok

    let private ofSameRank shapes next =
        if List.contains Unranked shapes then
            Ok Unranked
        else
            let all =
                shapes
                |> List.map (fun s ->
                    match s with
                    | Ranked dims -> dims
                    | Unranked -> [])

            if (List.distinctBy List.length all).Length = 1 then next all else fail "inputs of one rank" shapes

    let private cat dim shapes =
        ofSameRank shapes (fun all ->
            withDim (Ranked all.Head) dim (fun _ dim ->
                let at index =
                    let sizes = all |> List.map (List.item index)

                    if index = dim then
                        Some(List.reduce (Dim.map2 (+)) sizes)
                    else
                        List.fold (fun known size -> Option.bind (Dim.unify size) known) (Some Unknown) sizes

                let dims = List.init all.Head.Length at

                if List.forall Option.isSome dims then
                    Ok(Ranked(List.choose id dims))
                else
                    fail $"inputs that differ in dimension {string dim} alone" shapes))

    let private stack dim shapes =
        ofSameRank shapes (fun all ->
            match Shape.normalize (all.Head.Length + 1) dim with
            | None -> fail $"inputs with a dimension {string dim}" shapes
            | Some dim ->
                let fits = shapes |> List.forall (fun s -> Shape.broadcast s shapes.Head = Some s || s = shapes.Head)

                if fits then
                    Ok(Ranked(List.insertAt dim (Known(int64 all.Length)) all.Head))
                else
                    fail "inputs of one shape" shapes)

    /// The shape that the operation gives for these inputs.
    let infer op (inputs: Shape list) : Result<Shape, Problem> =
        match op, inputs with
        | (Unary _ | WithScalar _ | ScalarWith _), [ a ] -> Ok a
        | Binary _, [ a; b ] -> binary a b
        | MatMul, [ a; b ] -> matmul a b
        | (Softmax dim | LogSoftmax dim), [ a ] -> withDim a dim (fun _ _ -> Ok a)
        | Reduce(_, dims, keep), [ a ] -> reduce dims keep a
        | Reshape sizes, [ a ] -> reshape sizes a
        | Flatten(first, last), [ a ] -> flatten first last a
        | Transpose(d0, d1), [ a ] ->
            withDim a d0 (fun dims d0 ->
                withDim a d1 (fun _ d1 -> Ok(Ranked(dims |> List.updateAt d0 dims[d1] |> List.updateAt d1 dims[d0]))))
        | Permute order, [ a ] ->
            match a with
            | Unranked -> Ok Unranked
            | Ranked dims ->
                let places = order |> List.choose (Shape.normalize dims.Length)

                if List.sort places = [ 0 .. dims.Length - 1 ] then
                    Ok(Ranked(places |> List.map (fun i -> dims[i])))
                else
                    fail $"an input of {order.Length} dimensions, each named once" a
        | Squeeze dim, [ a ] ->
            withDim a dim (fun dims dim ->
                match dims[dim] with
                | Known 1L -> Ok(Ranked(List.removeAt dim dims))
                | Known _ -> Ok a
                | Unknown -> Ok Unranked)
        | Unsqueeze dim, [ a ] ->
            match a with
            | Unranked -> Ok Unranked
            | Ranked dims ->
                match Shape.normalize (dims.Length + 1) dim with
                | Some dim -> Ok(Ranked(List.insertAt dim (Known 1L) dims))
                | None -> fail $"an input with a dimension {string dim}" a
        | Cat dim, (_ :: _) -> cat dim inputs
        | Stack dim, (_ :: _) -> stack dim inputs
        | Narrow(dim, start, length), [ a ] ->
            withDim a dim (fun dims dim ->
                match dims[dim] with
                | Known size when (if start < 0L then start + size else start) + length > size ->
                    fail $"at least {string (start + length)} elements in dimension {string dim}" a
                | _ -> Ok(Ranked(List.updateAt dim (Known length) dims)))
        | Select(dim, index), [ a ] ->
            withDim a dim (fun dims dim ->
                match dims[dim] with
                | Known size when index >= size || index < -size ->
                    fail $"an index {string index} in dimension {string dim}" a
                | _ -> Ok(Ranked(List.removeAt dim dims)))
        | _ -> fail "another number of inputs" inputs.Length
