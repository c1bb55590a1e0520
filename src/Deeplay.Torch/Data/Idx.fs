namespace Deeplay.Torch

open System
open System.Buffers.Binary
open System.IO
open Deeplay.Core
open TorchSharp

/// Files of the format IDX, in which MNIST and its relatives come, gzipped where the name ends in `.gz`. Source: LeCun, The
/// MNIST database, "The IDX file format": two zero bytes, one for the type, one for the number of dimensions, the sizes
/// as 32-bit numbers, then the elements; all with the most significant byte first.
[<RequireQualifiedAccess>]
module Idx =
    let private dtypes =
        Map.ofList
            [
                0x08uy, torch.ScalarType.Byte
                0x09uy, torch.ScalarType.Int8
                0x0Buy, torch.ScalarType.Int16
                0x0Cuy, torch.ScalarType.Int32
                0x0Duy, torch.ScalarType.Float32
                0x0Euy, torch.ScalarType.Float64
            ]

    // As many dimensions as a tensor may have.
    let private maxRank = 64

    let private header (path: string) (content: DataContent) =
        let magic = Array.zeroCreate 4

        if content.Stream.ReadAtLeast(Span magic, 4, false) < 4 then
            DataFile.fail path "an IDX file" "fewer than 4 bytes"

        let found = $"the bytes {BitConverter.ToString magic}"

        if magic[0] <> 0uy || magic[1] <> 0uy then
            DataFile.fail path "two zero bytes, as IDX files begin" found

        let dtype =
            match dtypes.TryFind magic[2] with
            | Some dtype -> dtype
            | None -> DataFile.fail path "a type of IDX (08, 09, 0B, 0C, 0D or 0E) as the third byte" found

        let rank = int magic[3]

        if rank = 0 || rank > maxRank then
            DataFile.fail path $"1 to {string maxRank} dimensions" (string rank)

        let sizes = Array.zeroCreate (4 * rank)
        content.Stream.ReadExactly(sizes, 0, sizes.Length)

        dtype,
        [
            for i in 0 .. rank - 1 -> int64 (BinaryPrimitives.ReadUInt32BigEndian(ReadOnlySpan(sizes, 4 * i, 4)))
        ]

    let private elementSize dtype =
        match dtype with
        | torch.ScalarType.Byte
        | torch.ScalarType.Int8 -> 1L
        | torch.ScalarType.Int16 -> 2L
        | torch.ScalarType.Float64 -> 8L
        | _ -> 4L

    /// The tensor that a file holds, with its type and shape. A header that does not fit the size of the file is an error, before
    /// anything is allocated.
    let read (path: string) : torch.Tensor =
        Native.load ()

        DataFile.read path (fun content ->
            let dtype, shape = header path content
            let start = int64 (4 + 4 * shape.Length)
            let bytes = TensorBytes.product (content.MostBytes - start) (elementSize dtype :: shape)
            let expected = $"the {Shape.known shape} numbers that its header says"

            match bytes with
            | Some bytes when DataFile.isPacked path || start + bytes = content.MostBytes -> ()
            | _ -> DataFile.fail path expected $"a file of {string (FileInfo path).Length} bytes"

            let tensor = torch.empty (Array.ofList shape, dtype = dtype)

            try
                TensorBytes.readInto content.Stream true tensor
                if content.Stream.ReadByte() <> -1 then DataFile.fail path expected "more bytes after them"
            with _ ->
                tensor.Dispose()
                reraise ()

            tensor)
