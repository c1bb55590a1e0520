namespace Deeplay.Core

/// Shapes of what takes or puts elements where another tensor says.
[<RequireQualifiedAccess>]
module internal IndexShape =
    open RuleParts

    // `inner` may be smaller than `outer` everywhere but along one dimension, where anything goes (`dim`).
    let private within dim (outer: Shape) (inner: Shape) =
        match outer, inner with
        | Ranked outer, Ranked inner when outer.Length = inner.Length ->
            List.zip outer inner
            |> List.indexed
            |> List.forall (fun (i, (outer, inner)) ->
                Some i = dim
                || match outer, inner with
                   | Known outer, Known inner -> inner <= outer
                   | _ -> true)
        | Ranked _, Ranked _ -> false
        | _ -> true

    let private isEmpty shape =
        match shape with
        | Ranked dims -> List.contains (Known 0L) dims
        | Unranked -> false

    let private gather dim x index =
        match x, index with
        | Ranked [], Ranked([] | [ _ ]) when dim = 0 || dim = -1 -> Ok index
        | _ ->
            withDim x dim (fun _ at ->
                if isEmpty index || within (Some at) x index then
                    Ok index
                else
                    fail $"an index of no more than {x} but for dimension {string dim}" index)

    let private takeAlong dim x index =
        match x, index with
        | Ranked a, Ranked b when a.Length = b.Length ->
            withDim x dim (fun a at ->
                match broadcast (Ranked(List.removeAt at a)) (Ranked(List.removeAt at b)) with
                | Ok(Ranked rest) -> Ok(Ranked(List.insertAt at b[at] rest))
                | other -> other)
        | Unranked, _
        | _, Unranked -> Ok Unranked
        | _ -> fail "an index of as many dimensions" $"{x} and {index}"

    let private scatter dim x index source =
        match x, index, source with
        | Ranked [], _, _ when dim = 0 || dim = -1 -> Ok x
        | _ ->
            withDim x dim (fun _ at ->
                if isEmpty index then
                    Ok x
                elif not (within (Some at) x index) then
                    fail $"an index of no more than {x} but for dimension {string dim}" index
                elif not (within None source index) then
                    fail $"an index of no more than the source's {source}" index
                else
                    Ok x)

    // The index says a slice of `x` for each along the dimension.
    let private vector index next =
        match index with
        | Ranked [] -> next (Known 1L)
        | Ranked [ size ] -> next size
        | Ranked _ -> fail "an index of one dimension" index
        | Unranked -> next Unknown

    let private select dim x index =
        vector index (fun count ->
            withDimOrScalar x dim (fun dims at ->
                if dims.IsEmpty then Ok x else Ok(Ranked(List.updateAt at count dims))))

    let private put dim x index source =
        vector index (fun count ->
            withDimOrScalar x dim (fun dims at ->
                let expected = Ranked(if dims.IsEmpty then [] else List.updateAt at count dims)

                match same expected source with
                | Some _ -> Ok x
                | None -> fail $"a source {expected}" source))

    let private prelu x weight =
        match weight with
        | Ranked([] | [ Known 1L ] | [ Unknown ])
        | Unranked -> Ok x
        | Ranked [ Known count ] ->
            match x with
            | Unranked -> Ok x
            | Ranked(_ :: channels :: _) when Dim.agrees channels (Known count) -> Ok x
            | _ -> fail $"an input of {string count} channels" x
        | _ -> fail "one slope, or one for each channel" weight

    let infer (op: IndexOp) (inputs: Shape list) : Result<Shape, ShapeProblem> =
        match op, inputs with
        | IndexOp.Where, [ _; _; _ ] -> broadcastAll inputs
        | IndexOp.MaskedFill _, [ a; b ]
        | IndexOp.Lerp _, [ a; b ] -> broadcast a b
        | IndexOp.Prelu, [ x; weight ] -> prelu x weight
        | IndexOp.Gather dim, [ x; index ] -> gather dim x index
        | IndexOp.TakeAlongDim dim, [ x; index ] -> takeAlong dim x index
        | (IndexOp.Scatter dim | IndexOp.ScatterAdd dim | IndexOp.ScatterReduce(dim, _, _)), [ x; index; source ] ->
            scatter dim x index source
        | IndexOp.IndexSelect dim, [ x; index ] -> select dim x index
        | (IndexOp.IndexAdd dim | IndexOp.IndexCopy dim), [ x; index; source ] -> put dim x index source
        | IndexOp.Embedding, [ index; weight ] ->
            match index, weight with
            | _, Ranked dims when dims.Length <> 2 -> fail "a weight of two dimensions" weight
            | Ranked index, Ranked [ _; width ] -> Ok(Ranked(index @ [ width ]))
            | Ranked index, _ -> Ok(Ranked(index @ [ Unknown ]))
            | Unranked, _ -> Ok Unranked
        | _ -> fail "another number of inputs" inputs.Length
