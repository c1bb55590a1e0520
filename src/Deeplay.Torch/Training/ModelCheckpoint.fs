namespace Deeplay.Torch

open System
open System.Globalization
open System.IO
open System.Text.RegularExpressions
open Deeplay.Core

/// What a run saves. Names, defaults and rules are Lightning's.
type ModelCheckpoint =
    {
        /// The folder of the files, which is made where it is not there.
        Directory: string
        /// The name of a file, without its extension: `{epoch}`, `{step}` or the name of a metric, perhaps with a number of digits
        /// as in `{val_loss:.2f}`, stand for `epoch=3` and so on.
        FileName: string
        /// The metric by which the best are kept; None keeps the newest.
        Monitor: string option
        Mode: MonitorMode
        /// How many are kept: 0 for none, -1 for all.
        SaveTopK: int
        /// Whether the newest is saved as `last` besides.
        SaveLast: bool
        /// After every how many epochs it saves.
        EveryEpochs: int
    }

/// Saves an application while it is trained.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module ModelCheckpoint =
    let private extension = ".safetensors"

    /// The newest, after each epoch, in this folder.
    let into (directory: string) =
        {
            Directory = directory
            FileName = "{epoch}-{step}"
            Monitor = None
            Mode = MonitorMode.Min
            SaveTopK = 1
            SaveLast = false
            EveryEpochs = 1
        }

    let private wrong expected found = Fail.with' (Malformed("ModelCheckpoint", expected, found))

    // The name of a file for an epoch, each value with its name.
    let private nameOf (rule: ModelCheckpoint) (epoch: EpochRecord) =
        let value (field: Match) =
            let name, digits = field.Groups[1].Value, field.Groups[2].Value

            let known =
                [
                    yield "epoch", float epoch.Epoch
                    yield "step", float epoch.Step
                    yield! Map.toList epoch.Metrics
                ]

            match List.tryFind (fst >> (=) name) known with
            | Some(_, value) ->
                let format = if digits = "" then "R" else $"F{digits}"
                $"{name}={value.ToString(format, CultureInfo.InvariantCulture)}"
            | None ->
                let names = List.map fst known
                let all = String.concat ", " names
                wrong $"one of {all} in the name of a file" $"'{name}'{Nearest.hint name names}"

        Regex.Replace(rule.FileName, @"\{(\w+)(?::\.(\d)f)?\}", value)

    // One that nobody has: `name`, `name-v1`, …
    let private free directory (name: string) =
        Seq.append [ name ] (Seq.initInfinite (fun i -> $"{name}-v{string (i + 1)}"))
        |> Seq.map (fun name -> Path.Combine(directory, name + extension))
        |> Seq.find (File.Exists >> not)

    let private check (rule: ModelCheckpoint) =
        FilePath.checkFolder "ModelCheckpoint" rule.Directory

        if rule.EveryEpochs < 1 then
            wrong "a positive number of epochs between saves" (string rule.EveryEpochs)

        if rule.SaveTopK < -1 then wrong "a number of files to keep, or -1 for all" (string rule.SaveTopK)

        if rule.Monitor.IsNone && rule.SaveTopK > 1 then
            wrong "a metric to monitor, where several files are kept" $"{string rule.SaveTopK} of none"

    /// The callback of a rule. What was saved and kept is in `Application.Saved`.
    let callback (rule: ModelCheckpoint) : Callback =
        check rule

        let isBetter (a: SavedModel) (b: SavedModel) =
            match a.Score, b.Score with
            | Some a, Some b -> if rule.Mode = MonitorMode.Min then a < b else a > b
            // The newest.
            | _ -> a.Epoch > b.Epoch

        Callback.create "ModelCheckpoint" (fun run ->
            let kept = ResizeArray<SavedModel>()
            let mutable last = None

            let write (path: string) =
                Directory.CreateDirectory rule.Directory |> ignore
                Checkpoint.save path run.Application

            let keep (epoch: EpochRecord) score =
                let found = { Path = ""; Score = score; Epoch = epoch.Epoch; Step = epoch.Step }
                let isFull = rule.SaveTopK >= 0 && kept.Count >= rule.SaveTopK

                if rule.SaveTopK <> 0 && (not isFull || isBetter found kept[kept.Count - 1]) then
                    // Of several that are worst the oldest goes, as Lightning has it.
                    let goes = kept.FindIndex(fun one -> not (isBetter one kept[kept.Count - 1]))
                    let old = if isFull then Some kept[goes] else None
                    let path = free rule.Directory (nameOf rule epoch)
                    write path
                    let place = kept.FindIndex(fun other -> isBetter found other)
                    kept.Insert((if place < 0 then kept.Count else place), { found with Path = path })

                    // Only when the new one is there.
                    for old in Option.toList old do
                        File.Delete old.Path
                        kept.Remove old |> ignore

            let saveLast () =
                let path = last |> Option.defaultWith (fun () -> free rule.Directory "last")
                write path
                last <- Some path

            let save epoch score =
                keep epoch score
                if rule.SaveLast then saveLast ()
                run.Application.Saved <- List.ofSeq kept

            Callback.whenMeasured (defaultArg rule.Monitor "") run (fun epoch ->
                if (epoch.Epoch + 1) % rule.EveryEpochs = 0 then
                    match rule.Monitor with
                    | None -> save epoch None
                    | Some monitor ->
                        // What is no number is worse than all others.
                        let worst = if rule.Mode = MonitorMode.Min then infinity else -infinity
                        let score value = if Double.IsNaN value then worst else value

                        Callback.monitored "ModelCheckpoint" monitor run epoch
                        |> Option.iter (fun value -> save epoch (Some(score value)))))
