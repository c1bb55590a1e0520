namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// The keys of a ResNet without its classifier.
type internal BackboneResnetKeys(size: ResnetSize) =
    member val inChannels =
        Key.positive "in_channels" "The channels of the input; inferred where null."
        |> Param.withDefault 3
        |> Param.inferred
        |> Key.nullable

    member val channels = Stages.channels |> Param.withDefault size.Channels
    member val depths = Stages.depths |> Param.withDefault size.Counts
    member val poolOutput = Key.flag "pool_output" false "Whether the output is the mean over each channel."

/// A ResNet without its classifier.
[<Group "Models">]
type internal BackboneResnet(size: ResnetSize) as this =
    inherit BackboneResnetKeys(size)

    let style =
        List.find (fun (style: ActionDefinition) -> style.Id = $"resnet{string size.Depth}") ResnetStyle.styles

    member val definition: Definition =
        let last = string (List.last size.Channels)

        let shapes =
            $"(N, in_channels, H, W) → (N, {last}, ⌈H / 32⌉, ⌈W / 32⌉), or (N, {last}) with pool_output; of other channels, the last of them"

        let parameters: Param list = [ this.inChannels; this.poolOutput; this.channels; this.depths ]

        Definition.create $"BackboneResnet{string size.Depth}" parameters (fun arguments ->
            let stages = arguments.Get this.channels
            // In front of the stages is a block of its own.
            let widths = stages.Head / size.Expansion :: stages
            let hidden, last = List.splitAt stages.Length widths

            let list =
                ConvolutionalKeys(2)
                    .List(
                        arguments["in_channels"],
                        List [ for width in hidden -> Int(int64 width) ],
                        Int(int64 last.Head),
                        None,
                        None,
                        None
                    )

            init {
                let! blocks = child "blocks" list
                let! postprocess = child "postprocess" (Spec.create Identity.definition Map.empty)

                let! pool =
                    child
                        "pool"
                        (Spec.create
                            AdaptiveAvgPool2d.definition
                            (Map.ofList [ AdaptiveAvgPool2d.outputSize => [ 1; 1 ] ]))

                do! act (at "") style [ "depths", arguments["depths"] ]

                return
                    forward (fun x ->
                        let x = x |> chain blocks |> call postprocess
                        if arguments.Get this.poolOutput then x |> call pool |> Op.flatten 1 -1 else x)
            })
        |> Definition.withDocumentation $"A ResNet-{string size.Depth} without its classifier."
        |> Definition.withCheck (Stages.check this.channels this.depths)
        |> Definition.withBase ConvolutionalEncoder2d.definition
        |> Definition.withShapes shapes
        |> Definition.withSource "He et al., 2016, Deep Residual Learning for Image Recognition"
        |> Definition.withSource "Deeplay, BackboneResnet18"
        |> Definition.withExample [] [ Spatial.input 2 3 64 ]

/// The keys of a ResNet.
type internal ResNetKeys(size: ResnetSize) =
    let backbone = BackboneResnetKeys(size)
    member val inChannels = backbone.inChannels
    member val numClasses = Key.positive "num_classes" "The number of classes." |> Param.withDefault 1000
    member val channels = backbone.channels
    member val depths = backbone.depths

/// A ResNet that classifies.
[<Group "Models">]
type internal ResNet(size: ResnetSize, backbone: BackboneResnet) as this =
    inherit ResNetKeys(size)

    member val definition: Definition =
        let parameters: Param list = [ this.inChannels; this.numClasses; this.channels; this.depths ]

        Definition.create $"ResNet{string size.Depth}" parameters (fun arguments ->
            let own = [ for name in [ "in_channels"; "channels"; "depths" ] -> name, arguments[name] ]
            let trunk = Spec.create backbone.definition (Map.ofList ((backbone.poolOutput => true) :: own))
            let width = arguments.Get this.channels |> List.last
            let head = Map.ofList [ Linear.inFeatures => width; Linear.outFeatures => arguments.Get this.numClasses ]

            init {
                let! backbone = child "backbone" trunk
                let! fc = child "fc" (Spec.create Linear.definition head)
                return forward (call backbone >> call fc)
            })
        |> Definition.withDocumentation
            $"A ResNet-{string size.Depth} that classifies images, with the parameters of torchvision's."
        |> Definition.withCheck (Stages.check this.channels this.depths)
        |> Definition.withShapes "(N, in_channels, H, W) → (N, num_classes)"
        |> Definition.withSource "He et al., 2016, Deep Residual Learning for Image Recognition"
        |> Definition.withSource $"torchvision, resnet{string size.Depth}"
        |> Definition.withExample [ this.numClasses => 10 ] [ Spatial.input 2 3 64 ]

[<AutoOpen>]
module internal Resnets =
    let private size i = ResnetStyle.sizes[i]
    let BackboneResnet18 = BackboneResnet(size 0)
    let BackboneResnet34 = BackboneResnet(size 1)
    let BackboneResnet50 = BackboneResnet(size 2)
    let BackboneResnet101 = BackboneResnet(size 3)
    let ResNet18 = ResNet(size 0, BackboneResnet18)
    let ResNet34 = ResNet(size 1, BackboneResnet34)
    let ResNet50 = ResNet(size 2, BackboneResnet50)
    let ResNet101 = ResNet(size 3, BackboneResnet101)
