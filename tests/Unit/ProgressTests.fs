/// What a run shows while it goes on: on a terminal, and where there is none.
module Deeplay.Tests.ProgressTests

open System
open System.IO
open System.Text.RegularExpressions
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Spectre.Console
open Expecto
open Deeplay.Tests
open Deeplay.Tests.TrainingHelp

let private console (live: bool) width =
    let text = new StringWriter()

    let settings =
        AnsiConsoleSettings(
            Ansi = (if live then AnsiSupport.Yes else AnsiSupport.No),
            Interactive = (if live then InteractionSupport.Yes else InteractionSupport.No),
            ColorSystem = ColorSystemSupport.NoColors,
            Out = AnsiConsoleOutput text
        )

    settings.Enrichment.UseDefaultEnrichers <- false
    let console = AnsiConsole.Create settings
    console.Profile.Width <- width
    console.Profile.Capabilities.Unicode <- true
    console, text

// A clock that goes on by so many seconds whenever it is looked at.
let private clock (seconds: float) =
    let mutable time = TimeSpan.Zero

    fun () ->
        time <- time + TimeSpan.FromSeconds seconds
        time

let private spec = classifier [ Layers.linear 2 2 ]

let private shown live width tick rule (change: FitOptions -> FitOptions) =
    let console, text = console live width
    use data = points ()
    let bar = Callback.create "ProgressBar" (fun run -> ProgressBar.watch (clock tick) live rule console run)
    let options = change { options 2 with Callbacks = [ bar ] }
    use application = Application.fit options data spec
    application, text.ToString()

// What a terminal ends up showing: a line that is erased is gone.
let private screen (text: string) =
    text.Split '\n'
    |> List.ofArray
    |> List.map (fun line ->
        Regex.Split(line, @"\r\x1b\[2K")
        |> Array.last
        |> fun line -> Regex.Replace(line, @"\x1b\[[0-9;]*m", ""))

let private updates (text: string) = Regex.Matches(text, @"\r\x1b\[2K").Count

