/// The safetensors format, by hand-written bytes: what a reader must take, and each thing that it must refuse.
/// Source: the format's README, "Format", and the reference reader.
module Deeplay.Tests.SafetensorsTests

open System
open System.IO
open System.Text
open Deeplay.Core
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests

open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.TrainingHelp

/// A file of a header and the bytes that follow it.
let private fileOf (header: byte[]) (data: byte[]) =
    Array.concat [ BitConverter.GetBytes(uint64 header.Length); header; data ]

let private written (bytes: byte[]) (work: string -> 'a) : 'a =
    let path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors")

    try
        File.WriteAllBytes(path, bytes)
        work path
    finally
        File.Delete path

let private read bytes = written bytes Safetensors.load

/// Fails unless the file is refused by one error that says this, with no tensor left.
let private refused (about: string) bytes =
    let before = liveTensors ()

    match errorsOf (fun () -> read bytes) with
    | [ Malformed(path, expected, found) ] -> Assert.containsText about $"{path}: {expected} / {found}"
    | other -> failtest $"{other}"

    Assert.equal before (liveTensors ())

let private utf8 (text: string) = Encoding.UTF8.GetBytes text
let private zeros n : byte[] = Array.zeroCreate n

/// A header with one tensor `w`.
let private entry dtype shape start stop =
    utf8 $"{{\"w\":{{\"dtype\":{dtype},\"shape\":{shape},\"data_offsets\":[{start},{stop}]}}}}"

let private refusedEntry about dtype shape (start: obj) (stop: obj) data =
    refused about (fileOf (entry dtype shape (string start) (string stop)) (zeros data))

/// What Python's `safetensors` writes for {"b": int64 [1, 2], "a": float32 [[1, 2], [3, 4]], "s": a bool of rank 0} with
/// the texts {"format": "pt"}: by alignment and then by name, the header padded with spaces to a multiple of 8.
let private pythons =
    let header =
        "{\"__metadata__\":{\"format\":\"pt\"},"
        + "\"b\":{\"dtype\":\"I64\",\"shape\":[2],\"data_offsets\":[0,16]},"
        + "\"a\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[16,32]},"
        + "\"s\":{\"dtype\":\"BOOL\",\"shape\":[],\"data_offsets\":[32,33]}}"

    let data =
        Array.concat
            [
                BitConverter.GetBytes 1L
                BitConverter.GetBytes 2L
                yield! [ 1.0f; 2.0f; 3.0f; 4.0f ] |> List.map BitConverter.GetBytes
                [| 1uy |]
            ]

    let padding = (8 - header.Length % 8) % 8
    fileOf (utf8 (header + String(' ', padding))) data

/// Two tensors of bytes with these offsets, and so many bytes of data.
let private two (a, b) (c, d) data =
    let one name start stop =
        $"\"{name}\":{{\"dtype\":\"U8\",\"shape\":[{stop - start}],\"data_offsets\":[{start},{stop}]}}"

    fileOf (utf8 ("{" + one "v" a b + "," + one "w" c d + "}")) (zeros data)

[<Tests>]
let tests =
    torchTests
        "SafetensorsTests"
        [
            // --- What must be read -------------------------------------------------------------------------
            testCase "a tensor is written and read in parts, and as a whole" (fun () ->
                use tensor = torch.arange(7L).reshape(1L, 7L)

                let inParts bytes =
                    [ for part in Safetensors.partsOf bytes tensor -> List.ofArray (part.data<int64>().ToArray()) ]

                Assert.equal [ [ 0L; 1L; 2L ]; [ 3L; 4L; 5L ]; [ 6L ] ] (inParts 24L)
                Assert.equal [ [ 0L .. 6L ] ] (inParts 56L)
                use none = torch.empty (0L, 3L)
                Assert.equal 0 (Seq.length (Safetensors.partsOf 24L none)))

            testCase "the example that the others are made from is read" (fun () ->
                let data = Array.append (BitConverter.GetBytes 1.5f) (BitConverter.GetBytes -2.0f)
                let _, tensors = read (fileOf (entry "\"F32\"" "[2]" "0" "8") data)
                use w = tensors["w"]
                Assert.equal [ 1.5; -2.0 ] (numbers w))

            testCase "a file as Python writes it is read" (fun () ->
                use _scope = torch.NewDisposeScope()
                let metadata, tensors = read pythons
                Assert.equal "pt" (metadata["format"])
                Assert.equal [ 2L; 2L ] (shapeOf tensors["a"])
                Assert.equal [ 1.0; 2.0; 3.0; 4.0 ] (numbers tensors["a"])
                Assert.equal torch.ScalarType.Int64 (tensors["b"].dtype)
                Assert.equal [ 1.0; 2.0 ] (numbers tensors["b"])
                Assert.empty (tensors["s"].shape)
                Assert.equal torch.ScalarType.Bool (tensors["s"].dtype))

            testCase "what is written is what Python writes, to the byte" (fun () ->
                use _scope = torch.NewDisposeScope()
                let metadata, tensors = read pythons

                let bytes =
                    written [||] (fun path ->
                        Safetensors.save path metadata [ for KeyValue(name, tensor) in tensors -> name, tensor ]

                        File.ReadAllBytes path)

                Assert.equal pythons bytes)

            testCase "a longer file is overwritten whole" (fun () ->
                use w = torch.zeros (1L, dtype = torch.ScalarType.Float32)

                written (zeros 100_000) (fun path ->
                    Safetensors.save path Map.empty [ "w", w ]
                    Assert.isTrue (FileInfo(path).Length < 200L)
                    Assert.equal [ "w" ] ((Safetensors.load path |> snd).Keys |> List.ofSeq)))

            testCase "no tensors, no texts, empty tensors and padding are legal" (fun () ->
                for header in [ "{}"; "{\"__metadata__\":{}}"; "{}        " ] do
                    let metadata, tensors = read (fileOf (utf8 header) [||])
                    Assert.empty metadata
                    Assert.empty tensors

                let _, tensors = read (fileOf (entry "\"F32\"" "[0,3]" "0" "0") [||])
                use w = tensors["w"]
                Assert.equal [ 0L; 3L ] (shapeOf w))

            // --- What must be refused ----------------------------------------------------------------------
            testCase "fewer than 8 bytes are refused" (fun () ->
                for n in 0..7 do
                    refused $"a file of {n} bytes" (zeros n))

            testCase "a header that is longer than the file, than any header, or than a number is refused" (fun () ->
                for length in [ 1UL; 100_000_001UL; uint64 Int64.MaxValue; UInt64.MaxValue; UInt64.MaxValue - 7UL ] do
                    refused "a header that fits" (BitConverter.GetBytes length))

            testCase "a header that does not start with a brace is refused" (fun () ->
                for header in [ ""; " {}"; "[]"; "null"; "\"\""; "\uFEFF{}" ] do
                    refused "'{' at the start" (fileOf (utf8 header) [||]))

            testCase "a header that is no JSON is refused" (fun () ->
                for header in [ "{"; "{}}"; "{} x"; "{,}"; "{\"w\"}"; "{'w':1}"; "{}\000"; "{/**/}"; "{\"w\":NaN}" ] do
                    refused "JSON" (fileOf (utf8 header) [||]))

            testCase "a header that is nested deep is refused" (fun () ->
                let deep = "{\"w\":" + String.replicate 100_000 "[" + String.replicate 100_000 "]" + "}"

                refused "JSON" (fileOf (utf8 deep) [||]))

            testCase "a header that is no UTF-8 is refused" (fun () ->
                for bad in [ [| 0xFFuy |]; [| 0xC0uy; 0x80uy |]; [| 0xEDuy; 0xA0uy; 0x80uy |]; [| 0xE2uy; 0x82uy |] ] do
                    let header = Array.concat [ utf8 "{\"__metadata__\":{\"k\":\""; bad; utf8 "\"}}" ]
                    refused "UTF-8" (fileOf header [||]))

            testCase "half of a surrogate pair is refused" (fun () ->
                for header in
                    [
                        "{\"__metadata__\":{\"k\":\"\\ud800\"}}"
                        "{\"__metadata__\":{\"\\udc00\":\"v\"}}"
                        "{\"\\ud800\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}"
                    ] do
                    refused "half of a character" (fileOf (utf8 header) [||]))

            testCase "what goes into a pipe goes through it, and the pipe stays" (fun () ->
                if OperatingSystem.IsLinux() then
                    inFile (fun path ->
                        use made = Diagnostics.Process.Start("mkfifo", [ path ])
                        made.WaitForExit()
                        Assert.equal 0 made.ExitCode

                        let read = Threading.Tasks.Task.Run(fun () -> File.ReadAllBytes path)
                        use tensor = torch.arange 5L
                        Safetensors.save path Map.empty [ "x", tensor ]

                        inFile (fun other ->
                            File.WriteAllBytes(other, read.Result)
                            let _, tensors = Safetensors.load other
                            use found = tensors["x"]
                            Assert.equal [ 0.0; 1.0; 2.0; 3.0; 4.0 ] (numbers found))

                        Assert.equal true (FileKind.isSpecial path)))

            testCase "what would not come back is not written" (fun () ->
                inFile (fun path ->
                    let half (code: int) = String(char code, 1)

                    for texts, name, expected in
                        [
                            Map.empty, "__metadata__", "other names of tensors"
                            Map.empty, "x" + half 0xD800, "names of whole characters"
                            Map.ofList [ "k", half 0xDC00 ], "x", "the text 'k' of whole characters"
                            Map.ofList [ half 0xD800, "v" ], "x", "texts of whole characters"
                        ] do
                        use tensor = torch.ones 1L

                        Assert.containsText
                            expected
                            (Recorded.problem (fun () -> Safetensors.save path texts [ name, tensor ]))

                        Assert.equal false (File.Exists path)))

            testCase "views that only say how numbers are meant are written as these numbers" (fun () ->
                inFile (fun path ->
                    use _scope = torch.NewDisposeScope()

                    let complex =
                        torch.tensor([| 1f; 2f |]).``to``(torch.complex64).mul(torch.tensor (Numerics.Complex(1, 2)))

                    let complex = complex.``to`` torch.complex64

                    let given =
                        [
                            "conj", complex.conj ()
                            "imag", complex.conj().imag
                            "turned", torch.arange(6L).reshape(2L, 3L).t()
                        ]

                    Safetensors.save path Map.empty given
                    let _, found = Safetensors.load path

                    for name, tensor in given do
                        Expect.isTrue (found[name].eq(tensor).all().ToBoolean()) name

                    Assert.equal [ -2.0; -4.0 ] (numbers found["imag"])))

            testCase "sizes whose strides are no numbers are refused, whatever their order" (fun () ->
                for sizes in [ "[4611686018427387904,4,0]"; "[0,4611686018427387904,4]"; "[4,0,4611686018427387904]" ] do
                    refused "a whole number of bytes" (fileOf (entry "\"U8\"" sizes "0" "0") [||]))

            testCase "a name that stands twice is refused" (fun () ->
                let w = "\"w\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}"
                refused "'w' twice" (fileOf (utf8 ("{" + w + "," + w + "}")) [||])
                // Also where it is spelled in two ways.
                refused "'w' twice" (fileOf (utf8 ("{" + w + "," + w.Replace("\"w\"", "\"\\u0077\"") + "}")) [||])

                refused "'k' twice" (fileOf (utf8 "{\"__metadata__\":{\"k\":\"a\",\"k\":\"b\"}}") [||])

                refused "'dtype' twice" (fileOf (utf8 ("{" + w.Replace("{", "{\"dtype\":\"U8\",") + "}")) [||])

                refused "'__metadata__' twice" (fileOf (utf8 "{\"__metadata__\":{},\"__metadata__\":{}}") [||]))

            testCase "texts that are no texts are refused" (fun () ->
                for value in [ "1"; "null"; "true"; "{}"; "[]" ] do
                    refused "a text" (fileOf (utf8 $"{{\"__metadata__\":{{\"k\":{value}}}}}") [||])

                for value in [ "1"; "null"; "[]"; "\"x\"" ] do
                    refused "an object of texts" (fileOf (utf8 $"{{\"__metadata__\":{value}}}") [||]))

            testCase "an entry with more, less or other fields is refused" (fun () ->
                refused "'strides'" (fileOf (utf8 "{\"w\":{\"dtype\":\"U8\",\"shape\":[0],\"strides\":[1]}}") [||])

                for missing in [ "\"dtype\":\"U8\","; "\"shape\":[0],"; ",\"data_offsets\":[0,0]" ] do
                    let header = Encoding.UTF8.GetString(entry "\"U8\"" "[0]" "0" "0")
                    Assert.containsText missing header
                    refused "something else" (fileOf (utf8 (header.Replace(missing, ""))) [||])

                for other in [ "1"; "null"; "[]"; "\"U8\"" ] do
                    refused "an object with dtype" (fileOf (utf8 $"{{\"w\":{other}}}") [||]))

            testCase "a dtype that is unknown is refused" (fun () ->
                refusedEntry "'F31'" "\"F31\"" "[0]" 0 0 0
                refusedEntry "'f32'" "\"f32\"" "[0]" 0 0 0
                refusedEntry "dtype" "32" "[0]" 0 0 0)

            testCase "a dtype that TorchSharp has not is refused before anything is allocated" (fun () ->
                refusedEntry "a dtype that TorchSharp has" "\"F8_E4M3\"" "[2]" 0 2 2
                refusedEntry "a dtype that TorchSharp has" "\"F4\"" "[2]" 0 1 1)

            testCase "a tensor that does not end on a byte is refused" (fun () ->
                refusedEntry "whole number" "\"F4\"" "[3]" 0 1 1
                refusedEntry "whole number" "\"F6_E2M3\"" "[1]" 0 1 1)

            testCase "sizes that are no sizes are refused" (fun () ->
                for size in [ "-1"; "1.5"; "1e2"; "\"1\""; "null"; "99999999999999999999"; "[1]" ] do
                    refusedEntry "at least 0" "\"U8\"" $"[{size}]" 0 1 1
                    refusedEntry "at least 0" "\"U8\"" "[1]" size 1 1

                refusedEntry "shape" "\"U8\"" "1" 0 1 1)

            testCase "sizes whose product is no number are refused" (fun () ->
                for shape in [ "[4611686018427387904,4]"; "[9223372036854775807]"; "[4294967296,4294967296]" ] do
                    refusedEntry "bytes" "\"F32\"" shape 0 16 16

                // Not even where there is not one element.
                refusedEntry "bytes" "\"F32\"" "[4611686018427387904,4,0]" 0 0 0)

            testCase "more elements than bytes are refused before anything is allocated" (fun () ->
                refusedEntry "4000000000000 bytes" "\"F32\"" "[1000000000000]" 0 8 8)

            testCase "an end before the start is refused" (fun () -> refusedEntry "in this order" "\"U8\"" "[0]" 1 0 1)

            testCase "offsets that are not two are refused" (fun () ->
                for offsets in [ "[]"; "[0]"; "[0,0,0]" ] do
                    let header = $"{{\"w\":{{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":{offsets}}}}}"

                    refused "a start and an end" (fileOf (utf8 header) [||]))

            testCase "a number of bytes that is not the shape's is refused" (fun () ->
                refusedEntry "8 bytes" "\"F32\"" "[2]" 0 7 7
                refusedEntry "8 bytes" "\"F32\"" "[2]" 0 9 9
                refusedEntry "0 bytes" "\"F32\"" "[0]" 0 4 4)

            testCase "bytes before the first tensor, between tensors or after the last are refused" (fun () ->
                refused "to start at 0" (two (1, 2) (2, 3) 3)
                refused "to start at 1" (two (0, 1) (2, 3) 3)
                refused "3 bytes of tensors" (two (0, 1) (1, 3) 4))

            testCase "tensors that share bytes are refused" (fun () ->
                refused "to start at 2" (two (0, 2) (1, 3) 3)
                refused "to start at 2" (two (0, 2) (0, 2) 2))

            testCase "a file that ends too early is refused" (fun () ->
                refused "3 bytes of tensors" (two (0, 1) (1, 3) 2)

                for length in 0 .. pythons.Length - 1 do
                    match errorsOf (fun () -> read (Array.truncate length pythons)) with
                    | [ Malformed _ ] -> ()
                    | other -> failtest $"{length}: {other}")

            // --- attacks: files that are two things at once, or that ask for more than they are ------------
            testCase "attacks: another file behind the tensors is refused" (fun () ->
                refused "bytes of tensors" (Array.append pythons (utf8 "PK\003\004")))

            testCase "attacks: another file in the header's padding is refused" (fun () ->
                refused "JSON" (fileOf (utf8 "{}   PK\003\004   ") [||]))

            testCase "attacks: a header of a hundred million bytes in a small file is refused" (fun () ->
                refused "a header that fits" (Array.append (BitConverter.GetBytes 100_000_000UL) (utf8 "{}")))

            testCase "attacks: thousands of tensors on the same bytes are refused" (fun () ->
                let entries =
                    [ for i in 1..5000 -> $"\"t{i}\":{{\"dtype\":\"U8\",\"shape\":[8],\"data_offsets\":[0,8]}}" ]

                refused "to start at 8" (fileOf (utf8 ("{" + String.Join(",", entries) + "}")) (zeros 8)))
        ]
