namespace Deeplay.Core

open Checked

/// Shapes of what puts elements into another shape.
[<RequireQualifiedAccess>]
module internal ArrangeShape =
    open RuleParts

    let flatten first last shape =
        match shape with
        | Ranked [] when abs first <= 1 && abs last <= 1 -> Ok(Ranked [ Known 1L ])
        | _ ->
            withDim shape first (fun dims first ->
                match Shape.normalize dims.Length last with
                | Some last when last >= first ->
                    let middle = dims[first..last] |> Shape.numel
                    Ok(Ranked(dims[.. first - 1] @ [ middle ] @ dims[last + 1 ..]))
                | _ -> fail $"an input with a dimension {string last} after {string first}" shape)

    let private cat dim shapes =
        // PyTorch's cat leaves out what is empty and has one dimension, whatever the others are.
        match shapes |> List.filter (fun shape -> shape <> Ranked [ Known 0L ]) with
        | [] -> Ok shapes.Head
        | shapes ->
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

    let private stack dim (shapes: Shape list) =
        let joined = shapes.Tail |> List.fold (fun known shape -> Option.bind (same shape) known) (Some shapes.Head)

        match joined with
        | None -> fail "inputs of one shape" shapes
        | Some shape ->
            ranked shape (fun dims ->
                match Shape.normalize (dims.Length + 1) dim with
                | Some dim -> Ok(Ranked(List.insertAt dim (Known(int64 shapes.Length)) dims))
                | None -> fail $"inputs with a dimension {string dim}" shapes)

    let private diagonal offset dim1 dim2 shape =
        withDims shape [ dim1; dim2 ] (fun dims places ->
            let size (rows: int64) (columns: int64) =
                let offset = int64 offset
                if offset >= 0L then max 0L (min rows (columns - offset)) else max 0L (min (rows + offset) columns)

            let rest = List.indexed dims |> List.filter (fun (i, _) -> not (List.contains i places)) |> List.map snd

            Ok(Ranked(rest @ [ Dim.map2 size dims[places[0]] dims[places[1]] ])))

    let private unfold dim size step shape =
        withDimOrScalar shape dim (fun dims at ->
            let length = if dims.IsEmpty then Known 1L else dims[at]
            let expected = $"at least {string size} elements in dimension {string dim}"

            require (fun length -> length >= int64 size) expected shape length (fun () ->
                let windows = length |> Dim.map (fun length -> (length - int64 size) / int64 step + 1L)
                let dims = if dims.IsEmpty then [] else List.updateAt at windows dims
                Ok(Ranked(dims @ [ Known(int64 size) ]))))

    /// A size with so much before and after it; None where it can't be filled so.
    let paddedSize (mode: PadFill) (size: int64) (before: int64, after: int64) : int64 option =
        let isFine =
            match mode with
            | PadFill.Constant _ -> true
            | PadFill.Reflect -> before < size && after < size
            | PadFill.Replicate -> size > 0L
            // libtorch copies from what a crop leaves of the input, and reads beyond it without a word.
            | PadFill.Circular ->
                let left = size + min before 0L + min after 0L
                before <= left && after <= left

        let whole = size + before + after
        if isFine && (whole > 0L || (whole = 0L && mode.IsConstant)) then Some whole else None

    // Source: PyTorch, torch.nn.functional.pad.
    let private pad (pads: int list) (mode: PadFill) shape =
        ranked shape (fun dims ->
            let pairs = pads |> List.chunkBySize 2 |> List.map (fun pair -> int64 pair[0], int64 pair[1])

            // The others copy what is inside: they take the last one, two or three dimensions after a channel.
            let fits =
                mode.IsConstant
                || (pairs.Length <= 3 && (dims.Length = pairs.Length + 1 || dims.Length = pairs.Length + 2))

            if pairs.Length > dims.Length || not fits then
                fail $"an input that has {pairs.Length} dimensions to pad" shape
            else
                let padded (size: Dim) sides =
                    match size with
                    | Known size -> paddedSize mode size sides |> Option.map Known
                    | Unknown -> Some Unknown

                let last = List.rev dims
                let changed = List.map2 padded (List.truncate pairs.Length last) pairs

                if List.contains None changed then
                    fail $"an input that can be padded by {Number.list (List.map int64 pads)}" shape
                else
                    Ok(Ranked(List.rev (List.choose id changed @ List.skip pairs.Length last))))

    /// The spatial sizes of an image, by what each becomes.
    let resized count (mode: Interpolation) (size: int -> Dim -> Dim) shape =
        ranked shape (fun dims ->
            let spatial = dims.Length - 2

            let fits =
                match mode with
                | Interpolation.Cubic _ -> spatial = 2
                | _ -> spatial >= 1 && spatial <= 3

            if not fits || (count <> 1 && count <> spatial) then
                let expected = if count = 1 then "spatial dimensions" else $"{count} spatial dimensions"
                fail $"an input of a batch, channels and {expected}" shape
            else
                let changed = dims[2..] |> List.mapi (fun i dim -> size (if count = 1 then 0 else i) dim)

                if List.exists (fun dim -> dim = Known 0L) (changed @ dims[1..]) then
                    fail "sizes above 0" $"{shape} to {Ranked changed}"
                else
                    Ok(Ranked(dims[..1] @ changed)))

    let infer (op: ArrangeOp) (inputs: Shape list) : Result<Shape, ShapeProblem> =
        match op, inputs with
        | ArrangeOp.Cat dim, _ -> cat dim inputs
        | ArrangeOp.Stack dim, _ -> stack dim inputs
        | _, [ x ] ->
            match op with
            | ArrangeOp.Flatten(first, last) -> flatten first last x
            | ArrangeOp.Transpose(a, b) ->
                withDimOrScalar x a (fun dims a ->
                    withDimOrScalar x b (fun _ b ->
                        if dims.IsEmpty then
                            Ok x
                        else
                            Ok(Ranked(dims |> List.updateAt a dims[b] |> List.updateAt b dims[a]))))
            | ArrangeOp.Permute order ->
                ranked x (fun dims ->
                    let places = order |> List.choose (Shape.normalize dims.Length)

                    if order.Length = dims.Length && List.sort places = [ 0 .. dims.Length - 1 ] then
                        Ok(Ranked(places |> List.map (fun i -> dims[i])))
                    else
                        fail $"an input of {order.Length} dimensions, each named once" x)
            | ArrangeOp.Movedim(source, destination) ->
                withDim x source (fun dims source ->
                    withDim x destination (fun _ destination ->
                        Ok(Ranked(List.insertAt destination dims[source] (List.removeAt source dims)))))
            | ArrangeOp.Squeeze dim ->
                withDimOrScalar x dim (fun dims dim ->
                    match List.tryItem dim dims with
                    | Some(Known 1L) -> Ok(Ranked(List.removeAt dim dims))
                    | Some Unknown -> Ok Unranked
                    | _ -> Ok x)
            | ArrangeOp.Unsqueeze dim ->
                ranked x (fun dims ->
                    match Shape.normalize (dims.Length + 1) dim with
                    | Some dim -> Ok(Ranked(List.insertAt dim (Known 1L) dims))
                    | None -> fail $"an input with a dimension {string dim}" x)
            | ArrangeOp.Diagonal(offset, dim1, dim2) -> diagonal offset dim1 dim2 x
            | ArrangeOp.Unfold(dim, size, step) -> unfold dim size step x
            | ArrangeOp.RepeatInterleave(repeats, dim) ->
                withDim x dim (fun dims dim ->
                    Ok(Ranked(List.updateAt dim (Dim.map (fun size -> size * int64 repeats) dims[dim]) dims)))
            | ArrangeOp.Pad(pads, mode) -> pad pads mode x
            | ArrangeOp.OneHot classes -> ranked x (fun dims -> Ok(Ranked(dims @ [ Known(int64 classes) ])))
            // The largest number is not known before it runs.
            | ArrangeOp.Bincount _ ->
                match x with
                | Ranked [ _ ]
                | Unranked -> Ok(Ranked [ Unknown ])
                | _ -> fail "an input of one dimension" x
            | ArrangeOp.Glu dim ->
                withDim x dim (fun dims at ->
                    require
                        (fun size -> size % 2L = 0L)
                        $"an even size in dimension {string dim}"
                        x
                        dims[at]
                        (fun () -> Ok(Ranked(List.updateAt at (Dim.map (fun size -> size / 2L) dims[at]) dims))))
            | ArrangeOp.Interpolate(scales, mode) ->
                x
                |> resized scales.Length mode (fun i dim ->
                    Dim.map (fun size -> int64 (floor (float size * scales[i]))) dim)
            | ArrangeOp.Cat _
            | ArrangeOp.Stack _ -> fail "one input" inputs.Length
        | _ -> fail "one input" inputs.Length
