namespace Deeplay.FSharp

open Deeplay.Core

/// What the shape rules of layers are made of: for the second argument of `Definition.primitive`.
[<RequireQualifiedAccess>]
module Rule =
    /// The input is not what was expected.
    let fail expected (found: obj) : Result<'a, OpShape.Problem> = Error { Expected = expected; Found = string found }

    /// One output, nothing inferred.
    let gives shape : Result<Inference, OpShape.Problem> = Ok { Outputs = [ shape ]; Inferred = [] }

    /// The rule of a layer with one input.
    let one (rule: Arguments -> Shape -> Result<Inference, OpShape.Problem>) : ShapeRule =
        fun arguments ->
            function
            | [ input ] -> rule arguments input
            | inputs -> fail "1 input" inputs.Length

    /// The same for an input whose dimensions are known; of any other output nothing is known. What the rule demands of the
    /// arguments alone it says in any case.
    let ranked (rule: Arguments -> Dim list -> Result<Inference, OpShape.Problem>) : ShapeRule =
        one (fun arguments ->
            let rule = rule arguments

            function
            | Unranked -> gives Unranked
            | Ranked dims -> rule dims)

    /// The same for an input that has a number of dimensions that `fits`; `words` say which.
    let ofRank fits words (rule: Arguments -> Dim list -> Result<Inference, OpShape.Problem>) =
        ranked (fun arguments ->
            let rule = rule arguments
            fun dims -> if fits dims.Length then rule dims else fail $"an input {words}" (Ranked dims))

    /// The same for an input of at least so many dimensions; `words` say it, as in "2 dimensions".
    let atLeast rank words = ofRank (fun found -> found >= rank) $"of at least {words}"

    /// The output has the shape of the input.
    let same: ShapeRule = one (fun _ input -> gives input)

    /// The same, for an input of at least so many dimensions.
    let sameOfAtLeast rank words = atLeast rank words (fun _ dims -> gives (Ranked dims))

    /// A width that is set must be that of the input; one that is not set is inferred where the input's is known, and positive as
    /// one that is set. `words` says where the width is looked for, as in "last dimension".
    let width (arguments: Arguments) (key: Param<int>) words found (input: Shape) =
        match arguments.TryGet key, found with
        | Some width, Known size when int64 width <> size -> fail $"{words} {string width}" input
        | Some width, _ -> Ok(Known(int64 width), [])
        | None, Known size when size < 1L -> fail $"{words} at least 1" input
        | None, Known size -> Ok(found, [ key.Name, Int size ])
        | None, Unknown -> Ok(Unknown, [])

    /// The output has the shape of the input, whose width is in dimension `at`.
    let sameOfWidth arguments key at (dims: Dim list) =
        width arguments key $"in dimension {string at} the size" dims[at] (Ranked dims)
        |> Result.map (fun (channels, inferred) ->
            { Outputs = [ Ranked(List.updateAt at channels dims) ]; Inferred = inferred })
