/// Files of the format IDX.
module Deeplay.Tests.IdxTests

open System
open System.IO
open Expecto
open Deeplay.Torch
open TorchSharp
open Deeplay.Tests
open Deeplay.Tests.DataHelp
open Deeplay.Tests.LoweringHelp

// Two images of 2 × 3, and their labels.
let private images =
    Array.concat
        [
            [| 0uy; 0uy; 8uy; 3uy; 0uy; 0uy; 0uy; 2uy; 0uy; 0uy; 0uy; 2uy; 0uy; 0uy; 0uy; 3uy |]
            [| 0uy; 51uy; 102uy; 153uy; 204uy; 255uy |]
            Array.zeroCreate 6
        ]

let private labels = [| 0uy; 0uy; 8uy; 1uy; 0uy; 0uy; 0uy; 2uy; 7uy; 0uy |]

let private types: (byte * byte list * torch.ScalarType * float list) list =
    [
        0x08uy, [ 1uy; 255uy ], torch.ScalarType.Byte, [ 1.0; 255.0 ]
        0x09uy, [ 1uy; 255uy ], torch.ScalarType.Int8, [ 1.0; -1.0 ]
        0x0Buy, [ 1uy; 2uy; 255uy; 255uy ], torch.ScalarType.Int16, [ 258.0; -1.0 ]
        0x0Cuy, [ 0uy; 1uy; 0uy; 0uy; 255uy; 255uy; 255uy; 254uy ], torch.ScalarType.Int32, [ 65536.0; -2.0 ]
        0x0Duy, [ 0x3Fuy; 0x80uy; 0uy; 0uy; 0xC0uy; 0x20uy; 0uy; 0uy ], torch.ScalarType.Float32, [ 1.0; -2.5 ]
        0x0Euy,
        [ 0x3Fuy; 0xF8uy; 0uy; 0uy; 0uy; 0uy; 0uy; 0uy; 0x40uy; 0uy; 0uy; 0uy; 0uy; 0uy; 0uy; 0uy ],
        torch.ScalarType.Float64,
        [ 1.5; 2.0 ]
    ]

let private both (x: byte[]) (y: byte[]) (work: string -> string -> 'a) =
    withBytes "images.idx" x (fun images -> withBytes "labels.idx" y (fun labels -> work images labels))

[<Tests>]
let tests =
    torchTests
        "Idx"
        [
            testTheory "each type is read, the most significant byte first" types (fun (code, bytes, dtype, expected) ->
                let content = [| 0uy; 0uy; code; 1uy; 0uy; 0uy; 0uy; 2uy; yield! bytes |]
                use x = withBytes "x.idx" content Idx.read
                Assert.equal ([ 2L ], dtype) (shapeOf x, x.dtype)
                Assert.equal expected (numbers x))

            testCase "images from 0 to 1 with a channel, and labels" (fun () ->
                for x, y, name in [ images, labels, "x.idx"; gzipped images, gzipped labels, "x.idx.gz" ] do
                    use data = withBytes name x (fun x -> withBytes name y (Datasets.idx x))

                    Assert.equal
                        ([ 2L; 1L; 2L; 3L ], torch.ScalarType.Float32)
                        (shapeOf data.Inputs, data.Inputs.dtype)

                    assertClose
                        "pixels"
                        ([ 0.0; 0.2; 0.4; 0.6; 0.8; 1.0 ] @ List.replicate 6 0.0)
                        (numbers data.Inputs)

                    Assert.equal ([ 2L ], torch.ScalarType.Int64) (shapeOf data.Targets, data.Targets.dtype)
                    Assert.equal [ 7L; 0L ] (wholes data.Targets))

            testCase "every shortened and every lengthened file is an error that names it" (fun () ->
                for packed in [ false; true ] do
                    let name = if packed then "x.idx.gz" else "x.idx"
                    let pack bytes = if packed then gzipped bytes else bytes

                    for length in 0 .. images.Length - 1 do
                        Assert.startsWith
                            $"{name}: expected"
                            (message (fun () -> withBytes name (pack images[.. length - 1]) Idx.read))

                    Assert.startsWith
                        $"{name}: expected the (2, 2, 3) numbers that its header says"
                        (message (fun () -> withBytes name (pack (Array.append images [| 0uy |])) Idx.read)))

            testCase "a header that promises more than the file can hold allocates nothing" (fun () ->
                let huge = [| 0uy; 0uy; 0x0Euy; 3uy; yield! Array.replicate 12 255uy; 1uy |]

                for name, content in [ "x.idx", huge; "x.idx.gz", gzipped huge ] do
                    let before = GC.GetAllocatedBytesForCurrentThread()

                    Assert.containsText
                        "numbers that its header says"
                        (message (fun () -> withBytes name content Idx.read))

                    Assert.isTrue (GC.GetAllocatedBytesForCurrentThread() - before < 10_000_000L))

            testTheory
                "another beginning is an error that says what was expected"
                [
                    [| 1uy; 0uy; 8uy; 1uy |],
                    "x.idx: expected two zero bytes, as IDX files begin, found the bytes 01-00-08-01."
                    [| 0uy; 0uy; 7uy; 1uy |],
                    "x.idx: expected a type of IDX (08, 09, 0B, 0C, 0D or 0E) as the third byte, found the bytes 00-00-07-01."
                    [| 0uy; 0uy; 8uy; 0uy |], "x.idx: expected 1 to 64 dimensions, found 0."
                    [| 0uy; 0uy; 8uy; 200uy |], "x.idx: expected 1 to 64 dimensions, found 200."
                    [| 0uy; 0uy |], "x.idx: expected an IDX file, found fewer than 4 bytes."
                ]
                (fun (content, expected) ->
                    Assert.equal expected (message (fun () -> withBytes "x.idx" content Idx.read)))

            testCase "images and labels that are none, or not of each other" (fun () ->
                Assert.startsWith
                    "labels.idx: expected labels as bytes (N,), found"
                    (message (fun () -> both images images Datasets.idx))

                Assert.startsWith
                    "images.idx: expected images as bytes (N, H, W), found"
                    (message (fun () -> both labels labels Datasets.idx))

                let one = [| 0uy; 0uy; 8uy; 1uy; 0uy; 0uy; 0uy; 1uy; 7uy |]

                Assert.equal
                    "labels.idx: expected 2 labels, as many as there are images in images.idx, found 1."
                    (message (fun () -> both images one Datasets.idx)))
        ]
