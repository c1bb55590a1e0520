namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// Edits of layers whose weight is computed from other parameters. What they do while the layer runs is said where modules
/// are built; the layer is still of its kind, under its name, with its arguments.
module internal Reparametrization =
    /// The rank of the matrices of LoRA.
    let rank =
        Key.positive "rank" "The rank of what is added to the weight, which the groups of a convolution divide."
        |> Param.withDefault 8

    /// What the added matrix is scaled by, together with the rank.
    let alpha = Key.number "alpha" 8.0 "What is added is multiplied by alpha / rank."

    /// The dropout in front of what LoRA adds.
    let dropout = Key.dropout "The probability of an element of the input to be zeroed for what is added."

    /// How often the singular vectors are made better at each call in training mode.
    let nPowerIterations =
        Key.positive "n_power_iterations" "How many steps of the power iteration each call in training mode makes."
        |> Param.withDefault 1

    /// What keeps norms away from 0.
    let eps = Key.notNegative "eps" 1e-12 "The least norm that is divided by, for numerical stability."

    /// The dimension of a weight that counts its outputs.
    let outputs =
        Param.int "dim"
        |> Param.atLeast 0
        |> Key.nullable
        |> Param.withDocumentation
            "The dimension of the weight that counts outputs; null for 0, and for 1 in a transposed convolution."

    /// The dimension along which each slice of a weight has a norm of its own.
    let dim =
        Key.whole
            "dim"
            0
            "The dimension of the weight whose every slice has a norm of its own; null for one norm of all."
        |> Param.atLeast 0
        |> Key.nullable

    let private action id (parameters: Param list) documentation edit : ActionDefinition =
        {
            Id = id
            Owner = ""
            Documentation = documentation
            Signature = Signature [ for key in parameters -> key.Parameter ]
            Body = OnWeights edit
            Saveable = true
        }

    /// The shapes of the matrices A and B beside a weight of this shape. B has a kernel of 1. A transposed
    /// convolution has its inputs first.
    let ofRank (rank: int64) groups isTransposed (weight: int64 list) : int64 list * int64 list =
        let ones = List.replicate (weight.Length - 2) 1L

        match weight with
        | inputs :: outputs :: kernel when isTransposed ->
            inputs :: rank / groups :: kernel, outputs * groups :: rank / groups :: ones
        | outputs :: inputs :: kernel -> rank :: inputs :: kernel, outputs :: rank / groups :: ones
        | _ -> invalidOp "A weight has at least two dimensions."

    /// The groups of a layer: 1 where it has none.
    let groupsOf (layer: Arguments) : int64 =
        match (if layer.Signature.Has "groups" then layer["groups"] else Int 1L) with
        | Int groups -> groups
        | _ -> 1L

    /// Whether a layer has its inputs first.
    let isTransposed (layer: Arguments) = layer.Signature.Has "output_padding"

    // The weight, and what is beside it; None where its sizes are not known.
    let private split (weights: (string * int64 list) list) =
        weights
        |> List.tryFind (fun (name, _) -> name = "weight")
        |> Option.map (fun (_, sizes) -> sizes, List.filter (fun (name, _) -> name <> "weight") weights)

    let private withLora (given: Arguments) (layer: Arguments) (weights: (string * int64 list) list) =
        // A weight that is computed itself is as large as what it is computed from.
        match
            weights
            |> List.tryFind (fun (name, _) -> List.contains name [ "weight"; "weight_v"; "weight_orig" ])
        with
        | Some(_, sizes) ->
            let a, b = ofRank (int64 (given.Get rank)) (groupsOf layer) (isTransposed layer) sizes
            weights @ [ "lora_A", a; "lora_B", b ]
        | None -> weights

    let private withNorm (given: Arguments) _ (weights: (string * int64 list) list) =
        match split weights with
        | Some(sizes, rest) ->
            let norms =
                match given.TryGet dim with
                | Some dim -> sizes |> List.mapi (fun i size -> if i = dim then size else 1L)
                | None -> []

            rest @ [ "weight_g", norms; "weight_v", sizes ]
        | None -> weights

    let private withSpectralNorm _ _ (weights: (string * int64 list) list) =
        match split weights with
        | Some(sizes, rest) -> rest @ [ "weight_orig", sizes ]
        | None -> weights

    /// `lora(rank, alpha, dropout)`.
    let lora =
        action
            "lora"
            [ rank; alpha; dropout ]
            "Adds a matrix of low rank to what the layer does, W x + (alpha / rank) B A x, and trains A and B alone: the layer's own weight and bias are frozen. A is drawn as a weight is, B is 0 at first (Hu et al., 2021, LoRA)."
            (Computes withLora)

    /// `weight_norm(dim)`.
    let weightNorm =
        action
            "weight_norm"
            [ dim ]
            "Trains the norm of the weight apart from its direction: weight = weight_g · weight_v / ‖weight_v‖ (Salimans and Kingma, 2016, Weight Normalization; torch.nn.utils.weight_norm)."
            (Computes withNorm)

    /// `spectral_norm(n_power_iterations, eps, dim)`.
    let spectralNorm =
        action
            "spectral_norm"
            [ nPowerIterations; eps; outputs ]
            "Divides the weight by its largest singular value, which a power iteration follows while it trains (Miyato et al., 2018, Spectral Normalization; torch.nn.utils.spectral_norm)."
            (Computes withSpectralNorm)

    /// Whether the parameters are frozen.
    let isFrozen = Key.flag "frozen" true "Whether they are frozen; else they are trained again."

    /// `frozen(frozen)`, of any module.
    let frozen =
        action
            "frozen"
            [ isFrozen ]
            "Freezes every parameter of the module and of what is below it: none of them is trained. What is said of a module further below, or later of the same, counts there: what LoRA adds below is trained."
            Keeps

    /// `plain()`: takes `lora`, `weight_norm` and `spectral_norm` away.
    let plain =
        action
            "plain"
            []
            "Takes lora, weight_norm and spectral_norm away again, so that the layer has its weight itself. Merging does this and keeps what a built module computes."
            TakesAway

    /// The edits of a layer with a weight.
    let all = [ lora; weightNorm; spectralNorm; plain ]
