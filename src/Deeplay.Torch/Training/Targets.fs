namespace Deeplay.Torch

open System
open Deeplay.Core
open Deeplay.Library
open TorchSharp

/// What a loss takes as targets. Sources: PyTorch's documentation of each loss, "Shape" and "Target".
[<NoEquality; NoComparison>]
type internal Wanted =
    /// Class indices below the number of classes, where it is known; one value does not count. Perhaps the probability
    /// of each class instead.
    | Classes of count: int64 option * ignored: int64 option * orProbabilities: bool
    /// Numbers of the outputs' shape; perhaps from 0 to 1 alone.
    | Numbers of upToOne: bool
    /// A loss of one's own says itself what it takes.
    | Anything

/// What the loss of a batch counts for beside those of other batches.
[<NoEquality; NoComparison>]
type internal Share =
    /// It is a sum: that of all is the sum of them.
    | Whole
    /// It is a mean over so many.
    | Examples of int64
    /// It is a mean over what these weigh: one number, perhaps 0.
    | Weighing of torch.Tensor

/// What becomes of labels before a loss sees them.
type internal Labels =
    | AsTheyAre
    /// Class indices become one-hot vectors of so many numbers.
    | OneHot of classes: int64
    /// Whole numbers and truths become numbers.
    | AsNumbers

