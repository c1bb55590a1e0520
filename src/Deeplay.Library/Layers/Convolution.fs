namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp
open Checked

module internal ConvolutionRules =
    /// What PyTorch prints: kernel and stride always, the rest where it is not the default.
    let extra n (arguments: Arguments) =
        let tuple name =
            match arguments[name] with
            | Unset -> "?"
            | Text text -> text
            | sizes -> Extra.tuple (Sizes.ofValue n sizes)

        let isStandard standard name =
            match arguments[name] with
            | Text _ -> false
            | sizes -> List.forall ((=) standard) (Sizes.ofValue n sizes)

        [
            Extra.value arguments "in_channels"
            Extra.value arguments "out_channels"
            "kernel_size=" + tuple "kernel_size"
            "stride=" + tuple "stride"
            for name, standard in [ "padding", 0L; "dilation", 1L; "output_padding", 0L ] do
                if arguments.Signature.Has name && not (isStandard standard name) then $"{name}={tuple name}"
            if arguments["groups"] <> Int 1L then "groups=" + Extra.value arguments "groups"
            if arguments["bias"] = Bool false then "bias=False"
            match arguments["padding_mode"] with
            | Text mode when mode <> "zeros" -> $"padding_mode={mode}"
            | _ -> ()
        ]
        |> String.concat ", "

    /// The kernel (out, in / groups, sizes), or (in, out / groups, sizes) where transposed, and the bias (out).
    let weights n isTransposed (arguments: Arguments) =
        match arguments["in_channels"], arguments["out_channels"], arguments["groups"] with
        | Int input, Int output, Int groups when arguments["kernel_size"] <> Unset ->
            let kernel = Sizes.ofValue n arguments["kernel_size"]
            let channels = if isTransposed then [ input; output / groups ] else [ output; input / groups ]
            [ "weight", channels @ kernel; if arguments["bias"] = Bool true then "bias", [ output ] ]
        | _ -> []

/// What convolutions in `n` dimensions and their transposes have in common.
type internal ConvolutionKeys(n, modes) =
    member val inChannels =
        Key.positive "in_channels" "The channels of the input; inferred where not set." |> Param.inferred

    member val outChannels = Key.positive "out_channels" "The channels of the output."
    member val kernelSize = Spatial.perDimension n 1 "kernel_size" "The size of the kernel."

    member val stride = Spatial.perDimension n 1 "stride" "How far the kernel moves." |> Param.withDefault [ 1 ]

    member val dilation =
        Spatial.perDimension n 1 "dilation" "The distance between the elements of the kernel."
        |> Param.withDefault [ 1 ]

    member val groups =
        Key.positive "groups" "The number of groups that channels are only connected within."
        |> Param.withDefault 1

    member val bias = Key.bias
    member val paddingMode = Key.choice modes "padding_mode" "zeros" "What is added at the sides."

    /// A rule whose spatial sizes come from `spatial`.
    member keys.Rule(spatial: Arguments -> Shape -> Dim list -> Result<Dim list, OpShape.Problem>) : ShapeRule =
        Spatial.split n (fun arguments ->
            let output = Known(int64 (arguments.Get keys.outChannels))

            fun batch channels sizes ->
                let input = Ranked(batch @ channels :: sizes)
                let words = $"in dimension {string batch.Length} the size"

                Rule.width arguments keys.inChannels words channels input
                |> Result.bind (fun (_, inferred) ->
                    spatial arguments input sizes
                    |> Result.map (fun sizes ->
                        { Outputs = [ Ranked(batch @ output :: sizes) ]; Inferred = inferred })))

    /// The definition, whose kernel is transposed where `isTransposed`. `size` says how each size of the output follows,
    /// and `check` what else is wrong with the arguments.
    member keys.Define(id, isTransposed, more: Param list, rule, size, check) =
        let what = if isTransposed then "transposed convolution" else "convolution"
        let all = [ keys.inChannels :> Param; keys.outChannels; keys.kernelSize; keys.stride ] @ more
        let shapes = Spatial.shapes n "in_channels" "out_channels" size

        Layer.create $"{id}{string n}d" all rule $"A {what} over {Spatial.dimensions n}." shapes
        |> Definition.withExample
            [ keys.inChannels => 3; keys.outChannels => 8; keys.kernelSize => [ 3 ] ]
            [ Spatial.input n 3 8 ]
        |> Definition.withExtra (ConvolutionRules.extra n)
        |> Definition.withWeights (ConvolutionRules.weights n isTransposed)
        |> Definition.withMethods Reparametrization.all
        // Source: PyTorch, _ConvNd.__init__: "in_channels must be divisible by groups", and out_channels too.
        |> Definition.withCheck (fun arguments ->
            Key.groupsDivide keys.groups [ keys.inChannels; keys.outChannels ] arguments @ check arguments)

