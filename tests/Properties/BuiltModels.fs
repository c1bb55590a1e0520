/// Random models as torch computes them.
module internal Deeplay.Properties.BuiltModels

open Deeplay.Core
open Deeplay.Torch
open Deeplay.Properties.RandomInputs
open TorchSharp

let private dtype (input: Input) : torch.ScalarType =
    match input.Content with
    | Real -> torch.float32
    | Whole _ -> torch.int64
    | Truth -> torch.``bool``

// With whatever changes left without effect.
let private alone = { Build.defaults with Device = "cpu"; AllowUnused = true }

/// How a random model is built: for its inputs, with whatever changes left without effect.
let options (model: Model) : BuildOptions =
    if model.IsNamed then
        { alone with
            Named = [ for input in model.Inputs -> input.Key, input.Shape ]
            NamedDTypes = [ for input in model.Inputs -> input.Key, dtype input ]
        }
    else
        { alone with
            Inputs = [ for input in model.Inputs -> input.Shape ]
            InputDTypes = [ for input in model.Inputs -> dtype input ]
        }

let build (model: Model) : torch.nn.Module = Build.run (options model) model.Spec

/// The same without being told of the inputs; an error where widths follow from them alone.
let buildAlone (model: Model) : torch.nn.Module = Build.run alone model.Spec

/// An input with random numbers.
let private tensor (input: Input) : torch.Tensor =
    let shape = Array.ofList input.Shape

    match input.Content with
    | Real -> torch.rand shape
    | Whole below -> torch.randint (0L, int64 (max 1 below), shape, dtype = torch.int64)
    | Truth ->
        use numbers = torch.randint (0L, 2L, shape)
        numbers.``to`` torch.``bool``

/// An input on the device that computes shapes alone.
let private shape (device: torch.Device) (input: Input) : torch.Tensor =
    torch.empty (Array.ofList input.Shape, dtype = dtype input, device = device)

let private byKey (model: Model) (tensors: torch.Tensor[]) : NamedTensors =
    let named = NamedTensors()
    List.iteri (fun i (input: Input) -> named[input.Key] <- tensors[i]) model.Inputs
    named

let private call (built: torch.nn.Module) (model: Model) (xs: torch.Tensor[]) : obj =
    let wrong () = failwith $"{built.GetType()} is not called with {xs.Length} tensors"

    match built with
    | :? torch.nn.Module<torch.Tensor, torch.Tensor> as m when xs.Length = 1 -> m.call xs[0]
    | :? torch.nn.Module<torch.Tensor, torch.Tensor[]> as m when xs.Length = 1 -> m.call xs[0]
    | :? torch.nn.Module<torch.Tensor, NamedTensors> as m when xs.Length = 1 -> m.call xs[0]
    | :? torch.nn.Module<torch.Tensor, torch.Tensor, torch.Tensor> as m when xs.Length = 2 -> m.call (xs[0], xs[1])
    | :? torch.nn.Module<torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor> as m when xs.Length = 3 ->
        m.call (xs[0], xs[1], xs[2])
    | :? torch.nn.Module<torch.Tensor[], torch.Tensor> as m -> m.call xs
    | :? torch.nn.Module<torch.Tensor[], torch.Tensor[]> as m -> m.call xs
    | :? torch.nn.Module<torch.Tensor[], NamedTensors> as m -> m.call xs
    | :? torch.nn.Module<NamedTensors, torch.Tensor> as m -> m.call (byKey model xs)
    | :? torch.nn.Module<NamedTensors, torch.Tensor[]> as m -> m.call (byKey model xs)
    | :? torch.nn.Module<NamedTensors, NamedTensors> as m -> m.call (byKey model xs)
    | _ -> wrong ()

/// What came out: tensors by their names, or by their places.
let private outputs (result: obj) : (string * torch.Tensor) list =
    match result with
    | :? torch.Tensor as one -> [ "0", one ]
    | :? (torch.Tensor[]) as several -> several |> List.ofArray |> List.mapi (fun i one -> string i, one)
    | :? NamedTensors as named -> [ for KeyValue(name, one) in named -> name, one ]
    | other -> failwith $"{other} came out"

/// Whether libtorch refuses how a tensor lies in memory: its pools of volumes don't take one without a batch that was permuted.
let isOfMemory (error: exn) = error.Message.Contains "Unsupported memory format"

/// What the built model gives for random numbers.
let run (built: torch.nn.Module) (model: Model) : (string * torch.Tensor) list =
    model.Inputs |> List.map tensor |> Array.ofList |> call built model |> outputs

/// What it gives on a device for shapes.
let runOn device (built: torch.nn.Module) (model: Model) : (string * torch.Tensor) list =
    model.Inputs |> List.map (shape device) |> Array.ofList |> call built model |> outputs

/// The outputs of an inference by the same names, or places.
let inferredOutputs (outputs: Carried list) : (string * Shape) list =
    outputs
    |> List.mapi (fun i output ->
        match output with
        | Tensor shape -> [ string i, shape ]
        | Tensors named -> Map.toList named)
    |> List.concat
