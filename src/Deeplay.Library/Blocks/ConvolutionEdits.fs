namespace Deeplay.Library

open System
open Deeplay.Core
open Deeplay.FSharp
open Checked

/// How far blocks move their kernels, all in all.
module internal Strides =
    let private isConvolution (node: Node) =
        let has = node.Definition.Signature.Has
        has "stride" && has "in_channels" && not (has "output_padding")

    let private product n strides = List.fold (List.map2 (*)) (List.replicate n 1L) strides

    /// The strides of the convolutions that a module runs one after another, multiplied.
    let rec ofNode n (node: Node) : int64 list =
        match node.Definition.Body with
        | Primitive _ when isConvolution node -> Sizes.ofValue n node.Arguments["stride"]
        | Primitive _ -> List.replicate n 1L
        | Composite _ ->
            product
                n
                [
                    for tag, below, _ in Tree.children node.Tag node do
                        if tag.Name <> "shortcut_start" then ofNode n below
                ]

    /// The same for the block that is being made.
    let ofBlock n (builder: Builder) : int64 list =
        product
            n
            [
                for name in builder.Children do
                    if name <> "shortcut_start" then ofNode n (builder.Observe(Tag.ofNames [ name ]))
            ]

/// The edits that blocks around a convolution in `n` dimensions have beside those of every block.
module internal ConvolutionEdits =
    let private pool = Key.optionalSpec "pool" "The pool; one that takes the largest of each two where not given."

    /// The largest of each two, in every dimension.
    let usualPool n =
        let two = [ 2 ]
        let keys = Dimensions.maxPool n
        Spec.create keys.definition (Map.ofList [ keys.kernelSize => two; keys.stride => two ])

    /// `pooled(pool, mode, after)`: the pool in the place of the one there is, else put in, in front by default.
    let pooled n =
        Action.afterInit "pooled" [ pool; SequentialBlock.modeOf "prepend"; Edit.optionalAfter ] (fun arguments ->
            let spec = arguments.Get pool |> Option.defaultWith (fun () -> usualPool n)
            SequentialBlock.set arguments "pool" (fun _ _ -> spec))
        |> Action.withDocumentation "Puts the pool in the place of the one there is, else in."

    // A transposed convolution that makes everything twice as large.
    let doubled n =
        let keys = Dimensions.transposed n
        Spec.create keys.definition (Map.ofList [ keys.kernelSize => [ 2 ]; keys.stride => [ 2 ] ])

    let private upsample =
        Key.optionalSpec
            "upsample"
            "What makes it larger; a transposed convolution of kernel and stride 2 where not given. Its channels follow the block's."

    /// `upsampled(upsample, mode, after)`: what makes the output larger.
    let upsampled n =
        Action.afterInit
            "upsampled"
            [ upsample; SequentialBlock.modeOf "append"; Edit.optionalAfter ]
            (fun arguments builder ->
                let spec = arguments.Get upsample |> Option.defaultWith (fun () -> doubled n)

                let fit before after =
                    let width = BlockWidth.at builder before after
                    BlockWidth.between width width spec

                SequentialBlock.set arguments "upsample" fit builder)
        |> Action.withDocumentation "Puts the upsampling in the place of the one there is, else in."

    let private transpose =
        Key.optionalSpec
            "transpose"
            "The transposed convolution; one of kernel and stride 2 where not given. Its channels follow the block's."

    let private removeUpsample = Key.flag "remove_upsample" true "Whether the upsampling is taken away."
    let private removeLayer = Key.flag "remove_layer" true "Whether the layer is taken away."

    let private take (builder: Builder) name =
        Edit.call builder Tag.root "remove" [ Edit.requiredName => name; Edit.allowMissing => true ]

    /// `transposed(transpose, mode, after, remove_upsample, remove_layer)`: a transposed convolution in the place of the
    /// layer and the upsampling.
    let transposed n =
        let parameters: Param list =
            [ transpose; SequentialBlock.modeOf "prepend"; Edit.optionalAfter; removeUpsample; removeLayer ]

        Action.afterInit "transposed" parameters (fun arguments builder ->
            let spec = arguments.Get transpose |> Option.defaultWith (fun () -> doubled n)

            let fit before after =
                let input = BlockWidth.at builder before after
                let output = if arguments.Get removeLayer then Multi.width builder else input
                BlockWidth.between input output spec

            SequentialBlock.set arguments "transpose" fit builder
            if arguments.Get removeUpsample then take builder "upsample"
            if arguments.Get removeLayer then take builder "layer")
        |> Action.withDocumentation "Puts a transposed convolution in the place of the layer and the upsampling."

    let private removePool = Key.flag "remove_pool" true "Whether the pool is taken away."

    /// A convolution of kernel 1, between the channels of these arguments.
    let private pointwise n (arguments: Arguments) =
        LayerBlock.withSet (Dimensions.convolution n).definition [ "in_channels"; "out_channels" ] arguments
        |> Spec.withArgument "kernel_size" (Int 1L)

    // Sets the stride of one child: of a block by its own edit, else of a layer.
    let private setStride n (arguments: Arguments) (builder: Builder) (target: Tag) =
        let node = builder.Observe target
        let given = [ "stride", arguments["stride"]; "remove_pool", arguments["remove_pool"] ]

        let configure () = builder.Change(target, Verbs.configure "stride" arguments["stride"], false)

        match node.Definition.Methods.TryFind "strided" with
        | Some action -> builder.Change(target, Verbs.act action (Map.ofList given), false)
        | None when
            Object.ReferenceEquals(node.Definition, Identity.definition)
            && List.forall ((=) 1L) (Sizes.ofValue n arguments["stride"])
            ->
            ()
        | None when Object.ReferenceEquals(node.Definition, Identity.definition) ->
            // What leads past a block of stride 1, unchanged.
            let convolution = (Dimensions.convolution n).definition

            if Object.ReferenceEquals(node.Attachment.Spec.Definition, convolution) then
                builder.Change(target, Verbs.changeKind convolution Map.empty, false)
            else
                builder.Change(target, Verbs.replace (pointwise n builder.Arguments), false)

            configure ()
        | None when node.Definition.Signature.Has "stride" -> configure ()
        | None ->
            let known = node.Definition.Signature.Names
            Fail.with' (UnknownName(Tag.append builder.Tag target, node.Definition.Id, "parameter", "stride", known))

    /// `strided(stride, remove_pool)`: the stride of the layer, or of that of several blocks that has one, else of the first, and of
    /// the way past it.
    let strided n =
        let stride = Spatial.perDimension n 1 "stride" "How far the kernel moves."

        Action.afterInit "strided" [ stride; removePool ] (fun arguments builder ->
            // What was set since stays.
            let set = if builder.IsSetSince "stride" then ignore else setStride n arguments builder

            if builder.Has "blocks" then
                let blocks = builder.Observe(Tag.ofNames [ "blocks" ])

                // One that moves by more than one has the stride of them all.
                let strided (_, block: Node, _) = List.exists ((<>) 1L) (Strides.ofNode n block)
                let children = Tree.children blocks.Tag blocks

                match List.tryFind strided children |> Option.orElse (List.tryHead children) with
                | Some(tag, _, _) -> set (Tag.ofNames [ "blocks"; tag.Name ])
                | None -> Edit.unknown builder "layer"
            elif builder.Has "layer" then
                set (Tag.ofNames [ "layer" ])
            else
                Edit.unknown builder "layer"

            if builder.Has "shortcut_start" then set (Tag.ofNames [ "shortcut_start" ])
            if arguments.Get removePool then take builder "pool")
        |> Action.withDocumentation "Sets the stride, and takes the pool away."

    /// The edits, for `n` dimensions.
    let all n = [ pooled n; upsampled n; transposed n; strided n ]
