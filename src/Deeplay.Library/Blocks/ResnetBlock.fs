namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// What a ResNet is made of, as styles of a block.
module internal ResnetBlock =
    let private stride n =
        Spatial.perDimension n 1 "stride" "The stride of the first block; the block's own where null."
        |> Key.nullable

    let private blocks = Key.count "n" "How many residual blocks there are to be." |> Param.withDefault 2
    let private isBottleneck = Key.flag "bottleneck" false "Whether the blocks are bottlenecks of three convolutions."
    let private bias = Key.flag "bias" true "Whether the convolutions have a bias; as published they have none."

    /// `resnet(stride, n, bottleneck, bias)`: residual blocks as in ResNet.
    let resnet n =
        Action.afterInit "resnet" [ stride n; blocks; isBottleneck; bias ] (fun arguments builder ->
            let own = builder.Arguments
            let output = Multi.width builder
            let following = Multi.following output own

            let given =
                match Sizes.ofValue n arguments["stride"] with
                | [] -> Strides.ofBlock n builder
                | given -> given

            let changed i =
                let basis = if i = 0 then Map.empty else following
                if arguments.Get bias then basis else Map.add "bias" (Bool false) basis

            // The stride is in its place.
            Edit.call builder Tag.root "remove" [ Edit.requiredName => "pool"; Edit.allowMissing => true ]
            Residual.chain n given 0 (List.init (arguments.Get blocks) (fun i -> changed i, [])) builder

            let name, details =
                if arguments.Get isBottleneck then "bottleneck", [] else "residual", [ "order", Text "lnaln|a" ]

            let style = builder.Definition.Styles[name]

            for i in 0 .. arguments.Get blocks - 1 do
                let block = Tag.ofNames [ "blocks"; string i ]
                builder.Change(block, Verbs.act style (Map.ofList details), false)

            // Where the way past changes the shape, it is a convolution and has its normalization.
            let isSame = List.forall ((=) 1L) given && own["in_channels"] = Int(output |> Option.defaultValue 0L)

            if not isSame then
                Edit.call builder (Tag.ofNames [ "blocks"; "0"; "shortcut_start" ]) "normalized" [])
        |> Action.withDocumentation
            "Residual blocks as in ResNet (He et al., 2016), the first of which may have a stride."

    /// `resnet18_input()`: how a ResNet begins.
    let stem n =
        Action.afterInit "resnet18_input" [] (fun _ builder ->
            let layer = Tag.ofNames [ "layer" ]

            for name, value in [ "kernel_size", Int 7L; "stride", Int 2L; "padding", Int 3L; "bias", Bool false ] do
                builder.Change(layer, Verbs.configure name value, false)

            let relu = Spec.create ReLU.definition (Map.ofList [ ReLU.inplace => true ])
            let keys = Dimensions.maxPool n

            let pool =
                Map.ofList [ keys.kernelSize => [ 3 ]; keys.stride => [ 2 ]; keys.padding => [ 1 ] ]
                |> Spec.create keys.definition

            let behind name = [ "mode", Text "insert"; "after", Text name ]
            Edit.call builder Tag.root "normalized" (behind "layer")
            Edit.call builder Tag.root "activated" (("activation", Module relu) :: behind "normalization")
            Edit.call builder Tag.root "pooled" [ "pool", Module pool; "mode", Text "append" ])
        |> Action.withDocumentation
            "A convolution of kernel 7 and stride 2 with its normalization, activation and pool, as a ResNet begins with."
