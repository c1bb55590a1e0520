namespace Deeplay.Core

/// Shapes of what gives several tensors.
[<RequireQualifiedAccess>]
module internal SeveralShape =
    open RuleParts

    // Where nothing is known of an input, nothing is known of any of several outputs.
    let private several count shape next : Result<Shape list, ShapeProblem> =
        match shape with
        | Unranked -> Ok(List.replicate count Unranked)
        | Ranked dims -> next dims

    let private severalAt count shape dim next =
        several count shape (fun dims ->
            match Shape.normalize dims.Length dim with
            | Some at -> next dims at
            | None -> fail $"an input with a dimension {string dim}" shape)

    /// The shapes of several outputs.
    let infer (op: SeveralOp) (inputs: Shape list) : Result<Shape list, ShapeProblem> =
        match op, inputs with
        | SeveralOp.Meshgrid _, _ ->
            let size shape =
                match shape with
                | Ranked [] -> Ok(Known 1L)
                | Ranked [ size ] -> Ok size
                | Ranked _ -> fail "inputs of one dimension" shape
                | Unranked -> Ok Unknown

            let sizes = inputs |> List.map size

            let join known size =
                match known, size with
                | Ok known, Ok size -> Ok(known @ [ size ])
                | Error problem, _
                | _, Error problem -> Error problem

            sizes
            |> List.fold join (Ok [])
            |> Result.map (fun sizes -> inputs |> List.map (fun _ -> Ranked sizes))
        | SeveralOp.Split(sizes, dim), [ x ] ->
            severalAt sizes.Length x dim (fun dims at ->
                let all = List.sumBy int64 sizes

                require ((=) all) $"{string all} elements in dimension {string dim}" x dims[at] (fun () ->
                    Ok(sizes |> List.map (fun size -> Ranked(List.updateAt at (Known(int64 size)) dims)))))
        | SeveralOp.Chunk(chunks, dim), [ x ] ->
            severalAt chunks x dim (fun dims at ->
                match dims[at] with
                | Unknown -> Ok(List.replicate chunks x)
                | Known size ->
                    let each = max 1L ((size + int64 chunks - 1L) / int64 chunks)
                    let found = if size = 0L then 1L else (size + each - 1L) / each

                    if found <> int64 chunks then
                        fail $"a size that {string chunks} chunks can be made of in dimension {string dim}" x
                    else
                        Ok
                            [
                                for i in 0 .. chunks - 1 do
                                    let size = min each (size - int64 i * each)
                                    Ranked(List.updateAt at (Known size) dims)
                            ])
        | SeveralOp.Unbind(count, dim), [ x ] ->
            severalAt count x dim (fun dims at ->
                require ((=) (int64 count)) $"{string count} elements in dimension {string dim}" x dims[at] (fun () ->
                    Ok(List.replicate count (Ranked(List.removeAt at dims)))))
        | SeveralOp.Topk(k, dim, _), [ x ] ->
            severalAt 2 x dim (fun dims at ->
                let expected = $"at least {string k} elements in dimension {string dim}"

                require (fun size -> size >= int64 k) expected x dims[at] (fun () ->
                    Ok(List.replicate 2 (Ranked(List.updateAt at (Known(int64 k)) dims)))))
        | SeveralOp.Sort(dim, _), [ x ] -> severalAt 2 x dim (fun _ _ -> Ok [ x; x ])
        | (SeveralOp.MaxAlong dim | SeveralOp.MinAlong dim), [ x ] ->
            severalAt 2 x dim (fun dims at ->
                require (fun size -> size > 0L) $"elements in dimension {string dim}" x dims[at] (fun () ->
                    Ok(List.replicate 2 (Ranked(List.removeAt at dims)))))
        | _ -> fail "one input" inputs.Length
