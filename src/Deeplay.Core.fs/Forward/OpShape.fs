namespace Deeplay.Core

open Checked

/// The shapes that tensor operations give, by PyTorch's rules.
[<RequireQualifiedAccess>]
module OpShape =
    /// Expected and found, where the inputs do not fit.
    type Problem = ShapeProblem

    open RuleParts

    let private isOverOne (op: Reduction) =
        match op with
        | Reduction.Prod
        | Reduction.All
        | Reduction.Any
        | Reduction.Argmax
        | Reduction.Argmin -> true
        | _ -> false

    // What has no answer where there is nothing.
    let private needsElements (op: Reduction) =
        match op with
        | Reduction.Max
        | Reduction.Min
        | Reduction.Argmax
        | Reduction.Argmin -> true
        | _ -> false

    let private reduce op (dims: int list) keep shape =
        withDims shape dims (fun sizes places ->
            let places = if dims.IsEmpty then [ 0 .. sizes.Length - 1 ] else places

            if isOverOne op && dims.Length > 1 then
                fail "one dimension, or none for all" (Number.list (List.map int64 dims))
            elif needsElements op && places |> List.exists (fun i -> List.tryItem i sizes = Some(Known 0L)) then
                fail "elements to choose from" shape
            else
                sizes
                |> List.indexed
                |> List.choose (fun (i, size) ->
                    match List.contains i places, keep with
                    | false, _ -> Some size
                    | true, true -> Some(Known 1L)
                    | true, false -> None)
                |> Ranked
                |> Ok)

    let private along (op: AlongOp) shape =
        let at dim = withDimOrScalar shape dim (fun _ _ -> Ok shape)

        match op with
        | AlongOp.Softmax dim
        | AlongOp.LogSoftmax dim
        | AlongOp.Softmin dim
        | AlongOp.Cumsum dim
        | AlongOp.Cumprod dim
        | AlongOp.Logcumsumexp dim
        | AlongOp.Argsort(dim, _)
        | AlongOp.Normalize(_, dim, _) -> at dim
        | AlongOp.Flip dims -> withDims shape dims (fun _ _ -> Ok shape)
        | AlongOp.Roll(shifts, dims) ->
            if dims.IsEmpty && shifts.Length = 1 then
                Ok shape
            elif dims.Length <> shifts.Length then
                fail $"as many dimensions as shifts, {shifts.Length}" dims.Length
            else
                dims |> List.fold (fun known dim -> known |> Result.bind (fun _ -> at dim)) (Ok shape)
        | AlongOp.Tril _
        | AlongOp.Triu _ ->
            ranked shape (fun dims -> if dims.Length < 2 then fail "an input of matrices" shape else Ok shape)

    let private one (rule: Shape -> Result<Shape, ShapeProblem>) (inputs: Shape list) =
        match inputs with
        | [ x ] -> rule x |> Result.map List.singleton
        | _ -> fail "one input" inputs.Length

    /// The shapes that the operation gives for these inputs.
    let internal infer (op: Op) (inputs: Shape list) : Result<Shape list, ShapeProblem> =
        match op with
        | Op.Unary _
        | Op.Tuned _
        | Op.WithScalar _
        | Op.ScalarWith _ -> one Ok inputs
        | Op.Binary _ ->
            match inputs with
            | [ a; b ] -> broadcast a b |> Result.map List.singleton
            | _ -> fail "two inputs" inputs.Length
        | Op.Reduce(op, dims, keep) -> one (reduce op dims keep) inputs
        | Op.Along op -> one (along op) inputs
        | Op.Arrange op -> ArrangeShape.infer op inputs |> Result.map List.singleton
        | Op.Several op -> SeveralShape.infer op inputs
        | Op.Product op -> ProductShape.infer op inputs |> Result.map List.singleton
        | Op.Index op -> IndexShape.infer op inputs |> Result.map List.singleton

    /// The same of an operation that takes sizes.
    let internal inferSized (op: SizedOp) (sizes: Dim list) (inputs: Shape list) : Result<Shape, ShapeProblem> =
        SizedShape.infer op sizes inputs
