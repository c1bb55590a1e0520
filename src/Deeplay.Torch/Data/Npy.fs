namespace Deeplay.Torch

open System
open System.IO
open System.Text
open Deeplay.Core
open TorchSharp

/// NumPy's files of one array, `.npy`, gzipped where the name ends in `.gz`. Objects are refused: nothing is unpickled.
[<RequireQualifiedAccess>]
module Npy =
    // The bits of unsigned numbers are those of signed ones, which torch has.
    let private widened path (kind: NpyType) (tensor: torch.Tensor) : torch.Tensor =
        if kind.Given = torch.ScalarType.Bool then
            tensor.``to`` torch.ScalarType.Bool
        elif not kind.IsUnsigned then
            tensor.alias ()
        elif kind.Read = torch.ScalarType.Int64 then
            use zero = Numbers.whole 0L

            if tensor.lt(zero).any().item<bool>() then
                DataFile.fail path "numbers that fit int64" "larger ones of uint64"

            tensor.alias ()
        else
            // In the type itself, so that it does not widen the result.
            let mask = if kind.Read = torch.ScalarType.Int16 then 0xFFFFL else 0xFFFFFFFFL
            (tensor.``to`` kind.Given).bitwise_and(torch.tensor(mask).``to`` kind.Given)

    /// The array of a stream of so many bytes: exactly so many where `isExact`, else no more than that.
    let internal ofStream (path: string) (stream: Stream) (most: int64) (isExact: bool) : torch.Tensor =
        let header = NpyHeader.read path stream
        let kind = header.Type
        let expected = $"the {Shape.known header.Shape} numbers that its header says"

        match TensorBytes.product (max 0L (most - header.Length)) (kind.Size :: header.Shape) with
        | Some bytes when not isExact || header.Length + bytes = most -> ()
        | _ -> DataFile.fail path expected $"{string most} bytes"

        use scope = torch.NewDisposeScope()
        // In Fortran's order the first dimension is the one that lies closest together.
        let sizes = if header.IsFortran then List.rev header.Shape else header.Shape
        let raw = torch.empty (Array.ofList sizes, dtype = kind.Read)
        TensorBytes.readInto stream header.IsBigEndian raw
        if stream.ReadByte() <> -1 then DataFile.fail path expected "more bytes after them"
        let given = widened path kind raw

        let inOrder =
            if header.IsFortran then
                given.permute [| for dim in sizes.Length - 1 .. -1 .. 0 -> int64 dim |]
            else
                given

        scope.MoveToOuter(inOrder.contiguous ())

    /// The array of a file, with its shape: numbers, or truth values. Unsigned 16- and 32-bit numbers become the next larger signed
    /// ones, and those of 64 bits int64, where they fit. A header that does not fit the size of the file is an error,
    /// before anything is allocated.
    let load (path: string) : torch.Tensor =
        Native.load ()

        DataFile.read path (fun content ->
            ofStream path content.Stream content.MostBytes (not (DataFile.isPacked path)))

    let private codes =
        [
            torch.ScalarType.Bool, "|b1"
            torch.ScalarType.Int8, "|i1"
            torch.ScalarType.Byte, "|u1"
            torch.ScalarType.Int16, "<i2"
            torch.ScalarType.Int32, "<i4"
            torch.ScalarType.Int64, "<i8"
            torch.ScalarType.Float16, "<f2"
            torch.ScalarType.Float32, "<f4"
            torch.ScalarType.Float64, "<f8"
        ]

    let private headerOf (code: string) (shape: int64[]) =
        // A tuple of one has a comma too.
        let sizes = String.Join("", [ for size in shape -> $"{string size}, " ])
        let text = $"{{'descr': '{code}', 'fortran_order': False, 'shape': ({sizes}), }}"
        // So that the numbers start at a multiple of 64.
        let padding = (64 - (10 + text.Length + 1) % 64) % 64
        let header = Encoding.Latin1.GetBytes(text + String(' ', padding) + "\n")

        Array.concat
            [
                [| 0x93uy; byte 'N'; byte 'U'; byte 'M'; byte 'P'; byte 'Y'; 1uy; 0uy |]
                BitConverter.GetBytes(uint16 header.Length)
                header
            ]

    /// Writes a tensor as an array, in version 1 of the format. The file appears whole or not at all. A dtype that NumPy lacks,
    /// such as bfloat16, is an error.
    let save (path: string) (tensor: torch.Tensor) : unit =
        use _scope = torch.NewDisposeScope()
        use _noGrad = torch.no_grad ()

        let code =
            match codes |> List.tryFind (fun (dtype, _) -> dtype = tensor.dtype) with
            | Some(_, code) -> code
            | None ->
                let known = codes |> List.map (fst >> string) |> Error.list
                DataFile.fail path $"a tensor of one of the dtypes {known}" (string tensor.dtype)

        WholeFile.write path (fun file ->
            file.Write(ReadOnlySpan(headerOf code tensor.shape))

            if tensor.NumberOfElements > 0L then
                for part in Safetensors.partsOf (1L <<< 24) (tensor.cpu().contiguous()) do
                    file.Write(Span.op_Implicit part.bytes))
