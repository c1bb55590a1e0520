namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// What convolutional networks in `n` dimensions have in common with encoders and decoders.
type internal ConvolutionalKeys(n) =
    member val inChannels = (convolutionBlock n).inChannels
    member val hiddenChannels = BlockChain.hidden "hidden_channels" "The channels of each hidden block."
    member val outChannels = Key.positive "out_channels" "The channels of the output."
    member _.outActivation = BlockChain.outActivation

    /// The list of blocks between these channels: each with the pool that is given, but for the first, and the upsampling, but
    /// for the last.
    member _.List
        (input: Value, hidden: Value, output: Value, last, pool: ModuleSpec option, upsample: ModuleSpec option)
        =
        let definition = (convolutionBlock n).definition

        let block (place: BlockChain.Place) =
            let child name isThere (spec: ModuleSpec option) =
                name, (if isThere then Option.map Module spec else None) |> Option.defaultValue Null

            [
                "in_channels", place.Input
                "out_channels", place.Output
                "padding", Int 1L
                "activation", Module place.Activation
                child "pool" (not place.IsFirst) pool
                child "upsample" (not place.IsLast) upsample
            ]
            |> BlockChain.given
            |> Spec.create definition

        BlockChain.list block input hidden output last

    /// The same for the channels and the activation that arguments of these keys say.
    member keys.Blocks(arguments: Arguments, pool, upsample) : ModuleSpec =
        keys.List(
            arguments["in_channels"],
            arguments["hidden_channels"],
            arguments["out_channels"],
            arguments.Get keys.outActivation,
            pool,
            upsample
        )

    /// Attaches these blocks, and what runs beside them under a name.
    member keys.Body(arguments: Arguments, pool, upsample, (name, beside: ModuleSpec)) : Init<Handle * Handle> =
        init {
            let! blocks = child "blocks" (keys.Blocks(arguments, pool, upsample))
            let! beside = child name beside
            return blocks, beside
        }

    member _.Shapes(size) = Spatial.shapes n "in_channels" "out_channels" size

/// The edits of networks: each calls the edit of that name of their blocks.
module internal NetworkEdits =
    let private pool = Key.optionalSpec "pool" "The pool; one that takes the largest of each two where not given."
    let private beforeFirst = Key.flag "before_first" false "In a network: whether its first block has a pool, too."

    /// `pooled(pool, before_first)`.
    let pooled =
        Action.afterInit "pooled" [ pool; beforeFirst ] (fun arguments ->
            BlockChain.callEach "pooled" [ "pool", arguments["pool"] ] (fun i _ -> i > 0 || arguments.Get beforeFirst))
        |> Action.withDocumentation "In a network: a pool in each block but the first."

    let private normalization =
        Key.optionalSpec "normalization" "The normalization; that of the kind of block where not given."

    let private afterLast =
        Key.flag "after_last_layer" true "In a network: whether its last block has a normalization, too."

    /// `normalized(normalization, after_last_layer, mode, after)`.
    let normalized =
        Action.afterInit
            "normalized"
            [ normalization; afterLast; SequentialBlock.modeOf "append"; Edit.optionalAfter ]
            (fun arguments ->
                let given = [ for name in [ "normalization"; "mode"; "after" ] -> name, arguments[name] ]
                BlockChain.callEach "normalized" given (fun i count -> i < count - 1 || arguments.Get afterLast))
        |> Action.withDocumentation "In a network: a normalization in each block."

    let private stride = Param.perDimension "stride" |> Param.withDocumentation "How far the kernel moves."
    let private first = Key.flag "apply_to_first" false "In a network: whether its first block is strided, too."
    let private last = Key.flag "apply_to_last" true "In a network: whether its last block is strided, too."

    /// `strided(stride, apply_to_first, apply_to_last)`.
    let strided =
        Action.afterInit "strided" [ stride; first; last ] (fun arguments ->
            BlockChain.callEach "strided" [ "stride", arguments["stride"] ] (fun i count ->
                if i = 0 then arguments.Get first else i < count - 1 || arguments.Get last))
        |> Action.withDocumentation "In a network: a stride in the place of the pool in each block but the first."

    let private upsample =
        Key.optionalSpec
            "upsample"
            "What makes it larger; a transposed convolution of kernel and stride 2 where not given. Its channels follow the block's."

    let private toLast =
        Key.flag "apply_to_last_layer" false "In a decoder: whether its last block is upsampled, too."

    /// `upsampled(upsample, apply_to_last_layer, mode, after)`.
    let upsampled =
        Action.afterInit
            "upsampled"
            [ upsample; toLast; SequentialBlock.modeOf "append"; Edit.optionalAfter ]
            (fun arguments ->
                let given = [ for name in [ "upsample"; "mode"; "after" ] -> name, arguments[name] ]
                BlockChain.callEach "upsampled" given (fun i count -> i < count - 1 || arguments.Get toLast))
        |> Action.withDocumentation "In a decoder: an upsampling in each block but the last."

type internal NetworkKeys(n) =
    inherit ConvolutionalKeys(n)
    member val pool = Key.optionalSpec "pool" "The pool in front of each block but the first; none where null."

/// A convolutional network in `n` dimensions.
type internal ConvolutionalNetwork(n) as this =
    inherit NetworkKeys(n)

    member val definition: Definition =
        let id = "ConvolutionalNeuralNetwork" + (if n = 2 then "" else $"{string n}d")

        let parameters: Param list =
            [ this.inChannels; this.hiddenChannels; this.outChannels; this.outActivation; this.pool ]

        Definition.create id parameters (fun arguments ->
            init {
                let! blocks = child "blocks" (this.Blocks(arguments, arguments.Get this.pool, None))
                return forward (chain blocks)
            })
        |> Definition.withDocumentation $"Convolutional blocks over {Spatial.dimensions n}, one after another."
        |> Definition.withMethods [ NetworkEdits.pooled; NetworkEdits.normalized; NetworkEdits.strided ]
        |> Definition.withStyle (GanStyles.cycleganBottleneck n)
        |> Definition.withShapes (
            this.Shapes "that of the blocks one after another: by default the same, halved by each pool"
        )
        |> Definition.withSource "Deeplay, ConvolutionalNeuralNetwork"
        |> Definition.withExample
            [ this.inChannels => 3; this.hiddenChannels => [ 8; 16 ]; this.outChannels => 4 ]
            [ Spatial.input n 3 16 ]

[<AutoOpen>]
module internal ConvolutionalNetworks =
    let ConvolutionalNeuralNetwork1d = ConvolutionalNetwork 1
    let ConvolutionalNeuralNetwork = ConvolutionalNetwork 2
    let ConvolutionalNeuralNetwork3d = ConvolutionalNetwork 3

    let network n =
        List.item (n - 1) [ ConvolutionalNeuralNetwork1d; ConvolutionalNeuralNetwork; ConvolutionalNeuralNetwork3d ]
