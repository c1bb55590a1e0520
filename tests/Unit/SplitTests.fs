/// Parts of a dataset. Sizes and shares are those that scikit-learn gave: reference/data.json.
module Deeplay.Tests.SplitTests

open Expecto
open Deeplay.Torch
open TorchSharp
open Deeplay.Tests
open Deeplay.Tests.DataHelp

let private places (data: Dataset) = wholes data.Inputs

let private counts (data: Dataset) =
    let classes = wholes data.Targets
    [ for c in 0L .. 2L -> classes |> List.filter ((=) c) |> List.length |> int64 ]

let private classes = lazy (Recorded.sizes ((recorded "splits").GetProperty "classes"))

let private folds (split: Dataset -> struct (Dataset * Dataset) seq) =
    use data = placed classes.Value

    [
        for struct (train, validation) in split data do
            use _train = train
            use _validation = validation
            places train, places validation, counts validation
    ]

// Each example is in one validation part, and in the training parts of all other folds.
let private isPartition (found: (int64 list * int64 list * int64 list) list) =
    let all = [ 0L .. int64 classes.Value.Length - 1L ]
    Assert.equal all (found |> List.collect (fun (_, v, _) -> v) |> List.sort)

    for train, validation, _ in found do
        Assert.equal all (List.sort (train @ validation))

[<Tests>]
let tests =
    torchTests
        "Split"
        [
            testCase "k folds, of scikit-learn's sizes" (fun () ->
                let found = folds (Split.kFold 3 5L)
                isPartition found

                Assert.equal
                    (Recorded.sizes ((recorded "splits").GetProperty "k_fold"))
                    [ for _, v, _ in found -> int64 v.Length ]

                // An example stays with its class.
                use data = placed classes.Value

                for struct (train, _) in Split.kFold 3 5L data do
                    for place, c in List.zip (places train) (wholes train.Targets) do
                        Assert.equal classes.Value[int place] c)

            testCase "stratified folds, with scikit-learn's share of each class" (fun () ->
                let found = folds (Split.stratifiedKFold 3 5L)
                isPartition found
                let expected = (recorded "splits").GetProperty "stratified_k_fold"

                Assert.equal
                    [ for fold in Recorded.items expected -> Recorded.sizes fold ]
                    [ for _, _, n in found -> n ])

            testCase "a stratified part has scikit-learn's share of each class" (fun () ->
                use data = placed classes.Value

                for case in Recorded.items ((recorded "splits").GetProperty "stratified") do
                    let first = (case.GetProperty "first").GetInt32()
                    let struct (a, b) = data |> Split.stratified (float first / 16.0) 3L
                    use a = a
                    use b = b
                    Assert.equal (Recorded.sizes (case.GetProperty "counts")) (counts a)
                    Assert.equal [ 0L .. 15L ] (List.sort (places a @ places b)))

            testCase "the same seed gives the same parts, another one others" (fun () ->
                for split in [ Split.kFold 4; Split.stratifiedKFold 4 ] do
                    Assert.equal (folds (split 1L)) (folds (split 1L))
                    Assert.notEqual (folds (split 1L)) (folds (split 2L))

                use data = placed classes.Value

                let part seed =
                    let struct (a, _) = Split.stratified 0.5 seed data
                    places a

                Assert.equal (part 1L) (part 1L)
                Assert.notEqual (part 1L) (part 2L)
                // Not one class after the other.
                Assert.notEqual (List.sort (part 1L)) (part 1L))

            testCase "who is drawn does not depend on the place" (fun () ->
                use data = placed classes.Value

                let drawn =
                    [
                        for seed in 0L .. 99L do
                            let struct (a, _) = Split.stratified 0.5 seed data
                            yield! places a
                    ]
                    |> List.countBy id

                // Each about 50 times of 100; the bounds are five standard deviations.
                Assert.equal 16 drawn.Length

                for _, n in drawn do
                    Assert.inRange 25 75 n)

            testCase "torch's own generator stays as it was" (fun () ->
                use before = torch.get_rng_state ()
                folds (Split.kFold 3 5L) |> ignore
                use after = torch.get_rng_state ()
                Assert.isTrue (before.Equals after))

            testCase "targets of other forms are classes too" (fun () ->
                let inputs () = torch.arange(8L).unsqueeze 1L

                for targets in
                    [
                        torch.tensor [| 0f; 1f; 0f; 1f; 0f; 1f; 0f; 1f |]
                        torch.tensor([| 0L; 1L; 0L; 1L; 0L; 1L; 0L; 1L |]).unsqueeze 1L
                        torch.tensor [| false; true; false; true; false; true; false; true |]
                    ] do
                    use data = new Dataset(inputs (), targets)
                    let struct (a, _) = Split.stratified 0.5 0L data
                    Assert.equal [ 0L; 0L; 1L; 1L ] (List.sort (wholes a.Targets)))

            testCase "what can't be split is an error" (fun () ->
                use data = placed [ 0L; 0L; 0L; 1L; 1L; 2L ]
                use fractions = new Dataset(torch.zeros (4L, 1L), torch.tensor [| 0.5f; 1f; 2f; 3f |])
                use several = new Dataset(torch.zeros (4L, 1L), torch.zeros (4L, 2L))

                for work, expected in
                    [
                        (fun () -> Split.stratified 0.5 0L data |> ignore),
                        "split: expected at least 2 examples of each class, found one of class 2."
                        (fun () -> Split.stratifiedKFold 2 0L data |> ignore),
                        "split: expected at least 2 examples of each class, one for each fold, found 1 of class 2."
                        (fun () -> Split.kFold 1 0L data |> ignore),
                        "split: expected from 2 folds to as many as there are examples (6), found 1."
                        (fun () -> Split.kFold 7 0L data |> ignore),
                        "split: expected from 2 folds to as many as there are examples (6), found 7."
                        (fun () -> Split.stratified 0.5 0L fractions |> ignore),
                        "split: expected targets that are classes, found numbers with fractions."
                        (fun () -> Split.stratified 0.5 0L several |> ignore),
                        "split: expected targets that are one class for each example, found (4, 2)."
                        (fun () -> Split.stratified 0.05 0L (placed [ 0L; 0L; 1L; 1L ]) |> ignore),
                        "split: expected a fraction that leaves as many examples as classes (2) in both parts, found 0.05 of 4."
                        (fun () -> Split.stratified nan 0L (placed [ 0L; 0L; 1L; 1L ]) |> ignore),
                        "split: expected a fraction that leaves as many examples as classes (2) in both parts, found NaN of 4."
                    ] do
                    Assert.equal expected (message work))
        ]
