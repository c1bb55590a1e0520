namespace Deeplay.Plots

open System
open System.Runtime.InteropServices
open Deeplay.Core
open Deeplay.Torch
open SkiaSharp
open TorchSharp

/// What a page tells of a run, section by section.
[<RequireQualifiedAccess>]
module internal PageParts =
    let private plural (count: int64) (what: string) = if count = 1L then $"1 {what}" else $"{string count} {what}s"

    /// How far it was trained, and why it ended where that was before its time.
    let lead (application: Application) : string =
        let epochs = plural (int64 application.History.Epochs.Length) "epoch"
        let trained = $"""{epochs}, {plural application.Steps "step"} on {string application.Device}"""

        [ Some trained; application.Stopped |> Option.map (fun reason -> $"Ended early: {reason}") ]
        |> List.choose id
        |> List.map (Html.text >> Html.element "p" "class=\"lead\"")
        |> String.concat "\n"

    /// The numbers at the end: of the last epoch, and of a test.
    let results (test: (string * float) list) (history: History) : string list =
        let last = history.Epochs |> List.tryLast |> Option.map (_.Metrics >> Map.toList) |> Option.defaultValue []

        let found =
            [ for name, value in last -> Curves.split name, value ]
            @ [ for name, value in test -> ("test", name), value ]

        if found.IsEmpty then
            []
        else
            // What is of no stage, such as the learning rate, comes last.
            let place stage =
                match stage with
                | "train" -> 0
                | "" -> 2
                | _ -> 1

            let stages = found |> List.map (fst >> fst) |> List.distinct |> List.sortBy place

            let names =
                found |> List.map (fst >> snd) |> List.distinct |> List.sortBy (fun name -> Curves.rank name, name)

            let values = Map.ofList found

            let rows =
                [
                    for name in names ->
                        name
                        :: [
                            for stage in stages ->
                                values.TryFind(stage, name) |> Option.map Look.number |> Option.defaultValue ""
                        ]
                ]

            let heading = if last.IsEmpty then "Results" else "Results after the last epoch"
            [ Html.section heading [ Html.table (("", false) :: [ for stage in stages -> stage, true ]) rows ] ]

    let private key (name: string, colour: SKColor) =
        let hex = $"#{colour.Red:X2}{colour.Green:X2}{colour.Blue:X2}"
        Html.element "span" "" ($"<i class=\"key\" style=\"background:{hex}\"></i>" + Html.text name)

    /// The learning curves, a picture for each metric, so that they find room in a narrow window.
    let curves (history: History) : string list =
        if history.Epochs |> List.forall (fun epoch -> epoch.Metrics.IsEmpty) then
            []
        else
            let keys, pictures = Curves.pictures history

            let figures =
                pictures
                |> List.mapi (fun i (name, picture) -> Html.picture $"curve{string i}" name "" picture)
                |> String.concat "\n"

            [
                Html.section
                    "Learning curves"
                    [
                        Html.element "p" "class=\"keys\"" (keys |> List.map key |> String.concat "")
                        Html.element "div" "class=\"figures\"" figures
                    ]
            ]

    /// Pictures of one's own, with what stands below them.
    let pictures (pictures: (string * Picture) list) : string list =
        if pictures.IsEmpty then
            []
        else
            let figures =
                pictures
                |> List.mapi (fun i (caption, picture) -> Html.picture $"picture{string i}" caption caption picture)

            [ Html.section "Pictures" [ Html.element "div" "class=\"figures\"" (String.concat "\n" figures) ] ]

    /// What was measured in each epoch.
    let history (history: History) : string list =
        let names = history.Epochs |> List.collect (fun epoch -> List.ofSeq epoch.Metrics.Keys) |> List.distinct

        let rows =
            [
                for epoch in history.Epochs ->
                    string epoch.Epoch
                    :: string epoch.Step
                    :: [
                        for name in names ->
                            epoch.Metrics.TryFind name |> Option.map Look.number |> Option.defaultValue ""
                    ]
            ]

        if rows.IsEmpty then
            []
        else
            let columns = [ for name in "epoch" :: "step" :: names -> name, true ]
            [ Html.section "History" [ Html.table columns rows ] ]

    // All that a module was told and took by default.
    let rec private described (node: Node) : string =
        let arguments =
            Seq.zip node.Arguments.Signature.Names node.Arguments.Values
            |> Seq.filter (fun (_, value) -> value <> Unset)
            |> Seq.map (fun (name, value) -> $"{name} = {Value.print value}")

        let inside = [ for child in node.Children -> described child.Own ]
        let all = String.Join(", ", Seq.append arguments inside)
        $"{node.Definition.Id}({all})"

    /// How it was trained: loss, optimizer and schedule with all their arguments.
    let training (spec: ModuleSpec) : string list =
        let root = Construct.root spec

        let facts =
            [
                for name in [ "loss"; "optimizer"; "lr_scheduler" ] do
                    if root.Children.Has name then name, described (Tree.find (Tag.ofNames [ name ]) root)
            ]

        if facts.IsEmpty then [] else [ Html.section "Loss and optimizer" [ Html.facts facts ] ]

    let private clip (clip: GradientClip) =
        match clip with
        | NoClip -> "none"
        | ByNorm limit -> $"2-norm of at most {Look.number limit}"
        | ByValue limit -> $"numbers of at most {Look.number limit}"

    /// The options of a run.
    let options (options: FitOptions) : string =
        [
            "epochs at most", string options.MaxEpochs
            match options.MaxSteps with
            | Some steps -> "steps at most", string steps
            | None -> ()
            match options.MinEpochs with
            | Some epochs -> "epochs at least", string epochs
            | None -> ()
            match options.MinSteps with
            | Some steps -> "steps at least", string steps
            | None -> ()
            "batch size", string options.BatchSize
            if options.AccumulateBatches > 1 then "batches for a step", string options.AccumulateBatches
            "gradient clipping", clip options.GradientClip
            "order of examples", (if options.Shuffle then "shuffled" else "as they are")
            "seed",
            (match options.Seed with
             | Some seed -> string seed
             | None -> "none")
            match options.ValidateWithin with
            | Some(ValidationInterval.EpochPart part) -> "validation after each", $"{Look.number part} of an epoch"
            | Some(ValidationInterval.Batches every) -> "validation after each", $"{string every} batches of an epoch"
            | Some(ValidationInterval.RunBatches every) -> "validation after each", $"{string every} batches"
            | None -> ()
            match options.Validation with
            | Some data ->
                let often =
                    if options.ValidateEvery = 1 then "each epoch" else $"every {string options.ValidateEvery} epochs"

                "validation", $"""{plural data.Count "example"}, after {often}"""
            | None -> ()
            if not options.Callbacks.IsEmpty then
                "callbacks", String.Join(", ", options.Callbacks |> List.map _.Name)
        ]
        |> Html.facts
        |> List.singleton
        |> Html.section "Options"

    /// The tree of the spec, and the shapes and parameters of its modules.
    let model (application: Application) : string =
        let pre (text: string) = Html.element "pre" "" (Html.text text)

        // A spec that needs more than shapes is built all the same.
        let summary =
            try
                let inputs = [ for input in application.Shapes -> input.Name, 1L :: input.Shape ]

                if Named.takes application.Outline.Root then
                    string (Shapes.summaryNamed inputs application.Spec)
                else
                    string (Shapes.summary (List.map snd inputs) application.Spec)
            with :? DeeplayException as error ->
                error.Message

        Html.section "Model" [ pre (string application.Spec); pre summary ]

    /// Where it ran.
    let versions (application: Application) : string =
        let own = typeof<Application>.Assembly.GetName().Version

        Html.section
            "Versions"
            [
                Html.facts
                    [
                        "Deeplay", own.ToString 3
                        "torch", Native.describe ()
                        ".NET", RuntimeInformation.FrameworkDescription
                        "system",
                        $"{RuntimeInformation.OSDescription.Trim()}, {string RuntimeInformation.OSArchitecture}"
                        "device", string application.Device
                    ]
            ]
