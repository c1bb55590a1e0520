namespace Deeplay.Core

open System
open Checked

/// Shapes of products.
[<RequireQualifiedAccess>]
module internal ProductShape =
    open RuleParts

    let private both a b expected = fail expected $"{a} and {b}"

    let private matmul a b =
        match a, b with
        | Ranked [], _
        | _, Ranked [] -> both a b "two shapes that can be multiplied"
        | Unranked, _
        | _, Unranked -> Ok Unranked
        | Ranked a', Ranked b' ->
            let split (dims: Dim list) = List.splitAt (dims.Length - 2) dims
            let fit = both a b "two shapes that can be multiplied"

            match a', b' with
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

    let private bmm a b =
        match a, b with
        | Ranked [ batch; rows; k ], Ranked [ batch'; k'; columns ] ->
            match Dim.unify batch batch' with
            | Some batch when Dim.agrees k k' -> Ok(Ranked [ batch; rows; columns ])
            | _ -> both a b "two batches of matrices that can be multiplied"
        | Unranked, (Unranked | Ranked [ _; _; _ ])
        | Ranked [ _; _; _ ], Unranked -> Ok(Ranked [ Unknown; Unknown; Unknown ])
        | _ -> both a b "two batches of matrices"

    let private linear x weight bias =
        match weight, bias with
        | Ranked [ out; input ], ([] | [ Unranked ] | [ Ranked [ _ ] ]) ->
            match bias with
            | [ Ranked [ size ] ] when not (Dim.agrees size out) -> fail $"a bias of {out}" bias.Head
            | _ ->
                withDim x -1 (fun dims at ->
                    if Dim.agrees dims[at] input then
                        Ok(Ranked(List.updateAt at out dims))
                    else
                        fail $"a last dimension of {input}" x)
        | Unranked, _ -> withDim x -1 (fun dims at -> Ok(Ranked(List.updateAt at Unknown dims)))
        | _ -> both weight (String.Join(", ", bias)) "a weight of two dimensions and a bias of one"

    /// An equation of `einsum`: the letters of each input and of the output, `.` for an ellipsis.
    let parse (equation: string) : Result<string list * string, ShapeProblem> =
        let text = equation.Replace(" ", "").Replace("...", ".")

        let isFine (terms: string) =
            terms |> Seq.forall (fun letter -> Char.IsAsciiLetter letter || letter = '.')
            && (terms |> Seq.filter ((=) '.') |> Seq.length) <= 1

        let sides = text.Split "->"
        let inputs = sides[0].Split ',' |> List.ofArray

        let output =
            if sides.Length = 2 then
                sides[1]
            else
                // What occurs once, in the order of the alphabet, after an ellipsis.
                let letters = String.concat "" inputs |> Seq.filter ((<>) '.')
                let once = letters |> Seq.countBy id |> Seq.filter (fun (_, n) -> n = 1) |> Seq.map fst |> Seq.sort
                (if text.Contains '.' then "." else "") + String.Join("", once)

        let known (letter: char) = inputs |> List.exists (fun terms -> terms.Contains letter)
        let letters = output |> Seq.filter ((<>) '.') |> List.ofSeq

        if
            sides.Length > 2
            || not (List.forall isFine (output :: inputs))
            || not (Seq.forall known output)
            || letters.Length <> (List.distinct letters).Length
        then
            fail "an equation of einsum, such as 'bij,bjk->bik'" $"'{equation}'"
        else
            Ok(inputs, output)

    let private einsum equation (shapes: Shape list) =
        match parse equation with
        | Error problem -> Error problem
        | Ok(terms, _) when terms.Length <> shapes.Length ->
            fail $"{terms.Length} inputs for '{equation}'" shapes.Length
        | Ok _ when List.contains Unranked shapes -> Ok Unranked
        | Ok(terms, output) ->
            let mismatch = fail $"shapes that fit '{equation}'" (String.Join(", ", shapes))

            // The dimensions of an input by letter, and those of its ellipsis.
            let parts (terms: string, shape) =
                let dims =
                    match shape with
                    | Ranked dims -> dims
                    | Unranked -> []

                let letters = terms.Replace(".", "").Length
                let hidden = dims.Length - letters

                if hidden < 0 || (hidden > 0 && not (terms.Contains '.')) then
                    None
                else
                    let at = max 0 (terms.IndexOf '.')
                    let before, rest = List.splitAt (if terms.Contains '.' then at else letters) dims
                    let middle, after = List.splitAt (if terms.Contains '.' then hidden else 0) rest
                    Some(List.zip (List.ofSeq (terms.Replace(".", ""))) (before @ after), middle)

            let all = List.zip terms shapes |> List.map parts

            if List.contains None all then
                mismatch
            else
                let all = List.choose id all

                // A size of 1 broadcasts, as PyTorch lets it.
                let join a b =
                    match a, b with
                    | Known 1L, other
                    | other, Known 1L -> Some other
                    | _ -> Dim.unify a b

                let sizes =
                    all
                    |> List.collect fst
                    |> List.groupBy fst
                    |> List.map (fun (letter, dims) ->
                        letter, dims |> List.map snd |> List.fold (fun k d -> Option.bind (join d) k) (Some(Known 1L)))

                let hidden =
                    all
                    |> List.map (snd >> Ranked)
                    |> List.fold (fun k s -> Option.bind (Shape.broadcast s) k) (Some(Ranked []))

                match hidden with
                | Some(Ranked hidden) when not (List.exists (snd >> Option.isNone) sizes) ->
                    let sizes = sizes |> List.map (fun (letter, size) -> letter, size.Value) |> dict

                    output
                    |> Seq.collect (fun letter -> if letter = '.' then hidden else [ sizes[letter] ])
                    |> List.ofSeq
                    |> Ranked
                    |> Ok
                | _ -> mismatch

    // Source: PyTorch, torch.nn.functional.scaled_dot_product_attention.
    let private attention query key value mask =
        match query, key, value with
        | Ranked q, Ranked k, Ranked v when q.Length >= 2 && k.Length >= 2 && v.Length >= 2 ->
            let heads (dims: Dim list) = Ranked(List.truncate (dims.Length - 2) dims)
            let last n (dims: Dim list) = dims[dims.Length - n]
            let expected = "queries, keys and values of one width, with as many keys as values"
            let found = $"{query}, {key}, {value}"

            match broadcastAll [ heads q; heads k; heads v ] with
            | Ok(Ranked batch) when Dim.agrees (last 1 q) (last 1 k) && Dim.agrees (last 2 k) (last 2 v) ->
                let scores = Ranked(batch @ [ last 2 q; last 2 k ])

                match mask with
                | [ mask ] when not (fitsInto scores mask) -> fail $"a mask that broadcasts to {scores}" mask
                | _ -> Ok(Ranked(batch @ [ last 2 q; last 1 v ]))
            | _ -> fail expected found
        | Unranked, _, _
        | _, Unranked, _
        | _, _, Unranked -> Ok Unranked
        | _ -> fail "queries, keys and values of at least two dimensions" $"{query}, {key}, {value}"

    let private along dim shape = withDim shape dim (fun dims dim -> Ok(Ranked(List.removeAt dim dims)))

    let private cdist a b =
        match a, b with
        | Ranked a', Ranked b' when a'.Length >= 2 && b'.Length >= 2 ->
            let last n (dims: Dim list) = dims[dims.Length - n]
            let batch (dims: Dim list) = Ranked(List.truncate (dims.Length - 2) dims)

            match Shape.broadcast (batch a') (batch b') with
            | Some(Ranked batch) when Dim.agrees (last 1 a') (last 1 b') -> Ok(Ranked(batch @ [ last 2 a'; last 2 b' ]))
            | _ -> both a b "two batches of points of one width"
        | Unranked, _
        | _, Unranked -> Ok Unranked
        | _ -> both a b "two batches of points"

    let infer (op: ProductOp) (inputs: Shape list) : Result<Shape, ShapeProblem> =
        match op, inputs with
        | ProductOp.Matmul, [ a; b ] -> matmul a b
        | ProductOp.Bmm, [ a; b ] -> bmm a b
        | ProductOp.Baddbmm, [ x; a; b ] ->
            bmm a b
            |> Result.bind (fun product ->
                if fitsInto product x then Ok product else fail $"a first input that broadcasts to {product}" x)
        | ProductOp.Outer, [ a; b ] ->
            match a, b with
            | Ranked [ rows ], Ranked [ columns ] -> Ok(Ranked [ rows; columns ])
            | (Unranked | Ranked [ _ ]), (Unranked | Ranked [ _ ]) -> Ok(Ranked [ Unknown; Unknown ])
            | _ -> both a b "two vectors"
        | ProductOp.Linear, x :: weight :: bias when bias.Length < 2 -> linear x weight bias
        | ProductOp.Einsum equation, _ -> einsum equation inputs
        | ProductOp.Attention _, query :: key :: value :: mask when mask.Length < 2 -> attention query key value mask
        | ProductOp.CosineSimilarity(dim, _), [ a; b ] -> broadcast a b |> Result.bind (along dim)
        | ProductOp.Cdist _, [ a; b ] -> cdist a b
        | _ -> fail "another number of inputs" inputs.Length
