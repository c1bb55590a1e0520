namespace Deeplay.Torch

open System
open System.Buffers.Binary
open System.IO
open System.Text
open System.Text.RegularExpressions
open Deeplay.Core
open TorchSharp

/// How the numbers of a `.npy` file are read: as which dtype, and as which they are given, where torch lacks the first.
type internal NpyType = { Read: torch.ScalarType; Given: torch.ScalarType; Size: int64; IsUnsigned: bool }

/// The header of a `.npy` file. Source: NumPy, numpy.lib.format, "Format Version 1.0" to "3.0".
type internal NpyHeader =
    {
        Type: NpyType
        IsBigEndian: bool
        IsFortran: bool
        Shape: int64 list
        /// How many bytes there are before the numbers.
        Length: int64
    }

/// Reading the header, all of it checked before anything is allocated. It is text that Python would evaluate; here the few
/// forms that NumPy writes are read, and nothing is run.
module internal NpyHeader =
    // As NumPy's own limit, times ten.
    let private maxHeader = 100_000

    let private types =
        Map.ofList
            [
                let same code dtype size = code, { Read = dtype; Given = dtype; Size = size; IsUnsigned = false }

                let unsigned code dtype given size =
                    code, { Read = dtype; Given = given; Size = size; IsUnsigned = true }

                "b1", { Read = torch.ScalarType.Byte; Given = torch.ScalarType.Bool; Size = 1L; IsUnsigned = false }
                same "i1" torch.ScalarType.Int8 1L
                same "u1" torch.ScalarType.Byte 1L
                same "i2" torch.ScalarType.Int16 2L
                same "i4" torch.ScalarType.Int32 4L
                same "i8" torch.ScalarType.Int64 8L
                same "f2" torch.ScalarType.Float16 2L
                same "f4" torch.ScalarType.Float32 4L
                same "f8" torch.ScalarType.Float64 8L
                unsigned "u2" torch.ScalarType.Int16 torch.ScalarType.Int32 2L
                unsigned "u4" torch.ScalarType.Int32 torch.ScalarType.Int64 4L
                unsigned "u8" torch.ScalarType.Int64 torch.ScalarType.Int64 8L
            ]

    // A dictionary with these keys, in any order; further ones don't match.
    let private entry =
        @"\s*'(?<key>descr|fortran_order|shape)'\s*:\s*(?<value>'[^']*'|\[.*?\]|True|False|\([0-9,\sL]*\))\s*"

    let private dictionary =
        Regex($@"\A\{{{entry}(,{entry})*,?\s*\}}\s*\z", RegexOptions.CultureInvariant ||| RegexOptions.Singleline)

    let private typeOf path (descr: string) =
        let code = descr.Trim('\'')

        if code.Contains 'O' then
            let expected = "numbers (objects are pickled, and reading those could run anything)"
            DataFile.fail path expected $"the dtype {descr}"

        let order = if code.Length > 0 then code[0] else ' '

        match (if order = '<' || order = '>' || order = '|' then types.TryFind code[1..] else None) with
        | Some kind -> kind, order = '>'
        | None ->
            let known = types.Keys |> List.ofSeq |> Error.list
            DataFile.fail path $"a dtype that is one of {known}, after < > or |" descr

    let private shapeOf path (text: string) =
        [
            for size in text.Trim('(', ')').Replace("L", "").Split(',', StringSplitOptions.TrimEntries) do
                if size <> "" then
                    match
                        Int64.TryParse(
                            size,
                            Globalization.NumberStyles.None,
                            Globalization.CultureInfo.InvariantCulture
                        )
                    with
                    | true, size -> size
                    | _ -> DataFile.fail path "sizes that fit 64 bits" text
        ]

    let private parse path (text: string) (length: int64) : NpyHeader =
        let found = dictionary.Match text
        let short = if text.Length > 100 then text[..99] + "…" else text
        let expected = "a header with descr, fortran_order and shape, once each"
        if not found.Success then DataFile.fail path expected short

        let values =
            Seq.zip found.Groups["key"].Captures found.Groups["value"].Captures
            |> Seq.map (fun (key, value) -> key.Value, value.Value)
            |> List.ofSeq

        let value key =
            match values |> List.filter (fun (name, _) -> name = key) with
            | [ _, value ] -> value
            | _ -> DataFile.fail path expected short

        let kind, isBigEndian = typeOf path (value "descr")

        {
            Type = kind
            IsBigEndian = isBigEndian
            IsFortran = value "fortran_order" = "True"
            Shape = shapeOf path (value "shape")
            Length = length
        }

    let private magic = [| 0x93uy; byte 'N'; byte 'U'; byte 'M'; byte 'P'; byte 'Y' |]

    let read (path: string) (stream: Stream) : NpyHeader =
        let start = Array.zeroCreate 8

        if stream.ReadAtLeast(Span start, 8, false) < 8 || start[..5] <> magic then
            DataFile.fail path "a .npy file" "another beginning"

        let size = if start[6] = 1uy then 2 else 4

        if start[6] < 1uy || start[6] > 3uy then
            DataFile.fail path "version 1, 2 or 3 of the format" (string start[6])

        let bytes = Array.zeroCreate 4
        stream.ReadExactly(bytes, 0, size)
        let length = BinaryPrimitives.ReadUInt32LittleEndian(ReadOnlySpan bytes)

        if length > uint32 maxHeader then
            DataFile.fail path $"a header of at most {string maxHeader} bytes" (string length)

        let header = Array.zeroCreate (int length)
        stream.ReadExactly(header, 0, header.Length)
        let encoding: Encoding = if start[6] = 3uy then UTF8Encoding(false, true) else Encoding.Latin1
        parse path (encoding.GetString header) (int64 (8 + size + header.Length))
