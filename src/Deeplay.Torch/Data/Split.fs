namespace Deeplay.Torch

open System
open Deeplay.Core
open TorchSharp

/// Which examples are in which part, by their places.
[<RequireQualifiedAccess>]
module internal Places =
    /// The places from 0 to `count`, in an order that the generator draws.
    let shuffled (generator: torch.Generator) (count: int) : int64[] =
        use order = torch.randperm (int64 count, generator = generator)
        order.data<int64>().ToArray()

    /// The items in an order that the generator draws.
    let shuffledItems generator (items: 'a[]) : 'a[] =
        shuffled generator items.Length |> Array.map (fun place -> items[int place])

    /// `total` items shared out in proportion to `counts`, whole ones: those with the largest remainders get one more, the
    /// first of equal ones.
    let shares (total: int) (counts: int[]) : int[] =
        let all = int64 (Array.sum counts)
        let parts = counts |> Array.map (fun n -> int64 n * int64 total)
        let whole = parts |> Array.map (fun part -> int (part / all))

        let larger =
            parts
            |> Array.mapi (fun i part -> part % all, i)
            |> Array.sortWith (fun (a, i) (b, j) -> compare (b, i) (a, j))
            |> Array.truncate (total - Array.sum whole)
            |> Array.map snd
            |> Set.ofArray

        whole |> Array.mapi (fun i n -> if larger.Contains i then n + 1 else n)

    /// The places of each class, in order, the classes sorted. Targets are one class for each example.
    let byClass (data: Dataset) : (int64 * int64[])[] =
        use _scope = torch.NewDisposeScope()
        let targets = data.Targets
        let isOne = targets.NumberOfElements = data.Count

        if not isOne then
            let expected = "targets that are one class for each example"
            Fail.with' (Malformed("split", expected, string (Shape.known targets.shape)))

        let classes = targets.flatten().``to`` torch.ScalarType.Int64

        if targets.is_floating_point () && not (classes.``to``(targets.dtype).Equals(targets.flatten ())) then
            Fail.with' (Malformed("split", "targets that are classes", "numbers with fractions"))

        classes.cpu().data<int64>().ToArray()
        |> Array.mapi (fun place c -> c, int64 place)
        |> Array.groupBy fst
        |> Array.sortBy fst
        |> Array.map (fun (c, members) -> c, Array.map snd members)

/// Parts of a dataset, drawn at random: the same seed gives the same parts. Every example is in one of them.
[<RequireQualifiedAccess>]
module Split =
    let private at (data: Dataset) (places: int64[]) =
        use indices = torch.tensor places
        data.At indices

    let private drawing (seed: int64) (work: torch.Generator -> 'a) : 'a =
        use _scope = torch.NewDisposeScope()
        use generator = new torch.Generator(uint64 seed)
        work generator

    /// Two parts with the same share of each class: `fraction` of the examples in the first, rounded, of each class in proportion
    /// (the largest remainders first, as scikit-learn's StratifiedShuffleSplit does). Targets are classes: (N,), or (N, 1).
    /// A class of one example, or a part that can't have each class, is an error.
    let stratified (fraction: float) (seed: int64) (data: Dataset) : struct (Dataset * Dataset) =
        let classes = Places.byClass data
        let count = int data.Count
        let first = int (Math.Round(fraction * float count))

        match classes |> Array.tryFind (fun (_, places) -> places.Length < 2) with
        | Some(c, _) -> Fail.with' (Malformed("split", "at least 2 examples of each class", $"one of class {string c}"))
        | None -> ()

        if Double.IsNaN fraction || first < classes.Length || count - first < classes.Length then
            let expected = $"a fraction that leaves as many examples as classes ({string classes.Length}) in both parts"
            Fail.with' (Malformed("split", expected, $"{string fraction} of {string count}"))

        drawing seed (fun generator ->
            let shares = classes |> Array.map (fun (_, places) -> places.Length) |> Places.shares first

            let parts =
                Array.map2
                    (fun (_, places) share -> places |> Places.shuffledItems generator |> Array.splitAt share)
                    classes
                    shares

            // Not one class after the other.
            let mixed part = parts |> Array.collect part |> Places.shuffledItems generator
            struct (at data (mixed fst), at data (mixed snd)))

    let private checkFolds (k: int) (count: int) =
        if k < 2 || k > count then
            let expected = $"from 2 folds to as many as there are examples ({string count})"
            Fail.with' (Malformed("split", expected, string k))

    // For each fold: the examples outside it, and those in it, made when they are asked for.
    let private folds (data: Dataset) (foldOf: int[]) k : struct (Dataset * Dataset) seq =
        let places within =
            [|
                for i in 0 .. foldOf.Length - 1 do
                    if within foldOf[i] then int64 i
            |]

        Seq.init k (fun fold -> struct (at data (places ((<>) fold)), at data (places ((=) fold))))

    /// For each of `k` folds the training part and the validation part. Each example is in one validation part, whose sizes
    /// differ by at most one: the first ones are the larger, as scikit-learn's KFold has them. Datasets are made when the
    /// sequence comes to them, anew each time.
    let kFold (k: int) (seed: int64) (data: Dataset) : struct (Dataset * Dataset) seq =
        let count = int data.Count
        checkFolds k count
        let order = drawing seed (fun generator -> Places.shuffled generator count)
        let foldOf = Array.zeroCreate count
        let larger = count % k
        let size = count / k

        order
        |> Array.iteri (fun i place ->
            // The first `larger` folds have one more.
            let cut = larger * (size + 1)
            foldOf[int place] <- if i < cut then i / (size + 1) else larger + (i - cut) / size)

        folds data foldOf k

    /// The same, with the same share of each class in every fold: their numbers differ by at most one from fold to fold, as
    /// scikit-learn's StratifiedKFold has them. Targets are classes: (N,), or (N, 1). A class with fewer examples
    /// than folds is an error.
    let stratifiedKFold (k: int) (seed: int64) (data: Dataset) : struct (Dataset * Dataset) seq =
        let count = int data.Count
        checkFolds k count
        let classes = Places.byClass data

        match classes |> Array.tryFind (fun (_, places) -> places.Length < k) with
        | Some(c, places) ->
            let expected = $"at least {string k} examples of each class, one for each fold"
            Fail.with' (Malformed("split", expected, $"{string places.Length} of class {string c}"))
        | None -> ()

        let foldOf = Array.zeroCreate count

        drawing seed (fun generator ->
            // Class by class the examples are dealt out in turn, each class going on where the one before ended, so that
            // the sizes of the folds are even too.
            let mutable next = 0

            for _, places in classes do
                for place in Places.shuffledItems generator places do
                    foldOf[int place] <- next % k
                    next <- next + 1)

        folds data foldOf k
