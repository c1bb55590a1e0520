namespace Deeplay.Torch

open Deeplay.Core
open TorchSharp

/// How examples come to what was built: looked at, in its type, where it is.
[<Sealed>]
type internal Feed(device: torch.Device, dtype: torch.ScalarType option, supervised: Supervised option) =
    // Numbers as the model's are, where its type was asked for.
    let cast (data: Tensor) =
        match dtype with
        | Some dtype when torch.is_floating_point data -> data.``to`` dtype
        | _ -> data

    /// Stops where the model can't take these inputs.
    member _.CheckInputs(inputs: Inputs) : unit =
        use _scope = torch.NewDisposeScope()
        supervised |> Option.iter (fun supervised -> supervised.CheckInputs(Inputs.map cast inputs))

    /// Stops where the model or the loss can't take these examples.
    member _.Check(examples: Examples) : unit =
        use _scope = torch.NewDisposeScope()
        supervised |> Option.iter (fun supervised -> supervised.Check(Examples.map cast examples))

    /// A batch where the model is. What is not in memory was not looked at yet.
    member this.Take(data: Dataset, batch: Examples) : Examples =
        match data.Source with
        | Kept _ -> ()
        | Made _
        | Streamed _ -> this.Check batch

        batch |> Examples.map (fun tensor -> (cast tensor).``to`` device)

    /// Some rows where the model is. A model may overwrite its inputs: the rows are not the caller's own.
    member _.Rows(inputs: Inputs, start: int64, length: int64) : Inputs =
        // Of a graph there are no rows: it is taken whole.
        let part (data: Tensor) = if inputs.IsGraph then data else data.narrow (0L, start, length)
        inputs |> Inputs.map (fun data -> (cast (part data)).``to``(device).clone())
