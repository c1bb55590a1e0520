namespace Deeplay.Torch

open TorchSharp

/// What a weight is computed from.
[<NoComparison; NoEquality>]
type internal WeightSource =
    /// Nothing: it is a parameter.
    | Itself
    /// `weight_g` and `weight_v`, with a norm for each slice along a dimension, or one of all.
    | NormAndDirection of dim: int option
    /// `weight_orig`, with the singular vectors `weight_u` and `weight_v`.
    | SpectralNormed of iterations: int * eps: float * dim: int

/// What is added to what a layer does: `lora_A` and `lora_B`.
[<NoComparison; NoEquality>]
type internal LowRank = { Scaling: float; Dropout: float }

/// Weights as matrices, and their norms.
module internal WeightMatrix =
    /// A row for each slice along a dimension.
    let rows (dim: int) (weight: Tensor) : Tensor =
        let rank = int (weight.dim ())
        let others = Array.init rank int64 |> Array.except [ int64 dim ]
        use turned = weight.permute (Array.append [| int64 dim |] others)
        turned.reshape ([| weight.size dim; -1L |])

    /// The norm of each slice along a dimension, (1, …, size, …, 1), or of all, ().
    let norms (dim: int option) (weight: Tensor) : Tensor =
        match dim with
        | None ->
            use flat = weight.reshape ([| -1L |])
            flat.norm (0, false, 2.0f)
        | Some dim ->
            use rows = rows dim weight
            use norms = rows.norm (1, false, 2.0f)
            norms.reshape (Array.init (int (weight.dim ())) (fun i -> if i = dim then weight.size dim else 1L))

    /// A vector of norm 1. Source: PyTorch docs, torch.nn.functional.normalize.
    let unit (eps: float) (vector: Tensor) : Tensor =
        use norm = vector.norm (0, true, 2.0f)
        use least = Numbers.real eps
        use bounded = norm.clamp_min least
        vector.div bounded

    /// The matrix of low rank that is added to a weight, but for its scale, in the weight's shape.
    let product (layer: Weighted) (shape: int64[]) (a: Tensor) (b: Tensor) : Tensor =
        let groups = layer.Groups
        let rank = b.size 1
        use b = b.reshape ([| groups; -1L; rank |])

        if layer.IsTransposed then
            // (groups, inputs, kernel, rank), for the inputs come first.
            use a = a.reshape ([| groups; a.size 0 / groups; rank; -1L |])
            let inputs, kernel = a.size 1, a.size 3
            use a = a.permute ([| 0L; 1L; 3L; 2L |])
            use a = a.reshape ([| groups; -1L; rank |])
            use b = b.transpose (1L, 2L)
            use all = a.bmm b
            use all = all.reshape ([| groups; inputs; kernel; -1L |])
            use all = all.permute ([| 0L; 1L; 3L; 2L |])
            all.reshape shape
        else
            use a = a.reshape ([| groups; rank; -1L |])
            use all = b.bmm a
            all.reshape shape

/// A layer whose weight is computed from other parameters, or that something of low rank is added to. Its parameters are
/// registered by whoever makes it.
[<Sealed>]
type internal ReparametrizedLayer(kind: string, layer: Weighted, source: WeightSource, added: LowRank option) =
    inherit torch.nn.Module<Tensor, Tensor>(kind)

    /// The weight that the layer works with, as a tensor of the caller's. In training mode each call follows the largest
    /// singular value by a step. Source: PyTorch docs, torch.nn.utils.weight_norm and torch.nn.utils.spectral_norm.
    member this.Weight() : Tensor =
        match source with
        | Itself -> (this.get_parameter "weight").alias()
        | NormAndDirection dim ->
            let g, v = this.get_parameter "weight_g", this.get_parameter "weight_v"
            use norms = WeightMatrix.norms dim v
            use ratio = g.div norms
            v.mul ratio
        | SpectralNormed(iterations, eps, dim) ->
            let original = this.get_parameter "weight_orig"
            let u, v = this.get_buffer "weight_u", this.get_buffer "weight_v"
            use rows = WeightMatrix.rows dim original

            if this.training then
                use _ = torch.no_grad ()
                use turned = rows.t ()

                for _ in 1..iterations do
                    use image = turned.mv u
                    use right = WeightMatrix.unit eps image
                    v.copy_ right |> ignore
                    use image = rows.mv v
                    use left = WeightMatrix.unit eps image
                    u.copy_ left |> ignore

            // A later call changes them, and the backward pass of this one needs them as they are.
            use u = if this.training then u.clone () else u.alias ()
            use v = if this.training then v.clone () else v.alias ()
            use image = rows.mv v
            use largest = u.dot image
            original.div largest

    override this.forward input =
        use weight = this.Weight()
        let own = layer.Call input weight (this.get_parameter "bias")

        match added with
        | None -> own
        | Some added ->
            use own = own
            let drops = added.Dropout > 0.0 && this.training

            use dropped =
                if drops then torch.nn.functional.dropout (input, added.Dropout, true, false) else input.alias ()

            use low = layer.Call dropped (this.get_parameter "lora_A") null
            use high = layer.Pointwise low (this.get_parameter "lora_B")
            use scale = Numbers.real added.Scaling
            use scaled = high.mul scale
            Numbers.add own scaled

    /// The parameters of the plain layer that does the same, as tensors of the caller's.
    member this.Merged() : (string * Tensor) list =
        use _ = torch.no_grad ()
        let wasTraining = this.training
        // What a step of the power iteration would change is no part of merging.
        this.eval ()
        let weight = this.Weight()
        if wasTraining then this.train ()

        let merged =
            match added with
            | None -> weight.clone ()
            | Some added ->
                let a, b = this.get_parameter "lora_A", this.get_parameter "lora_B"
                use product = WeightMatrix.product layer weight.shape a b
                use scale = Numbers.real added.Scaling
                use scaled = product.mul scale
                Numbers.add weight scaled

        weight.Dispose()

        [
            "weight", merged
            match this.get_parameter "bias" with
            | null -> ()
            | bias -> "bias", bias.clone ()
        ]

    /// Takes the norms of `weight_v` for `weight_g`, after other numbers were written to it.
    member this.TakeNorms() : unit =
        match source with
        | NormAndDirection dim ->
            use _ = torch.no_grad ()
            use norms = WeightMatrix.norms dim (this.get_parameter "weight_v")
            (this.get_parameter "weight_g").copy_ norms |> ignore
        | _ -> ()

    override _.parameters recurse = base.parameters recurse |> Array.ofSeq :> _
    override _.RegisterComponents() = ()
