namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// The dimensions in another order.
module internal Permute =
    let dims =
        Param.ints "dims"
        |> Param.withCheck "each dimension once" (fun dims -> not dims.IsEmpty && List.distinct dims = dims)
        |> Param.withDocumentation "Which dimension of the input is each of the output's."

    let definition =
        Definition.create "Permute" [ dims ] (fun arguments ->
            init { return forward (Op.permute (arguments.Get dims)) })
        |> Definition.withDocumentation "The dimensions in another order."
        |> Definition.withShapes "the sizes of dims of the input, in that order"
        |> Definition.withExample [ dims => [ 0; 2; 1 ] ] [ Example.tensor [ 2; 3; 4 ] ]
        |> Definition.withSource "Deeplay, Permute"

/// What both attentions hand on to the layer they hold.
module internal AttentionKeys =
    let features =
        Key.positive "features" "The size of the vectors; inferred where null."
        |> Param.inferred
        |> Key.nullable

    let numHeads = Key.positive "num_heads" "The number of heads, which divides features."
    let returnAttn = Key.flag "return_attn" false "Whether the weights, averaged over the heads, are a second output."

    /// The parameters, the first and the last of a definition's own.
    let parameters (own: Param list) : Param list =
        [ features :> Param; numHeads; returnAttn ]
        @ own
        @ [
            MultiheadAttention.batchFirst
            MultiheadAttention.dropout
            MultiheadAttention.bias
            MultiheadAttention.addBiasKv
            MultiheadAttention.addZeroAttn
            MultiheadAttention.kdim
            MultiheadAttention.vdim
        ]

    /// The layer for these arguments.
    let layer (arguments: Arguments) : ModuleSpec =
        let handed = [ "num_heads"; "batch_first"; "dropout"; "bias"; "add_bias_kv"; "add_zero_attn"; "kdim"; "vdim" ]

        LayerBlock.withSet MultiheadAttention.definition handed arguments
        |> fun spec ->
            match arguments.TryGet features with
            | Some features -> Spec.withArgument "embed_dim" (Int(int64 features)) spec
            | None -> spec
        |> Spec.withArgument "need_weights" (arguments[returnAttn.Name])

    /// The forward pass of a module that calls its attention on these of its inputs.
    let pass (arguments: Arguments) inputs (attention: Handle) (given: Sym list -> Sym list) : Forward =
        if arguments.Get returnAttn then
            forwardMany inputs (given >> callMany 2 attention)
        else
            forwardOf inputs (given >> callOn attention)

module internal MultiheadSelfAttention =
    let features = AttentionKeys.features
    let numHeads = AttentionKeys.numHeads
    let returnAttn = AttentionKeys.returnAttn

    let projection =
        Key.optionalSpec
            "projection"
            "What the input goes through first, as it does to another width; nothing where null."

    let projects =
        Key.flag
            "projects"
            true
            "Whether the input goes through the projection here; else whoever holds this module calls it, as a LayerDropoutSkipNormalization does, since what it leads past has to go through it too."

    let isCausal = MultiheadAttention.isCausal
    let batchFirst = MultiheadAttention.batchFirst
    let dropout = MultiheadAttention.dropout
    let bias = MultiheadAttention.bias
    let addBiasKv = MultiheadAttention.addBiasKv
    let addZeroAttn = MultiheadAttention.addZeroAttn
    let kdim = MultiheadAttention.kdim
    let vdim = MultiheadAttention.vdim

    let ragged =
        Key.flag
            "ragged"
            false
            "Whether several sequences come as one (L, features): then the number of the sequence of each vector (L) is a second input, and nothing attends to another sequence."

    // Keys that are left out are none; what may not be attended to are other sequences.
    let private ofSequences (x: Sym) (sequences: Sym) =
        [ x; x; x; Op.ne sequences sequences; Op.ne (Op.unsqueeze 1 sequences) (Op.unsqueeze 0 sequences) ]

    let private run (arguments: Arguments) (attention: Handle) (projected: Sym -> Sym) =
        if arguments.Get ragged then
            AttentionKeys.pass arguments [ "input"; "batch_index" ] attention (fun inputs ->
                ofSequences (projected inputs[0]) inputs[1])
        else
            AttentionKeys.pass arguments [ "input" ] attention (List.map projected)

    let definition =
        Definition.create
            "MultiheadSelfAttention"
            (AttentionKeys.parameters [ projection; projects; isCausal; ragged ])
            (fun arguments ->
                let layer = AttentionKeys.layer arguments |> Spec.withArgument isCausal.Name arguments[isCausal.Name]

                match arguments.Get projection with
                | None ->
                    init {
                        let! attention = child "attention" layer
                        return run arguments attention id
                    }
                | Some projection ->
                    init {
                        let! projection = child "projection" projection
                        let! attention = child "attention" layer
                        return run arguments attention (if arguments.Get projects then call projection else id)
                    })
        |> Definition.withDocumentation "Attention of a sequence to itself."
        |> Definition.withPositional [ features; numHeads ]
        |> Definition.withShapes
            "(L, N, features) → the same; (N, …, features) with batch_first; (L, features) and (L) with ragged"
        |> Definition.withSource "Vaswani et al., 2017, Attention Is All You Need"
        |> Definition.withSource "Deeplay, MultiheadSelfAttention"
        |> Definition.withExample [ features => 8; numHeads => 2 ] [ Example.tensor [ 5; 2; 8 ] ]

module internal MultiheadCrossAttention =
    let features = AttentionKeys.features
    let numHeads = AttentionKeys.numHeads
    let returnAttn = AttentionKeys.returnAttn

    let condition =
        Param.text "condition"
        |> Key.optional
            "The key under which keys and values were kept by a log; where null, they are the second and the third input."

    let batchFirst = MultiheadAttention.batchFirst
    let dropout = MultiheadAttention.dropout
    let bias = MultiheadAttention.bias
    let addBiasKv = MultiheadAttention.addBiasKv
    let addZeroAttn = MultiheadAttention.addZeroAttn
    let kdim = MultiheadAttention.kdim
    let vdim = MultiheadAttention.vdim

    let definition =
        Definition.create "MultiheadCrossAttention" (AttentionKeys.parameters [ condition ]) (fun arguments ->
            init {
                let! attention = child "attention" (AttentionKeys.layer arguments)

                match arguments.Get condition with
                | None ->
                    return
                        AttentionKeys.pass arguments [ "queries"; "keys"; "values" ] attention (fun inputs -> inputs)
                | Some key ->
                    let! kept = child "condition" (Spec.create Logging.fromLogs (Map.ofList [ Logging.key => key ]))

                    return
                        AttentionKeys.pass arguments [ "input" ] attention (fun inputs ->
                            let kept = call kept (List.head inputs)
                            [ List.head inputs; kept; kept ])
            })
        |> Definition.withDocumentation "Attention of queries to keys and values."
        |> Definition.withPositional [ features; numHeads ]
        |> Definition.withShapes
            "queries (L, N, features), keys and values (S, N, …) → (L, N, features); N first with batch_first"
        |> Definition.withSource "Vaswani et al., 2017, Attention Is All You Need"
        |> Definition.withSource "Deeplay, MultiheadCrossAttention"
        |> Definition.withExample
            [ features => 8; numHeads => 2 ]
            [ Example.tensor [ 5; 2; 8 ]; Example.tensor [ 7; 2; 8 ]; Example.tensor [ 7; 2; 8 ] ]
