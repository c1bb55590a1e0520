module Deeplay.Bench.Measure

open System
open System.Diagnostics
open System.Globalization

/// One measured figure with what is wanted of it.
type Figure =
    {
        Name: string
        Value: float
        Bound: float
        /// Whether the value must not exceed the bound, or must reach it.
        AtMost: bool
    }

    member this.IsShort =
        Double.IsNaN this.Value
        || (if this.AtMost then this.Value > this.Bound else this.Value < this.Bound)

/// The figure as a line: `name value bound ok|short`.
let print (figure: Figure) =
    let number (value: float) = value.ToString("0.####", CultureInfo.InvariantCulture)

    let verdict = if figure.IsShort then "short" else "ok"
    printfn "%s %s %s %s" figure.Name (number figure.Value) (number figure.Bound) verdict

/// A figure that must not exceed its bound.
let atMost bound name value = { Name = name; Value = value; Bound = bound; AtMost = true }

/// A figure that must reach its bound.
let atLeast bound name value = { Name = name; Value = value; Bound = bound; AtMost = false }

let median (values: float seq) =
    let sorted = values |> Seq.sort |> Array.ofSeq
    let middle = sorted.Length / 2

    if sorted.Length % 2 = 1 then sorted[middle] else (sorted[middle - 1] + sorted[middle]) / 2.0

/// Seconds that `work` takes.
let seconds (work: unit -> unit) =
    let watch = Stopwatch.StartNew()
    work ()
    watch.Elapsed.TotalSeconds

/// The medians of the seconds that one call of each takes, over many short rounds taken in turn, so that what else the
/// machine does hits both alike. `after` clears up what a round kept.
let inTurn rounds (a: unit -> unit) (b: unit -> unit) (after: unit -> unit) =
    let round calls work =
        after ()

        seconds (fun () ->
            for _ in 1..calls do
                work ())
        / float calls

    // Tiered compilation replaces code while it runs.
    let warm = Stopwatch.StartNew()
    let mutable fastestA, fastestB = infinity, infinity

    while warm.Elapsed.TotalSeconds < 4.0 do
        fastestA <- min fastestA (round 1 a)
        fastestB <- min fastestB (round 1 b)

    // As many in a round as make it long beside what the clock and cold memory add.
    let calls fastest = max 1 (int (0.01 / max 1e-9 fastest))
    let callsA, callsB = calls fastestA, calls fastestB
    GC.Collect()
    let timesA, timesB = Array.zeroCreate rounds, Array.zeroCreate rounds

    for i in 0 .. rounds - 1 do
        if i % 2 = 0 then
            timesA[i] <- round callsA a
            timesB[i] <- round callsB b
        else
            timesB[i] <- round callsB b
            timesA[i] <- round callsA a

    median timesA, median timesB

/// How much longer `a` takes than `b`.
let ratio rounds a b =
    let timeA, timeB = inTurn rounds a b ignore
    timeA / timeB

/// The same for work that may take long: as many rounds as fill about so many seconds.
let ratioWithin budget a b =
    let once = max 0.02 (seconds a + seconds b)
    ratio (Math.Clamp(int (budget / once), 7, 201)) a b

/// Managed bytes that one call allocates on this thread, once everything is compiled and remembered.
let bytes (work: unit -> unit) =
    let calls = 200

    let allocated () =
        let before = GC.GetAllocatedBytesForCurrentThread()

        for _ in 1..calls do
            work ()

        float (GC.GetAllocatedBytesForCurrentThread() - before) / float calls

    allocated () |> ignore
    allocated ()

/// The exponent of growth between two sizes.
let exponent small large (timeSmall: float) (timeLarge: float) =
    Math.Log(timeLarge / timeSmall) / Math.Log(float large / float small)
