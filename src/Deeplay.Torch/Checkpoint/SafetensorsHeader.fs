namespace Deeplay.Torch

open System
open System.Collections.Generic
open System.IO
open System.Text
open System.Text.Json
open Deeplay.Core

/// One tensor of a safetensors file: where its bytes are, relative to the end of the header.
type TensorEntry = { Name: string; Dtype: string; Shape: int64 list; Start: int64; End: int64 }

/// The header of a safetensors file, checked as a whole before anything is allocated. The format and what a reader
/// must reject: github.com/huggingface/safetensors, README, "Format".
type SafetensorsHeader =
    {
        Metadata: Map<string, string>
        /// In the order of their bytes.
        Tensors: TensorEntry list
        /// Where the bytes of the tensors start in the file.
        DataStart: int64
    }

[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module internal SafetensorsHeader =
    /// Under which texts stand among the tensors.
    let metadataKey = "__metadata__"

    /// The reference implementation refuses longer headers; nobody needs one.
    let private maxHeader = 100_000_000L

    /// Bits per element by dtype. Those that are not whole bytes can be read past, but not loaded.
    let private bits =
        Map.ofList
            [
                for size, names in
                    [
                        4L, "F4"
                        6L, "F6_E2M3 F6_E3M2"
                        8L, "BOOL U8 I8 F8_E5M2 F8_E4M3 F8_E8M0 F8_E4M3FNUZ F8_E5M2FNUZ"
                        16L, "I16 U16 F16 BF16"
                        32L, "I32 U32 F32"
                        64L, "C64 F64 I64 U64"
                    ] do
                    for name in names.Split ' ' -> name, size
            ]

    let private fail path expected found = Fail.with' (Malformed(path, expected, found))

    let private nonNegative path (element: JsonElement) =
        let value = if element.ValueKind = JsonValueKind.Number then element.TryGetInt64() else (false, 0L)

        match value with
        | true, n when n >= 0L -> n
        | _ -> fail path "a whole number of at least 0" (element.GetRawText())

    /// The fields of an object of JSON, each of which may come once.
    let fields path what (element: JsonElement) =
        if element.ValueKind <> JsonValueKind.Object then fail path what (element.GetRawText())

        let names = HashSet<string>()

        [
            for field in element.EnumerateObject() do
                if not (names.Add field.Name) then fail path "every name once" $"'{field.Name}' twice"
                field.Name, field.Value
        ]

    let private readMetadata path (element: JsonElement) =
        Map.ofList
            [
                for name, value in fields path "an object of texts" element do
                    if value.ValueKind <> JsonValueKind.String then fail $"{path}.{name}" "a text" (value.GetRawText())

                    name, value.GetString()
            ]

    let private readEntry path name (element: JsonElement) : TensorEntry =
        let fields = fields path "an object with dtype, shape and data_offsets" element

        for name, _ in fields do
            if not (List.contains name [ "dtype"; "shape"; "data_offsets" ]) then
                fail path "dtype, shape and data_offsets alone" $"'{name}'"

        let needed name kind =
            match List.tryFind (fun (known, _) -> known = name) fields with
            | Some(_, value: JsonElement) when value.ValueKind = kind -> value
            | _ -> fail $"{path}.{name}" $"a field of the kind {kind}" "something else"

        let numbers name =
            [
                for number in (needed name JsonValueKind.Array).EnumerateArray() -> nonNegative $"{path}.{name}" number
            ]

        let dtype = (needed "dtype" JsonValueKind.String).GetString()

        if not (bits.ContainsKey dtype) then fail $"{path}.dtype" "a dtype of the format" $"'{dtype}'"

        let shape, offsets = numbers "shape", numbers "data_offsets"

        let start, stop =
            match offsets with
            | [ start; stop ] when start <= stop -> start, stop
            | _ -> fail $"{path}.data_offsets" "a start and an end, in this order" (string offsets)

        let size =
            try
                // Where one size is 0 the others must still make a number, as the strides of a tensor are.
                let total = shape |> List.fold (fun n size -> Checked.(*) n (max 1L size)) bits[dtype]

                if List.contains 0L shape then Some 0L
                elif total % 8L = 0L then Some(total / 8L)
                else None
            with :? OverflowException ->
                None

        if size <> Some(stop - start) then
            let expected = size |> Option.map string |> Option.defaultValue "a whole number of"
            fail $"{path}.data_offsets" $"{expected} bytes for {dtype} {Shape.known shape}" $"{stop - start}"

        { Name = name; Dtype = dtype; Shape = shape; Start = start; End = stop }

    let private parse (path: string) (json: ReadOnlyMemory<byte>) dataStart dataLength =
        let document =
            try
                // JsonDocument takes invalid UTF-8 in texts until it is read: decode all of it first.
                UTF8Encoding(false, true).GetString json.Span |> ignore
                JsonDocument.Parse(json, JsonDocumentOptions(MaxDepth = 8))
            with
            | :? JsonException as error -> fail $"{path}, header" "JSON" error.Message
            | :? DecoderFallbackException -> fail $"{path}, header" "UTF-8" "bytes that are none"

        use document = document

        let metadata, entries =
            fields $"{path}, header" "an object" document.RootElement
            |> List.partition (fun (name, _) -> name = metadataKey)

        let entries =
            [ for name, value in entries -> readEntry $"{path}, {name}" name value ]
            |> List.sortBy (fun entry -> entry.Start, entry.End)

        // No hole and no overlap: every byte belongs to exactly one tensor.
        let stop =
            entries
            |> List.fold
                (fun at entry ->
                    if entry.Start <> at then
                        fail $"{path}, {entry.Name}" $"its bytes to start at {at}" (string entry.Start)

                    entry.End)
                0L

        if stop <> dataLength then fail path $"{stop} bytes of tensors, as its header says" $"{dataLength}"

        let metadata =
            match metadata with
            | [ name, value ] -> readMetadata $"{path}, {name}" value
            | _ -> Map.empty

        { Metadata = metadata; Tensors = entries; DataStart = dataStart }

    /// Reads and checks the header of a file.
    let read (path: string) (stream: Stream) : SafetensorsHeader =
        if stream.Length < 8L then fail path "a safetensors file" $"a file of {stream.Length} bytes"

        let prefix = Array.zeroCreate 8
        stream.ReadExactly(prefix, 0, 8)
        let length = BitConverter.ToUInt64(ReadOnlySpan prefix)

        if length > uint64 maxHeader || int64 length > stream.Length - 8L then
            fail path "a header that fits into the file" $"{length} bytes of header in {stream.Length} bytes"

        let header = Array.zeroCreate (int length)
        stream.ReadExactly(header, 0, header.Length)

        if header.Length = 0 || header[0] <> byte '{' then
            fail $"{path}, header" "a '{' at the start" "something else"

        try
            parse path (ReadOnlyMemory header) (8L + int64 length) (stream.Length - 8L - int64 length)
        with :? InvalidOperationException ->
            // JSON can spell one half of a surrogate pair, which no text has.
            fail $"{path}, header" "whole characters" "half of a character"
