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

    // For errors, and what it remembers.
    let private callbackName = "ModelCheckpoint"

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

    let private wrong expected found = Fail.with' (Malformed(callbackName, expected, found))

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
        FilePath.checkFolder callbackName rule.Directory

        if rule.EveryEpochs < 1 then
            wrong "a positive number of epochs between saves" (string rule.EveryEpochs)

        if rule.SaveTopK < -1 then wrong "a number of files to keep, or -1 for all" (string rule.SaveTopK)

        if rule.Monitor.IsNone && rule.SaveTopK > 1 then
            wrong "a metric to monitor, where several files are kept" $"{string rule.SaveTopK} of none"

    // Rules of other names have a memory of their own. As Lightning's `state_key`, with all that counts.
    let private keyed (rule: ModelCheckpoint) =
        {|
            dirpath = rule.Directory
            filename = rule.FileName
            monitor = defaultArg rule.Monitor ""
            mode = string rule.Mode
            save_top_k = rule.SaveTopK
        |}

    // By their files.
    let private remembered (kept: SavedModel list) =
        Map.ofList
            [
                for saved in kept ->
                    let score = Map.ofList [ for score in Option.toList saved.Score -> "score", score ]
                    saved.Path, { Epoch = saved.Epoch; Step = saved.Step; Metrics = score }
            ]
        |> JsonText.write

    // What was taken away meanwhile is not kept.
    let private recalled key text : SavedModel list =
        let isWhole = Map.forall (fun _ (epoch: EpochRecord) -> not (isNull (box epoch) || isNull (box epoch.Metrics)))

        [
            for KeyValue(path, epoch) in JsonText.read key "what was saved and kept, by its files" isWhole text do
                if File.Exists path then
                    { Path = path; Score = epoch.Metrics.TryFind "score"; Epoch = epoch.Epoch; Step = epoch.Step }
        ]

    /// The callback of a rule. What was saved and kept is in `Application.Saved`; later runs of the application, and those of its
    /// files, go on with it.
    let callback (rule: ModelCheckpoint) : Callback =
        check rule

        let isBetter (a: SavedModel) (b: SavedModel) =
            match a.Score, b.Score with
            | Some a, Some b -> if rule.Mode = MonitorMode.Min then a < b else a > b
            // The newest.
            | _ -> a.Epoch > b.Epoch

        // The best first; of equal ones the oldest.
        let inOrder a b =
            if isBetter a b then -1
            elif isBetter b a then 1
            else compare a.Step b.Step

        Callback.createSaving callbackName (fun run ->
            let key = $"{callbackName} {JsonText.write (keyed rule)}"
            let lastKey = $"{key}, last"

            let mutable kept =
                run.Recall key |> Option.map (recalled key) |> Option.defaultValue [] |> List.sortWith inOrder

            // A file has itself among what is kept, and no more what goes for it, as in Lightning.
            let write (path: string) =
                Directory.CreateDirectory rule.Directory |> ignore
                Checkpoint.save path run.Application

            let keep (epoch: EpochRecord) score =
                let found = { Path = ""; Score = score; Epoch = epoch.Epoch; Step = epoch.Step }
                let isFull = rule.SaveTopK >= 0 && kept.Length >= rule.SaveTopK

                if rule.SaveTopK <> 0 && (not isFull || isBetter found (List.last kept)) then
                    // Of several that are worst the oldest goes, as Lightning has it.
                    let goes =
                        if isFull then
                            Some(kept |> List.find (fun one -> not (isBetter one (List.last kept))))
                        else
                            None

                    let found = { found with Path = free rule.Directory (nameOf rule epoch) }
                    let worse, others = kept |> List.partition (isBetter found)
                    kept <- others @ found :: worse |> List.filter (fun one -> Some one <> goes)
                    run.Remember(key, remembered kept)
                    write found.Path
                    // Only when the new one is there.
                    goes |> Option.iter (fun old -> File.Delete old.Path)

            let saveLast () =
                let path = run.Recall lastKey |> Option.defaultWith (fun () -> free rule.Directory "last")
                run.Remember(lastKey, path)
                write path

            let save epoch score =
                keep epoch score
                if rule.SaveLast then saveLast ()
                run.Application.Saved <- kept

            Callback.whenMeasured (defaultArg rule.Monitor "") run (fun epoch ->
                if (epoch.Epoch + 1) % rule.EveryEpochs = 0 then
                    match rule.Monitor with
                    | None -> save epoch None
                    | Some monitor ->
                        // What is no number is worse than all others.
                        let worst = if rule.Mode = MonitorMode.Min then infinity else -infinity
                        let score value = if Double.IsNaN value then worst else value

                        Callback.monitored callbackName monitor run epoch
                        |> Option.iter (fun value -> save epoch (Some(score value)))))
