namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

[<NoComparison; ReferenceEquality>]
type internal ConstantPad = { padding: Param<int list>; value: Param<float>; definition: Definition }

[<NoComparison; ReferenceEquality>]
type internal Pad = { padding: Param<int list>; definition: Definition }

[<AutoOpen>]
module internal PaddingLayers =
    let private padding n =
        Param.perDimension "padding"
        |> Param.withCheck $"an int, or {2 * n} of them" (fun sides ->
            sides.Length = 1 || sides.Length = 2 * n)
        |> Param.withDocumentation
            "How much is added: one number for all sides, or one for each side, the last dimension's first. Less than 0 takes away."

    /// The rule for inputs that `accept` takes, of which the last `n` dimensions are padded; `expected` says what the padding
    /// of a dimension of some size must be.
    let private rule n accept expected (fits: int64 -> int64 -> bool) : ShapeRule =
        accept (fun arguments ->
            // Before and after each dimension.
            let sides =
                Spatial.get (2 * n) arguments (padding n) |> List.chunkBySize 2 |> List.rev |> Array.ofList

            fun (dims: Dim list) ->
                let outer, inner = List.splitAt (dims.Length - n) dims

                inner
                |> Spatial.map (fun () -> Rule.fail expected (Ranked dims)) (fun i size ->
                    let size' = size + List.sum sides[i]
                    if fits (List.max sides[i]) size && size' > 0L then Some size' else None)
                |> Result.bind (fun inner -> Rule.gives (Ranked(outer @ inner))))

    let private leaves = "sizes that leave something after the padding"
    let private always _ _ = true

    let private sizes n (arguments: Arguments) =
        match arguments["padding"] with
        | Unset -> "?"
        | value -> Extra.tuple (Spatial.ofValue (2 * n) value)

    // Source: PyTorch docs, torch.nn.ConstantPad1d and torch.nn.functional.pad: dimensions before the last may be many.
    let private filling kind n more documentation extra =
        let padding = padding n

        padding,
        Layer.create
            $"{kind}Pad{n}d"
            ((padding :> Param) :: more)
            (rule n (Rule.atLeast n $"{n} dimensions") leaves always)
            documentation
            $"{Spatial.last n} → the same, each size with the padding of both its sides"
            extra

    let private constant n : ConstantPad =
        let value = Param.float "value" |> Param.withDocumentation "The number that is added."
        let extra arguments = $"padding={sizes n arguments}, " + Extra.named [ "value" ] arguments
        let padding, definition = filling "Constant" n [ value ] "Adds a number at the sides." extra
        { padding = padding; value = value; definition = definition }

    let private zero n : Pad =
        let padding, definition = filling "Zero" n [] "Adds zeros at the sides." (sizes n)
        { padding = padding; definition = definition }

    // Source: PyTorch docs, torch.nn.ReflectionPad1d, ReplicationPad1d, CircularPad1d.
    let private copying kind expected fits documentation n : Pad =
        let padding = padding n
        let accept = Rule.ofRank (fun rank -> rank = n + 1 || rank = n + 2) (Spatial.words n)

        {
            padding = padding
            definition =
                Layer.create
                    $"{kind}Pad{n}d"
                    [ padding ]
                    (rule n accept expected fits)
                    documentation
                    (Spatial.shapes n "C" "C" "size + the padding of both its sides")
                    (sizes n)
        }

    let private reflection =
        copying "Reflection" "sizes above the padding" (<) "Adds the input's reflection at the sides."

    let private replication = copying "Replication" leaves always "Adds copies of the edge at the sides."

    let private circular =
        copying "Circular" "sizes of at least the padding" (<=) "Adds the input's other end at the sides."

    let ConstantPad1d, ConstantPad2d, ConstantPad3d = constant 1, constant 2, constant 3
    let ZeroPad1d, ZeroPad2d, ZeroPad3d = zero 1, zero 2, zero 3
    let ReflectionPad1d, ReflectionPad2d, ReflectionPad3d = reflection 1, reflection 2, reflection 3
    let ReplicationPad1d, ReplicationPad2d, ReplicationPad3d = replication 1, replication 2, replication 3
    let CircularPad1d, CircularPad2d, CircularPad3d = circular 1, circular 2, circular 3

    let all =
        [ for pad in [ ConstantPad1d; ConstantPad2d; ConstantPad3d ] -> pad.definition ]
        @ [
            for pad in
                [
                    ZeroPad1d
                    ZeroPad2d
                    ZeroPad3d
                    ReflectionPad1d
                    ReflectionPad2d
                    ReflectionPad3d
                    ReplicationPad1d
                    ReplicationPad2d
                    ReplicationPad3d
                    CircularPad1d
                    CircularPad2d
                    CircularPad3d
                ] -> pad.definition
        ]
