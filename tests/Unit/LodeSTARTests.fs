/// LodeSTAR: places, losses, steps and detections against naive loops.
module Deeplay.Tests.LodeSTARTests

open System
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.TrainingHelp

let private network out =
    Layers.sequential
        [
            Layers.conv2d 1 4 3 |> Module.configure "padding" 1
            Layers.tanh
            Layers.maxPool2d 2
            Layers.conv2d 4 out 3 |> Module.configure "padding" 1
        ]

let private spec = Applications.lodeSTAR |> Module.configure "model" (network 3)
let private images = fill [ 2L; 1L; 16L; 20L ] 0.3
let private build' spec = Application.fit (options 0) (new Dataset(images.clone (), torch.zeros 2L)) spec

let private model (application: Application) =
    application.Module.named_children ()
    |> Seq.pick (fun struct (n, m) -> if n = "model" then Some m else None)
    :?> torch.nn.Module<Tensor, Tensor>

let private at (tensor: Tensor) (place: int list) =
    use one = tensor[[| for i in place -> torch.TensorIndex.Single(int64 i) |]].to_type(torch.float64)
    one.detach().item<float>()

let private sigmoid x = 1.0 / (1.0 + exp -x)

// What a model's outputs say, at each place: predictions and a weight.
let private said (outputs: Tensor) (shift: float list) i =
    let k, h, w = int outputs.shape[1] - 1, int outputs.shape[2], int outputs.shape[3]

    [
        for r in 0 .. h - 1 do
            for c in 0 .. w - 1 do
                let place, size = [ float r; float c ], [ 16.0 / float h; 20.0 / float w ]

                let predictions =
                    [
                        for j in 0 .. k - 1 ->
                            at outputs [ i; j; r; c ] + (if j < 2 then place[j] * size[j] + shift[j] else 0.0)
                    ]

                predictions, sigmoid (at outputs [ i; k; r; c ])
    ]

let private pooled (places: (float list * float) list) =
    let total = places |> List.sumBy (fun (_, weight) -> weight + 1e-5)

    [
        for j in 0 .. (fst places.Head).Length - 1 ->
            (places |> List.sumBy (fun (predictions, weight) -> predictions[j] * (weight + 1e-5))) / total
    ]

let private near (bound: float) what (wanted: float) (found: float) =
    Expect.isTrue (abs (wanted - found) <= bound * max 1.0 (abs wanted)) $"{what}: {wanted}, {found}"

// The mean of a spot's brightness, from the middle.
let private centroid (image: Tensor) =
    let h, w = int image.shape[0], int image.shape[1]

    let all = numbers (image.contiguous ()) |> List.mapi (fun i value -> float (i / w), float (i % w), value)
    let total = all |> List.sumBy (fun (_, _, v) -> v)
    let mean of' = (all |> List.sumBy of') / total
    mean (fun (r, _, v) -> r * v) - float (h - 1) / 2.0, mean (fun (_, c, v) -> c * v) - float (w - 1) / 2.0

let private spot height width (row: float) (column: float) =
    let value r c = exp (-((float r - row) ** 2.0 + (float c - column) ** 2.0) / 8.0)

    tensorOf
        [ int64 height; int64 width ]
        [
            for r in 0 .. height - 1 do
                for c in 0 .. width - 1 -> value r c
        ]

// Whether nothing higher is reached without going down by `height`: the first of equal ones.
let private standsOut height columns (image: float[]) place =
    let rows = image.Length / columns
    let seen = Array.create image.Length false

    let rec go =
        function
        | [] -> true
        | at :: rest when seen[at] || image[at] <= image[place] - height -> go rest
        | at :: _ when image[at] > image[place] || (image[at] = image[place] && at < place) -> false
        | at :: rest ->
            seen[at] <- true

            go (
                [
                    for r in max 0 (at / columns - 1) .. min (rows - 1) (at / columns + 1) do
                        for c in max 0 (at % columns - 1) .. min (columns - 1) (at % columns + 1) -> r * columns + c
                ]
                @ rest
            )

    go [ place ]

