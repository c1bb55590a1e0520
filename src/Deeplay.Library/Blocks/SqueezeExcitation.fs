namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// The keys of squeeze and excitation.
type internal SqueezeExcitationKeys() =
    member val inChannels = Key.positive "in_channels" "The channels of the input, and of the output."

    member val reduction =
        Key.positive "reduction" "How many times as few channels there are in between; one is left at least."
        |> Param.withDefault 16

    member val activation =
        Param.spec "activation"
        |> Param.withDefault (Spec.create ReLU.definition Map.empty)
        |> Param.withDocumentation "The activation in between."

    member val scaleActivation =
        Param.spec "scale_activation"
        |> Param.withDefault (Spec.create Sigmoid.definition Map.empty)
        |> Param.withDocumentation "The activation of what channels are multiplied by."

/// Squeeze and excitation in `n` dimensions, with torchvision's names.
type internal SqueezeExcitationComponent(n) as this =
    inherit SqueezeExcitationKeys()

    let convolution (input: int) (output: int) : ModuleSpec =
        let keys = Dimensions.convolution n

        Spec.create
            keys.definition
            (Map.ofList [ keys.inChannels => input; keys.outChannels => output; keys.kernelSize => [ 1 ] ])

    let pool = Dimensions.averagePool n

    member val definition: Definition =
        Definition.create
            $"SqueezeExcitation{string n}d"
            [ this.inChannels; this.reduction; this.activation; this.scaleActivation ]
            (fun arguments ->
                let channels = arguments.Get this.inChannels
                let squeezed = max 1 (channels / arguments.Get this.reduction)
                let one = Spec.create pool.definition (Map.ofList [ pool.outputSize => [ 1 ] ])

                init {
                    let! avgpool = child "avgpool" one
                    let! fc1 = child "fc1" (convolution channels squeezed)
                    let! fc2 = child "fc2" (convolution squeezed channels)
                    let! activation = child "activation" (arguments.Get this.activation)
                    let! scaled = child "scale_activation" (arguments.Get this.scaleActivation)

                    return
                        forward (fun x ->
                            let scale = x |> call avgpool |> call fc1 |> call activation |> call fc2 |> call scaled
                            scale * x)
                })
        |> Definition.withDocumentation
            "Multiplies each channel by a number that follows from the means of all channels: they pass two convolutions of kernel 1, with fewer channels in between."
        |> Definition.withShapes $"{Spatial.batch n} → the same, where C is in_channels"
        |> Definition.withSource "Hu et al., 2018, Squeeze-and-Excitation Networks"
        |> Definition.withSource "torchvision.ops.SqueezeExcitation"
        |> Definition.withExample [ this.inChannels => 32 ] [ Spatial.input n 32 4 ]

[<AutoOpen>]
module internal SqueezeExcitations =
    let SqueezeExcitation1d = SqueezeExcitationComponent 1
    let SqueezeExcitation2d = SqueezeExcitationComponent 2
    let SqueezeExcitation3d = SqueezeExcitationComponent 3
    let squeezeExcitation n = List.item (n - 1) [ SqueezeExcitation1d; SqueezeExcitation2d; SqueezeExcitation3d ]

/// What is put into a block in front of the sum with what leads past it.
module internal SqueezeExcitationEdit =
    let private name =
        Param.text "name"
        |> Param.withDefault "squeeze_excitation"
        |> Param.withDocumentation "The name of the child."

    /// `squeeze_excitation(reduction, name)` of blocks of `n` dimensions.
    let action n =
        let keys = squeezeExcitation n

        Action.afterInit "squeeze_excitation" [ keys.reduction; name ] (fun arguments builder ->
            let name = arguments.Get name
            let reduction = arguments[keys.reduction.Name]

            if builder.Has name then
                builder.Change(Tag.ofNames [ name ], Verbs.configure keys.reduction.Name reduction, false)
            else
                let _, _, trailing = Multi.split builder.Children

                let position =
                    match Branch.stop builder, trailing with
                    | Some stop, _ -> Before stop
                    | None, first :: _ -> Before first
                    | None, [] -> Last

                let before =
                    match position with
                    | Before next -> List.takeWhile ((<>) next) builder.Children
                    | _ -> builder.Children

                match BlockWidth.at builder before [] with
                | Some channels ->
                    let given = Map.ofList [ keys.inChannels.Name, Int channels; keys.reduction.Name, reduction ]
                    Edit.put builder (Some name) (Spec.create keys.definition given) position
                | None ->
                    let hint = "Set it: what is put in needs to know the channels."
                    Fail.with' (Missing(builder.Tag, builder.Definition.Id, "out_channels", hint)))
        |> Action.withDocumentation
            "Puts in a squeeze and excitation, which multiplies each channel by a number of its own: in front of the sum with what leads past the block, else behind everything (Hu et al., 2018)."
