namespace Deeplay.FSharp

open Deeplay.Core

/// Inputs of the examples of definitions, for `Definition.withExample`.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Example =
    let private make (sizes: int list) below : ExampleInput =
        if List.exists (fun size -> size < 0) sizes then
            Fail.with' (Malformed("example", "sizes of at least 0", sprintf "%A" sizes))

        { ExampleInput.Key = None; ExampleInput.Sizes = List.map int64 sizes; ExampleInput.Below = below }

    /// Random numbers (float32) of this shape, batch included.
    let tensor (sizes: int list) : ExampleInput = make sizes None

    /// Random whole numbers (int64) of this shape, batch included, from 0 up to `below`, without it.
    let whole (below: int) (sizes: int list) : ExampleInput =
        if below < 1 then Fail.with' (Malformed("example", "a bound of at least 1", string below))

        make sizes (Some(int64 below))

    /// The same as one of the named tensors that a module takes, under this key.
    let named (key: string) (input: ExampleInput) : ExampleInput = { input with Key = Some key }
