namespace Deeplay.Torch

open Deeplay.Core
open TorchSharp

/// The forward pass of a built module, which gives one tensor, as a function of its inputs.
module internal Network =
    /// Whether a built module gives one tensor, and how it is called; None where it gives something else, or can't be called.
    let tryOfBuilt (built: torch.nn.Module) : (Inputs -> Tensor) option =
        match built with
        | :? torch.nn.Module<Tensor, Tensor> as m -> Some(fun inputs -> m.call inputs.Tensors[0])
        | :? torch.nn.Module<Tensor, Tensor, Tensor> as m ->
            Some(fun inputs -> m.call (inputs.Tensors[0], inputs.Tensors[1]))
        | :? torch.nn.Module<Tensor, Tensor, Tensor, Tensor> as m ->
            Some(fun inputs -> m.call (inputs.Tensors[0], inputs.Tensors[1], inputs.Tensors[2]))
        | :? torch.nn.Module<Tensor[], Tensor> as m -> Some(fun inputs -> m.call inputs.Tensors)
        // Of more inputs than three there is no other form, whatever is given.
        | :? torch.nn.Module<Tensor[], Tensor[]> as m -> Some(fun inputs -> Array.exactlyOne (m.call inputs.Tensors))
        | :? torch.nn.Module<NamedTensors, Tensor> as m -> Some(fun inputs -> m.call (Inputs.toNamed inputs))
        | _ -> None

    /// Stops where a model gives several tensors, of which a loss could not take one.
    let checkOutputs (model: Node) : unit =
        let wrong gives =
            let problem =
                $"it gives {gives}, and a loss takes one tensor: give one of them alone, or write a training step of your own."

            Fail.with' (WrongStructure(model.Tag, model.Definition.Id, problem))

        match model.Graph with
        | _ when Named.gives model -> wrong "named tensors"
        | Some graph when graph.Outputs.Length > 1 -> wrong $"{string graph.Outputs.Length} outputs"
        | _ -> ()
