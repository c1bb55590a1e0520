namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// Styles that put attention between all places of an image in the place of a block's convolution.
module internal SpatialAttention =
    let private toChannelLast =
        Key.flag
            "to_channel_last"
            false
            "Whether channels are moved last before, and back behind; else the input has them last already."

    let private normalization =
        Key.optionalSpec "normalization" "The normalization; a layer norm over the channels where not given."

    let private heads =
        Key.positive "num_heads" "The number of heads, which divides the channels." |> Param.withDefault 1

    let private condition =
        Param.text "condition_name"
        |> Param.withDefault "condition"
        |> Param.withDocumentation "The key under which a log keeps what is attended to: (N, S, channels)."

    // The channels, which must be as many behind the block.
    let private channels (builder: Builder) =
        match builder.Arguments["in_channels"], builder.Arguments["out_channels"] with
        | Int input, output when output <> Int input ->
            let expected = $"the {string input} in_channels, which attention keeps"
            Fail.with' (WrongValue(builder.Tag, builder.Definition.Id, "out_channels", expected, Value.print output))
        | Int _, output -> output
        | _, output -> output

    let private permute dims = Spec.create Permute.definition (Map.ofList [ Permute.dims => dims ])

    // Channels last in front of everything but the pool, and first again behind everything but the upsampling.
    let private turn n (builder: Builder) =
        let leading, _, trailing = Multi.split builder.Children

        let place none some =
            match some with
            | Some position -> position
            | None -> none

        let last = permute (0 :: [ 2 .. n + 1 ] @ [ 1 ])
        let first = permute (0 :: n + 1 :: [ 1..n ])
        builder.Attach("channel_last", last, place First (List.tryLast leading |> Option.map After))
        builder.Attach("channel_first", first, place Last (List.tryHead trailing |> Option.map Before))

    // The layer in the place of the convolution, behind a normalization and with a way past both.
    let private around n (arguments: Arguments) (layer: ModuleSpec) (builder: Builder) =
        // With the convolution goes what was derived for it, such as its stride.
        let place =
            match builder.Children |> List.takeWhile ((<>) "layer") |> List.tryLast with
            | Some before -> After before
            | None -> First

        if not (builder.Has "layer") then Edit.unknown builder "layer"
        builder.Remove "layer"
        builder.Attach("layer", layer, place)
        Edit.call builder Tag.root "shortcut" []

        let norm =
            match arguments["normalization"] with
            | Null -> Module(Spec.create LayerNorm.definition Map.empty)
            | norm -> norm

        let place = [ "mode", Text "insert"; "after", Text "shortcut_start" ]
        Edit.call builder Tag.root "normalized" (("normalization", norm) :: place)
        if arguments.Get toChannelLast then turn n builder

    let private attend n (arguments: Arguments) (definition: Definition) more (builder: Builder) =
        let layer =
            [
                "features", channels builder
                "num_heads", arguments["num_heads"]
                "batch_first", Bool true
                yield! more
            ]
            |> Map.ofList
            |> Spec.create definition

        around n arguments layer builder

    /// `spatial_self_attention(to_channel_last, normalization, num_heads)`.
    let self n =
        Action.afterInit "spatial_self_attention" [ toChannelLast; normalization; heads ] (fun arguments ->
            attend n arguments MultiheadSelfAttention.definition [])
        |> Action.withDocumentation
            "Attention between all places in the place of the convolution, behind a normalization and with a way past both."

    /// `spatial_cross_attention(to_channel_last, normalization, condition_name, num_heads)`.
    let cross n =
        Action.afterInit "spatial_cross_attention" [ toChannelLast; normalization; condition; heads ] (fun arguments ->
            attend n arguments MultiheadCrossAttention.definition [ "condition", Text(arguments.Get condition) ])
        |> Action.withDocumentation
            "Attention of all places to what a log kept, in the place of the convolution, behind a normalization and with a way past both."

    let private expansion =
        Key.positive "expansion" "How many times as wide as the block it is inside." |> Param.withDefault 4

    /// `spatial_feed_forward(to_channel_last, normalization, expansion)`.
    let feedForward n =
        Action.afterInit "spatial_feed_forward" [ toChannelLast; normalization; expansion ] (fun arguments builder ->
            let width = channels builder

            let inner =
                match width with
                | Int width -> Int(width * int64 (arguments.Get expansion))
                | other -> other

            let linear input output =
                Module(Spec.create Linear.definition (Map.ofList [ "in_features", input; "out_features", output ]))

            let layers = List [ linear width inner; Module(Spec.create GELU.definition Map.empty); linear inner width ]

            around
                n
                arguments
                (Spec.create Sequential.definition (Map.ofList [ Sequential.layers.Name, layers ]))
                builder)
        |> Action.withDocumentation
            "Two linear layers at each place in the place of the convolution, behind a normalization and with a way past both."

    let private optionalCondition =
        Param.text "condition_name"
        |> Param.optional
        |> Param.withDefault (Some "condition")
        |> Param.withDocumentation
            "The key under which a log keeps what is attended to: (N, S, channels); null for attention to the image itself."

    /// `spatial_transformer(to_channel_last, normalization, condition_name, num_heads)`.
    let transformer n =
        Action.afterInit
            "spatial_transformer"
            [ toChannelLast; normalization; optionalCondition; heads ]
            (fun arguments builder ->
                channels builder |> ignore
                Multi.chain builder (List.replicate 3 (Multi.copy builder Map.empty))

                let style i name (more: (string * Value) list) =
                    let given = Map.ofList (("normalization", arguments["normalization"]) :: more)

                    builder.Change(
                        Tag.ofNames [ "blocks"; string i ],
                        Verbs.act builder.Definition.Styles[name] given,
                        false
                    )

                let heads = "num_heads", arguments["num_heads"]
                style 0 "spatial_self_attention" [ heads ]

                match arguments.Get optionalCondition with
                | Some key -> style 1 "spatial_cross_attention" [ heads; "condition_name", Text key ]
                | None -> style 1 "spatial_self_attention" [ heads ]

                style 2 "spatial_feed_forward" []
                if arguments.Get toChannelLast then turn n builder)
        |> Action.withDocumentation
            "A transformer over all places in the place of the convolution: attention to the image, attention to what a log kept, and two linear layers."
