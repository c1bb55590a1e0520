namespace Deeplay.Torch

open System
open TorchSharp

/// Exponential moving averages of what a model has learned, kept beside it: either they are in the model, to be used, or what
/// is trained.
[<Sealed>]
type internal MovingAverages(network: torch.nn.Module) =
    // Whole numbers, such as how many batches a norm has seen, are not averaged. What is shared is there once.
    let inModel =
        network.state_dict().Values
        |> Seq.filter torch.is_floating_point
        |> Seq.distinctBy _.Handle
        |> Array.ofSeq

    let others =
        use _noGrad = torch.no_grad ()
        [| for tensor in inModel -> tensor.detach().clone().DetachFromDisposeScope() |]

    let other (tensor: Tensor) =
        match inModel |> Array.tryFindIndex (fun mine -> mine.Handle = tensor.Handle) with
        | Some place -> others[place]
        | None -> tensor

    let swap () =
        use _noGrad = torch.no_grad ()

        for mine, other in Seq.zip inModel others do
            use kept = mine.detach().clone()
            mine.copy_ other |> ignore
            other.copy_ kept |> ignore

    /// Whether the averages are in the model, and what is trained beside it.
    member val AreShown = false with get, set

    /// Puts the averages, or what is trained, into the model.
    member this.Show(shown: bool) : unit =
        if shown <> this.AreShown then
            swap ()
            this.AreShown <- shown

    /// Goes on with averaging: what is in the model counts for `1 - decay`.
    member this.Update(decay: float) : unit =
        this.Show false
        use _noGrad = torch.no_grad ()
        use _scope = torch.NewDisposeScope()
        let weight = torch.tensor (1.0 - decay, dtype = torch.float64)

        OptimizerScripts.compiled.Value.invoke ("average", [| box others; box inModel; box weight |])
        |> ignore

    /// The average of a tensor of the model; itself where it has none.
    member this.Averaged(tensor: Tensor) : Tensor = if this.AreShown then tensor else other tensor

    /// What is trained of a tensor of the model.
    member this.Trained(tensor: Tensor) : Tensor = if this.AreShown then other tensor else tensor

    interface IDisposable with
        member _.Dispose() =
            for tensor in others do
                tensor.Dispose()
