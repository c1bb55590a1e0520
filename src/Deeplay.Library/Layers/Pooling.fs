namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp
open Checked

module internal PoolingRules =
    let returnIndices = Key.flag "return_indices" false "Whether the places of the maxima are a second output."

    /// The rule of a pool that may give the places of its maxima, too.
    let withIndices (rule: ShapeRule) : ShapeRule =
        fun arguments inputs ->
            rule arguments inputs
            |> Result.map (fun found ->
                if arguments.Signature.Has returnIndices.Name && arguments.Get returnIndices then
                    { found with Outputs = found.Outputs @ found.Outputs }
                else
                    found)

    /// `name=value` for sizes as they were given; the stride is the kernel's size where it is null.
    let extra (print: string -> string) names (arguments: Arguments) =
        names
        |> List.map (fun name ->
            let from = if name = "stride" && arguments[name] = Null then "kernel_size" else name
            $"{name}={print (Extra.sizes arguments[from])}")
        |> String.concat ", "

/// What pools in `n` dimensions have in common.
type internal PoolKeys(n) =
    member val kernelSize = Spatial.perDimension n 1 "kernel_size" "The size of the window."

    member val stride =
        Spatial.perDimension n 1 "stride" "How far the window moves; as far as it is large where null."
        |> Key.nullable

    member val padding =
        Spatial.perDimension n 0 "padding" "How much is added at each side; at most half of the window."
        |> Param.withDefault [ 0 ]

    member val dilation =
        Spatial.perDimension n 1 "dilation" "The distance between the elements of the window."
        |> Param.withDefault [ 1 ]

    member val ceilMode = Key.flag "ceil_mode" false "Whether a window that goes beyond the end counts."

    // Source: PyTorch docs, torch.nn.MaxPool2d and torch.nn.AvgPool2d, "Shape"; with ceil_mode, the last window must
    // begin inside of the input or of what was added on the left. Source: PyTorch, avg_pool3d: "input image smaller than
    // kernel size", whatever is added; pool2d_shape_check: only the batch may be empty.
    member keys.Shape isFilled : ShapeRule =
        Spatial.split n (fun arguments ->
            let kernel = Spatial.get n arguments keys.kernelSize
            let ceil = arguments.Get keys.ceilMode

            let padding =
                if arguments.Signature.Has "padding" then
                    Spatial.get n arguments keys.padding
                else
                    List.replicate n 0L

            let stride =
                match Sizes.ofValue n arguments["stride"] with
                | [] -> kernel
                | sizes -> sizes

            let dilation =
                if arguments.Signature.Has "dilation" then
                    Spatial.get n arguments keys.dilation
                else
                    List.replicate n 1L

            fun batch channels sizes ->
                let input = Ranked(batch @ channels :: sizes)

                sizes
                |> Spatial.map
                    (fun () -> Rule.fail $"spatial sizes that hold a window of {Extra.tuple kernel}" input)
                    (fun i size ->
                        let room = size + 2L * padding[i] - dilation[i] * (kernel[i] - 1L) - 1L
                        let room = if ceil then room + stride[i] - 1L else room
                        let count = if room < 0L then 0L else room / stride[i] + 1L
                        let isBeyond = ceil && (count - 1L) * stride[i] >= size + padding[i]
                        let count = if isBeyond then count - 1L else count
                        let isTooSmall = size < 1L || count < 1L || isFilled && size < kernel[i]
                        if isTooSmall then None else Some count)
                |> Result.bind (fun sizes ->
                    if channels = Known 0L then
                        Rule.fail "at least 1 channel" input
                    else
                        Rule.gives (Ranked(batch @ channels :: sizes))))
        |> PoolingRules.withIndices

    /// A pool's definition, its name and documentation but for the dimensions.
    member keys.Define(id, parameters: Param list, documentation, extra) =
        let shapes =
            Spatial.shapes
                n
                "C"
                "C"
                "⌊(size + 2 · padding − dilation · (kernel_size − 1) − 1) / stride⌋ + 1; rounded up with ceil_mode"

        Layer.create
            $"{id}{string n}d"
            (keys.kernelSize :: keys.stride :: keys.padding :: parameters)
            (keys.Shape(id = "AvgPool" && n = 3))
            $"{documentation}, over {Spatial.dimensions n}."
            shapes
        |> Layer.taking KindRule.numbers
        |> Definition.withExample [ keys.kernelSize => [ 2 ] ] [ Spatial.input n 3 8 ]
        |> Definition.withExtra extra
        // Source: PyTorch, pool2d_shape_check: "pad should be smaller than or equal to half of kernel size".
        |> Definition.withCheck (fun arguments ->
            let kernel = Sizes.ofValue n arguments["kernel_size"]
            let padding = Spatial.get n arguments keys.padding

            if kernel <> [] && List.exists2 (fun pad size -> pad > size / 2L) padding kernel then
                [ keys.padding, $"at most half of the kernel_size {Extra.tuple kernel}" ]
            else
                [])

/// A pool in `n` dimensions that gives the largest of each window.
type internal MaxPool(n) =
    inherit PoolKeys(n)

    member _.returnIndices = PoolingRules.returnIndices

    member val definition =
        let extra (a: Arguments) =
            PoolingRules.extra id [ "kernel_size"; "stride"; "padding"; "dilation" ] a
            + ", "
            + Extra.named [ "ceil_mode" ] a

        let parameters: Param list = [ base.dilation; PoolingRules.returnIndices; base.ceilMode ]
        base.Define("MaxPool", parameters, "The largest of each window", extra)

/// A pool in `n` dimensions that gives the mean of each window.
type internal AvgPoolKeys(n) =
    inherit PoolKeys(n)

    member val countIncludePad =
        Key.flag "count_include_pad" true "Whether what was added at the sides counts for the mean."

    member val divisorOverride =
        Param.int "divisor_override"
        |> Param.withCheck "an int other than 0" (fun divisor -> divisor <> 0)
        |> Param.withDocumentation "What the sum is divided by; the size of the window where null."
        |> Key.nullable

type internal AvgPool(n) =
    inherit AvgPoolKeys(n)

    member val definition =
        // In one dimension PyTorch prints tuples, however the sizes were given.
        let print (text: string) = if n = 1 && text <> "?" && not (text.StartsWith '(') then $"({text},)" else text

        let extra = PoolingRules.extra print [ "kernel_size"; "stride"; "padding" ]
        let common: Param list = [ base.ceilMode; base.countIncludePad ]
        let parameters = if n = 1 then common else common @ [ base.divisorOverride ]

        base.Define("AvgPool", parameters, "The mean of each window", extra)

[<AutoOpen>]
module internal PoolingLayers =
    let MaxPool1d = MaxPool 1
    let MaxPool2d = MaxPool 2
    let MaxPool3d = MaxPool 3
    let AvgPool1d = AvgPool 1
    let AvgPool2d = AvgPool 2
    let AvgPool3d = AvgPool 3
