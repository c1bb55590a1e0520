namespace Deeplay.Torch

open System
open System.Diagnostics
open Spectre.Console

/// How a run is shown while it goes on.
[<NoEquality; NoComparison>]
type ProgressBar =
    {
        /// Whether the line of each epoch stays when the next begins, as in Lightning.
        Leave: bool
        /// Where it is shown; None for the program's standard output.
        Console: IAnsiConsole option
    }

/// Shows how a run goes on. A terminal has a line that is kept up to date: epoch, batches, remaining time, rate, loss and metrics.
/// What goes into a file or a pipe, runs in CI (`CI` is set) or on a terminal that is none (`TERM=dumb`) is a plain line for each epoch,
/// without control characters.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module ProgressBar =
    /// On the standard output; the line of an epoch gives way to that of the next.
    let defaults: ProgressBar = { Leave = false; Console = None }

    // So often people can read it, and so seldom is a device waited for.
    let private interval = TimeSpan.FromSeconds 0.1

    // Whether the standard output is a terminal whose lines can be written anew.
    let internal isTerminal (variable: string -> string) isRedirected =
        not isRedirected && String.IsNullOrEmpty(variable "CI") && variable "TERM" <> "dumb"

    let private isLive (console: IAnsiConsole) =
        console.Profile.Capabilities.Ansi && console.Profile.Capabilities.Interactive

    // What an epoch measured: losses first, the learning rate last.
    let private measured (record: EpochRecord) =
        record.Metrics
        |> Map.toList
        |> List.sortBy (fun (name, _) ->
            if name.EndsWith("loss", StringComparison.Ordinal) then 0
            elif name = "lr" then 2
            else 1)

    /// The same with a clock, and the answer whether the lines of the console can be written anew.
    let internal watch (now: unit -> TimeSpan) live (rule: ProgressBar) (console: IAnsiConsole) (run: TrainingRun) =
        let mutable began = now ()
        let mutable shown = TimeSpan.MinValue
        let mutable epoch = -1
        let mutable first = 0L
        let mutable seen = 0L
        let mutable last: (string * float) list = []
        // Whether the cursor stands at the end of a line that may be written anew.
        let mutable isOpen = false

        let standing epoch batch values =
            {
                Epoch = epoch
                Epochs = run.Epochs
                Batch = batch
                Batches = run.Batches
                Watched = batch - first
                Elapsed = now () - began
                Values = values
            }

        let write markup =
            console.Write(ControlCode "\r\u001b[2K")
            console.Write(Markup markup)
            isOpen <- true

        let finish () =
            if isOpen then
                console.WriteLine()
                isOpen <- false

        let show standing =
            write (ProgressLine.live console.Profile.Capabilities.Unicode console.Profile.Width standing)

        let begin' number batch =
            if number <> epoch then
                if rule.Leave then finish ()
                epoch <- number
                first <- batch
                seen <- batch

        let plain (text: string) =
            console.Profile.Out.Writer.WriteLine text
            console.Profile.Out.Writer.Flush()

        {
            BatchEnd =
                fun batch ->
                    begin' batch.Epoch batch.Batch
                    seen <- batch.Batch + 1L
                    let time = now ()

                    if live && (shown = TimeSpan.MinValue || time - shown >= interval) then
                        shown <- time
                        show (standing batch.Epoch seen (("loss", batch.Loss) :: last))
            ValidationEnd = ignore
            EpochEnd =
                fun record ->
                    begin' record.Epoch 0L
                    last <- measured record
                    let standing = standing record.Epoch seen last
                    if live then show standing else plain (ProgressLine.plain standing)
                    began <- now ()
            End =
                fun () ->
                    finish ()

                    match run.Stopped with
                    | Some reason when live -> console.WriteLine reason
                    | Some reason -> plain reason
                    | None -> ()
        }

    /// The callback that shows runs.
    let callback (rule: ProgressBar) : Callback =
        Callback.create "ProgressBar" (fun run ->
            let clock = Stopwatch.StartNew()

            let console, live =
                match rule.Console with
                | Some console -> console, isLive console
                | None ->
                    let isTerminal = isTerminal Environment.GetEnvironmentVariable Console.IsOutputRedirected
                    AnsiConsole.Console, isTerminal && isLive AnsiConsole.Console

            watch (fun () -> clock.Elapsed) live rule console run)
