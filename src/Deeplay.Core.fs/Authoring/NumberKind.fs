namespace Deeplay.FSharp

open Deeplay.Core

/// What sort of numbers a tensor holds, of whatever width: for `Definition.withNumbers`.
[<RequireQualifiedAccess>]
type NumberKind =
    /// Any there are; of an output, that nothing is known of it.
    | Any
    /// Of a floating-point type: `float32`, `bfloat16`, ….
    | Floating
    /// Of an integral type: `int64`, `uint8`, ….
    | Integral
    /// Bools.
    | Boolean
    /// The same as the first input holds.
    | AsFirst

/// The rules of kinds that authors say.
module internal NumberKinds =
    let private known first kind =
        match kind with
        | NumberKind.Any -> ElementKind.Unknown
        | NumberKind.Floating -> ElementKind.Floating
        | NumberKind.Integral -> ElementKind.Whole
        | NumberKind.Boolean -> ElementKind.Boolean
        | NumberKind.AsFirst -> first

    /// The rule of a layer that takes these and gives those. Of inputs behind them, which it may have too, nothing is demanded.
    let rule (inputs: NumberKind list) (outputs: NumberKind list) : ElementRule =
        ElementRule(fun found ->
            let first = List.tryHead found |> Option.defaultValue ElementKind.Unknown

            let misfit =
                List.zip (List.truncate found.Length inputs) (List.truncate inputs.Length found)
                |> List.indexed
                |> List.tryFind (fun (_, (kind, found)) -> not (ElementKind.agrees (known first kind) found))

            match misfit with
            | Some(i, (kind, found)) ->
                let place = if inputs.Length = 1 then "" else $" as input {string (i + 1)}"
                KindRule.fail (ElementKind.describe (known first kind) + place) [ found ]
            | None -> Ok(List.map (known first) outputs))
