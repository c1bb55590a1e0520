namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// The dimensions in another order.
[<Group "Layers">]
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

/// What both attentions have, most of which they hand on to the layer that they hold.
type internal AttentionKeys() =
    member val features =
        Key.positive "features" "The size of the vectors; inferred where null."
        |> Param.inferred
        |> Key.nullable

    member val numHeads = Key.positive "num_heads" "The number of heads, which divides features."

    member val returnAttn =
        Key.flag "return_attn" false "Whether the weights, averaged over the heads, are a second output."

    member _.batchFirst = MultiheadAttention.batchFirst
    member _.dropout = MultiheadAttention.dropout
    member _.bias = MultiheadAttention.bias
    member _.addBiasKv = MultiheadAttention.addBiasKv
    member _.addZeroAttn = MultiheadAttention.addZeroAttn
    member _.kdim = MultiheadAttention.kdim
    member _.vdim = MultiheadAttention.vdim

    /// The parameters, a definition's own among them.
    member keys.Parameters(own: Param list) : Param list =
        [ keys.features :> Param; keys.numHeads; keys.returnAttn ]
        @ own
        @ [ keys.batchFirst; keys.dropout; keys.bias; keys.addBiasKv; keys.addZeroAttn; keys.kdim; keys.vdim ]

    /// The layer for these arguments.
    member keys.Layer(arguments: Arguments) : ModuleSpec =
        let handed =
            [
                for key in keys.Parameters [] do
                    if MultiheadAttention.definition.Signature.Has key.Name then key.Name
            ]

        LayerBlock.withSet MultiheadAttention.definition handed arguments
        |> fun spec ->
            match arguments.TryGet keys.features with
            | Some features -> Spec.withArgument "embed_dim" (Int(int64 features)) spec
            | None -> spec
        |> Spec.withArgument "need_weights" (arguments[keys.returnAttn.Name])

    /// The forward pass of a module that calls its attention on these of its inputs.
    member keys.Pass(arguments: Arguments, inputs, attention: Handle, given: Sym list -> Sym list) : Init<Forward> =
        init {
            let! made = observe attention
            let needsWeights = MultiheadAttention.needWeights

            // The layer's own weights are looked at by whoever asks it for them: a log, say.
            let hasWeights =
                made.Arguments.Signature.Has needsWeights.Name && made.Arguments.TryGet needsWeights = Some true

            return
                if arguments.Get keys.returnAttn then forwardMany inputs (given >> callMany 2 attention)
                elif hasWeights then forwardOf inputs (given >> callMany 2 attention >> List.head)
                else forwardOf inputs (given >> callOn attention)
        }

type internal SelfAttentionKeys() =
    inherit AttentionKeys()

    // Keys that are left out are none; what may not be attended to are other sequences.
    let ofSequences (x: Sym) (sequences: Sym) =
        [ x; x; x; Op.ne sequences sequences; Op.ne (Op.unsqueeze 1 sequences) (Op.unsqueeze 0 sequences) ]

    member val projection =
        Key.optionalSpec
            "projection"
            "What the input goes through first, as it does to another width; nothing where null."

    member val projects =
        Key.flag
            "projects"
            true
            "Whether the input goes through the projection here; else whoever holds this module calls it, as a LayerDropoutSkipNormalization does, since what it leads past has to go through it too."

    member _.isCausal = MultiheadAttention.isCausal

    member val ragged =
        Key.flag
            "ragged"
            false
            "Whether several sequences come as one (L, features): then the number of the sequence of each vector (L) is a second input, and nothing attends to another sequence."

    // What of its inputs the attention gets.
    member private keys.Run(arguments: Arguments, attention: Handle, projected: Sym -> Sym) : Init<Forward> =
        if arguments.Get keys.ragged then
            let given (inputs: Sym list) = ofSequences (projected inputs[0]) inputs[1]
            keys.Pass(arguments, [ "input"; "batch_index" ], attention, given)
        else
            keys.Pass(arguments, [ "input" ], attention, List.map projected)

    member keys.Body(arguments: Arguments) : Init<Forward> =
        let layer = keys.Layer arguments |> Spec.withArgument keys.isCausal.Name arguments[keys.isCausal.Name]

        match arguments.Get keys.projection with
        | None ->
            init {
                let! attention = child "attention" layer
                return! keys.Run(arguments, attention, id)
            }
        | Some projection ->
            init {
                let! projection = child "projection" projection
                let! attention = child "attention" layer
                return! keys.Run(arguments, attention, (if arguments.Get keys.projects then call projection else id))
            }

type internal SelfAttention() as this =
    inherit SelfAttentionKeys()

    member val definition: Definition =
        let own: Param list = [ this.projection; this.projects; this.isCausal; this.ragged ]

        Definition.create "MultiheadSelfAttention" (this.Parameters own) (fun arguments -> this.Body arguments)
        |> Definition.withDocumentation "Attention of a sequence to itself."
        |> Definition.withPositional [ this.features; this.numHeads ]
        |> Definition.withShapes
            "(L, N, features) → the same; (N, …, features) with batch_first; (L, features) and (L) with ragged"
        |> Definition.withSource "Vaswani et al., 2017, Attention Is All You Need"
        |> Definition.withSource "Deeplay, MultiheadSelfAttention"
        |> Definition.withExample [ this.features => 8; this.numHeads => 2 ] [ Example.tensor [ 5; 2; 8 ] ]

type internal CrossAttentionKeys() =
    inherit AttentionKeys()

    member val condition =
        Param.text "condition"
        |> Key.optional
            "The key under which keys and values were kept by a log; where null, they are the second and the third input."

    member keys.Body(arguments: Arguments) : Init<Forward> =
        init {
            let! attention = child "attention" (keys.Layer arguments)

            match arguments.Get keys.condition with
            | None -> return! keys.Pass(arguments, [ "queries"; "keys"; "values" ], attention, id)
            | Some key ->
                let! kept = child "condition" (Spec.create Logging.fromLogs (Map.ofList [ Logging.key => key ]))

                let given inputs =
                    let kept = call kept (List.head inputs)
                    [ List.head inputs; kept; kept ]

                return! keys.Pass(arguments, [ "input" ], attention, given)
        }

type internal CrossAttention() as this =
    inherit CrossAttentionKeys()

    member val definition: Definition =
        Definition.create "MultiheadCrossAttention" (this.Parameters [ this.condition ]) (fun arguments ->
            this.Body arguments)
        |> Definition.withDocumentation "Attention of queries to keys and values."
        |> Definition.withPositional [ this.features; this.numHeads ]
        |> Definition.withShapes
            "queries (L, N, features), keys and values (S, N, …) → (L, N, features); N first with batch_first"
        |> Definition.withSource "Vaswani et al., 2017, Attention Is All You Need"
        |> Definition.withSource "Deeplay, MultiheadCrossAttention"
        |> Definition.withExample
            [ this.features => 8; this.numHeads => 2 ]
            [ Example.tensor [ 5; 2; 8 ]; Example.tensor [ 7; 2; 8 ]; Example.tensor [ 7; 2; 8 ] ]

[<AutoOpen>]
module internal Attentions =
    let MultiheadSelfAttention = SelfAttention()
    let MultiheadCrossAttention = CrossAttention()
