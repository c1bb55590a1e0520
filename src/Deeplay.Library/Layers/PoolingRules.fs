namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp
open Checked

/// The parameters and rules of pools in `n` dimensions.
module internal PoolingHelpers =
    let kernelSize n =
        Spatial.perDimension n 1 "kernel_size" |> Param.withDocumentation "The size of the window."

    let stride n =
        Common.nullable (Spatial.perDimension n 1 "stride")
        |> Param.withDocumentation "How far the window moves; as far as it is large where null."

    let padding n =
        Spatial.perDimension n 0 "padding"
        |> Param.withDefault [ 0 ]
        |> Param.withDocumentation "How much is added at each side; at most half of the window."

    let dilation n =
        Spatial.perDimension n 1 "dilation"
        |> Param.withDefault [ 1 ]
        |> Param.withDocumentation "The distance between the elements of the window."

    let returnIndices =
        Param.bool "return_indices"
        |> Param.withDefault false
        |> Param.withDocumentation "Whether the places of the maxima are a second output."

    let ceilMode =
        Param.bool "ceil_mode"
        |> Param.withDefault false
        |> Param.withDocumentation "Whether a window that goes beyond the end counts."

    let countIncludePad =
        Param.bool "count_include_pad"
        |> Param.withDefault true
        |> Param.withDocumentation "Whether what was added at the sides counts for the mean."

    let divisorOverride =
        Common.nullable (
            Param.int "divisor_override"
            |> Param.withCheck "an int other than 0" (fun divisor -> divisor <> 0)
        )
        |> Param.withDocumentation "What the sum is divided by; the size of the window where null."

    /// The sizes of the output; the input's own where one is null.
    let outputSize n =
        let key = Spatial.perDimension n 0 "output_size"

        key.With(fun p ->
            { p with
                Type = AnyType
                Documentation = "The sizes of the output; the input's own where one is null."
                Check =
                    fun value ->
                        match value with
                        | Null -> None
                        | List items when
                            items.Length = n
                            && items
                               |> List.forall (fun item ->
                                   match item with
                                   | Null -> true
                                   | Int size -> size >= 0L
                                   | _ -> false)
                            ->
                            None
                        | Int _
                        | List _ -> p.Check value
                        | _ -> Some "whole numbers or null"
            })

    let private outputs (arguments: Arguments) shape : Result<Inference, OpShape.Problem> =
        let both = arguments.Signature.Has returnIndices.Name && arguments.Get returnIndices

        Ok { Outputs = (if both then [ shape; shape ] else [ shape ]); Inferred = [] }

    let poolShapes n =
        Spatial.shapes
            n
            "C"
            "C"
            "⌊(size + 2 · padding − dilation · (kernel_size − 1) − 1) / stride⌋ + 1; rounded up with ceil_mode"

    let adaptiveShapes n = Spatial.shapes n "C" "C" "the one of output_size"
    // Source: PyTorch, pool2d_shape_check: "pad should be smaller than or equal to half of kernel size".
    let private checks n (arguments: Arguments) : (Param * string) list =
        match arguments.TryGet(kernelSize n) with
        | None -> []
        | Some _ ->
            let kernel = Spatial.get n arguments (kernelSize n)
            let padding' = Spatial.get n arguments (padding n)

            if List.exists2 (fun pad size -> pad > size / 2L) padding' kernel then
                [ padding n, $"at most half of the kernel_size {Extra.tuple kernel}" ]
            else
                []

    let create id n parameters rule documentation extra =
        LayerDefinition.create id parameters rule documentation extra |> Definition.withCheck (checks n)

    // Source: PyTorch docs, torch.nn.MaxPool2d and torch.nn.AvgPool2d, "Shape"; with ceil_mode, the last window must
    // begin inside of the input or of what was added on the left.
    let pool n : ShapeRule =
        Rule.one (fun arguments input ->
            let kernel = Spatial.get n arguments (kernelSize n)

            let stride =
                match arguments["stride"] with
                | Null
                | Unset -> kernel
                | sizes -> Spatial.ofValue n sizes

            let padding = Spatial.get n arguments (padding n)

            let dilation =
                if arguments.Signature.Has "dilation" then
                    Spatial.get n arguments (dilation n)
                else
                    List.replicate n 1L

            let ceil = arguments.Get ceilMode

            match input with
            | Unranked -> outputs arguments Unranked
            | _ ->
                Spatial.split n input (fun batch channels sizes ->
                    Spatial.map
                        (fun () ->
                            Rule.fail $"spatial sizes that hold a window of {Extra.tuple kernel}" input)
                        (fun i size ->
                            let room = size + 2L * padding[i] - dilation[i] * (kernel[i] - 1L) - 1L
                            let room = if ceil then room + stride[i] - 1L else room
                            let count = Spatial.floorDiv room stride[i] + 1L

                            let count =
                                if ceil && (count - 1L) * stride[i] >= size + padding[i] then
                                    count - 1L
                                else
                                    count

                            if count < 1L then None else Some count)
                        sizes
                    |> Result.bind (fun sizes -> outputs arguments (Ranked(batch @ channels :: sizes)))))

    // Source: PyTorch docs, torch.nn.AdaptiveAvgPool2d and torch.nn.AdaptiveMaxPool2d, "Shape".
    let adaptive n : ShapeRule =
        Rule.one (fun arguments input ->
            let wanted =
                match arguments["output_size"] with
                | Unset ->
                    arguments.Get(outputSize n) |> ignore
                    []
                | Int size -> List.replicate n (Some size)
                | Null -> List.replicate n None
                | List items ->
                    let sizes =
                        items
                        |> List.map (fun item ->
                            match item with
                            | Int size -> Some size
                            | _ -> None)

                    if sizes.Length = n then sizes else List.replicate n sizes.Head
                | _ -> []

            match input with
            | Unranked -> outputs arguments Unranked
            | _ ->
                Spatial.split n input (fun batch channels sizes ->
                    let sizes =
                        List.map2
                            (fun wanted own ->
                                match wanted with
                                | Some size -> Known size
                                | None -> own)
                            wanted
                            sizes

                    outputs arguments (Ranked(batch @ channels :: sizes))))

    let private sizes (arguments: Arguments) name =
        match arguments[name], name with
        | Null, "stride" -> Extra.sizes arguments["kernel_size"]
        | value, _ -> Extra.sizes value

    let maxExtra (arguments: Arguments) =
        [ "kernel_size"; "stride"; "padding"; "dilation" ]
        |> List.map (fun name -> $"{name}={sizes arguments name}")
        |> fun parts -> parts @ [ Extra.named [ "ceil_mode" ] arguments ]
        |> String.concat ", "

    /// In one dimension PyTorch prints tuples, however the sizes were given.
    let avgExtra n (arguments: Arguments) =
        let one name =
            let text = sizes arguments name

            if n = 1 && text <> "?" && not (text.StartsWith '(') then $"({text},)" else text

        [ "kernel_size"; "stride"; "padding" ]
        |> List.map (fun name -> $"{name}={one name}")
        |> String.concat ", "

    let adaptiveExtra (arguments: Arguments) = "output_size=" + Extra.sizes arguments["output_size"]