/// Checks of targets before a loss sees them: libtorch's own stop a CPU with a trace of its stack, and leave a GPU
/// unusable.
[<Sealed>]
type internal Targets(loss: Node, outputs: Shape, dtypes: torch.ScalarType list, labels: Labels) =
    let oneHot =
        match labels with
        | OneHot count -> Some count
        | _ -> None

    let wrong expected found = Fail.with' (WrongValue(loss.Tag, loss.Definition.Id, "targets", expected, found))

    let classes =
        match outputs with
        | Ranked(_ :: classes :: _) -> Dim.tryValue classes
        | _ -> None

    let wanted =
        let is (kinds: Definition list) = kinds |> List.exists (fun kind -> loss.Definition.Is kind)

        match oneHot with
        | Some count -> Classes(Some count, None, false)
        | None when is [ Losses.crossEntropyDefinition; Losses.nllDefinition ] ->
            let ignored = int64 (loss.Arguments.Get Losses.ignoreIndex)
            Classes(classes, Some ignored, is [ Losses.crossEntropyDefinition ])
        | None when is [ Losses.bceDefinition; Losses.bceWithLogitsDefinition ] -> Numbers true
        | None when
            is
                [
                    Losses.mseDefinition
                    Losses.l1Definition
                    Losses.smoothL1Definition
                    Losses.huberDefinition
                    Losses.klDivDefinition
                ]
            ->
            Numbers false
        | None -> Anything

    let isInteger (tensor: torch.Tensor) = torch.is_integral tensor && tensor.dtype <> torch.ScalarType.Bool

    let floats = dtypes |> List.map Shown.dtype |> String.concat " or "

    // The first target that is marked, and its row.
    let refuse expected (targets: torch.Tensor) (marked: torch.Tensor) =
        if Numbers.read (marked.any ()) <> 0.0 then
            let place = marked.nonzero().[0L].data<int64>().ToArray()
            let value = Numbers.read (targets.masked_select(marked).[0L])
            let among = if place.Length = 1 then "" else $", at {Shape.known place}"

            wrong expected $"{string value} in row {string place[0]}{among}"

    // The rows are as many as there are examples, whatever number of them goes into a batch.
    let checkShape (targets: torch.Tensor) (sizes: Dim list) what =
        let found = string (Shape.known targets.shape)
        let fits given wanted = List.forall2 (fun size dim -> dim = Unknown || dim = Known size) given wanted

        match sizes, List.ofArray targets.shape with
        | _ :: wanted, _ :: given when given.Length = wanted.Length && fits given wanted -> ()
        | _ :: wanted, rows :: _ -> wrong $"{what} of shape {Ranked(Known rows :: wanted)}" found
        | _ -> wrong $"{what} of shape {Ranked sizes}" found

    let isOwn (dtype: torch.ScalarType) = dtypes.IsEmpty || List.contains dtype dtypes

    let checkClasses (targets: torch.Tensor) (count: int64 option) (ignored: int64 option) orProbabilities =
        let last = count |> Option.map (fun count -> $" to {string (count - 1L)}") |> Option.defaultValue ""

        let spare =
            ignored
            |> Option.map (fun index -> $" (or {string index}, which does not count)")
            |> Option.defaultValue ""

        let expected = $"int64 class indices from 0{last}{spare}"

        match outputs with
        | Ranked dims when orProbabilities && torch.is_floating_point targets && dims.Length = int (targets.dim ()) ->
            checkShape targets dims "the probability of each class"

            if not (isOwn targets.dtype) then wrong $"probabilities in {floats}" (Shown.dtype targets.dtype)
        | _ when not (isInteger targets) -> wrong expected (Shown.dtype targets.dtype)
        | _ ->
            match outputs with
            | Ranked(rows :: _ :: others) -> checkShape targets (rows :: others) "class indices"
            | _ -> ()

            let wide = targets.``to`` torch.ScalarType.Int64
            use zero = Numbers.whole 0L
            use end' = Numbers.whole (defaultArg count Int64.MaxValue)
            let outside = wide.lt(zero).logical_or(wide.ge end')

            match ignored with
            | Some index ->
                use index = Numbers.whole index
                outside.logical_and (wide.ne index)
            | None -> outside
            |> refuse expected wide

    let checkNumbers (targets: torch.Tensor) upToOne =
        let what = if upToOne then "numbers from 0 to 1" else "numbers"

        let isLabels = labels = AsNumbers && not (torch.is_floating_point targets)

        if not (isLabels || (torch.is_floating_point targets && isOwn targets.dtype)) then
            wrong $"{what} in {floats}" (Shown.dtype targets.dtype)

        match outputs with
        | Ranked dims -> checkShape targets dims what
        | Unranked -> ()

        if upToOne && targets.dtype <> torch.ScalarType.Bool then
            use zero = Numbers.whole 0L
            use one = Numbers.whole 1L
            let low, high = targets.ge zero, targets.le one
            // NaN is neither.
            low.logical_and(high).logical_not() |> refuse what targets

    let ignored =
        match wanted with
        | Classes(_, ignored, _) -> ignored
        | _ -> None

    // Which of these classes count; nothing where all do.
    let counting (classes: torch.Tensor) : torch.Tensor option =
        ignored
        |> Option.map (fun index ->
            use index = Numbers.whole index
            classes.ne index)

    // A loss of one's own may have no reduction: then it is a mean, as those of PyTorch are where nothing is said.
    let isSum =
        loss.Definition.Is Losses.definition
        && loss.Definition.Signature.Has Losses.reduction.Name
        && loss.Arguments.TryGet Losses.reduction = Some "sum"

    // Source: PyTorch's documentation of CrossEntropyLoss and NLLLoss, "reduction": a mean over the weights of the targets
    // that count; of probabilities, and of other losses, over all of them.
    let weigh (classes: torch.Tensor) : torch.Tensor =
        let classes = classes.to_type(torch.ScalarType.Int64).flatten()

        // Nothing is selected by a mask: a GPU would be waited for at every step.
        let counted = counting classes |> Option.defaultWith (fun () -> torch.ones_like classes)
        let counts = counted.to_type torch.ScalarType.Float64

        match loss.Arguments.Get Losses.weight with
        | Some weights ->
            let weights = torch.tensor (Array.ofList weights, dtype = torch.float64, device = classes.device)
            // What does not count may be no class.
            let places = classes.mul (counted.to_type torch.ScalarType.Int64)
            weights.index_select(0L, places).mul(counts).sum()
        | None -> counts.sum ()

    /// Stops with an error that names the loss, what it takes, and the first row that is something else.
    member _.Check(targets: torch.Tensor) : unit =
        use _scope = torch.NewDisposeScope()
        use _noGrad = torch.no_grad ()

        match wanted with
        | Classes(count, ignored, orProbabilities) -> checkClasses targets count ignored orProbabilities
        | Numbers upToOne -> checkNumbers targets upToOne
        | Anything -> ()

    /// What a batch's loss counts for, whatever the batches: so that the loss of all of them is the loss of all examples at
    /// once. What is made goes with the caller's scope.
    /// `allCount` is what `AllCount` says of the targets that these are among.
    member _.Share(targets: torch.Tensor, allCount: bool) : Share =
        match wanted, oneHot with
        | _ when isSum -> Whole
        | Classes _, None when isInteger targets && allCount -> Examples targets.NumberOfElements
        | Classes _, None when isInteger targets -> Weighing(weigh targets)
        | _ -> Examples targets.shape[0]

    /// Whether all of these targets count, and equally much: then what a batch counts for is known without looking at it.
    member _.AllCount(targets: torch.Tensor) : bool =
        match wanted, oneHot with
        | Classes _, None when isInteger targets ->
            use _scope = torch.NewDisposeScope()
            let isWeighted = loss.Arguments.Get(Losses.weight).IsSome

            not isWeighted
            && (counting targets |> Option.forall (fun counted -> Numbers.read (counted.all ()) <> 0.0))
        | _ -> true

    /// Whether any of these targets counts. The mean over none is no number, and steps nothing.
    member this.Count(targets: torch.Tensor) : bool =
        match this.Share(targets, false) with
        | Weighing weight -> Numbers.read weight <> 0.0
        | Whole
        | Examples _ -> true

    /// The targets as the loss takes them: class indices are int64 to TorchSharp.
    member _.Prepare(targets: torch.Tensor) : torch.Tensor =
        let toNumbers (labels: torch.Tensor) =
            labels.``to`` (List.tryHead dtypes |> Option.defaultValue torch.ScalarType.Float32)

        match wanted, labels with
        | Classes _, OneHot count ->
            use wide = targets.to_type (torch.ScalarType.Int64, copy = true)
            use hot = torch.nn.functional.one_hot (wide, count)
            toNumbers hot
        | _, AsNumbers when not (torch.is_floating_point targets) -> toNumbers targets
        | Classes _, _ when isInteger targets && targets.dtype <> torch.ScalarType.Int64 ->
            targets.``to`` torch.ScalarType.Int64
        | _ -> targets
