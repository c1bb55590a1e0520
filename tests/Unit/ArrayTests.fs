/// Tensors from .NET arrays and labels.
module Deeplay.Tests.ArrayTests

open System
open Expecto
open Deeplay.Torch
open TorchSharp
open Deeplay.Tests
open Deeplay.Tests.DataHelp
open Deeplay.Tests.LoweringHelp

let private dtypes: (string * Array * torch.ScalarType) list =
    [
        "float32[,]", array2D [ [ 1f; 2f ]; [ 3f; 4f ] ], torch.ScalarType.Float32
        "float[,]", array2D [ [ 1.0; 2.0 ]; [ 3.0; 4.0 ] ], torch.ScalarType.Float32
        "int[,]", array2D [ [ 1; 2 ]; [ 3; 4 ] ], torch.ScalarType.Int64
        "int64[,]", array2D [ [ 1L; 2L ]; [ 3L; 4L ] ], torch.ScalarType.Int64
        "byte[,]", array2D [ [ 1uy; 2uy ]; [ 3uy; 4uy ] ], torch.ScalarType.Int64
        "int16[,]", array2D [ [ 1s; 2s ]; [ 3s; 4s ] ], torch.ScalarType.Int64
        "sbyte[,]", array2D [ [ 1y; 2y ]; [ 3y; 4y ] ], torch.ScalarType.Int64
    ]

[<Tests>]
let tests =
    torchTests
        "Arrays"
        [
            testTheory "an array is a tensor as models take it" dtypes (fun (_, array, dtype) ->
                use x = Arrays.tensor array
                Assert.equal ([ 2L; 2L ], dtype) (shapeOf x, x.dtype)
                Assert.equal [ 1.0; 2.0; 3.0; 4.0 ] (numbers x))

            testCase "truth values are numbers, and three dimensions stay three" (fun () ->
                use truths = Arrays.tensor [| true; false |]
                Assert.equal [ 1.0; 0.0 ] (numbers truths)
                use cube = Arrays.tensor (Array3D.init 2 1 3 (fun i _ j -> float32 (10 * i + j)))
                Assert.equal [ 2L; 1L; 3L ] (shapeOf cube)
                Assert.equal [ 0.0; 1.0; 2.0; 10.0; 11.0; 12.0 ] (numbers cube))

            testCase "a tensor is a copy" (fun () ->
                let array = [| 1f; 2f |]
                use x = Arrays.tensor array
                array[0] <- 9f
                Assert.equal [ 1.0; 2.0 ] (numbers x))

            testCase "rows are stacked, and the first that is of another length is named" (fun () ->
                use x = Arrays.ofRows [ [| 1.0; 2.0; 3.0 |]; [| 4.0; 5.0; 6.0 |] ]
                Assert.equal ([ 2L; 3L ], torch.ScalarType.Float32) (shapeOf x, x.dtype)
                Assert.equal [ 1.0 .. 6.0 ] (numbers x)

                Assert.equal
                    "rows[2]: expected 2 numbers, as in rows[0], found 3."
                    (message (fun () -> Arrays.ofRows [ [| 1; 2 |]; [| 3; 4 |]; [| 5; 6; 7 |]; [||] ]))

                Assert.equal
                    "rows[1]: expected a row, found null."
                    (message (fun () -> Arrays.ofRows [ [| 1f |]; null ]))

                Assert.equal
                    "rows: expected at least one row, found none."
                    (message (fun () -> Arrays.ofRows ([]: float32[] list))))

            testCase "memory takes a shape that it fills" (fun () ->
                let memory = ReadOnlyMemory [| 0f; 1f; 2f; 3f; 4f; 5f; 6f |]
                use x = Arrays.ofMemory [ 3L; 1L; 2L ] (memory.Slice 1)
                Assert.equal [ 3L; 1L; 2L ] (shapeOf x)
                Assert.equal [ 1.0 .. 6.0 ] (numbers x)

                Assert.equal
                    "memory: expected as many numbers as the shape (2, 4) has, found 7."
                    (message (fun () -> Arrays.ofMemory [ 2L; 4L ] memory))

                for shape in [ [ -1L; 7L ]; [ Int64.MaxValue; 4L ]; [ 1L <<< 32; 1L <<< 32 ] ] do
                    Assert.startsWith "memory: expected" (message (fun () -> Arrays.ofMemory shape memory)))

            testCase "what is no number is an error that says what is" (fun () ->
                Assert.containsText
                    "expected numbers of one of the types Single, Double"
                    (message (fun () -> Arrays.tensor [| "a" |])))

            testCase "labels are what scikit-learn's encoder makes of them, and come back" (fun () ->
                let expected = recorded "tables"
                let labels = Recorded.texts (expected.GetProperty "labels")
                let struct (x, categories) = Arrays.ofLabels labels
                use x = x
                Assert.equal (Recorded.texts (expected.GetProperty "classes")) categories.Names
                Assert.equal (Recorded.sizes (expected.GetProperty "indices")) (wholes x)
                Assert.equal labels (Categories.decode x categories))

            testCase "labels that are numbers are sorted as numbers" (fun () ->
                Assert.equal [ "-1"; "2"; "10" ] (Categories.learn [ "10"; "2"; "-1"; "2" ]).Names)

            testCase "an unknown label is an error with its place and the nearest" (fun () ->
                let categories = Categories.ofNames [ "cat"; "dog" ]

                Assert.equal
                    "labels[1]: expected one of cat, dog, found 'cta' (near it: cat)."
                    (message (fun () -> Categories.encode [ "dog"; "cta" ] categories))

                Assert.equal
                    "categories: expected numbers from 0 to 1, found 2."
                    (message (fun () -> Categories.decode (torch.tensor [| 0L; 2L |]) categories))

                Assert.equal
                    "categories: expected each once, found 'a' twice."
                    (message (fun () -> Categories.ofNames [ "a"; "b"; "a" ]))

                Assert.equal
                    "labels[1]: expected a label, found nothing."
                    (message (fun () -> Arrays.ofLabels [ "a"; null ])))
        ]
