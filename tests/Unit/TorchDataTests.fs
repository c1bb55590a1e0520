/// Datasets of TorchSharp and of safetensors files.
module Deeplay.Tests.TorchDataTests

open System.Collections.Generic
open System.IO
open Expecto
open Deeplay.Torch
open TorchSharp
open Deeplay.Tests
open Deeplay.Tests.DataHelp
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.TrainingHelp

/// What a user of TorchSharp has: items with names.
type private Items(items: (string * Tensor) list list) =
    inherit torch.utils.data.Dataset()
    override _.Count = int64 items.Length

    override _.GetTensor(index: int64) =
        Dictionary(items[int index] |> Seq.map (fun (name, x) -> KeyValuePair(name, x)))

let private item (x: float list) (y: int64) = [ "data", tensorOf [ int64 x.Length ] x; "label", torch.tensor y ]

[<Tests>]
let tests =
    torchTests
        "TorchData"
        [
            testCase "the items of a dataset of TorchSharp are stacked" (fun () ->
                use items = new Items([ item [ 1.0; 2.0 ] 1L; item [ 3.0; 4.0 ] 0L ])
                use data = Datasets.ofTorch "data" "label" items
                Assert.equal ([ 2L; 2L ], [ 1.0 .. 4.0 ]) (shapeOf data.Inputs, numbers data.Inputs)
                Assert.equal ([ 2L ], [ 1L; 0L ]) (shapeOf data.Targets, wholes data.Targets))

            testCase "items of other shapes or without the name are errors with their place" (fun () ->
                use ragged = new Items([ item [ 1.0 ] 0L; item [ 1.0; 2.0 ] 0L ])

                Assert.equal
                    "item 1: expected Float32 (1,), as 'data' of item 0, found Float32 (2,)."
                    (message (fun () -> Datasets.ofTorch "data" "label" ragged))

                use nameless = new Items([ item [ 1.0 ] 0L; [ "data", torch.zeros 1L ] ])

                Assert.equal
                    "item 0: expected a tensor 'lable', found data, label (near it: label)."
                    (message (fun () -> Datasets.ofTorch "data" "lable" nameless))

                Assert.equal
                    "item 1: expected a tensor 'label', found data."
                    (message (fun () -> Datasets.ofTorch "data" "label" nameless))

                use empty = new Items([])

                Assert.equal
                    "dataset: expected at least one item, found none."
                    (message (fun () -> Datasets.ofTorch "data" "label" empty)))

            testCase "two tensors of a safetensors file, by name" (fun () ->
                inFile (fun path ->
                    Safetensors.save path Map.empty [ "images", fill [ 3L; 2L ] 0.0; "labels", ints [ 2L; 0L; 1L ] ]
                    let alive = liveTensors ()

                    using (Datasets.safetensors "images" "labels" path) (fun data ->
                        Assert.equal [ 3L; 2L ] (shapeOf data.Inputs)
                        Assert.equal [ 2L; 0L; 1L ] (wholes data.Targets))

                    Assert.equal alive (liveTensors ())

                    Assert.containsText
                        "expected one of its tensors (images, labels), found 'image' (near it: images)."
                        (message (fun () -> Datasets.safetensors "image" "labels" path)))

                Assert.containsText
                    "expected a file, found nothing there"
                    (message (fun () ->
                        Datasets.safetensors "a" "b" (Path.Combine(Path.GetTempPath(), "no.safetensors")))))
        ]
