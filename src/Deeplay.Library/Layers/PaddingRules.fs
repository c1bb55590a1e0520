namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// The parameters, rules and definitions of padding in `n` dimensions.
module internal PaddingHelpers =
    let padding n =
        Param.perDimension "padding"
        |> Param.withCheck $"an int, or {2 * n} of them" (fun sides ->
            sides.Length = 1 || sides.Length = 2 * n)
        |> Param.withDocumentation
            "How much is added: one number for all sides, or one for each side, the last dimension's first. Less than 0 takes away."

    let value = Param.float "value" |> Param.withDocumentation "The number that is added."

    /// What is added before and after each of the last `n` dimensions, in the order of the dimensions.
    let sides n (arguments: Arguments) : (int64 * int64) list =
        Spatial.get (2 * n) arguments (padding n)
        |> List.chunkBySize 2
        |> List.rev
        |> List.map (fun side -> side[0], side[1])

    /// The rule for inputs of these ranks, of which the last `n` dimensions are padded; `expected` says what the padding
    /// of a dimension of some size must be.
    let private rule n ranks words expected (fits: int64 -> int64 -> bool) : ShapeRule =
        Rule.one (fun arguments input ->
            let sides = sides n arguments |> Array.ofList

            match input with
            | Unranked -> Rule.gives Unranked
            | Ranked dims when not (ranks dims.Length) -> Rule.fail $"an input {words}" input
            | Ranked dims ->
                let outer, inner = List.splitAt (dims.Length - n) dims

                inner
                |> Spatial.map (fun () -> Rule.fail expected input) (fun i size ->
                    let before, after = sides[i]
                    let size' = size + before + after

                    if fits (max before after) size && size' > 0L then Some size' else None)
                |> Result.bind (fun inner -> Rule.gives (Ranked(outer @ inner))))

    let private leaves = "sizes that leave something after the padding"

    // Source: PyTorch docs, torch.nn.ConstantPad1d and torch.nn.functional.pad: dimensions before the last may be many.
    let private constantRule n =
        rule n (fun rank -> rank >= n) $"of at least {n} dimensions" leaves (fun _ _ -> true)

    let private sizes n (arguments: Arguments) =
        match arguments["padding"] with
        | Unset -> "?"
        | value -> Extra.tuple (Spatial.ofValue (2 * n) value)

    let private shapes n =
        let names = [ "D"; "H"; "W" ] |> fun names -> if n = 1 then [ "L" ] else List.skip (3 - n) names

        let sizes = String.concat ", " names
        $"(…, {sizes}) → the same, each size with the padding of both its sides"

    let constant n =
        LayerDefinition.create
            $"ConstantPad{n}d"
            [ padding n; value ]
            (constantRule n)
            "Adds a number at the sides."
            (fun arguments -> $"padding={sizes n arguments}, " + Extra.named [ "value" ] arguments)
        |> Definition.withShapes (shapes n)

    let zero n =
        LayerDefinition.create
            $"ZeroPad{n}d"
            [ padding n ]
            (constantRule n)
            "Adds zeros at the sides."
            (sizes n)
        |> Definition.withShapes (shapes n)

    let private copying kind n expected fits documentation =
        let ranks rank = rank = n + 1 || rank = n + 2

        LayerDefinition.create
            $"{kind}Pad{n}d"
            [ padding n ]
            (rule n ranks (Spatial.words n) expected fits)
            documentation
            (sizes n)
        |> Definition.withShapes (Spatial.shapes n "C" "C" "size + the padding of both its sides")

    // Source of all three: PyTorch docs, torch.nn.ReflectionPad1d, ReplicationPad1d, CircularPad1d.
    let reflection n =
        copying "Reflection" n "sizes above the padding" (<) "Adds the input's reflection at the sides."

    let replication n =
        copying "Replication" n leaves (fun _ _ -> true) "Adds copies of the edge at the sides."

    let circular n =
        copying "Circular" n "sizes of at least the padding" (<=) "Adds the input's other end at the sides."
