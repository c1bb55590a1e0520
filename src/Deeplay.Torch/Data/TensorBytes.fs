namespace Deeplay.Torch

open System
open System.Buffers.Binary
open System.IO
open System.Runtime.InteropServices
open TorchSharp

/// Tensors from the bytes of their elements.
module internal TensorBytes =
    let private swap (size: int) (bytes: Span<byte>) =
        match size with
        | 2 ->
            let words = MemoryMarshal.Cast<byte, uint16> bytes
            BinaryPrimitives.ReverseEndianness(Span.op_Implicit words, words)
        | 4 ->
            let words = MemoryMarshal.Cast<byte, uint32> bytes
            BinaryPrimitives.ReverseEndianness(Span.op_Implicit words, words)
        | 8 ->
            let words = MemoryMarshal.Cast<byte, uint64> bytes
            BinaryPrimitives.ReverseEndianness(Span.op_Implicit words, words)
        | _ -> ()

    // Whole elements, and fewer bytes than a span can have.
    let private partsOf = Safetensors.partsOf (1L <<< 24)

    /// Fills a dense tensor with the next bytes of a stream, the most significant of each element first where `bigEndian`.
    let readInto (stream: Stream) bigEndian (tensor: torch.Tensor) : unit =
        let swaps = bigEndian = BitConverter.IsLittleEndian

        if tensor.NumberOfElements > 0L then
            for part in partsOf tensor do
                use part = part
                stream.ReadExactly part.bytes
                if swaps then swap (int tensor.ElementSize) part.bytes

    /// The product of sizes; none where it is larger than `most`.
    let product (most: int64) (sizes: int64 list) : int64 option =
        if List.contains 0L sizes then
            Some 0L
        else
            sizes
            |> List.fold
                (fun total size ->
                    match total with
                    | Some total when size <= most / total -> Some(total * size)
                    | _ -> None)
                (if most < 1L then None else Some 1L)
