namespace Deeplay.Torch

open System
open Deeplay.Core
open Deeplay.Library
open TorchSharp

/// The outputs and targets of a batch, as metrics of classes compare them.
module internal ClassTargets =
    let private refuse (a: Arguments) what expected (found: Tensor) =
        let found = $"{Shape.known found.shape} in {Shown.dtype found.dtype}"
        Fail.with' (WrongValue(a.Tag, a.Kind, what, expected, found))

    // Classes or labels, which come along the second dimension, along the last of two.
    let private flat (outputs: Tensor) =
        let count = outputs.shape[1]
        if outputs.dim () = 2L then outputs else outputs.movedim([| 1L |], [| -1L |]).reshape(-1L, count)

    let private checkCount (a: Arguments) (key: Param<int>) (outputs: Tensor) =
        if outputs.dim () < 2L then
            refuse a "outputs" "a number for each, along the second dimension" outputs

        match (if a.Signature.Has key.Name then a.TryGet key else None) with
        | Some count when int64 count <> outputs.shape[1] ->
            refuse a "outputs" $"{string count} along the second dimension, as {key.Name} says" outputs
        | _ -> ()

    /// Which targets count; nothing where all do.
    let private counting (a: Arguments) (targets: Tensor) : Tensor option =
        a.Get ClassMetricKey.ignoreIndex
        |> Option.map (fun index ->
            use index = Numbers.whole (int64 index)
            targets.ne index)

    /// Outputs (M, C), and the class of each (M,); which of them count, where not all do. Those that don't may be no class.
    let ofClasses (a: Arguments) (outputs: Tensor) (targets: Tensor) : struct (Tensor * Tensor * Tensor option) =
        checkCount a ClassMetricKey.numClasses outputs
        let each = Array.removeAt 1 outputs.shape

        let classes =
            if torch.is_floating_point targets && targets.shape = outputs.shape then
                targets.argmax 1L
            elif torch.is_integral targets && targets.dtype <> torch.ScalarType.Bool && targets.shape = each then
                if targets.dtype = torch.ScalarType.Int64 then targets else targets.``to`` torch.ScalarType.Int64
            else
                let numbers = Shape.known outputs.shape
                refuse a "targets" $"class indices {Shape.known each}, or a number for each class {numbers}" targets

        let classes = if classes.dim () = 1L then classes else classes.flatten ()
        struct (flat outputs, classes, counting a classes)

    /// Classes to count by: those that don't count are 0.
    let places (classes: Tensor) (counted: Tensor option) : Tensor =
        match counted with
        | Some counted -> classes.mul (counted.``to`` torch.ScalarType.Int64)
        | None -> classes

    /// What each weighs that is counted.
    let weights (like: Tensor) (counted: Tensor option) : Tensor =
        match counted with
        | Some counted -> counted.``to`` torch.float64
        | None -> torch.ones_like (like, dtype = torch.float64)

    /// Outputs (M, L), and whether each label holds (M, L); which of them count, where not all do. `several` are labels, along
    /// the second dimension; else there is one.
    let ofLabels several (a: Arguments) (outputs: Tensor) (targets: Tensor) : struct (Tensor * Tensor * Tensor option) =
        if several then checkCount a ClassMetricKey.numLabels outputs

        if targets.shape <> outputs.shape then
            refuse a "targets" $"0 or 1 for each output {Shape.known outputs.shape}" targets

        let flat (tensor: Tensor) = if several then flat tensor else tensor.reshape (-1L, 1L)
        let targets = flat targets

        let holds =
            if torch.is_floating_point targets then
                use half = Numbers.real 0.5
                targets.gt half
            else
                targets.``to`` torch.ScalarType.Bool

        struct (flat outputs, holds, counting a targets)

    /// Which labels are predicted to hold.
    let predicted (a: Arguments) : Tensor -> Tensor =
        let threshold, fromLogits = a.Get ClassMetricKey.threshold, a.Get ClassMetricKey.fromLogits

        fun outputs ->
            use threshold = Numbers.real threshold
            (if fromLogits then outputs.sigmoid () else outputs).gt threshold
