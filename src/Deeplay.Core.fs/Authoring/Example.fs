namespace Deeplay.FSharp

open Deeplay.Core

/// Inputs of the examples of definitions, for `Definition.withExample`.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Example =
    let private make (sizes: int list) below (numbers: float list) : ExampleInput =
        if List.exists (fun size -> size < 0) sizes then
            Fail.with' (Malformed("example", "sizes of at least 0", sprintf "%A" sizes))

        {
            ExampleInput.Key = None
            ExampleInput.Sizes = List.map int64 sizes
            ExampleInput.Below = below
            ExampleInput.Numbers = numbers
        }

    let private given (sizes: int list) below (numbers: float list) =
        if numbers.IsEmpty || List.fold (*) 1 sizes <> numbers.Length then
            let expected = $"a number for each place of a tensor of sizes %A{sizes}"
            Fail.with' (Malformed("example", expected, $"{string numbers.Length} numbers"))

        make sizes below numbers

    /// Random numbers (float32) of this shape, batch included.
    let tensor (sizes: int list) : ExampleInput = make sizes None []

    /// Random whole numbers (int64) of this shape, batch included, from 0 up to `below`, without it.
    let whole (below: int) (sizes: int list) : ExampleInput =
        if below < 1 then Fail.with' (Malformed("example", "a bound of at least 1", string below))

        make sizes (Some(int64 below)) []

    /// These numbers (float64), in order, in a tensor of this shape: one for each of its places.
    let numbers (sizes: int list) (numbers: float list) : ExampleInput = given sizes None numbers

    /// These whole numbers (int64), in order, in a tensor of this shape: one for each of its places.
    let wholes (sizes: int list) (numbers: int list) : ExampleInput =
        given sizes (Some(int64 (List.fold max -1 numbers) + 1L)) (List.map float numbers)

    /// The same as one of the named tensors that a module takes, under this key.
    let named (key: string) (input: ExampleInput) : ExampleInput = { input with Key = Some key }
