namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

module internal MultiheadAttention =
    let embedDim =
        Key.positive "embed_dim" "The size of the vectors that come in and out; inferred where not set."
        |> Param.inferred

    let numHeads = Key.positive "num_heads" "The number of heads, which divides embed_dim."

    let dropout = Key.dropout "The probability of a weight to be zeroed while training."

    let bias = Key.flag "bias" true "Whether the projections have a learned bias."
    let addBiasKv = Key.flag "add_bias_kv" false "Whether a learned key and value are added to each sequence."
    let addZeroAttn = Key.flag "add_zero_attn" false "Whether a key and value of zeros are added to each sequence."

    let private size name what = Key.positive name $"The size of the {what}; embed_dim where null." |> Key.nullable

    let kdim = size "kdim" "keys"
    let vdim = size "vdim" "values"

    let batchFirst =
        Key.flag
            "batch_first"
            false
            "Whether sequences are (N, L, …), else (L, N, …). Then all dimensions between the first and the last are one sequence."

    let needWeights =
        Key.flag "need_weights" false "Whether the weights, averaged over the heads, are a second output."

    let isCausal = Key.flag "is_causal" false "Whether nothing attends to what comes later."

    /// Stops at a mask of another shape than it must have: that of keys first, then that of queries and keys. `batch` is how many
    /// sequences there are; none where there is no batch.
    // Source: PyTorch, torch.nn.functional, _mha_shape_check and multi_head_attention_forward.
    let checkMasks (arguments: Arguments) (batch: Dim list) queries keys (masks: Shape list) =
        let heads = arguments.TryGet numHeads |> Option.map (int64 >> Known) |> Option.defaultValue Unknown
        let ofKeys = batch @ [ keys ]
        let ofBoth = [ queries; keys ]
        let ofHeads = List.fold (Dim.map2 (*)) heads batch :: ofBoth

        let check name words (allowed: Dim list list) mask =
            let fits (dims: Dim list) (one: Dim list) = one.Length = dims.Length && List.forall2 Dim.agrees one dims

            match mask with
            | Ranked dims when not (List.exists (fits dims) allowed) ->
                let shapes = allowed |> List.map (Ranked >> string) |> String.concat " or "
                Rule.fail $"{name} (a mask {words}) of shape {shapes}" mask
            | _ -> Ok()

        match masks with
        | [] -> Ok()
        | first :: others ->
            check "key_padding_mask" "of the keys" [ ofKeys ] first
            |> Result.bind (fun () ->
                match others with
                | [] -> Ok()
                | mask :: _ -> check "attn_mask" "of each query's keys" [ ofBoth; ofHeads ] mask)

    // Source: PyTorch docs, torch.nn.MultiheadAttention, "Shape".
    let private attend (arguments: Arguments) (query: Dim list) (key: Dim list) (value: Dim list) (masks: Shape list) =
        let width name (given: Param<int>) embed (dims: Dim list) =
            let own = arguments.TryGet given |> Option.map (int64 >> Known) |> Option.defaultValue embed

            if Dim.agrees own (List.last dims) then
                Ok()
            else
                Rule.fail $"as {name} vectors of size {own}" (Ranked dims)

        let isFirst = arguments.Get batchFirst
        // How many there are in the batch, and how long a sequence is.
        let batch (dims: Dim list) =
            if dims.Length = 2 then []
            elif isFirst then [ dims[0] ]
            else [ dims[1] ]

        let length (dims: Dim list) =
            if dims.Length = 2 || not isFirst then dims[0] else Shape.numel dims[1 .. dims.Length - 2]

        // Queries, keys and values are as many in the batch, and each key has its value.
        let together name (dims: Dim list) =
            let isOfBatch = List.compareWith (fun a b -> if Dim.agrees a b then 0 else 1) (batch query) (batch dims) = 0

            if not isOfBatch then
                let size = batch query |> List.map string |> String.concat ""

                let expected =
                    if size = "" then "no batch, as the queries have none" else $"a batch of {size}, as the queries'"

                Rule.fail $"{name} of {expected}" (Ranked dims)
            elif not (Dim.agrees (length key) (length dims)) then
                Rule.fail $"as many values as keys, {length key}" (Ranked dims)
            else
                Ok()

        let added = [ arguments.Get addBiasKv; arguments.Get addZeroAttn ] |> List.filter id |> List.length

        Rule.width arguments embedDim "last dimension" (List.last query) (Ranked query)
        |> Result.bind (fun (embed, inferred) ->
            width "keys" kdim embed key
            |> Result.bind (fun () -> width "values" vdim embed value)
            |> Result.bind (fun () -> together "keys" key)
            |> Result.bind (fun () -> together "values" value)
            |> Result.bind (fun () -> checkMasks arguments (batch query) (length query) (length key) masks)
            |> Result.map (fun () ->
                let weights = batch query @ [ length query; Dim.map (fun n -> n + int64 added) (length key) ]

                {
                    Outputs =
                        [
                            Ranked(List.updateAt (query.Length - 1) embed query)
                            if arguments.Get needWeights then Ranked weights
                        ]
                    Inferred = inferred
                }))

    /// Which inputs it takes, as an error says it.
    let inputWords isFirst =
        if isFirst then
            "inputs of 2 dimensions (L, embed_dim), or more (N, …, embed_dim)"
        else
            "inputs of 2 dimensions (L, embed_dim), or 3 (L, N, embed_dim)"

    let private rule: ShapeRule =
        fun arguments inputs ->
            let most = if arguments.Get batchFirst then System.Int32.MaxValue else 3
            let words = inputWords (arguments.Get batchFirst)
            let unknown = List.replicate (if arguments.Get needWeights then 2 else 1) Unranked

            let all query key value masks =
                match query, key, value with
                | Ranked q, Ranked k, Ranked v ->
                    match List.tryFind (fun (dims: Dim list) -> dims.Length < 2 || dims.Length > most) [ q; k; v ] with
                    | Some wrong -> Rule.fail words (Ranked wrong)
                    | None -> attend arguments q k v masks
                | _ -> Ok { Outputs = unknown; Inferred = [] }

            match inputs with
            | [ one ] -> all one one one []
            | query :: key :: value :: masks when masks.Length <= 2 -> all query key value masks
            | _ -> Rule.fail "1 input, or queries, keys and values, and up to 2 masks behind them" inputs.Length

    let private weights (arguments: Arguments) =
        match arguments.TryGet embedDim with
        | None -> []
        | Some embed ->
            let embed = int64 embed
            let size (key: Param<int>) = arguments.TryGet key |> Option.map int64 |> Option.defaultValue embed

            [
                if size kdim = embed && size vdim = embed then
                    "in_proj_weight", [ 3L * embed; embed ]
                else
                    "q_proj_weight", [ embed; embed ]
                    "k_proj_weight", [ embed; size kdim ]
                    "v_proj_weight", [ embed; size vdim ]
                if arguments.Get bias then "in_proj_bias", [ 3L * embed ]
                if arguments.Get addBiasKv then
                    "bias_k", [ 1L; 1L; embed ]
                    "bias_v", [ 1L; 1L; embed ]
                "out_proj.weight", [ embed; embed ]
                if arguments.Get bias then "out_proj.bias", [ embed ]
            ]

    // Source: PyTorch, MultiheadAttention.__init__: "embed_dim must be divisible by num_heads".
    let private headsDivide (arguments: Arguments) : (Param * string) list =
        match arguments.TryGet embedDim, arguments.TryGet numHeads with
        | Some embed, Some heads when embed % heads <> 0 -> [ numHeads, $"a divisor of the embed_dim {string embed}" ]
        | _ -> []

    let definition =
        Layer.create
            "MultiheadAttention"
            [
                embedDim
                numHeads
                dropout
                bias
                addBiasKv
                addZeroAttn
                kdim
                vdim
                batchFirst
                needWeights
                isCausal
            ]
            rule
            "Attention of several heads: of a sequence to itself, or of queries to keys and values. Masks may follow: of keys to be left out (N, S), or (S,) without a batch, then of what may not be attended to (L, S), or (N · num_heads, L, S)."
            "queries (L, N, embed_dim), keys (S, N, kdim), values (S, N, vdim) → (L, N, embed_dim); N first with batch_first; one input is all three"
        // The masks behind queries, keys and values are bools as a rule.
        |> Definition.withElements (ElementRule(Layer.floatsFirst 3))
        |> Definition.withExtra (fun _ -> "")
        |> Definition.withWeights weights
        |> Definition.withCheck headsDivide
        |> Definition.withSource "Vaswani et al., 2017, Attention Is All You Need"
        |> Definition.withExample [ embedDim => 8; numHeads => 2 ] [ Example.tensor [ 5; 2; 8 ] ]
