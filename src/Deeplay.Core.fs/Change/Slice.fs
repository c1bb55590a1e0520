namespace Deeplay.Core

/// A slice with Python's meaning: negative numbers count from the end, what is not given is open.
type Slice = { Start: int option; Stop: int option; Step: int option }

[<RequireQualifiedAccess>]
module Slice =
    /// Everything.
    let all = { Start = None; Stop = None; Step = None }

    /// The places that a slice selects from `length` items, in the order it visits them. A step of 0 selects nothing
    /// and is refused where slices are read.
    let indices length (slice: Slice) =
        let step = defaultArg slice.Step 1

        let clamp low high value =
            let value = if value < 0 then value + length else value
            max low (min high value)

        if step > 0 then
            let start = slice.Start |> Option.map (clamp 0 length) |> Option.defaultValue 0
            let stop = slice.Stop |> Option.map (clamp 0 length) |> Option.defaultValue length
            [ for i in start..step .. stop - 1 -> i ]
        elif step < 0 then
            let start = slice.Start |> Option.map (clamp -1 (length - 1)) |> Option.defaultValue (length - 1)

            let stop = slice.Stop |> Option.map (clamp -1 (length - 1)) |> Option.defaultValue -1

            [ for i in start..step .. stop + 1 -> i ]
        else
            []

    /// The items that a slice selects.
    let apply (slice: Slice) (items: 'a list) =
        let items = Array.ofList items
        indices items.Length slice |> List.map (fun i -> items[i])

    /// The item at one place alone; negative from the end.
    let only place =
        { all with
            Start = Some place
            // -1 is the last, and the largest number there is has none behind it: open.
            Stop = if place = -1 || place = System.Int32.MaxValue then None else Some(place + 1)
        }

    /// The slice as Python writes it.
    let print (slice: Slice) =
        let part number = number |> Option.map string |> Option.defaultValue ""

        let step =
            match slice.Step with
            | Some step -> ":" + string step
            | None -> ""

        $"{part slice.Start}:{part slice.Stop}{step}"
