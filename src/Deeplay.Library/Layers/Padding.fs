namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// What paddings of the last `n` dimensions have in common.
type internal PadKeys(n) =
    member val padding =
        Param.perDimension "padding"
        |> Param.withCheck $"an int, or {string (2 * n)} of them" (fun sides ->
            sides.Length = 1 || sides.Length = 2 * n)
        |> Param.withDocumentation
            "How much is added: one number for all sides, or one for each side, the last dimension's first. Less than 0 takes away."

    member _.leaves = "sizes that leave something after the padding"

    /// The definition for inputs that `accept` takes; `expected` says which sizes can be filled so.
    member keys.Define(kind, more, accept, expected, fill, documentation, shapes) =
        let rule: ShapeRule =
            accept (fun (arguments: Arguments) ->
                // Before and after each dimension.
                let sides =
                    Spatial.get (2 * n) arguments keys.padding
                    |> List.chunkBySize 2
                    |> List.rev
                    |> List.map (fun pair -> pair[0], pair[1])
                    |> Array.ofList

                fun (dims: Dim list) ->
                    let outer, inner = List.splitAt (dims.Length - n) dims

                    inner
                    |> Spatial.map (fun () -> Rule.fail expected (Ranked dims)) (fun i size ->
                        // What follows a layer is made for something.
                        ArrangeShape.paddedSize fill size sides[i] |> Option.filter (fun size -> size > 0L))
                    |> Result.bind (fun inner -> Rule.gives (Ranked(outer @ inner))))

        let extra (arguments: Arguments) =
            let sizes =
                match Sizes.ofValue (2 * n) arguments["padding"] with
                | [] -> "?"
                | sizes -> Extra.tuple sizes

            match more with
            | [] -> sizes
            | more -> $"padding={sizes}, " + Extra.named [ for key: Param in more -> key.Name ] arguments

        Layer.create $"{kind}Pad{string n}d" (keys.padding :: more) rule documentation shapes
        |> Definition.withExample [ keys.padding => [ 1 ] ] [ Spatial.input n 3 8 ]
        |> Definition.withExtra extra

    // Source: PyTorch docs, torch.nn.ConstantPad1d and torch.nn.functional.pad: dimensions before the last may be many.
    member keys.Filling(kind, more, documentation) =
        let shapes = $"{Spatial.last n} → the same, each size with the padding of both its sides"
        let accept = Rule.atLeast n $"{string n} dimensions"
        keys.Define(kind, more, accept, keys.leaves, PadFill.Constant 0.0, documentation, shapes)

    // Source: PyTorch docs, torch.nn.ReflectionPad1d, ReplicationPad1d, CircularPad1d.
    member keys.Copying(kind, expected, fill, documentation) =
        let shapes = Spatial.shapes n "C" "C" "size + the padding of both its sides"
        keys.Define(kind, [], Spatial.batchOrNone n, expected, fill, documentation, shapes)

type internal ConstantPadKeys(n) =
    inherit PadKeys(n)
    member val value = Param.float "value" |> Param.withDocumentation "The number that is added."

type internal ConstantPad(n) =
    inherit ConstantPadKeys(n)

    member val definition =
        base.Filling("Constant", [ base.value ], "Adds a number at the sides.")
        |> Layer.taking KindRule.kept
        |> Definition.withExample [ base.padding => [ 1 ]; base.value => 0.5 ] [ Spatial.input n 3 8 ]

type internal ZeroPad(n) =
    inherit PadKeys(n)
    member val definition = base.Filling("Zero", [], "Adds zeros at the sides.") |> Layer.taking KindRule.kept

type internal ReflectionPad(n) =
    inherit PadKeys(n)

    member val definition =
        base.Copying(
            "Reflection",
            "sizes above the padding",
            PadFill.Reflect,
            "Adds the input's reflection at the sides."
        )
        |> Layer.taking KindRule.numbers

type internal ReplicationPad(n) =
    inherit PadKeys(n)

    member val definition =
        base.Copying("Replication", base.leaves, PadFill.Replicate, "Adds copies of the edge at the sides.")
        |> Layer.taking KindRule.numbers

type internal CircularPad(n) =
    inherit PadKeys(n)

    member val definition =
        let expected = "sizes that are at least the padding after any crop"

        base.Copying("Circular", expected, PadFill.Circular, "Adds the input's other end at the sides.")
        |> Layer.taking KindRule.kept

[<AutoOpen>]
module internal PaddingLayers =
    let ConstantPad1d = ConstantPad 1
    let ConstantPad2d = ConstantPad 2
    let ConstantPad3d = ConstantPad 3
    let ZeroPad1d = ZeroPad 1
    let ZeroPad2d = ZeroPad 2
    let ZeroPad3d = ZeroPad 3
    let ReflectionPad1d = ReflectionPad 1
    let ReflectionPad2d = ReflectionPad 2
    let ReflectionPad3d = ReflectionPad 3
    let ReplicationPad1d = ReplicationPad 1
    let ReplicationPad2d = ReplicationPad 2
    let ReplicationPad3d = ReplicationPad 3
    let CircularPad1d = CircularPad 1
    let CircularPad2d = CircularPad 2
    let CircularPad3d = CircularPad 3