[<Tests>]
let tests =
    torchTests
        "ProgressTests"
        [
            testCase "where lines can't be written anew there is a plain one for each epoch" (fun () ->
                let application, text = shown false 40 1.0 ProgressBar.defaults id
                Assert.isFalse (text |> Seq.exists (fun c -> Char.IsControl c && not (Environment.NewLine.Contains c)))
                let lines = text.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries)
                Assert.equal 2 lines.Length
                let loss = ProgressLine.number application.History.Epochs[1].Metrics["train_loss"]
                let accuracy = ProgressLine.number application.History.Epochs[1].Metrics["train_accuracy"]

                Assert.isTrue (
                    Regex.IsMatch(lines[0], @"^epoch 1/2  4 batches in 0:0\d  train_loss \S+  train_accuracy \S+$")
                )

                Assert.endsWith $"train_loss {loss}  train_accuracy {accuracy}" lines[1])

            testCase "a terminal has one line, which stays at the end" (fun () ->
                let application, text = shown true 160 1.0 ProgressBar.defaults id
                let lines = screen text
                Assert.equal 2 lines.Length
                Assert.equal "" lines[1]
                let loss = ProgressLine.number application.History.Epochs[1].Metrics["train_loss"]
                Assert.startsWith "epoch 2/2  ━━━━━━━━━━━━━━━━━━━━  4/4  train_loss " lines[0]
                Assert.containsText $"train_loss {loss}" lines[0]
                // Each batch, as each took a second, and each epoch.
                Assert.equal 10 (updates text)

                Assert.containsText
                    "epoch 1/2  ━━━━━━━━━━──────────  2/4  left 0:0"
                    (Regex.Replace(text, @"\x1b\[[0-9;]*m", "")))

            testCase "the line of each epoch can stay" (fun () ->
                let _, text = shown true 160 1.0 { ProgressBar.defaults with Leave = true } id
                let lines = screen text
                Assert.equal 3 lines.Length
                Assert.startsWith "epoch 1/2" lines[0]
                Assert.startsWith "epoch 2/2" lines[1])

            testCase "it is written anew ten times a second at most" (fun () ->
                // The clock is looked at two times or three for a batch.
                let _, text = shown true 160 0.001 ProgressBar.defaults (fun options -> { options with MaxEpochs = 3 })
                // The first batch and three epochs.
                Assert.equal 4 (updates text))

            testCase "no line is wider than the terminal" (fun () ->
                for width in [ 5; 9; 20; 40; 60; 80 ] do
                    let _, text = shown true width 1.0 ProgressBar.defaults id

                    for update in Regex.Split(text, @"\r\x1b\[2K|\n") do
                        Assert.isTrue (Regex.Replace(update, @"\x1b\[[0-9;]*m", "").TrimEnd('\r').Length < width))

            testCase "a run that ends early says why" (fun () ->
                for live in [ true; false ] do
                    let stop = Callback.onEpochEnd (fun run _ -> run.Stop "Enough [of] it.")

                    let _, text =
                        shown live 160 1.0 ProgressBar.defaults (fun options ->
                            { options with Callbacks = options.Callbacks @ [ stop ] })

                    let lines = screen text |> List.map _.Trim('\r')
                    Assert.equal "Enough [of] it." lines[lines.Length - 2])

            testCase "standing as text" (fun () ->
                let standing =
                    {
                        Epoch = 2
                        Epochs = 10L
                        Batch = 30L
                        Batches = Some 120L
                        Watched = 20L
                        Elapsed = TimeSpan.FromSeconds 5.0
                        Values = [ "loss", 0.123456; "a[b]", 1e-5 ]
                    }

                Assert.equal
                    "[bold]epoch 3/10[/]  [green]#####[/][grey]---------------[/]  30/120  left 0:22  4 batches/s  loss 0.1235  a[[b]] 1.00e-5"
                    (ProgressLine.live false 200 standing)

                Assert.equal
                    "[bold]epoch 3/10[/]  120/120  loss 0.1235"
                    (ProgressLine.live true 35 { standing with Batch = 120L })

                Assert.equal "[bold]epoch 3/10[/]  30/120" (ProgressLine.live true 20 standing)

                Assert.equal
                    "[bold]epoch 3/10[/]  30 batches  4 batches/s"
                    (ProgressLine.live true 40 { standing with Batches = None })

                Assert.equal "epoch 3/10  30 batches in 0:05  loss 0.1235  a[b] 1.00e-5" (ProgressLine.plain standing)

                for value, expected in
                    [
                        0.0, "0"
                        12345.678, "12346"
                        0.0012345, "0.001235"
                        99.996, "100"
                        nan, "NaN"
                        -infinity, "-Infinity"
                        0.5, "0.5"
                        2e6, "2.00e+6"
                    ] do
                    Assert.equal expected (ProgressLine.number value)

                for seconds, expected in
                    [ 0.4, "0:00"; 59.6, "1:00"; 3599.0, "59:59"; 3661.0, "1:01:01"; 360000.0, "100:00:00" ] do
                    Assert.equal expected (ProgressLine.time (TimeSpan.FromSeconds seconds)))

            testCase "a log is no terminal" (fun () ->
                let variables pairs name = Map.ofList pairs |> Map.tryFind name |> Option.toObj
                Assert.isTrue (ProgressBar.isTerminal (variables [ "TERM", "xterm" ]) false)
                Assert.isFalse (ProgressBar.isTerminal (variables [ "TERM", "xterm" ]) true)
                Assert.isFalse (ProgressBar.isTerminal (variables [ "TERM", "dumb" ]) false)
                Assert.isFalse (ProgressBar.isTerminal (variables [ "CI", "true" ]) false)

                // A console of one's own tells itself.
                let console, text = console false 80
                use data = points ()
                let bar = ProgressBar.callback { ProgressBar.defaults with Console = Some console }
                use _application = Application.fit { options 1 with Callbacks = [ bar ] } data spec
                Assert.startsWith "epoch 1/1  4 batches in 0:0" (text.ToString()))
        ]
