namespace Deeplay.Torch

open Deeplay.Core
open TorchSharp

/// The weights of a module alone, parameters and buffers, as PyTorch's state dict in safetensors: with PyTorch's names and nothing of
/// the spec. Python reads it by `safetensors.torch.load_file`, and what that wrote is read.
[<RequireQualifiedAccess>]
module StateDict =
    /// Names stay, and nothing may be missing or left over.
    let loading: StateDictLoad = { Names = []; Strict = true }

    /// Names stay, and there is a single file.
    let saving: StateDictSave = { Names = []; MaxShardSize = None }

    /// Writes the weights of a module. A tensor of several names is written once. A file appears whole or not at all.
    let saveWith (options: StateDictSave) (path: string) (target: torch.nn.Module) : unit =
        use _scope = torch.NewDisposeScope()
        let all = StateTensors.shared target

        if all.IsEmpty then
            Fail.with' (Malformed("save", "a module that has parameters or buffers", $"a {target.GetName()} without"))

        let names, unused = NameMap.apply path options.Names [ for names, _ in all -> StateTensors.kept names ]

        for rule in unused do
            Fail.with' (Malformed(path, "rules that speak of a name of the module", string rule))

        let written = names |> List.groupBy fst |> List.map (fun (name, all) -> name, List.map snd all) |> Map.ofList

        let aliases =
            [
                for names, _ in all do
                    for name in names do
                        match written.TryFind(StateTensors.kept names) with
                        | Some [ own, _ ] when name <> StateTensors.kept names -> name, own
                        | _ -> ()
            ]

        let metadata = Map.ofList (("format", "pt") :: aliases)

        let changed name (tensor: torch.Tensor) changes =
            let step (tensor: torch.Tensor) change =
                TensorChange.shape $"{path}, {name}" (List.ofArray tensor.shape) change |> ignore
                TensorChange.apply tensor change

            match changes with
            | [] -> tensor
            | _ -> (List.fold step (tensor.detach ()) changes).contiguous()

        let tensors =
            [
                for names, tensor in all do
                    let kept = StateTensors.kept names

                    for own, changes in Map.tryFind kept written |> Option.defaultValue [] do
                        own, changed kept tensor changes
            ]

        match options.MaxShardSize with
        | None -> Safetensors.save path metadata tensors
        | Some limit -> Shards.save path limit metadata tensors

    /// Writes the weights of a module to one file.
    let save (path: string) (target: torch.nn.Module) : unit = saveWith saving path target

    /// What of a file is in a module and what is not, before anything is loaded. The module stays as it is.
    let compare (options: StateDictLoad) (path: string) (target: torch.nn.Module) : StateDictReport =
        StateTensors.reading options path target (fun report _ -> report)

    /// Reads weights into a module: from a single file, or from several by their index (`….index.json`, or the path of the single file
    /// that is not there). All of them or, where anything is wrong, none. Numbers of another dtype are converted to the module's, as
    /// by PyTorch's `load_state_dict`. A tensor of several names needs one of them in the file.
    let loadWith (options: StateDictLoad) (path: string) (target: torch.nn.Module) : StateDictReport =
        StateTensors.reading options path target (fun report pairs ->
            StateTensors.check options path report

            for tensor, numbers in pairs () do
                tensor.copy_ numbers |> ignore

            report)

    /// Reads weights into a module: names stay, and nothing may be missing or left over.
    let load (path: string) (target: torch.nn.Module) : StateDictReport = loadWith loading path target

    /// Reads the mean of the weights of several files of equal names and shapes into a module: of parameters and of buffers, summed
    /// in float64; of whole numbers and truth values those of the last. All of them or none. The report is that of the last.
    let loadAverage (options: StateDictLoad) (paths: string list) (target: torch.nn.Module) : StateDictReport =
        StateMeans.load options (fun _ _ -> ()) paths target

    // The torch module of an application's model, whose names are those of the model alone.
    let private modelOf (application: Application) : torch.nn.Module =
        // Stops where it was disposed.
        application.Built |> ignore
        Outline.child application.Module "model"

    /// Writes the weights of an application's model.
    let saveModel (options: StateDictSave) (path: string) (application: Application) : unit =
        saveWith options path (modelOf application)

    /// Reads weights into an application's model. What its optimizer keeps and its history stay.
    let loadModel (options: StateDictLoad) (path: string) (application: Application) : StateDictReport =
        application.Modes.Step(fun () -> loadWith options path (modelOf application))

    /// What of a file is in an application's model and what is not, before anything is loaded.
    let compareModel (options: StateDictLoad) (path: string) (application: Application) : StateDictReport =
        compare options path (modelOf application)

    /// Reads the mean of the weights of several files into an application's model.
    let loadModelAverage (options: StateDictLoad) (paths: string list) (application: Application) : StateDictReport =
        application.Modes.Step(fun () -> loadAverage options paths (modelOf application))
