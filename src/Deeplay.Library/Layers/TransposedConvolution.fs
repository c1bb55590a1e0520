namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp
open Checked

type internal TransposedKeys(n) =
    inherit ConvolutionKeys(n, [ "zeros" ])

    member val padding = Spatial.perDimension n 0 "padding" "How much is added at each side." |> Param.withDefault [ 0 ]

    member val outputPadding =
        Spatial.perDimension n 0 "output_padding" "How much is added at one side of the output."
        |> Param.withDefault [ 0 ]

    // Source: PyTorch docs, torch.nn.ConvTranspose2d, "Shape".
    member keys.Shape: ShapeRule =
        keys.Rule(fun arguments input sizes ->
            let kernel = Spatial.get n arguments keys.kernelSize
            let stride = Spatial.get n arguments keys.stride
            let padding = Spatial.get n arguments keys.padding
            let more = Spatial.get n arguments keys.outputPadding
            let dilation = Spatial.get n arguments keys.dilation

            sizes
            |> Spatial.map
                (fun () -> Rule.fail "spatial sizes that leave something after the padding" input)
                (fun i size ->
                    let reach = dilation[i] * (kernel[i] - 1L) + more[i] + 1L
                    let size = (size - 1L) * stride[i] - 2L * padding[i] + reach
                    if size < 1L then None else Some size))

    // Source: PyTorch, convolution: "output padding must be smaller than either stride or dilation".
    member keys.Check: Arguments -> (Param * string) list =
        fun arguments ->
            let more = Spatial.get n arguments keys.outputPadding
            let stride, dilation = Spatial.get n arguments keys.stride, Spatial.get n arguments keys.dilation

            if List.exists2 (>=) more (List.map2 max stride dilation) then
                [ keys.outputPadding, "below the stride or the dilation" ]
            else
                []

/// A transposed convolution in `n` dimensions.
type internal TransposedConvolution(n) =
    inherit TransposedKeys(n)

    member val definition =
        let more: Param list =
            [ base.padding; base.outputPadding; base.groups; base.bias; base.dilation; base.paddingMode ]

        let size = "(size − 1) · stride − 2 · padding + dilation · (kernel_size − 1) + output_padding + 1"
        base.Define("ConvTranspose", true, more, base.Shape, size, base.Check)

[<AutoOpen>]
module internal TransposedConvolutionLayers =
    let ConvTranspose1d = TransposedConvolution 1
    let ConvTranspose2d = TransposedConvolution 2
    let ConvTranspose3d = TransposedConvolution 3
