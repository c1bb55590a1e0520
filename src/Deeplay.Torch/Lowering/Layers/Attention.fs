namespace Deeplay.Torch

open System
open Deeplay.Core
open Deeplay.Library
open TorchSharp
open TorchSharp.Modules

/// Multi-head attention with PyTorch's parameters. TorchSharp's has no `batch_first`, and keeps its names to itself.
[<Sealed>]
type internal AttentionLayer(a: Arguments) as this =
    inherit torch.nn.Module<torch.Tensor[], torch.Tensor[]>(a.Kind)

    let embed, heads = Read.int a MultiheadAttention.embedDim, Read.int a MultiheadAttention.numHeads
    let isFirst, p = a.Get MultiheadAttention.batchFirst, a.Get MultiheadAttention.dropout
    let needsWeights, isCausal = a.Get MultiheadAttention.needWeights, a.Get MultiheadAttention.isCausal
    let output = torch.nn.Linear(embed, embed, a.Get MultiheadAttention.bias)
    // TorchSharp lists a field that is a module once more, under the field's name.
    let project = Func<Tensor, Tensor>(fun x -> output.call x)

    // Source: PyTorch, MultiheadAttention._reset_parameters.
    let start (name: string) (shape: int64 list) =
        let tensor = torch.zeros (Array.ofList shape)

        match name with
        | "in_proj_bias" -> ()
        | "bias_k"
        | "bias_v" -> tensor.normal_ (0.0, 1.0 / sqrt (float embed)) |> ignore
        | _ -> torch.nn.init.xavier_uniform_ tensor |> ignore

        this.register_parameter (name, new Parameter(tensor))

    do
        for name, shape in MultiheadAttention.definition.Weights a do
            if not (name.StartsWith("out_proj", StringComparison.Ordinal)) then start name shape

        this.register_module ("out_proj", output)

        if not (isNull output.bias) then
            use _ = torch.no_grad ()
            output.bias.zero_ () |> ignore

    // Looked up, since moving to another device puts others in their place.
    member private this.Named(name: string) : Tensor = this.get_parameter name

    /// The queries, keys and values, each projected.
    member private this.Projected(inputs: Tensor list) : Tensor list =
        let weights =
            if isNull (this.Named "in_proj_weight") then
                [ for name in [ "q"; "k"; "v" ] -> this.Named $"{name}_proj_weight" ]
            else
                List.ofArray ((this.Named "in_proj_weight").chunk 3L)

        let biases =
            match this.Named "in_proj_bias" with
            | null -> [ null; null; null ]
            | bias -> List.ofArray (bias.chunk 3L)

        List.map3 (fun x weight bias -> torch.nn.functional.linear (x, weight, bias)) inputs weights biases

    /// What is added to the scores of each query and key: negative infinity where it may not attend. None where there is
    /// nothing to add.
    member private _.Mask
        (masks: Tensor list, batch: int64, queries: int64, keys: int64, own: int64, like: Tensor)
        : Tensor option =
        use never = Numbers.real Double.NegativeInfinity

        let additive (mask: Tensor) =
            if mask.dtype = torch.bool then
                torch.zeros(mask.shape, like.dtype, like.device).masked_fill(mask, never)
            else
                mask.``to`` like.dtype

        // What was added to the sequences is attended to in any case.
        let widened (mask: Tensor) = if keys > own then torch.nn.functional.pad (mask, [| 0L; keys - own |]) else mask

        let ofKeys, others =
            match masks with
            | [] -> None, None
            | [ ofKeys ] -> Some ofKeys, None
            | ofKeys :: other :: _ -> Some ofKeys, Some other

        let all =
            [
                match ofKeys with
                | Some mask -> (widened (additive mask)).view(batch, 1L, 1L, keys)
                | None -> ()
                match others with
                | Some mask when mask.dim () = 3L -> (widened (additive mask)).view(batch, heads, queries, keys)
                | Some mask -> widened (additive mask)
                | None -> ()
                if isCausal then
                    let later = torch.ones(queries, own, dtype = torch.bool, device = like.device).triu 1L
                    widened (additive later)
            ]

        if all.IsEmpty then None else Some(List.reduce Numbers.add all)

    override this.forward(xs: Tensor[]) =
        use _ = torch.NewDisposeScope()

        let inputs, masks =
            match List.ofArray xs with
            | [ x ] -> [ x; x; x ], []
            | q :: k :: v :: masks -> [ q; k; v ], masks
            | other -> Fail.with' (WrongShape(a.Tag, a.Kind, "1 input, or 3 and masks", string other.Length))

        // What follows would take sequences for the examples of a batch.
        match inputs |> List.tryFind (fun x -> x.dim () < 2L || not isFirst && x.dim () > 3L) with
        | Some wrong ->
            let expected = MultiheadAttention.inputWords isFirst
            Fail.with' (WrongShape(a.Tag, a.Kind, expected, string (Shape.known wrong.shape)))
        | None -> ()

        // (N, L, E).
        let batched (x: Tensor) =
            if x.dim () = 2L then x.unsqueeze 0L
            elif isFirst then x.flatten (1L, -2L)
            else x.transpose (0L, 1L)

        let q, k, v =
            match this.Projected(List.map batched inputs) with
            | [ q; k; v ] -> q, k, v
            | _ -> invalidOp "three"

        let batch, queries, own = q.shape[0], q.shape[1], k.shape[1]

        // What follows would take numbers of one example for those of another.
        if k.shape[0] <> batch || v.shape[0] <> batch || v.shape[1] <> own then
            let shapes = inputs |> List.map (fun x -> string (Shape.known x.shape)) |> String.concat ", "
            let expected = "keys and values for each example of the queries, as many values as keys"
            Fail.with' (WrongShape(a.Tag, a.Kind, expected, shapes))

        // TorchSharp would broadcast others.
        let ofBatch = if inputs.Head.dim () = 2L then [] else [ Known batch ]
        let shapes = [ for mask in masks -> Shape.known mask.shape ]

        match MultiheadAttention.checkMasks a ofBatch (Known queries) (Known own) shapes with
        | Error problem -> Fail.with' (WrongShape(a.Tag, a.Kind, problem.Expected, problem.Found))
        | Ok() -> ()

        let row (name: string) = (this.Named name).expand(batch, 1L, embed)

        let more (x: Tensor) name =
            let parts =
                [
                    x
                    if a.Get MultiheadAttention.addBiasKv then row name
                    if a.Get MultiheadAttention.addZeroAttn then torch.zeros ([| batch; 1L; embed |], x.dtype, x.device)
                ]

            if parts.Length = 1 then x else torch.cat (Array.ofList parts, 1L)

        let k, v = more k "bias_k", more v "bias_v"
        let keys = k.shape[1]
        let split (x: Tensor) = x.view(batch, -1L, heads, embed / heads).transpose(1L, 2L)
        let q, k, v = split q, split k, split v
        let p = if this.training then p else 0.0
        let mask = this.Mask(masks, batch, queries, keys, own, q)

        let attended, weights =
            if needsWeights then
                use scale = Numbers.real (1.0 / sqrt (float (embed / heads)))
                let scores = q.mul(scale).matmul(k.transpose (-2L, -1L))
                let scores = mask |> Option.map (Numbers.add scores) |> Option.defaultValue scores
                let weights = torch.nn.functional.softmax (scores, -1L)
                let weights = torch.nn.functional.dropout (weights, p, this.training)
                weights.matmul v, Some(weights.mean ([| 1L |]))
            else
                torch.nn.functional.scaled_dot_product_attention (q, k, v, Option.toObj mask, p), None

        let y = attended.transpose(1L, 2L).reshape(batch, queries, embed) |> project.Invoke

        let asGiven (y: Tensor) =
            let x = xs[0]

            if x.dim () = 2L then y.squeeze 0L
            elif isFirst then y.reshape (Array.append x.shape[.. x.shape.Length - 2] [| embed |])
            else y.transpose (0L, 1L)

        [|
            (asGiven y).MoveToOuterDisposeScope()
            match weights with
            | Some weights when xs[0].dim() = 2L -> (weights.squeeze 0L).MoveToOuterDisposeScope()
            | Some weights -> weights.MoveToOuterDisposeScope()
            | None -> ()
        |]

module internal AttentionLowerings =
    let table = [ row MultiheadAttention.definition (fun a -> new AttentionLayer(a)) ]
