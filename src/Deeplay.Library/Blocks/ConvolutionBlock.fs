namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// The keys of a block around a convolution in `n` dimensions.
type internal ConvolutionBlockKeys(n) =
    let layer = Dimensions.convolution n
    member val inChannels = layer.inChannels |> Key.nullable
    member _.outChannels = layer.outChannels
    member val kernelSize = layer.kernelSize |> Param.withDefault [ 3 ]
    member _.stride = layer.stride
    member _.padding = layer.padding
    member _.paddingText = layer.paddingText
    member _.dilation = layer.dilation
    member _.groups = layer.groups
    member _.bias = layer.bias
    member _.paddingMode = layer.paddingMode
    member _.activation = LayerBlock.activation
    member _.normalization = LayerBlock.normalization
    member _.dropout = LayerBlock.dropout
    member val pool = Key.optionalSpec "pool" "The pool in front of the layer; none where null."

    member val upsample =
        Key.optionalSpec "upsample" "What makes the output larger; none where null. Its channels follow the block's."

    member _.order = LayerBlock.order

/// A block around a convolution in `n` dimensions.
type internal ConvolutionBlock(n) as this =
    inherit ConvolutionBlockKeys(n)

    let children (arguments: Arguments) =
        let convolution =
            let layer = (Dimensions.convolution n).definition
            LayerBlock.withSet layer layer.Signature.Names arguments

        let larger =
            arguments.Get this.upsample
            |> Option.map (fun spec ->
                let width = arguments.TryGet this.outChannels |> Option.map int64
                BlockWidth.between width width spec)

        LayerBlock.given "pool" (arguments.Get this.pool)
        @ LayerBlock.children this.inChannels this.outChannels convolution arguments
        @ LayerBlock.given "upsample" larger

    // A convolution of kernel 1 where the block changes the shape.
    let shortcut (builder: Builder) =
        let arguments = builder.Arguments
        let input, output = arguments["in_channels"], Multi.width builder
        let stride = Strides.ofBlock n builder

        let given =
            Map.ofList
                [
                    "in_channels", input
                    match output with
                    | Some width -> "out_channels", Int width
                    | None -> "out_channels", arguments["out_channels"]
                    "kernel_size", Int 1L
                    if List.exists ((<>) 1L) stride then "stride", List(List.map Int stride)
                    if arguments["bias"] = Bool false then "bias", Bool false
                ]
            |> Map.filter (fun _ value -> value <> Unset && value <> Null)

        let block = Spec.create this.definition given

        if given.TryFind "in_channels" = given.TryFind "out_channels" && not (given.ContainsKey "stride") then
            let step =
                {
                    Targets = [ Tag.ofNames [ "layer" ] ]
                    Change = Verbs.changeKind Identity.definition Map.empty
                    Group = None
                    Continues = false
                    Location = None
                }

            Spec.record step block
        else
            block

    let kind =
        {
            Normalization = fun _ -> Spec.create (Dimensions.batchNorm n).definition Map.empty
            Shortcut = shortcut
        }

    member val definition: Definition =
        let parameters: Param list =
            [
                this.inChannels
                this.outChannels
                this.kernelSize
                this.stride
                this.padding
                this.dilation
                this.groups
                this.bias
                this.paddingMode
                this.activation
                this.normalization
                this.dropout
                this.pool
                this.upsample
                this.order
            ]

        Definition.create $"Conv{string n}dBlock" parameters (SequentialBlock.run children)
        |> Definition.withDocumentation
            $"A convolution over {Spatial.dimensions n} with its pool, activation, normalization, dropout and upsampling."
        |> SequentialBlock.withEdits kind
        |> Definition.withMethods (SqueezeExcitationEdit.action n :: ConvolutionEdits.all n)
        |> Definition.withStyle (Residual.residual n)
        |> Definition.withStyle (Residual.bottleneck n)
        |> Definition.withStyle (ResnetBlock.resnet n)
        |> Definition.withStyle (ResnetBlock.stem n)
        |> Definition.withStyle (SpatialAttention.self n)
        |> Definition.withStyle (SpatialAttention.cross n)
        |> Definition.withStyle (SpatialAttention.feedForward n)
        |> Definition.withStyle (SpatialAttention.transformer n)
        |> Definition.withBase SequentialBlock.definition
        |> Definition.withPositional [ this.inChannels; this.outChannels ]
        |> Definition.withShapes (
            Spatial.shapes n "in_channels" "out_channels" "that of the children one after another"
        )
        |> Definition.withSource "Deeplay, Conv2dBlock"
        |> Definition.withExample
            [ this.inChannels => 3; this.outChannels => 8; this.padding => [ 1 ] ]
            [ Spatial.input n 3 8 ]

[<AutoOpen>]
module internal ConvolutionBlocks =
    let Conv1dBlock = ConvolutionBlock 1
    let Conv2dBlock = ConvolutionBlock 2
    let Conv3dBlock = ConvolutionBlock 3
    let convolutionBlock n = List.item (n - 1) [ Conv1dBlock; Conv2dBlock; Conv3dBlock ]
