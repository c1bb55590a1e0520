namespace Deeplay.Torch

open System
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
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

/// From what was asked for a layer to the module that does it.
module internal Reparametrized =
    let private wrong (node: Node) problem = Fail.with' (WrongStructure(node.Tag, node.Definition.Id, problem))

    let private dimension (given: Arguments) (key: Param<int>) (rank: int) (dim: int) =
        if dim >= rank then Read.refuse given key $"a dimension of a weight of {string rank} dimensions"
        dim

    let private sourceOf (layer: Weighted) (weight: Tensor) (asked: (string * Arguments) list) node : WeightSource =
        let rank = int (weight.dim ())

        match asked |> List.filter (fun (id, _) -> id <> Reparametrization.lora.Id) with
        | [] -> Itself
        | [ id, given ] when id = Reparametrization.weightNorm.Id ->
            let key = Reparametrization.dim
            NormAndDirection(given.TryGet key |> Option.map (dimension given key rank))
        | [ _, given ] ->
            let key = Reparametrization.outputs
            let usual = if layer.IsTransposed then 1 else 0
            let dim = given.TryGet key |> Option.map (dimension given key rank) |> Option.defaultValue usual
            SpectralNormed(given.Get Reparametrization.nPowerIterations, given.Get Reparametrization.eps, dim)
        | several ->
            let names = several |> List.map fst |> String.concat " and "
            wrong node $"{names} can't both compute its weight; take one away with `plain`."

    let private register (target: torch.nn.Module) name (tensor: Tensor) =
        target.register_parameter (name, new Modules.Parameter(tensor.DetachFromDisposeScope()))

    let private drawn (sizes: int64 list) (initial: Initial) =
        let tensor = torch.empty (Array.ofList sizes, Nullable torch.float32)
        InitialValues.fill initial tensor
        tensor

    // Source: PyTorch, spectral_norm: both start at random.
    let private singularVectors (target: torch.nn.Module) eps dim (weight: Tensor) =
        use _ = torch.no_grad ()
        let height = weight.size dim
        let width = weight.numel () / height

        for name, size in [ "weight_u", height; "weight_v", width ] do
            use random = torch.randn ([| size |])
            let vector = WeightMatrix.unit eps random
            target.register_buffer (name, vector.DetachFromDisposeScope())

    // Source: Hu et al., 2021, section 4.1; loralib draws A as PyTorch draws the weight of a Linear.
    let private addLowRank (target: torch.nn.Module) (layer: Weighted) (given: Arguments) (weight: Tensor) =
        let key = Reparametrization.rank
        let rank = Read.int given key

        if rank % layer.Groups <> 0L then
            Read.refuse given key $"divisible by the {string layer.Groups} groups"

        let a, b = Reparametrization.ofRank rank layer.Groups layer.IsTransposed (List.ofArray weight.shape)
        register target "lora_A" (drawn a (Initial.Kaiming(true, sqrt 5.0, "fan_in", "leaky_relu")))
        register target "lora_B" (drawn b (Initial.Constant 0.0))

    /// The module of a layer as it was asked for, out of the plain one, whose numbers it takes.
    let layer (node: Node) (made: torch.nn.Module) : torch.nn.Module =
        match Stages.computing node.Tag node.Hooks |> List.map (fun (id, given, _) -> id, given) with
        | [] -> made
        | asked ->
            use made = made

            match Functional.tryFind node.Definition node.Arguments with
            | None ->
                let names = asked |> List.map fst |> String.concat ", "
                wrong node $"it has no weight that can be computed, as {names} asks for."
            | Some layer ->
                let copy name =
                    use plain = (made.get_parameter name).detach()
                    plain.clone ()

                use weight = copy "weight"
                let source = sourceOf layer weight asked node
                let lora = asked |> List.tryFind (fun (id, _) -> id = Reparametrization.lora.Id) |> Option.map snd

                let added =
                    lora
                    |> Option.map (fun given ->
                        {
                            Scaling = given.Get Reparametrization.alpha / float (given.Get Reparametrization.rank)
                            Dropout = given.Get Reparametrization.dropout
                        })

                let target = new ReparametrizedLayer(node.Definition.Id, layer, source, added)

                Failures.orDispose target (fun () ->
                    for struct (name, _) in made.named_parameters () do
                        if name <> "weight" || source.IsItself then register target name (copy name)

                    match source with
                    | Itself -> ()
                    | NormAndDirection dim ->
                        register target "weight_g" (WeightMatrix.norms dim weight)
                        register target "weight_v" (copy "weight")
                    | SpectralNormed(_, eps, dim) ->
                        register target "weight_orig" (copy "weight")
                        singularVectors target eps dim weight

                    lora |> Option.iter (fun given -> addLowRank target layer given weight)
                    target :> torch.nn.Module)

    /// What is done with the built module of an action on weights: which of its parameters are trained.
    let afterBuild (id: string) (given: Arguments) (built: torch.nn.Module) : unit =
        if id = Reparametrization.frozen.Id then
            for parameter in built.parameters () do
                parameter.requires_grad <- not (given.Get Reparametrization.isFrozen)
        elif id = Reparametrization.lora.Id && (built :? ReparametrizedLayer) then
            for struct (name, parameter) in built.named_parameters () do
                parameter.requires_grad <- name.StartsWith("lora_", StringComparison.Ordinal)

    /// Whether it is such an action.
    let isOne (id: string) : bool =
        Reparametrization.frozen :: Reparametrization.all |> List.exists (fun action -> action.Id = id)
