/// Arrays of NumPy: reference/npy holds files that NumPy wrote, reference/data.json what is in them.
module Deeplay.Tests.NpyTests

open System
open System.IO
open System.IO.Compression
open System.Text
open Expecto
open Deeplay.Torch
open TorchSharp
open Deeplay.Tests
open Deeplay.Tests.DataHelp
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.TrainingHelp

let private file name = Path.Combine(AppContext.BaseDirectory, "reference", "npy", name)

let private arrays =
    [
        for item in (recorded "arrays").EnumerateArray() ->
            (item.GetProperty "name").GetString(),
            Recorded.sizes (item.GetProperty "shape"),
            floats (item.GetProperty "values")
    ]

let private dtypes =
    Map.ofList
        [
            "i1", torch.ScalarType.Int8
            "u1", torch.ScalarType.Byte
            "i2", torch.ScalarType.Int16
            "u2", torch.ScalarType.Int32
            "i4", torch.ScalarType.Int32
            "u4", torch.ScalarType.Int64
            "i8", torch.ScalarType.Int64
            "u8", torch.ScalarType.Int64
            "f2", torch.ScalarType.Float16
            "f4", torch.ScalarType.Float32
            "f8", torch.ScalarType.Float64
        ]

// Exactly, for whole numbers of 32 bits have no place in float32.
let private values (x: Tensor) =
    use _scope = torch.NewDisposeScope()
    x.``to``(torch.ScalarType.Float64).contiguous().flatten().data<float>().ToArray() |> List.ofArray

let private npy (header: string) (content: byte[]) =
    let text = Encoding.Latin1.GetBytes(header + "\n")

    Array.concat
        [
            [| 0x93uy; yield! "NUMPY"B; 1uy; 0uy |]
            BitConverter.GetBytes(uint16 text.Length)
            text
            content
        ]

[<Tests>]
let tests =
    torchTests
        "Npy"
        [
            testTheory "an array that NumPy wrote" arrays (fun (name, shape, expected) ->
                use x = Npy.load (file (name + ".npy"))
                Assert.equal shape (shapeOf x)
                Assert.equal expected (values x)

                match dtypes.TryFind(name[name.Length - 2 ..]) with
                | Some dtype when name.StartsWith "dtype" -> Assert.equal dtype x.dtype
                | _ -> Assert.equal (name = "bool") (x.dtype = torch.ScalarType.Bool))

            testCase "what is written comes back, and is what NumPy writes" (fun () ->
                for name in [ "fortran"; "scalar"; "empty"; "one"; "bool"; "dtype-little-f2"; "dtype-i1"; "dtype-u1" ] do
                    use x = Npy.load (file (name + ".npy"))

                    inFile (fun path ->
                        Npy.save path x
                        use again = Npy.load path
                        Assert.equal (shapeOf x, x.dtype, values x) (shapeOf again, again.dtype, values again)
                        // Where the order is C's, the very bytes up to the padding of the header.
                        let ours, theirs = File.ReadAllBytes path, File.ReadAllBytes(file (name + ".npy"))
                        let content (bytes: byte[]) = bytes[10 + int bytes[8] ..]
                        if name <> "fortran" then Assert.equal (content theirs) (content ours)
                        Assert.equal 0 ((10 + int ours[8]) % 64))

                use x = torch.zeros (2L, dtype = torch.ScalarType.BFloat16)

                inFile (fun path ->
                    Assert.containsText "expected a tensor of one of the dtypes" (message (fun () -> Npy.save path x))
                    Assert.isFalse (File.Exists path)))

            testTheory
                "what is no array of numbers is refused"
                [
                    "refused-object.npy",
                    "expected numbers (objects are pickled, and reading those could run anything), found the dtype '|O'."
                    "refused-text.npy", "expected a dtype that is one of"
                    "refused-record.npy", "expected a dtype that is one of"
                    "refused-large.npy", "expected numbers that fit int64, found larger ones of uint64."
                ]
                (fun (name, expected) -> Assert.containsText expected (message (fun () -> Npy.load (file name))))

            testTheory
                "a header that NumPy does not write is an error"
                [
                    "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000, 1000000), }",
                    "numbers that its header says"
                    "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }",
                    "sizes that fit 64 bits"
                    "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", "a header with descr"
                    "{'descr': '<f4', 'fortran_order': False}", "a header with descr"
                    "{'descr': '<f4', 'descr': '<f8', 'fortran_order': False, 'shape': (1,)}", "a header with descr"
                    "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'x': 1}", "a header with descr"
                    "__import__('os').system('true')", "a header with descr"
                    "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", "numbers that its header says"
                    "{'descr': '=f4', 'fortran_order': False, 'shape': (1,), }", "a dtype that is one of"
                ]
                (fun (header, expected) ->
                    Assert.containsText
                        $"expected {expected}"
                        ((message (fun () -> withBytes "x.npy" (npy header [| 0uy; 0uy; 0uy; 0uy |]) Npy.load))
                            .Replace("expected the (1000000, 1000000)", "expected")
                            .Replace("expected the (2)", "expected")
                            .Replace("expected the (2,)", "expected")))

            testCase "a file cut anywhere is an error that names it" (fun () ->
                let whole = File.ReadAllBytes(file "fortran.npy")

                for length in 0 .. whole.Length - 1 do
                    Assert.startsWith
                        "x.npy: expected"
                        (message (fun () -> withBytes "x.npy" whole[.. length - 1] Npy.load)))

            testCase "several arrays of one file, packed or not" (fun () ->
                use data = Datasets.npz "x_train" "y_train" (file "several.npz")
                Assert.equal ([ 2L; 3L ], [ 0.0 .. 5.0 ]) (shapeOf data.Inputs, numbers data.Inputs)
                Assert.equal [ 1L; 0L ] (wholes data.Targets)
                Assert.equal [ "x"; "y" ] (Npz.names (file "packed.npz"))
                let all = Npz.load (file "packed.npz")
                Assert.equal [ 64L; 64L ] (shapeOf all["x"])
                Assert.equal [ 0L .. 63L ] (wholes all["y"])

                Assert.containsText
                    "several.npz: expected one of its arrays (x_train, y_train), found 'x_tain' (near it: x_train, y_train)."
                    (message (fun () -> Datasets.npz "x_tain" "y_train" (file "several.npz"))))

            testCase "an archive that is broken, empty or holds something else is an error" (fun () ->
                let whole = File.ReadAllBytes(file "packed.npz")

                for length in [ 1; 50; whole.Length / 2; whole.Length - 1 ] do
                    Assert.startsWith
                        "x.npz: expected"
                        (message (fun () -> withBytes "x.npz" whole[.. length - 1] Npz.load))

                let archive (names: string list) =
                    use stream = new MemoryStream()

                    using (new ZipArchive(stream, ZipArchiveMode.Create, true)) (fun zip ->
                        for name in names do
                            use entry = (zip.CreateEntry name).Open()
                            entry.Write(File.ReadAllBytes(file "one.npy")))

                    stream.ToArray()

                Assert.equal
                    "x.npz: expected arrays alone (names that end in .npy), found 'a.txt'."
                    (message (fun () -> withBytes "x.npz" (archive [ "a.txt" ]) Npz.load))

                Assert.equal
                    "x.npz: expected every array once, found 'a' twice."
                    (message (fun () -> withBytes "x.npz" (archive [ "a.npy"; "a.npy" ]) Npz.load))

                Assert.equal
                    "x.npz: expected at least one array, found none."
                    (message (fun () -> withBytes "x.npz" (archive []) Npz.load)))
        ]
