namespace Deeplay.Torch

open System
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open TorchSharp

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
        | [] when not (Functional.isOther node.Definition node.Arguments) -> made
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
                    layer.Check |> Checked.inputs target)

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