type internal ConvolutionOfSides(n) =
    inherit ConvolutionKeys(n, [ "zeros"; "reflect"; "replicate"; "circular" ])

    /// Sizes, or one of the texts "same" and "valid".
    member val padding =
        Spatial.perDimension n 0 "padding" "How much is added at each side, or 'same' or 'valid'."
        |> Key.mixed (Int 0L) (fun check value ->
            match value with
            | Text("same" | "valid") -> None
            | Int _
            | List _ -> check value
            | _ -> Some "whole numbers, 'same' or 'valid'")

    member val paddingText =
        Param.oneOf [ "same"; "valid" ] "padding"
        |> Param.withDocumentation "The padding as a text: 'same' for as much as keeps the sizes, 'valid' for nothing."
        |> _.With(fun p -> { p with Default = Int 0L })

    // Source: PyTorch docs, torch.nn.ReflectionPad1d and CircularPad1d: what is copied from inside must be there.
    member private keys.Padded (arguments: Arguments) (padding: int64 list) (input: Shape) sizes =
        let check expected fits =
            sizes
            |> Spatial.map
                (fun () -> Rule.fail $"spatial sizes {expected} the padding {Extra.tuple padding}" input)
                (fun i size -> if fits size padding[i] then Some size else None)

        match arguments.Get keys.paddingMode with
        | "reflect" -> check "above" (>)
        | "circular" -> check "of at least" (>=)
        | _ -> Ok sizes

    // Source: PyTorch docs, torch.nn.Conv2d, "Shape".
    member keys.Shape: ShapeRule =
        keys.Rule(fun arguments input sizes ->
            let kernel = Spatial.get n arguments keys.kernelSize
            let stride = Spatial.get n arguments keys.stride
            let dilation = Spatial.get n arguments keys.dilation
            let spread = List.map2 (fun k d -> d * (k - 1L)) kernel dilation

            match arguments["padding"] with
            | Text "same" -> keys.Padded arguments (spread |> List.map (fun s -> s - s / 2L)) input sizes
            | padding ->
                let padding =
                    match padding with
                    | Text _ -> List.replicate n 0L
                    | sizes -> Sizes.ofValue n sizes

                let reach = spread |> List.map (fun s -> s + 1L)

                let expected =
                    $"spatial sizes that with a padding of {Extra.tuple padding} are at least {Extra.tuple reach}"

                keys.Padded arguments padding input sizes
                |> Result.bind (
                    Spatial.map (fun () -> Rule.fail expected input) (fun i size ->
                        let room = size + 2L * padding[i] - reach[i]
                        if room < 0L then None else Some(room / stride[i] + 1L))
                ))

    // Source: PyTorch, _ConvNd.__init__: "padding='same' is not supported for strided convolutions".
    member keys.Check: Arguments -> (Param * string) list =
        fun arguments ->
            [
                if
                    arguments["padding"] = Text "same" && List.exists ((<>) 1L) (Spatial.get n arguments keys.stride)
                then
                    keys.stride, "1 where the padding is 'same'"
            ]

/// A convolution in `n` dimensions.
type internal Convolution(n) =
    inherit ConvolutionOfSides(n)

    member val definition =
        let more: Param list = [ base.padding; base.dilation; base.groups; base.bias; base.paddingMode ]
        let size = "⌊(size + 2 · padding − dilation · (kernel_size − 1) − 1) / stride⌋ + 1"
        base.Define("Conv", false, more, base.Shape, size, base.Check)

[<AutoOpen>]
module internal ConvolutionLayers =
    let Conv1d = Convolution 1
    let Conv2d = Convolution 2
    let Conv3d = Convolution 3
