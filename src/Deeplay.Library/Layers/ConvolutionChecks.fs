namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp
open ConvolutionHelpers

/// What convolutions demand of several arguments together.
module internal ConvolutionChecks =
    // Source: PyTorch, _ConvNd.__init__: "in_channels must be divisible by groups", and out_channels too.
    let private groupsDivide (arguments: Arguments) : (Param * string) list =
        let groups = arguments.Get groups

        [
            for key in [ inChannels; outChannels ] do
                match arguments.TryGet key with
                | Some channels when channels % groups <> 0 -> key, $"divisible by the {groups} groups"
                | _ -> ()
        ]

    // Source: PyTorch, _ConvNd.__init__: "padding='same' is not supported for strided convolutions".
    let private sameKeepsSizes n (arguments: Arguments) : (Param * string) list =
        if
            arguments[paddingText.Name] = Text "same"
            && Spatial.get n arguments (stride n) |> List.exists (fun step -> step <> 1L)
        then
            [ stride n, "1 where the padding is 'same'" ]
        else
            []

    // Source: PyTorch, convolution: "output padding must be smaller than either stride or dilation".
    let private outputPaddingIsSmall n (arguments: Arguments) : (Param * string) list =
        let more = Spatial.get n arguments (outputPadding n)

        let stride, dilation = Spatial.get n arguments (stride n), Spatial.get n arguments (dilation n)

        if List.exists2 (>=) more (List.map2 max stride dilation) then
            [ outputPadding n, "below the stride or the dilation" ]
        else
            []

    let convolution n arguments = groupsDivide arguments @ sameKeepsSizes n arguments

    let transposed n arguments = groupsDivide arguments @ outputPaddingIsSmall n arguments
