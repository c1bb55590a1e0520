namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp
open Checked

/// The parameters and rules of convolutions in `n` dimensions.
module internal ConvolutionHelpers =
    let inChannels =
        Common.positive "in_channels"
        |> Param.inferred
        |> Param.withDocumentation "The channels of the input; inferred where not set."

    let outChannels = Common.positive "out_channels" |> Param.withDocumentation "The channels of the output."

    let kernelSize n =
        Spatial.perDimension n 1 "kernel_size" |> Param.withDocumentation "The size of the kernel."

    let stride n =
        Spatial.perDimension n 1 "stride"
        |> Param.withDefault [ 1 ]
        |> Param.withDocumentation "How far the kernel moves."

    let padding n =
        Spatial.perDimension n 0 "padding"
        |> Param.withDefault [ 0 ]
        |> Param.withDocumentation "How much is added at each side."

    /// Sizes, or one of the texts "same" and "valid".
    let paddingOrText n =
        let sizes = padding n

        sizes.With(fun p ->
            { p with
                Type = AnyType
                Documentation = "How much is added at each side, or 'same' or 'valid'."
                Check =
                    fun value ->
                        match value with
                        | Text("same" | "valid") -> None
                        | Int _
                        | List _ -> p.Check value
                        | _ -> Some "whole numbers, 'same' or 'valid'"
            })

    let paddingText = (Param.oneOf [ "same"; "valid" ] "padding").With(fun p -> { p with Default = Int 0L })

    let dilation n =
        Spatial.perDimension n 1 "dilation"
        |> Param.withDefault [ 1 ]
        |> Param.withDocumentation "The distance between the elements of the kernel."

    let groups =
        Common.positive "groups"
        |> Param.withDefault 1
        |> Param.withDocumentation "The number of groups that channels are only connected within."

    let paddingMode modes =
        Param.oneOf modes "padding_mode"
        |> Param.withDefault "zeros"
        |> Param.withDocumentation "What is added at the sides."

    let outputPadding n =
        Spatial.perDimension n 0 "output_padding"
        |> Param.withDefault [ 0 ]
        |> Param.withDocumentation "How much is added at one side of the output."

    /// A rule whose spatial sizes come from `spatial`, and whose channels are given.
    let private rule
        n
        (spatial: Arguments -> Shape -> Dim list -> Result<Dim list, OpShape.Problem>)
        : ShapeRule =
        Rule.one (fun arguments input ->
            let output = int64 (arguments.Get outChannels)

            Spatial.split n input (fun batch channels sizes ->
                Rule.width arguments inChannels $"in dimension {batch.Length} the size" channels input
                |> Result.bind (fun (_, inferred) ->
                    spatial arguments input sizes
                    |> Result.map (fun sizes ->
                        { Outputs = [ Ranked(batch @ Known output :: sizes) ]; Inferred = inferred }))))

    let convolutionShapes n =
        Spatial.shapes
            n
            "in_channels"
            "out_channels"
            "⌊(size + 2 · padding − dilation · (kernel_size − 1) − 1) / stride⌋ + 1"

    let transposedShapes n =
        Spatial.shapes
            n
            "in_channels"
            "out_channels"
            "(size − 1) · stride − 2 · padding + dilation · (kernel_size − 1) + output_padding + 1"

    // Source: PyTorch docs, torch.nn.ReflectionPad1d and CircularPad1d: what is copied from inside must be there.
    let private padded (arguments: Arguments) (padding: int64 list) input sizes =
        let check expected fits =
            sizes
            |> Spatial.map
                (fun () -> Rule.fail $"spatial sizes {expected} the padding {Extra.tuple padding}" input)
                (fun i size -> if fits size padding[i] then Some size else None)

        match arguments.Get(paddingMode []) with
        | "reflect" -> check "above" (>)
        | "circular" -> check "of at least" (>=)
        | _ -> Ok sizes

    // Source: PyTorch docs, torch.nn.Conv2d, "Shape".
    let convolution n : ShapeRule =
        rule n (fun arguments input sizes ->
            let kernel = Spatial.get n arguments (kernelSize n)
            let stride = Spatial.get n arguments (stride n)
            let dilation = Spatial.get n arguments (dilation n)

            match arguments["padding"] with
            | Text "same" ->
                let total = List.map2 (fun k d -> d * (k - 1L)) kernel dilation
                padded arguments (total |> List.map (fun t -> t - t / 2L)) input sizes
            | padding ->
                let padding =
                    match padding with
                    | Text _ -> List.replicate n 0L
                    | sizes -> Spatial.ofValue n sizes

                let reach = List.map2 (fun k d -> d * (k - 1L) + 1L) kernel dilation

                let expected =
                    $"spatial sizes that with a padding of {Extra.tuple padding} are at least {Extra.tuple reach}"

                padded arguments padding input sizes
                |> Result.bind (
                    Spatial.map (fun () -> Rule.fail expected input) (fun i size ->
                        let room = size + 2L * padding[i] - reach[i]
                        if room < 0L then None else Some(room / stride[i] + 1L))
                ))

    // Source: PyTorch docs, torch.nn.ConvTranspose2d, "Shape".
    let transposed n : ShapeRule =
        rule n (fun arguments input sizes ->
            let kernel = Spatial.get n arguments (kernelSize n)
            let stride = Spatial.get n arguments (stride n)
            let padding = Spatial.get n arguments (padding n)
            let more = Spatial.get n arguments (outputPadding n)
            let dilation = Spatial.get n arguments (dilation n)

            Spatial.map
                (fun () -> Rule.fail "spatial sizes that leave something after the padding" input)
                (fun i size ->
                    let size =
                        (size - 1L) * stride[i] - 2L * padding[i]
                        + dilation[i] * (kernel[i] - 1L)
                        + more[i]
                        + 1L

                    if size < 1L then None else Some size)
                sizes)

    /// What PyTorch prints: kernel and stride always, the rest where it is not the default.
    let extra n (arguments: Arguments) =
        let tuple name =
            match arguments[name] with
            | Unset -> "?"
            | Text text -> text
            | sizes -> Extra.tuple (Spatial.ofValue n sizes)

        let unless standard name =
            if
                arguments.Signature.Has name
                && (match arguments[name] with
                    | Text _ -> true
                    | sizes -> List.exists (fun size -> size <> standard) (Spatial.ofValue n sizes))
            then
                [ $"{name}={tuple name}" ]
            else
                []

        [
            Extra.value arguments "in_channels"
            Extra.value arguments "out_channels"
            "kernel_size=" + tuple "kernel_size"
            "stride=" + tuple "stride"
            yield! unless 0L "padding"
            yield! unless 1L "dilation"
            yield! unless 0L "output_padding"
            if arguments["groups"] <> Int 1L then "groups=" + Extra.value arguments "groups"
            if arguments["bias"] = Bool false then "bias=False"
            match arguments["padding_mode"] with
            | Text "zeros"
            | Unset -> ()
            | Text mode -> $"padding_mode={mode}"
            | _ -> ()
        ]
        |> String.concat ", "

    /// The kernel (out, in / groups, sizes), or (in, out / groups, sizes) where transposed, and the bias (out).
    let weights n isTransposed (arguments: Arguments) =
        match arguments["in_channels"], arguments["out_channels"], arguments["groups"] with
        | Int input, Int output, Int groups when arguments["kernel_size"] <> Unset ->
            let kernel = Spatial.get n arguments (kernelSize n)

            let channels = if isTransposed then [ input; output / groups ] else [ output; input / groups ]

            [ "weight", channels @ kernel; if arguments["bias"] = Bool true then "bias", [ output ] ]
        | _ -> []
