namespace Deeplay.Core

open Checked

/// Shapes of operations that sizes are a part of.
[<RequireQualifiedAccess>]
module internal SizedShape =
    open RuleParts

    let private listed (sizes: Dim list) = string (Ranked sizes)

    let private isBelowZero size = Dim.tryValue size |> Option.exists (fun size -> size < 0L)

    let private reshape (sizes: Dim list) shape =
        let isLeft size = size = Known -1L
        let left = sizes |> List.filter isLeft |> List.length
        let given = sizes |> List.filter (isLeft >> not) |> Shape.numel

        let numel =
            match shape with
            | Ranked dims -> Shape.numel dims
            | Unranked -> Unknown

        match numel, given with
        | _ when left > 1 || List.exists (fun size -> isBelowZero size && not (isLeft size)) sizes ->
            fail "sizes, of which one may be -1" (listed sizes)
        | Known n, Known given when left = 0 && n <> given -> fail $"an input of {string given} elements" shape
        | Known n, Known given when left = 1 && (given = 0L || n % given <> 0L) ->
            fail $"an input of a multiple of {string given} elements" shape
        | _ -> Ok(Ranked(sizes |> List.map (fun size -> if isLeft size then Dim.map2 (/) numel given else size)))

    let private unflatten dim (sizes: Dim list) shape =
        withDim shape dim (fun dims at ->
            reshape sizes (Ranked [ dims[at] ])
            |> Result.bind (fun part -> ranked part (fun part -> Ok(Ranked(dims[.. at - 1] @ part @ dims[at + 1 ..])))))

    let private expand (sizes: Dim list) shape =
        ranked shape (fun dims ->
            let added = sizes.Length - dims.Length

            if added < 0 then
                fail $"an input of at most {sizes.Length} dimensions" shape
            else
                let size i target =
                    match target, (if i < added then None else Some dims[i - added]) with
                    | Known -1L, Some dim -> Some dim
                    | Known n, _ when n < 0L -> None
                    | _, (None | Some(Known 1L)) -> Some target
                    | _, Some dim -> Dim.unify target dim

                let result = sizes |> List.mapi size

                if List.contains None result then
                    fail $"an input that expands to {listed sizes}" shape
                else
                    Ok(Ranked(List.choose id result)))

    let private repeat (sizes: Dim list) shape =
        ranked shape (fun dims ->
            if sizes.Length < dims.Length then
                fail $"an input of at most {sizes.Length} dimensions" shape
            elif List.exists isBelowZero sizes then
                fail "repeats of at least 0" (listed sizes)
            else
                let dims = List.replicate (sizes.Length - dims.Length) (Known 1L) @ dims
                Ok(Ranked(List.map2 (Dim.map2 (*)) sizes dims)))

    let private narrow dim (start: Dim) (length: Dim) shape =
        withDim shape dim (fun dims at ->
            match dims[at], start, length with
            | _, _, Known length when length < 0L -> fail "a length of at least 0" (string length)
            | Known size, Known start, Known length when
                (let first = if start < 0L then start + size else start in first < 0L || first + length > size)
                ->
                fail $"{string length} elements from {string start} on in dimension {string dim}" shape
            | Known size, Unknown, Known length when length > size ->
                fail $"at least {string length} elements in dimension {string dim}" shape
            | _ -> Ok(Ranked(List.updateAt at length dims)))

    // Where Python's slice begins and ends.
    let private bound size place = max 0L (min size (if place < 0L then place + size else place))

    let private slice dim (step: int) (start: Dim) (stop: Dim option) shape =
        withDim shape dim (fun dims at ->
            let count =
                match dims[at], start, stop with
                | Known size, Known start, None -> Some(size, bound size start, size)
                | Known size, Known start, Some(Known stop) -> Some(size, bound size start, bound size stop)
                | _ -> None

            let size =
                match count with
                | Some(_, first, last) -> Known(max 0L ((last - first + int64 step - 1L) / int64 step))
                | None -> Unknown

            Ok(Ranked(List.updateAt at size dims)))

    let private select dim (index: Dim) shape =
        withDim shape dim (fun dims at ->
            match dims[at], index with
            | Known size, Known index when index >= size || index < -size ->
                fail $"an index {string index} in dimension {string dim}" shape
            | _ -> Ok(Ranked(List.removeAt at dims)))

    let private made (sizes: Dim list) =
        if List.exists isBelowZero sizes then
            fail "sizes of at least 0" (listed sizes)
        else
            Ok(Ranked sizes)

    // Source: PyTorch, torch.arange: ⌈(end − start) / step⌉.
    let private arange start stop step =
        match start, stop, step with
        | _, _, Known 0L -> fail "a step that is not 0" "0"
        | Known start, Known stop, Known step ->
            if (step > 0L && stop < start) || (step < 0L && stop > start) then
                fail "an end that is reached" $"{start} to {stop} by {step}"
            else
                let whole = (stop - start) / step
                Ok(Ranked [ Known(if (stop - start) % step = 0L then whole else whole + 1L) ])
        | _ -> Ok(Ranked [ Unknown ])

    let infer (op: SizedOp) (sizes: Dim list) (inputs: Shape list) : Result<Shape, ShapeProblem> =
        match op, sizes, inputs with
        | SizedOp.Reshape, _, [ x ] -> reshape sizes x
        | SizedOp.Unflatten dim, _, [ x ] -> unflatten dim sizes x
        | SizedOp.Expand, _, [ x ] -> expand sizes x
        | SizedOp.Repeat, _, [ x ] -> repeat sizes x
        | SizedOp.Narrow dim, [ start; length ], [ x ] -> narrow dim start length x
        | SizedOp.Slice(dim, step), [ start; stop ], [ x ] -> slice dim step start (Some stop) x
        | SizedOp.SliceFrom(dim, step), [ start ], [ x ] -> slice dim step start None x
        | SizedOp.Select dim, [ index ], [ x ] -> select dim index x
        | (SizedOp.NewFull _ | SizedOp.Rand | SizedOp.Randn | SizedOp.Randint _ | SizedOp.Eye), _, [ _ ] -> made sizes
        | SizedOp.Linspace _, [ _ ], [ _ ] -> made sizes
        | SizedOp.Arange, [ start; stop; step ], [ _ ] -> arange start stop step
        | SizedOp.Resize mode, _, [ x ] -> x |> ArrangeShape.resized sizes.Length mode (fun i _ -> sizes[i])
        | _ -> fail "another number of inputs" inputs.Length
