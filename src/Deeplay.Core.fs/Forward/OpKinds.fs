namespace Deeplay.Core

/// The kinds of numbers that operations take and give. What libtorch computes on no such numbers ("not implemented for 'Long'"), or not
/// on two kinds together, is an error here too. Source: PyTorch docs, "Type promotion"; the tests compare all operations.
module internal OpKinds =
    open KindRule
    open ElementOpKinds

    let private b, w, f = ElementKind.Boolean, ElementKind.Whole, ElementKind.Floating

    let private promoteAll (kinds: ElementKind list) = List.reduce ElementKind.promote kinds

    // Of one kind, whichever it is.
    let private same (kinds: ElementKind list) : Result<ElementKind, ShapeProblem> =
        match kinds |> List.filter ((<>) ElementKind.Unknown) |> List.distinct with
        | [] -> Ok ElementKind.Unknown
        | [ kind ] -> Ok kind
        | _ -> fail "numbers of one kind" kinds

    let private wholeAlone what (kind: ElementKind) : Result<unit, ShapeProblem> =
        if ElementKind.agrees kind w then Ok() else fail $"whole numbers as {what}" [ kind ]

    let private arrange (op: ArrangeOp) (kinds: ElementKind list) : Result<ElementKind, ShapeProblem> =
        let kind = kinds.Head

        match op with
        | ArrangeOp.Cat _
        | ArrangeOp.Stack _ -> Ok(promoteAll kinds)
        | ArrangeOp.Pad(_, (PadFill.Reflect | PadFill.Replicate)) -> one numbers kind
        | ArrangeOp.OneHot _ -> wholeAlone "classes" kind |> Result.map (fun () -> w)
        | ArrangeOp.Bincount _ -> wholeAlone "what is counted" kind |> Result.map (fun () -> w)
        | ArrangeOp.Glu _
        | ArrangeOp.Interpolate _ -> one floatsAlone kind
        | _ -> Ok kind

    let private several (op: SeveralOp) (kinds: ElementKind list) : Result<ElementKind list, ShapeProblem> =
        let times count = Ok(List.replicate count kinds.Head)

        match op with
        | SeveralOp.Split(sizes, _) -> times sizes.Length
        | SeveralOp.Chunk(count, _)
        | SeveralOp.Unbind(count, _) -> times count
        | SeveralOp.Topk _ -> one numbers kinds.Head |> Result.map (fun kind -> [ kind; w ])
        | SeveralOp.Sort _
        | SeveralOp.MaxAlong _
        | SeveralOp.MinAlong _ -> Ok [ kinds.Head; w ]
        | SeveralOp.Meshgrid count -> same kinds |> Result.map (List.replicate count)

    let private product (op: ProductOp) (kinds: ElementKind list) : Result<ElementKind, ShapeProblem> =
        match op with
        | ProductOp.Outer -> Ok(promoteAll kinds)
        | ProductOp.Attention _ -> same (List.truncate 3 kinds) |> Result.bind (one floatsAlone)
        | ProductOp.CosineSimilarity _ -> one floatsAlone (promoteAll kinds)
        | ProductOp.Cdist _ -> same kinds |> Result.bind (one floatsAlone)
        // What a product is added to may be of another kind.
        | ProductOp.Baddbmm ->
            same kinds.Tail |> Result.bind (one numbers) |> Result.map (ElementKind.promote kinds.Head)
        // A bias is added to what is there already.
        | ProductOp.Linear ->
            same (List.truncate 2 kinds)
            |> Result.bind (one numbers)
            |> Result.bind (fun product ->
                if product = w && List.contains f kinds then fail "numbers of one kind" kinds else Ok product)
        | ProductOp.Matmul
        | ProductOp.Bmm
        | ProductOp.Einsum _ -> same kinds |> Result.bind (one numbers)

    let private index (op: IndexOp) (kinds: ElementKind list) : Result<ElementKind, ShapeProblem> =
        let places kind next = wholeAlone "places" kind |> Result.bind next

        let mask kind next : Result<ElementKind, ShapeProblem> =
            if ElementKind.agrees kind b then next else fail "bools as a mask" [ kind ]

        match op, kinds with
        | IndexOp.Where, [ condition; x; y ] -> mask condition (Ok(ElementKind.promote x y))
        | IndexOp.MaskedFill value, [ x; condition ] ->
            mask
                condition
                (if System.Double.IsFinite value || x <> w then Ok x else fail (ElementKind.describe f) [ x ])
        | IndexOp.Lerp _, _ -> if List.contains b kinds then fail "numbers" kinds else Ok f
        | IndexOp.Prelu, _ -> same kinds |> Result.bind (one floatsAlone)
        | (IndexOp.Gather _ | IndexOp.TakeAlongDim _ | IndexOp.IndexSelect _), [ x; at ] -> places at (fun () -> Ok x)
        | (IndexOp.Scatter _ | IndexOp.ScatterAdd _ | IndexOp.IndexAdd _ | IndexOp.IndexCopy _), [ x; at; source ] ->
            places at (fun () -> same [ x; source ])
        | IndexOp.ScatterReduce _, [ x; at; source ] ->
            if at = f then fail "whole numbers as places" [ at ]
            elif x = source && x <> b then Ok x
            else Ok ElementKind.Unknown
        | IndexOp.Embedding, [ at; table ] -> places at (fun () -> Ok table)
        | _ -> Ok ElementKind.Unknown

    /// The kinds that the operation gives for inputs of these kinds.
    let infer (op: Op) (kinds: ElementKind list) : Result<ElementKind list, ShapeProblem> =
        let only = Result.map List.singleton

        match op, kinds with
        | Op.Unary op, _ -> one (unary op) kinds.Head |> only
        | Op.Tuned op, _ -> one (tuned op) kinds.Head |> only
        | Op.Binary op, [ x; y ] -> both op x y |> only
        | Op.Binary _, _ -> Ok []
        | (Op.WithScalar(op, _) | Op.ScalarWith(op, _)), _ -> withNumber op kinds.Head |> only
        | Op.Reduce(op, _, _), _ -> one (reduce op) kinds.Head |> only
        | Op.Along op, _ -> one (along op) kinds.Head |> only
        | Op.Arrange op, _ -> arrange op kinds |> only
        | Op.Several op, _ -> several op kinds
        | Op.Product op, _ -> product op kinds |> only
        | Op.Index op, _ -> index op kinds |> only

    /// The same of an operation that takes sizes.
    let inferSized (op: SizedOp) (kind: ElementKind) : Result<ElementKind list, ShapeProblem> =
        match op with
        | SizedOp.Rand
        | SizedOp.Randn
        | SizedOp.Resize _ -> one floatsAlone kind
        | SizedOp.Linspace _ -> one numbers kind
        | SizedOp.Arange
        | SizedOp.Randint _ -> Ok w
        | _ -> Ok kind
        |> Result.map List.singleton
