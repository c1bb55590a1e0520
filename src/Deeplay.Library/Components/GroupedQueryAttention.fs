namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// Attention of a sequence to itself whose projections are layers of their own.
module internal GroupedQueryAttention =
    let features = Key.positive "features" "The size of the vectors that come in and out."
    let numHeads = Key.positive "num_heads" "The number of heads of queries, which divides features."

    let numKvHeads =
        Key.positive
            "num_kv_heads"
            "The number of heads of keys and values, which divides num_heads; as many where null."
        |> Key.nullable

    let bias = Key.flag "bias" true "Whether the projections have a learned bias."

    let rotaryBase =
        Key.nullable (Param.float "rotary_base")
        |> Param.withCheck "a float above 1, or null" (fun number -> number > 1.0)
        |> Param.withDocumentation
            "The base of rotary positions, which turn queries and keys by angles that grow with their place; null for none."

    let dropout = Key.dropout "The probability of a weight to be zeroed while training."

    let isCausal = MultiheadAttention.isCausal

    // Source: Su et al., 2021, RoFormer, section 3.4.2; the halves of a head are turned together, as Llama has them.
    let private rotate rotaryBase (width: int) (x: Sym) : Sym =
        let numbers (count: SymInt) = x |> Op.arange 0 count 1 |> Op.toDType DType.Float32
        let speeds = Op.exp (numbers (Op.int (width / 2)) * (-2.0 * log rotaryBase / float width))
        let angles = Op.unsqueeze 1 (numbers (Op.size 2 x)) * speeds
        let cos, sin = Op.cos angles, Op.sin angles

        match Op.chunk 2 -1 x with
        | [ first; second ] -> Op.cat -1 [ first * cos - second * sin; second * cos + first * sin ]
        | _ -> invalidOp "two halves"

    let private fits (arguments: Arguments) : (Param * string) list =
        match arguments.TryGet features, arguments.TryGet numHeads with
        | Some width, Some heads when width % heads <> 0 -> [ numHeads, $"a divisor of the features {string width}" ]
        | Some width, Some heads ->
            [
                match arguments.TryGet numKvHeads with
                | Some groups when heads % groups <> 0 -> numKvHeads, $"a divisor of the num_heads {string heads}"
                | _ -> ()
                if (arguments.TryGet rotaryBase).IsSome && width / heads % 2 <> 0 then
                    numHeads, "such that the width of a head is even, as rotary positions need it"
            ]
        | _ -> []

    let definition =
        Definition.create
            "GroupedQueryAttention"
            [ features; numHeads; numKvHeads; bias; rotaryBase; dropout; isCausal ]
            (fun arguments ->
                let width, heads = arguments.Get features, arguments.Get numHeads
                let groups = arguments.TryGet numKvHeads |> Option.defaultValue heads
                let head = width / heads

                let linear input output =
                    Map.ofList
                        [ Linear.inFeatures => input; Linear.outFeatures => output; Linear.bias => arguments.Get bias ]
                    |> Spec.create Linear.definition

                let split count x = x |> Op.unflatten -1 [ count; head ] |> Op.transpose 1 2

                let turned =
                    match arguments.TryGet rotaryBase with
                    | Some number -> rotate number head
                    | None -> id

                // Each head of keys and values serves several of queries.
                let shared x = if groups = heads then x else Op.repeatInterleave (heads / groups) 1 x

                init {
                    let! q = child "q_proj" (linear width width)
                    let! k = child "k_proj" (linear width (groups * head))
                    let! v = child "v_proj" (linear width (groups * head))
                    let! out = child "out_proj" (linear width width)

                    return
                        forward (fun x ->
                            let queries = call q x |> split heads |> turned
                            let keys = call k x |> split groups |> turned |> shared
                            let values = call v x |> split groups |> shared

                            Op.scaledDotProductAttention
                                (arguments.Get dropout)
                                (arguments.Get isCausal)
                                queries
                                keys
                                values
                            |> Op.transpose 1 2
                            |> Op.flatten 2 -1
                            |> call out)
                })
        |> Definition.withDocumentation
            "Attention of a sequence to itself, with heads of keys and values that several heads of queries share, and rotary positions."
        |> Definition.withCheck fits
        |> Definition.withShapes "(N, L, features) → the same"
        |> Definition.withSource "Ainslie et al., 2023, GQA"
        |> Definition.withSource "Su et al., 2021, RoFormer"
        |> Definition.withExample [ features => 16; numHeads => 4; numKvHeads => 2 ] [ Example.tensor [ 2; 5; 16 ] ]
