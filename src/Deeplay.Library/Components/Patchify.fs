namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// An image as a sequence of its patches.
module internal Patchify =
    let inChannels =
        Key.positive "in_channels" "The channels of the image; inferred where null."
        |> Param.inferred
        |> Key.nullable

    let outFeatures = Key.positive "out_features" "The size of the vector that a patch becomes."
    let patchSize = Key.positive "patch_size" "The width and height of a patch."

    let definition =
        Definition.create "Patchify" [ inChannels; outFeatures; patchSize ] (fun arguments ->
            let convolution =
                [
                    Conv2d.inChannels.Name, arguments[inChannels.Name]
                    Conv2d.outChannels.Name, arguments[outFeatures.Name]
                    Conv2d.kernelSize.Name, arguments[patchSize.Name]
                    Conv2d.stride.Name, arguments[patchSize.Name]
                ]
                |> BlockChain.given
                |> Spec.create Conv2d.definition

            init {
                let! layer = child "layer" convolution
                let! dropout = child "dropout" PositionalEmbedding.noDropout
                return forward (call layer >> Op.flatten 2 -1 >> Op.transpose 1 2 >> call dropout)
            })
        |> Definition.withDocumentation "Cuts an image into patches that do not overlap, and makes a vector of each."
        |> Definition.withShapes "(N, in_channels, H, W) → (N, ⌊H / patch_size⌋ · ⌊W / patch_size⌋, out_features)"
        |> Definition.withSource "Dosovitskiy et al., 2020, An Image is Worth 16x16 Words"
        |> Definition.withSource "Deeplay, Patchify"
        |> Definition.withExample [ inChannels => 3; outFeatures => 8; patchSize => 4 ] [ Spatial.input 2 3 16 ]
