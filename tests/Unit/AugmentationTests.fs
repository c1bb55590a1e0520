/// Images changed at random.
module Deeplay.Tests.AugmentationTests

open System
open Expecto
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Deeplay.Tests
open Deeplay.Tests.DataHelp
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.TrainingHelp

let private generator (seed: int) = new torch.Generator(uint64 seed)

/// One image of one channel.
let private image (rows: float list list) =
    tensorOf [ 1L; 1L; int64 rows.Length; int64 rows.Head.Length ] (List.concat rows)

let private apply seed (augmentation: Augmentation) (images: Tensor) =
    use generator = generator seed
    Augmentation.apply [ augmentation ] generator images

let private rowsOf (x: Tensor) = numbers x |> List.chunkBySize (int x.shape[3])

let private turned (degrees: float) (x: Tensor) =
    use _scope = torch.NewDisposeScope()
    rowsOf (Augmentation.turned Nearest [| degrees |] x)

// The same image so many times.
let private copies (n: int64) (x: Tensor) = x.expand(n, -1L, -1L, -1L).contiguous()

/// Each image as its numbers.
let private each (x: Tensor) = numbers x |> List.chunkBySize (int (x.NumberOfElements / x.shape[0]))

[<Tests>]
let tests =
    torchTests
        "Augmentation"
        [
            testCase "flips, always and never" (fun () ->
                use x = image [ [ 1.0; 2.0; 3.0 ]; [ 4.0; 5.0; 6.0 ] ]
                Assert.equal [ [ 3.0; 2.0; 1.0 ]; [ 6.0; 5.0; 4.0 ] ] (rowsOf (apply 0 (RandomHorizontalFlip 1.0) x))
                Assert.equal [ [ 4.0; 5.0; 6.0 ]; [ 1.0; 2.0; 3.0 ] ] (rowsOf (apply 0 (RandomVerticalFlip 1.0) x))
                Assert.equal (rowsOf x) (rowsOf (apply 0 (RandomHorizontalFlip 0.0) x))
                Assert.equal (rowsOf x) (rowsOf (apply 0 (RandomVerticalFlip 0.0) x)))

            testCase "each image is flipped or not by a draw of its own, all channels alike" (fun () ->
                use one = tensorOf [ 1L; 2L; 1L; 2L ] [ 1.0; 2.0; 3.0; 4.0 ]
                use flipped = apply 3 (RandomHorizontalFlip 0.3) (copies 1000L one)
                let counts = each flipped |> List.countBy id |> Map.ofList
                Assert.equal (set [ [ 1.0; 2.0; 3.0; 4.0 ]; [ 2.0; 1.0; 4.0; 3.0 ] ]) (Set.ofSeq counts.Keys)
                // Within five standard deviations of 300.
                Assert.inRange 228 372 counts[[ 2.0; 1.0; 4.0; 3.0 ]])

            testCase "a crop is one of the windows, each as likely" (fun () ->
                let rows = [ for y in 0..3 -> [ for x in 0..4 -> float (10 * y + x + 1) ] ]
                use x = image rows

                let windows =
                    [
                        for top in 0..2 do
                            for left in 0..2 ->
                                [
                                    for y in top .. top + 1 do
                                        yield! rows[y][left .. left + 2]
                                ]
                    ]

                use cropped = apply 4 (Augmentation.crop 2 3) (copies 1800L x)
                Assert.equal [ 1800L; 1L; 2L; 3L ] (shapeOf cropped)
                let counts = each cropped |> List.countBy id |> Map.ofList
                Assert.equal (set windows) (Set.ofSeq counts.Keys)

                for n in counts.Values do
                    Assert.inRange 134 266 n)

            testCase "padding puts zeros around, also in every channel" (fun () ->
                use x = tensorOf [ 1L; 2L; 1L; 1L ] [ 7.0; 9.0 ]
                use cropped = apply 5 (RandomCrop(1, 2, 1)) (copies 600L x)
                // The pixel is in the middle of 3 × 3 zeros.
                let expected = [ [ 0.0; 0.0; 0.0; 0.0 ]; [ 0.0; 7.0; 0.0; 9.0 ]; [ 7.0; 0.0; 9.0; 0.0 ] ]
                let counts = each cropped |> List.countBy id |> Map.ofList
                Assert.equal (set expected) (Set.ofSeq counts.Keys)
                // Four of six windows miss it.
                Assert.inRange 340 460 counts[expected[0]])

            testCase "a turn of 90 degrees is counter-clockwise, as numpy.rot90" (fun () ->
                use x = image [ [ 1.0; 2.0; 3.0 ]; [ 4.0; 5.0; 6.0 ]; [ 7.0; 8.0; 9.0 ] ]
                Assert.equal [ [ 3.0; 6.0; 9.0 ]; [ 2.0; 5.0; 8.0 ]; [ 1.0; 4.0; 7.0 ] ] (turned 90.0 x)
                Assert.equal [ [ 7.0; 4.0; 1.0 ]; [ 8.0; 5.0; 2.0 ]; [ 9.0; 6.0; 3.0 ] ] (turned -90.0 x)
                Assert.equal [ [ 9.0; 8.0; 7.0 ]; [ 6.0; 5.0; 4.0 ]; [ 3.0; 2.0; 1.0 ] ] (turned 180.0 x)
                Assert.equal (rowsOf x) (turned 0.0 x))

            testCase "what is not square turns about its center, and zeros come in" (fun () ->
                use x =
                    image
                        [ [ 1.0; 2.0; 3.0; 4.0; 5.0 ]; [ 6.0; 7.0; 8.0; 9.0; 10.0 ]; [ 11.0; 12.0; 13.0; 14.0; 15.0 ] ]

                Assert.equal
                    [ [ 0.0; 4.0; 9.0; 14.0; 0.0 ]; [ 0.0; 3.0; 8.0; 13.0; 0.0 ]; [ 0.0; 2.0; 7.0; 12.0; 0.0 ] ]
                    (turned 90.0 x))

            testCase "angles lie within the degrees, and spread over them" (fun () ->
                // One point on the right edge of a wide image goes up or down with the angle.
                use x = torch.zeros (1L, 1L, 101L, 101L)
                x[0, 0, 50, 100] <- torch.tensor 1f
                use turned = apply 6 (RandomRotation(30.0, Bilinear)) (copies 200L x)
                let rows = turned.sum(3L).squeeze(1L).argmax 1L |> wholes
                // 50 · sin 30° = 25.
                Assert.isTrue (rows |> List.forall (fun row -> row >= 24L && row <= 76L))
                Assert.isTrue (List.min rows < 30L && List.max rows > 70L)
                Assert.inRange 60 140 (rows |> List.filter (fun row -> row < 50L) |> List.length))

            testCase "half a pixel between two is their mean, or one of them" (fun () ->
                use x = image [ [ 0.0; 1.0 ]; [ 0.0; 1.0 ] ]
                use _scope = torch.NewDisposeScope()
                let smooth = Augmentation.turned Bilinear [| 45.0 |] x |> numbers
                // By hand: the pixel (0.5, 0.5) comes from (0, 0.707), half of it from the zeros below.
                assertClose
                    "turned"
                    [ 0.5 * 0.79289; 0.79289; 0.20711 * 0.0; 0.5 * 0.79289 ]
                    [ smooth[0]; smooth[1]; 0.0; smooth[3] ]

                Assert.isTrue (
                    Augmentation.turned Nearest [| 45.0 |] x |> numbers |> List.forall (fun v -> v = 0.0 || v = 1.0)
                ))

            testCase "noise has its mean and deviation, and is cut where told" (fun () ->
                use x = torch.tensor(Array.replicate 100_000 0.5f).reshape(10L, 1L, 100L, 100L)
                use noisy = apply 7 (GaussianNoise(0.1, 0.05, false)) x
                let values = numbers noisy
                let mean = List.average values
                Assert.inRange 0.599 0.601 mean
                Assert.inRange 0.0495 0.0505 (sqrt (values |> List.averageBy (fun v -> (v - mean) ** 2.0)))
                use cut = apply 7 (GaussianNoise(0.0, 1.0, true)) x
                Assert.equal (0.0, 1.0) (List.min (numbers cut), List.max (numbers cut))
                use same = apply 7 (GaussianNoise(0.0, 0.0, false)) x
                Assert.equal (numbers x) (numbers same))

            testCase "the same generator gives the same images, and nothing else is drawn from or changed" (fun () ->
                let all =
                    [
                        RandomHorizontalFlip 0.5
                        RandomVerticalFlip 0.5
                        RandomCrop(5, 4, 1)
                        RandomRotation(20.0, Bilinear)
                        Augmentation.noise
                    ]

                use x = fill [ 6L; 3L; 6L; 5L ] 0.3
                let before = numbers x
                use state = torch.get_rng_state ()
                let alive = liveTensors ()

                let run seed =
                    use generator = generator seed
                    use once = Augmentation.apply all generator x
                    use again = Augmentation.apply all generator x
                    numbers once, numbers again

                Assert.equal (run 1) (run 1)
                Assert.notEqual (run 1) (run 2)
                let once, again = run 1
                Assert.notEqual once again
                Assert.equal alive (liveTensors ())
                Assert.equal before (numbers x)
                use later = torch.get_rng_state ()
                Assert.isTrue (state.Equals later))

            testCase "an image's draws are its own, whatever its batch holds beside" (fun () ->
                // The same pictures in another order: what is drawn belongs to the place.
                use x = fill [ 4L; 1L; 4L; 4L ] 0.3
                use y = x.flip 0L
                use a = apply 8 (RandomHorizontalFlip 0.5) x
                use b = apply 8 (RandomHorizontalFlip 0.5) y
                let flips (before: Tensor) (after: Tensor) = List.map2 (fun u v -> u <> v) (each before) (each after)
                Assert.equal (flips x a) (flips y b))

            testCase "nothing to do gives a copy" (fun () ->
                use x = fill [ 1L; 1L; 2L; 2L ] 0.3
                use generator = generator 0
                use y = Augmentation.apply [] generator x
                x.zero_ () |> ignore
                Assert.notEqual (numbers x) (numbers y))

            testCase "the dtype stays" (fun () ->
                use x = torch.rand (2L, 1L, 4L, 4L, dtype = torch.ScalarType.Float64)

                for augmentation in
                    [
                        Augmentation.horizontalFlip
                        Augmentation.crop 2 2
                        Augmentation.rotation 9.0
                        Augmentation.noise
                    ] do
                    use y = apply 0 augmentation x
                    Assert.equal torch.ScalarType.Float64 y.dtype)

            testTheory
                "what makes no sense is an error"
                [
                    RandomHorizontalFlip 1.5, "flip: expected a probability from 0 to 1, found 1.5."
                    RandomVerticalFlip nan, "flip: expected a probability from 0 to 1, found NaN."
                    RandomCrop(0, 3, 0), "crop: expected a positive size, found 0 × 3."
                    RandomCrop(3, 3, -1), "crop: expected a padding of at least 0, found -1."
                    RandomCrop(5, 3, 0), "crop: expected images of at least 5 × 3 with their padding, found 4 × 4."
                    RandomRotation(-1.0, Nearest), "rotation: expected degrees of at least 0, found -1."
                    GaussianNoise(0.0, -0.1, true), "noise: expected a sigma of at least 0, found -0.1."
                    GaussianNoise(nan, 0.1, true), "noise: expected a finite number, found NaN."
                ]
                (fun (augmentation, expected) ->
                    use x = torch.zeros (1L, 1L, 4L, 4L)
                    Assert.equal expected (message (fun () -> apply 0 augmentation x)))

            testCase
                "a dataset's images are others in each epoch, and the same when a run is repeated or goes on"
                (fun () ->
                    use plain = new Dataset(fill [ 8L; 1L; 4L; 4L ] 0.3, ints [ for i in 0L .. 7L -> i % 2L ])
                    let data = plain |> Augmentation.augment [ Augmentation.horizontalFlip; Augmentation.noise ]
                    let model = Layers.sequential [ Layers.flatten; Layers.linear 16 2 ]
                    let spec = Applications.classifier 2 model
                    use whole = Application.fit (options 4) data spec
                    use again = Application.fit (options 4) data spec
                    Assert.equal (weights whole) (weights again)
                    use unchanged = Application.fit (options 4) plain spec
                    Assert.notEqual (weights whole) (weights unchanged)

                    // In the middle of an epoch, through a file.
                    inFile (fun path ->
                        let stop = Callback.onBatchEnd (fun run batch -> if batch.Step = 3L then run.Stop "enough")
                        use stopped = Application.fit { options 4 with Callbacks = [ stop ] } data spec
                        Application.save path stopped
                        use later = Application.load "cpu" path
                        Application.fitMore (options 3) data later
                        Assert.equal (weights whole) (weights later))

                    let seen = ResizeArray()

                    let watched =
                        data.Transform(fun _ images ->
                            lock seen (fun () -> seen.Add(numbers images))
                            images)

                    let everything = { options 2 with Shuffle = false; BatchSize = 8L; NumWorkers = 0 }
                    use _application = Application.fit everything watched spec
                    // The first is the look at the shapes.
                    Assert.equal 3 seen.Count
                    Assert.equal 3 (seen |> Seq.distinct |> Seq.length)
                    Assert.equal (numbers (data.Keep().Inputs)) (numbers (data.Keep().Inputs)))

            testCase "a dataset is augmented by something, and holds images" (fun () ->
                use data = new Dataset(torch.zeros (2L, 4L), torch.zeros 2L)

                Assert.equal
                    "augment: expected at least one augmentation, found none."
                    (message (fun () -> Augmentation.augment [] data))

                Assert.equal
                    "flip: expected a probability from 0 to 1, found 2."
                    (message (fun () -> Augmentation.augment [ RandomHorizontalFlip 2.0 ] data))

                let spec = Applications.regressor (Layers.linear 4 1)
                let wrong = data |> Augmentation.augment [ Augmentation.noise ]

                Assert.equal
                    "augment: expected images (N, C, H, W) of floats, found Float32 (1, 4)."
                    (message (fun () -> Application.fit (options 1) wrong spec)))

            testCase "only images of floats are changed" (fun () ->
                use flat = torch.zeros (4L, 4L)

                Assert.equal
                    "augment: expected images (N, C, H, W) of floats, found Float32 (4, 4)."
                    (message (fun () -> apply 0 Augmentation.noise flat))

                use bytes = torch.zeros (1L, 1L, 2L, 2L, dtype = torch.ScalarType.Byte)
                Assert.containsText "found Byte" (message (fun () -> apply 0 Augmentation.noise bytes)))
        ]
