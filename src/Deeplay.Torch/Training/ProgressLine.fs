namespace Deeplay.Torch

open System
open System.Globalization
open Deeplay.Core

/// Where a run stands, for a line that shows it.
type internal Standing =
    {
        /// Counted from 0.
        Epoch: int
        Epochs: int64
        /// Batches of the epoch that are done.
        Batch: int64
        Batches: int64 option
        /// Batches since the epoch began to be watched, and how long they took.
        Watched: int64
        Elapsed: TimeSpan
        /// Numbers by their names, the most important ones first.
        Values: (string * float) list
    }

/// Lines that tell where a run stands: pure texts, with Spectre's markup where they are for a terminal.
[<RequireQualifiedAccess>]
module internal ProgressLine =
    let private invariant = CultureInfo.InvariantCulture

    /// A number as people read it: four significant digits.
    let number (value: float) =
        let size = abs value

        if size = 0.0 || not (Double.IsFinite value) then
            value.ToString("R", invariant)
        elif size < 1e-3 || size >= 1e6 then
            value.ToString("0.00e+0", invariant)
        else
            let decimals = max 0 (3 - int (floor (log10 size)))
            value.ToString("0." + String('#', decimals), invariant)

    /// A time as 0:42, 12:07 or 1:02:07.
    let time (span: TimeSpan) =
        let seconds = int64 (Math.Min(1e9, Math.Round span.TotalSeconds))
        let minutes, hours = seconds / 60L % 60L, seconds / 3600L
        let rest = (seconds % 60L).ToString("00", invariant)

        if hours > 0L then
            $"{string hours}:" + minutes.ToString("00", invariant) + $":{rest}"
        else
            $"{string minutes}:{rest}"

    let private epoch (standing: Standing) = $"epoch {string (standing.Epoch + 1)}/{string standing.Epochs}"

    let private rate (standing: Standing) =
        if standing.Watched = 0L || standing.Elapsed <= TimeSpan.Zero then
            None
        else
            Some(float standing.Watched / standing.Elapsed.TotalSeconds)

    let private values (standing: Standing) =
        standing.Values |> List.map (fun (name, value) -> $"{name} {number value}")

    /// An epoch that is over, as a plain line: its number counted from 1, the batches, the time, what was measured.
    let plain (standing: Standing) : string =
        [
            epoch standing
            $"{string standing.Batch} batches in {time standing.Elapsed}"
            yield! values standing
        ]
        |> String.concat "  "

    // A bar of so many characters, as markup.
    let private bar unicode width (share: float) =
        let full = int (Math.Round(share * float width)) |> max 0 |> min width
        let done', left = (if unicode then '━' else '#'), (if unicode then '─' else '-')
        $"[green]{String(done', full)}[/][grey]{String(left, width - full)}[/]"

    let private barWidth = 20

    /// The standing within an epoch as markup of one line that is shorter than `width`: what doesn't fit is left out, the least
    /// important first.
    let live unicode (width: int) (standing: Standing) : string =
        let rate = rate standing

        let remaining =
            match standing.Batches, rate with
            | Some batches, Some rate when rate > 0.0 ->
                [ "left " + time (TimeSpan.FromSeconds(Math.Min(1e9, float (batches - standing.Batch) / rate))) ]
            | _ -> []

        let share = standing.Batches |> Option.map (fun batches -> float standing.Batch / float (max 1L batches))

        let batches =
            match standing.Batches with
            | Some all -> $"{string standing.Batch}/{string all}"
            | None -> $"{string standing.Batch} batches"

        let speed = rate |> Option.map (fun rate -> $"{number rate} batches/s") |> Option.toList

        // When it is over, what came of it matters more than how fast it was.
        let texts =
            if standing.Batches = Some standing.Batch then
                batches :: values standing @ [ "in " + time standing.Elapsed ] @ speed
            else
                batches :: remaining @ speed @ values standing

        // A text of `used` characters with as many of these as fit.
        let rec fit used texts =
            match texts with
            | (text: string) :: rest when used + 2 + text.Length < width -> text :: fit (used + 2 + text.Length) rest
            | _ -> []

        let head = epoch standing
        let hasBar = share.IsSome && head.Length + 2 + barWidth + 2 + batches.Length < width
        let used = head.Length + (if hasBar then 2 + barWidth else 0)
        let shown = fit used texts |> List.map (fun text -> text.Replace("[", "[[").Replace("]", "]]"))
        let head = if head.Length < width then head else head.Substring(0, max 0 (width - 1))

        String.concat
            "  "
            [
                $"[bold]{head}[/]"
                if hasBar then bar unicode barWidth share.Value
                yield! shown
            ]
