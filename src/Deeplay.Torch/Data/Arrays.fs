namespace Deeplay.Torch

open System
open Deeplay.Core
open TorchSharp

/// Tensors from .NET arrays, as models and losses take them: fractions and truth values as float32, whole numbers as int64.
/// They are copies.
[<RequireQualifiedAccess>]
module Arrays =
    let private elements =
        [
            for kind in
                [
                    typeof<float32>
                    typeof<float>
                    typeof<bool>
                    typeof<byte>
                    typeof<sbyte>
                    typeof<int16>
                    typeof<int>
                    typeof<int64>
                ] do
                kind
        ]

    let private check (where: string) (kind: Type) =
        if not (List.contains kind elements) then
            let names = elements |> List.map _.Name |> Error.list
            Fail.with' (Malformed(where, $"numbers of one of the types {names}", kind.Name))

    // The dtype that models take such numbers as.
    let private taken (dtype: torch.ScalarType) =
        match dtype with
        | torch.ScalarType.Float32
        | torch.ScalarType.Float64
        | torch.ScalarType.Bool -> torch.ScalarType.Float32
        | _ -> torch.ScalarType.Int64

    /// A tensor with the shape of an array: `float32[,]`, `float[]`, `int[]`, `byte[,,]`, `bool[,]` and the like.
    let tensor (array: Array) : torch.Tensor =
        Native.load ()
        check "array" (array.GetType().GetElementType())
        // TorchSharp's shares the memory of some arrays.
        use shared = torch.from_array array
        shared.``to`` (taken shared.dtype, torch.CPU, true)

    /// A tensor (N, …) of numbers that lie one after the other, the last dimension first, with this shape.
    let ofMemory (shape: int64 seq) (numbers: ReadOnlyMemory<'T>) : torch.Tensor =
        Native.load ()
        let shape = List.ofSeq shape
        check "memory" typeof<'T>

        if List.exists (fun size -> size < 0L) shape then
            Fail.with' (Malformed("memory", "sizes of at least 0", string (Shape.known shape)))

        if TensorBytes.product (int64 numbers.Length) shape <> Some(int64 numbers.Length) then
            let expected = $"as many numbers as the shape {Shape.known shape} has"
            Fail.with' (Malformed("memory", expected, string numbers.Length))

        use flat = tensor (numbers.ToArray())
        flat.reshape (Array.ofList shape)

    /// A tensor (N, features) of rows, all of which must be of one length: the error names the first that is not.
    let ofRows (rows: 'T[] seq) : torch.Tensor =
        let rows = Array.ofSeq rows
        if rows.Length = 0 then Fail.with' (Malformed("rows", "at least one row", "none"))

        rows
        |> Array.iteri (fun i row ->
            if isNull row then Fail.with' (Malformed($"rows[{string i}]", "a row", "null"))

            if row.Length <> rows[0].Length then
                let expected = $"{string rows[0].Length} numbers, as in rows[0]"
                Fail.with' (Malformed($"rows[{string i}]", expected, string row.Length)))

        ofMemory [ int64 rows.Length; int64 rows[0].Length ] (ReadOnlyMemory(Array.concat rows))

    /// Labels as targets (N,), and the categories that the numbers stand for, which are those among the labels.
    let ofLabels (labels: string seq) : struct (torch.Tensor * Categories) =
        let labels = Array.ofSeq labels

        match Array.tryFindIndex String.IsNullOrEmpty labels with
        | Some i -> Fail.with' (Malformed($"labels[{string i}]", "a label", "nothing"))
        | None -> ()

        if labels.Length = 0 then Fail.with' (Malformed("labels", "at least one label", "none"))
        let categories = Categories.learn labels
        struct (Categories.encode labels categories, categories)
