/// What the tests of state dicts have in common.
module Deeplay.Tests.StateDictHelp

open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.TrainingHelp

let values (model: torch.nn.Module) = [ for KeyValue(name, tensor) in model.state_dict () -> name, numbers tensor ]

/// The words of the errors of a load that is refused, with the module as it was.
let refusedBy load (model: torch.nn.Module) =
    let before, live = values model, liveTensors ()
    let errors = errorsOf (fun () -> load model)
    Assert.equal before (values model)
    Assert.equal live (liveTensors ())
    [ for error in errors -> Error.describe error ]

let naming names : StateDictLoad = { StateDict.loading with Names = names }

/// A file of a linear layer under these names, with 1, 2, … in the weights, of (1, 2), and 3 in the bias.
let layerFile weight bias (work: string -> unit) =
    inFile (fun path ->
        use _scope = torch.NewDisposeScope()

        Safetensors.save path Map.empty [ weight, tensorOf [ 1L; 2L ] [ 1.0; 2.0 ]; bias, tensorOf [ 1L ] [ 3.0 ] ]

        work path)

let layer () = build1 [ 1L; 2L ] (Layers.sequential [ Layers.linear 2 1 ])
