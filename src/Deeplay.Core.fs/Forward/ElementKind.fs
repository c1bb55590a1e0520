namespace Deeplay.Core

/// What sort of numbers a tensor holds, as far as it is known before it exists. How wide they are is decided where a module is
/// built and moved.
[<RequireQualifiedAccess>]
type internal ElementKind =
    | Unknown
    | Boolean
    | Whole
    | Floating

[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module internal ElementKind =
    let ofDType (dtype: DType) =
        if DType.isFloating dtype then ElementKind.Floating
        elif dtype = DType.Bool then ElementKind.Boolean
        else ElementKind.Whole

    /// In words, as errors have it.
    let describe kind =
        match kind with
        | ElementKind.Unknown -> "numbers"
        | ElementKind.Boolean -> "bools"
        | ElementKind.Whole -> "whole numbers"
        | ElementKind.Floating -> "floating-point numbers"

    /// The kind that numbers of both have together. Source: PyTorch docs, torch.promote_types.
    let promote a b =
        match a, b with
        | ElementKind.Floating, _
        | _, ElementKind.Floating -> ElementKind.Floating
        | ElementKind.Unknown, _
        | _, ElementKind.Unknown -> ElementKind.Unknown
        | _ -> max a b

    /// Whether both could be the same.
    let agrees a b = a = b || a = ElementKind.Unknown || b = ElementKind.Unknown

/// The kinds of numbers that a layer takes, and those that it gives.
[<ReferenceEquality>]
type ElementRule = internal ElementRule of (ElementKind list -> Result<ElementKind list, ShapeProblem>)

/// What the rules of kinds are made of: for operations here, for layers beside their definitions.
module internal KindRule =
    let fail expected (found: ElementKind list) : Result<'a, ShapeProblem> =
        let found = found |> List.map ElementKind.describe |> List.distinct |> String.concat " and "
        Error { Expected = expected; Found = found }

    /// What comes of each kind; None where that kind is refused.
    type Row = { Boolean: ElementKind option; Whole: ElementKind option; Floating: ElementKind }

    let row boolean whole floating = { Boolean = boolean; Whole = whole; Floating = floating }
    let private b, w, f = ElementKind.Boolean, ElementKind.Whole, ElementKind.Floating

    /// The same kind.
    let kept = row (Some b) (Some w) f
    /// The same kind, but for bools, which it does not take.
    let numbers = row None (Some w) f
    /// Floating-point numbers, of whatever it is given.
    let floats = row (Some f) (Some f) f
    /// The same, but for bools, which it does not take.
    let floatsOfNumbers = row None (Some f) f
    /// Of floating-point numbers alone.
    let floatsAlone = row None None f
    let bools = row (Some b) (Some b) b
    let wholes = row (Some w) (Some w) w
    /// The same kind; bools are counted.
    let counted = row (Some w) (Some w) f

    let one (row: Row) (kind: ElementKind) : Result<ElementKind, ShapeProblem> =
        let answer found =
            match found, row.Whole with
            | Some result, _ -> Ok result
            | None, None -> fail (ElementKind.describe f) [ kind ]
            | None, _ -> fail "numbers" [ kind ]

        match kind with
        | ElementKind.Boolean -> answer row.Boolean
        | ElementKind.Whole -> answer row.Whole
        | ElementKind.Floating -> Ok row.Floating
        | ElementKind.Unknown ->
            match List.distinct (row.Floating :: Option.toList row.Whole @ Option.toList row.Boolean) with
            | [ only ] -> Ok only
            | _ -> Ok ElementKind.Unknown

    /// The rule of a layer whose inputs are all of one row, and whose first output is what comes of the first.
    let each (row: Row) : ElementRule =
        ElementRule(fun kinds ->
            (Ok [], kinds)
            ||> List.fold (fun known kind ->
                known |> Result.bind (fun known -> one row kind |> Result.map (fun found -> known @ [ found ])))
            |> Result.map (List.truncate 1))

    /// The rule of a layer of which nothing is known.
    let unknown = ElementRule(fun _ -> Ok [])