[<Tests>]
let tests =
    torchTests
        "LodeSTARTests"
        [
            testCase "each output says where the object is, in pixels of the image" (fun () ->
                use _ = torch.NewDisposeScope()

                use application =
                    build' (spec |> Module.configure "num_outputs" 3 |> Module.configure "model" (network 4))

                use _noGrad = torch.no_grad ()
                application.Module.eval ()
                let outputs = (model application).call images
                let found = Application.predict images application
                Assert.equal [ 2L; 4L; 8L; 10L ] (shapeOf found)

                for i in 0..1 do
                    for place, (predictions, weight) in List.indexed (said outputs [ 0.0; 0.0 ] i) do
                        for j, wanted in List.indexed (predictions @ [ weight ]) do
                            near 1e-5 "place" wanted (at found [ i; j; place / 10; place % 10 ]))

            testCase "the pooled position is the mean by weights, where the mask lets them count" (fun () ->
                use _ = torch.NewDisposeScope()
                use application = build' spec
                use _noGrad = torch.no_grad ()
                application.Module.eval ()
                let outputs = (model application).call images
                let found = Detection.pooled images application
                let mask = torch.ones (1L, 1L, 8L, 10L)
                mask.narrow(3L, 0L, 4L).zero_() |> ignore
                let masked = Detection.pooledWithin mask images application

                for i in 0..1 do
                    let places = said outputs [ 0.0; 0.0 ] i

                    let within =
                        places |> List.mapi (fun place (p, weight) -> p, (if place % 10 < 4 then 0.0 else weight))

                    for j in 0..1 do
                        near 1e-5 "pooled" (List.item j (pooled places)) (at found [ i; j ])
                        near 1e-5 "masked" (List.item j (pooled within)) (at masked [ i; j ]))

            testCase "a moved copy shows at a place what was where the motion says" (fun () ->
                use _ = torch.NewDisposeScope()
                let spec = spec |> Module.configure "flips" true |> Module.configure "translation" 3.0
                let arguments = (Module.construct spec).Arguments

                // So large that what is mirrored at the edges does not show.
                for height, width in [ 61, 61; 57, 65 ] do
                    let row, column = float (height / 2) + 3.2, float (width / 2) - 4.1
                    let image = spot height width row column
                    let copies = image.expand([| 12L; 1L; int64 height; int64 width |]).contiguous()
                    let motion = Motion.draw arguments copies
                    let moved = Motion.apply motion copies
                    let places = [ for i in 0L .. 11L -> centroid (moved.select(0L, i).select(0L, 0L)) ]
                    let flat = places |> List.collect (fun (r, c) -> [ r; c; 7.0 ])
                    let back = Motion.back motion (tensorOf [ 12L; 3L ] flat)
                    Expect.isGreaterThan (List.distinctBy (fun (r, _) -> round r) places).Length 4 "they move"

                    for i in 0..11 do
                        Expect.isLessThan (abs (at back [ i; 0 ] - (row - float (height - 1) / 2.0))) 0.02 "row"
                        Expect.isLessThan (abs (at back [ i; 1 ] - (column - float (width - 1) / 2.0))) 0.02 "column"
                        Assert.equal 7.0 (at back [ i; 2 ]))

            testCase "the losses are the disagreement within an image and between its copies" (fun () ->
                use _ = torch.NewDisposeScope()

                let spec =
                    spec
                    |> Module.configure "n_transforms" 3
                    |> Module.configure "flips" true
                    |> Module.configure "between_loss_weight" 2.0
                    |> Module.configure "between_loss" Losses.mse

                use application = build' spec
                use data = new Dataset(images.clone (), torch.zeros 2L)
                torch.manual_seed 5L |> ignore
                let found = Application.test data application
                torch.manual_seed 5L |> ignore
                use _noGrad = torch.no_grad ()
                application.Module.eval ()
                let copies = images.repeat_interleave (3L, 0L)
                let motion = Motion.draw (Module.construct spec).Arguments copies
                let outputs = (model application).call(Motion.apply motion copies)
                let places = [ for i in 0..5 -> said outputs [ -7.5; -9.5 ] i ]
                let means = List.map pooled places

                let apart =
                    [
                        for own, mean in List.zip places means do
                            let total = own |> List.sumBy (fun (_, weight) -> weight + 1e-5)

                            for predictions, weight in own do
                                for j in 0..1 -> abs ((predictions[j] - mean[j]) * (weight + 1e-5) / total)
                    ]

                let original =
                    [
                        for i, mean in List.indexed means ->
                            [
                                for j in 0..1 ->
                                    at motion.Offset [ i; j ]
                                    + at motion.Matrix [ i; j; 0 ] * mean[0]
                                    + at motion.Matrix [ i; j; 1 ] * mean[1]
                            ]
                    ]

                let between =
                    [
                        for group in List.chunkBySize 3 original do
                            for j in 0..1 do
                                let mean = group |> List.averageBy (List.item j)
                                for one in group -> (one[j] - mean) ** 2.0
                    ]

                near 1e-4 "within" (10.0 * List.average apart) found["within_image_disagreement"]
                near 1e-4 "between" (2.0 * List.average between) found["between_image_disagreement"]
                near 1e-4 "loss" (10.0 * List.average apart + 2.0 * List.average between) found["loss"])

            testCase "a step is one of its optimizer against both losses" (fun () ->
                use _ = torch.NewDisposeScope()

                let spec =
                    spec
                    |> Module.configure "translation" 0.0
                    |> Module.configure "rotation" 0.0
                    |> Module.configure "optimizer" (Optimizers.sgd 0.1)

                use data = new Dataset(images.clone (), torch.zeros 2L)
                use before = build' spec
                use after = Application.fit { options 1 with BatchSize = 2L; Shuffle = false } data spec
                before.Module.train ()
                // Copies that are not moved agree: what is left is the disagreement within.
                let outputs = (model before).call images
                let line count (shape: int64 list) = tensorOf shape [ for i in 0 .. count - 1 -> 2.0 * float i ]
                let rows, columns = line 8 [ 1L; 8L; 1L ], line 10 [ 1L; 1L; 10L ]
                let weights' = outputs.select(1L, 2L).sigmoid().add(torch.tensor 1e-5f)
                let weights' = weights'.div (weights'.sum ([| 1L; 2L |], true))

                let apart k (places: Tensor) =
                    let predictions = outputs.select(1L, k).add places
                    let mean = predictions.mul(weights').sum([| 1L; 2L |], true)
                    predictions.sub(mean).mul(weights').abs().mean()

                let loss = (apart 0L rows).add(apart 1L columns).mul(torch.tensor 5f)
                let all = Array.ofSeq (before.Module.parameters ())
                let gradients = torch.autograd.grad ([| loss |], all |> Array.map (fun p -> p :> Tensor))

                using (torch.no_grad ()) (fun _ ->
                    for p, g in Seq.zip all gradients do
                        p.sub_ (g.mul (torch.tensor 0.1f)) |> ignore)

                for (name, wanted), (_, found) in Seq.zip (weights before) (weights after) do
                    Seq.iter2 (near 1e-5 name) wanted found

                near 1e-5 "loss" (Numbers.read (loss.detach ())) (after.History.Series "train_loss").Head)

            testCase "local maxima stand out from what is around them" (fun () ->
                let random = Random 1

                for height in [ 0.0; 0.125; 0.25; 0.5; 2.0 ] do
                    let image = Array.init 72 (fun _ -> round (16.0 * random.NextDouble()) / 16.0)
                    let wanted = [ 0..71 ] |> List.filter (standsOut (max height 1e-9) 9 image)
                    Assert.equal wanted (List.sort (LocalMaxima.higherBy height 9 image)))

            testCase "objects are where weights and agreement stand out" (fun () ->
                use _ = torch.NewDisposeScope()
                use application = build' spec
                use _noGrad = torch.no_grad ()
                let images = fill [ 1L; 1L; 32L; 36L ] 0.9
                let output = (Application.predict images application).select(0L, 0L).to_type torch.float64
                let h, w = 16, 18
                let inside r c = r >= 0 && c >= 0 && r < h && c < w

                let score r c =
                    let mean power j =
                        List.sum
                            [
                                for i in r - 1 .. r + 1 do
                                    for k in c - 1 .. c + 1 do
                                        if inside i k then (at output [ j; i; k ]) ** power
                            ]
                        / 9.0

                    let variance = List.sum [ for j in 0..1 -> mean 2.0 j - (mean 1.0 j) ** 2.0 ]
                    (at output [ 2; r; c ]) ** 0.3 * (1.0 / (1e-6 + max 0.0 variance)) ** 0.7

                let scores =
                    [|
                        for r in 3 .. h - 4 do
                            for c in 3 .. w - 4 -> score r c
                    |]

                let sorted = Array.sort scores
                // Of 120 numbers: 0.9 · 119 = 107.1.
                let quantile = sorted[107] + 0.1 * (sorted[108] - sorted[107])

                for mode, cutoff, height in
                    [ Quantile, 0.9, quantile; Ratio, 0.1, 0.1 * sorted[119]; Constant, 0.02, 0.02 ] do
                    let options = { Detection.defaults with Alpha = 0.3; Beta = 0.7; Cutoff = cutoff; Mode = mode }
                    let found = Detection.detect options images application |> List.exactlyOne

                    let wanted =
                        [ 0..119 ]
                        |> List.filter (standsOut height 12 scores)
                        |> List.sortByDescending (fun place -> scores[place])

                    Assert.equal (int64 wanted.Length) found.shape[0]

                    for i, place in List.indexed wanted do
                        for j in 0..1 do
                            near 1e-5 "found" (at output [ j; place / 12 + 3; place % 12 + 3 ]) (at found [ i; j ]))

            testCase "the model that it has where none is given is Deeplay's" (fun () ->
                use _ = torch.NewDisposeScope()
                use built = build [ [ 1L; 1L; 16L; 16L ] ] Applications.lodeSTAR

                let shapes =
                    parametersOf built
                    |> List.filter (fun (_, p) -> p.dim () = 4L)
                    |> List.map (fun (name, p) -> name, shapeOf p)

                Assert.equal 10 shapes.Length
                Assert.equal ("model.blocks.0.layer.weight", [ 32L; 1L; 3L; 3L ]) shapes.Head
                Assert.equal ("model.blocks.9.layer.weight", [ 3L; 64L; 3L; 3L ]) (List.last shapes)
                let outputs = callAll built [ torch.zeros (1L, 1L, 16L, 16L) ] |> List.exactlyOne
                Assert.equal [ 1L; 3L; 8L; 8L ] (shapeOf outputs))

            testCase "what can't be is an error that says why" (fun () ->
                use application = build' spec

                let go (part: string) work =
                    let error = Assert.throws<DeeplayException>(fun () -> work () |> ignore)
                    Assert.containsText part error.Message

                let detect options () = Detection.detect options images application
                go "cutoff" (detect { Detection.defaults with Cutoff = 1.5 })
                go "alpha" (detect { Detection.defaults with Alpha = -1.0 })

                go "7 by 7" (fun () ->
                    Detection.detect Detection.defaults (torch.zeros (1L, 1L, 10L, 10L)) application)

                go "(N, C, H, W)" (fun () -> Detection.pooled (torch.zeros (1L, 10L, 10L)) application)
                go "mask" (fun () -> Detection.pooledWithin (torch.ones (1L, 1L, 3L, 3L)) images application)
                use data = points ()
                use other = fitted 0 (classifier [ Layers.linear 2 2 ]) data
                go "a LodeSTAR" (fun () -> Detection.pooled images other))
        ]
