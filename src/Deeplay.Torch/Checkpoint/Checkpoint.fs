namespace Deeplay.Torch

open System
open System.Globalization
open System.IO
open Deeplay.Core
open TorchSharp

/// One file: the unbuilt spec, the weights and what the optimizer keeps, so that a run goes on where it was. Loading one runs
/// no code.
[<RequireQualifiedAccess>]
module Checkpoint =
    let private formatKey = "deeplay.format"
    let private specKey = "deeplay.spec"
    let private stepsKey = "deeplay.steps"

    // Of an optimizer that has another name than that of a model with a loss.
    let private learningRateKey name =
        if name = "optimizer" then "deeplay.learning_rate" else $"deeplay.learning_rate.{name}"

    // Of one of several optimizers: it may make fewer or more than the others.
    let private ownStepsKey name = $"{stepsKey}.{name}"

    let private historyKey = "deeplay.history"
    // What callbacks remember beyond a run, where they do.
    let private callbacksKey = "deeplay.callbacks"

    let private dtypeKey = "deeplay.dtype"

    /// The version of the format that is written. Every earlier one is read: in "1" there is nothing of the optimizer.
    let format = "2"

    let private readable = [ "1"; format ]

    // Before the names of what an optimizer keeps; the others are the model's.
    let internal optimizerPrefix name = $"{name}.state."

    // Before the names of what is trained, where the model has averages of it: no part of a model can have such a name.
    let private trainedPrefix = "training/"

    // The tensors to be saved. A type that the spec does not build is an error: it could not be loaded.
    let private stateOf (application: Application) =
        let built = application.Built

        [
            for KeyValue(name, tensor) in application.Module.state_dict () do
                if tensor.dtype <> built[name] then
                    let found = $"{Shown.dtype tensor.dtype}, to which it was moved since"
                    Fail.with' (Malformed(name, $"{Shown.dtype built[name]}, as the spec builds it", found))

                match application.Averages with
                | None -> name, tensor
                | Some averages ->
                    name, averages.Averaged tensor
                    if torch.is_floating_point tensor then trainedPrefix + name, averages.Trained tensor
        ]

    /// Saves an application. A spec that can't be saved is refused before anything is written.
    let save (path: string) (application: Application) =
        use _scope = torch.NewDisposeScope()
        let position = Option.toList application.Position

        let state =
            stateOf application
            @ [
                for KeyValue(name, optimizer) in application.Optimizers do
                    for kept, tensor in optimizer.Stepping.State -> optimizerPrefix name + kept, tensor
            ]
            @ List.collect SavedPosition.tensors position

        let spec = Fail.unwrap (Codec.encode application.Spec)

        let metadata =
            Map.ofList
                [
                    formatKey, format
                    specKey, spec
                    InputShapeText.entry (Named.takes application.Outline.Root) application.Shapes
                    stepsKey, string application.Steps
                    historyKey, HistoryJson.write application.History
                    if not application.Remembered.IsEmpty then callbacksKey, JsonText.write application.Remembered
                    for dtype in Option.toList application.DType do
                        dtypeKey, Shown.dtype dtype
                    for KeyValue(name, optimizer) in application.Optimizers do
                        learningRateKey name, optimizer.LearningRate.ToString("R", CultureInfo.InvariantCulture)
                        if application.Optimizers.Count > 1 then ownStepsKey name, string optimizer.Steps
                ]

        let metadata =
            position
            |> List.fold
                (fun all position -> Map.add SavedPosition.batchesKey (SavedPosition.print position) all)
                metadata

        Safetensors.save path metadata state

    // The learning rate that a run stands at; that of the spec where the file is older.
    let private readLearningRate path (metadata: Map<string, string>) name (optimizer: Optimizer) =
        match metadata.TryFind(learningRateKey name) with
        | None -> ()
        | Some text ->
            match Double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture) with
            | true, rate when rate >= 0.0 && Double.IsFinite rate -> optimizer.LearningRate <- rate
            | _ -> Fail.with' (Malformed($"{path}, {learningRateKey name}", "a number of at least 0", $"'{text}'"))

    // The type of parameters that was asked for, if any.
    let private readDType path (metadata: Map<string, string>) =
        let known = [ for dtype in Build.dtypes -> Shown.dtype dtype, dtype ]

        match metadata.TryFind dtypeKey with
        | None -> None
        | Some text ->
            match List.tryFind (fst >> (=) text) known with
            | Some(_, dtype) -> Some dtype
            | None -> Fail.with' (Malformed($"{path}, {dtypeKey}", "a type of parameters", $"'{text}'"))

    let private needed path (metadata: Map<string, string>) key =
        match metadata.TryFind key with
        | Some text -> text
        | None -> Fail.with' (Malformed(path, $"the entry '{key}' of a checkpoint", "a file without it"))

    // Everything is compared before the first byte is copied: a model is loaded whole or not at all.
    let private copyInto path (state: Map<string, torch.Tensor>) (tensors: Map<string, torch.Tensor>) =
        let own = state |> Map.keys |> Set.ofSeq
        let given = tensors |> Map.keys |> Set.ofSeq

        for name in own - given do
            Fail.with' (Malformed(path, $"the tensor '{name}'", "a file without it"))

        for name in given - own do
            Fail.with' (Malformed(path, "tensors of the model alone", $"'{name}'{Nearest.hint name own}"))

        for KeyValue(name, target) in state do
            let source = tensors[name]

            if source.dtype <> target.dtype || source.shape <> target.shape then
                let print (t: torch.Tensor) = $"{t.dtype} {Shape.known t.shape}"
                Fail.with' (Malformed($"{path}, {name}", print target, print source))

        use _noGrad = torch.no_grad ()

        for KeyValue(name, target) in state do
            target.copy_ tensors[name] |> ignore

    // The tensors whose names begin so, without that, and the others.
    let private below (prefix: string) (tensors: Map<string, torch.Tensor>) =
        let inside, others = tensors |> Map.partition (fun name _ -> name.StartsWith(prefix, StringComparison.Ordinal))
        Map.ofSeq [ for KeyValue(name, tensor) in inside -> name.Substring prefix.Length, tensor ], others

    let private decode advice path registry json =
        match Codec.decode registry json with
        | Ok spec -> spec
        | Error errors ->
            // The codec's words for an id that it does not find.
            let isUnknown error =
                match error with
                | Malformed(_, expected, _) -> expected.EndsWith("of the registry", StringComparison.Ordinal)
                | _ -> false

            let found = errors |> List.map Error.describe |> String.concat " "

            let remedy =
                if List.exists isUnknown errors then $" What is your own goes into the registry: {advice}" else ""

            Fail.with' (Malformed(path, "a spec that can be read", found + remedy))

    /// Loads an application, built by these options. Definitions are found in `registry` alone. What is wrong with the file is a
    /// typed error, and nothing is left behind; `advice` says how a definition gets into the registry.
    let load (advice: string) (registry: Registry) (options: BuildOptions) (path: string) : Application =
        FilePath.check "checkpoint" path

        if not (File.Exists path) then
            Fail.with' (Malformed("checkpoint", "a file", $"nothing at '{path}'"))

        // Once: what is saved meanwhile takes the place of the file.
        Safetensors.reading path (fun header tensors ->
            use _scope = torch.NewDisposeScope()
            let metadata = header.Metadata
            let found = needed path metadata formatKey

            if not (List.contains found readable) then
                let expected = String.Join(" or ", readable)
                Fail.with' (Malformed(path, $"format {expected}", $"format {found}"))

            let spec = decode advice path registry (needed path metadata specKey)
            let shapes = InputShapeText.read path metadata

            let stepsAt key =
                match SavedPosition.tryNumber 0L (needed path metadata key) with
                | Some steps -> steps
                | None -> Fail.with' (Malformed($"{path}, {key}", "a number of steps", metadata[key]))

            let steps = stepsAt stepsKey

            let remembered =
                let isWhole = Map.forall (fun _ (text: string) -> not (isNull text))

                metadata.TryFind callbacksKey
                |> Option.map (JsonText.read $"{path}, {callbacksKey}" "a text for each key" isWhole)
                |> Option.defaultValue Map.empty

            let history = HistoryJson.read $"{path}, {historyKey}" (needed path metadata historyKey)
            Application.foresee options shapes spec |> Foreseen.check path header.Tensors
            let tensors = tensors ()
            let position, tensors = SavedPosition.read path metadata tensors
            let options = { options with DType = readDType path metadata }
            let application = Application.ofShapes options shapes spec

            Failures.orDispose application (fun () ->
                let restore (tensors: Map<string, torch.Tensor>) (name, optimizer: Optimizer) =
                    let kept, others = below (optimizerPrefix name) tensors
                    optimizer.Stepping.Restore(path, kept)
                    readLearningRate path metadata name optimizer
                    let key = ownStepsKey name
                    optimizer.Steps <- if metadata.ContainsKey key then stepsAt key else steps
                    others

                let tensors = Map.toList application.Optimizers |> List.fold restore tensors
                let trained, weights = below trainedPrefix tensors

                let state =
                    Map.ofSeq [ for KeyValue(name, tensor) in application.Module.state_dict () -> name, tensor ]

                copyInto path state weights

                if not trained.IsEmpty then
                    let averages = new MovingAverages(application.Module)
                    application.Averages <- Some averages
                    // It was made with the averages in the model: what is beside them is what was trained.
                    averages.AreShown <- true
                    let averaged = state |> Map.filter (fun _ tensor -> torch.is_floating_point tensor)
                    copyInto path (averaged |> Map.map (fun _ tensor -> averages.Trained tensor)) trained

                application.History <- history
                application.Remembered <- remembered
                application.Steps <- steps
                application.Leave position
                application))
