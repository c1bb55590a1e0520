namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// `torch.nn.LayerNorm`: normalizes over the last dimensions of each example. The shape stays.
module internal LayerNorm =
    /// The sizes of the dimensions that are normalized over: the last ones. Where it is not set, the last one alone.
    let normalizedShape =
        Param.perDimension "normalized_shape"
        |> Param.withCheck "one positive int or more" (fun sizes ->
            not sizes.IsEmpty && List.forall (fun size -> size > 0) sizes)
        |> Param.inferred
        |> Param.withDocumentation
            "The sizes of the last dimensions, which are normalized over; the last one alone where not set."

    /// Added to the variance.
    let eps = Common.eps 1e-5

    /// Whether the result is scaled and shifted by learned numbers.
    let elementwiseAffine =
        Param.bool "elementwise_affine"
        |> Param.withDefault true
        |> Param.withDocumentation "Whether the result is scaled and shifted by learned numbers."

    /// Whether it is shifted, where it is scaled.
    let bias =
        Param.bool "bias"
        |> Param.withDefault true
        |> Param.withDocumentation "Whether the result is shifted, where it is scaled."

    // Source: PyTorch docs, torch.nn.LayerNorm, "Shape".
    let private rule =
        Rule.one (fun arguments input ->
            match input, arguments.TryGet normalizedShape with
            | Unranked, _ -> Rule.gives Unranked
            | Ranked [], None -> Rule.fail "an input of at least 1 dimension" input
            | Ranked dims, None ->
                Ok
                    {
                        Outputs = [ input ]
                        Inferred =
                            match List.last dims with
                            | Known size -> [ normalizedShape.Name, Int size ]
                            | Unknown -> []
                    }
            | Ranked dims, Some sizes ->
                let sizes = sizes |> List.map (fun size -> Known(int64 size))
                let before = dims.Length - sizes.Length

                let last () =
                    if sizes.Length = 1 then
                        $"last dimension {sizes.Head}"
                    else
                        $"last dimensions {Ranked sizes}"

                if before < 0 || not (List.forall2 Dim.agrees dims[before..] sizes) then
                    Rule.fail (last ()) input
                else
                    Rule.gives (Ranked(dims[.. before - 1] @ sizes)))

    let private extra (arguments: Arguments) =
        let shape =
            match arguments[normalizedShape.Name] with
            | Int size -> Extra.tuple [ size ]
            | value -> Extra.sizes value

        shape + ", " + Extra.named [ "eps"; "elementwise_affine" ] arguments

    let private weights (arguments: Arguments) =
        let sizes =
            match arguments[normalizedShape.Name] with
            | Int size -> [ size ]
            | value -> Spatial.ofValue 0 value

        [
            if not sizes.IsEmpty && arguments.Get elementwiseAffine then
                "weight", sizes

                if arguments.Get bias then "bias", sizes
        ]

    /// Parameters: normalized_shape, eps, elementwise_affine, bias.
    let definition =
        LayerDefinition.create
            "LayerNorm"
            [ normalizedShape; eps; elementwiseAffine; bias ]
            rule
            "Normalizes over the last dimensions of each example."
            extra
        |> Definition.withWeights weights
        |> Definition.withSource "Ba et al., 2016, Layer Normalization"
        |> Definition.withShapes "(…, normalized_shape) → the same"

/// `torch.nn.GroupNorm`: normalizes over groups of channels of each example, (N, C, …) → the same.
module internal GroupNorm =
    /// The number of groups, which divides the number of channels.
    let numGroups =
        Common.positive "num_groups"
        |> Param.withDocumentation "The number of groups, which divides the number of channels."

    /// The number of channels; inferred where it is not set.
    let numChannels =
        Common.positive "num_channels"
        |> Param.inferred
        |> Param.withDocumentation "The number of channels; inferred where not set."

    /// Added to the variance.
    let eps = Common.eps 1e-5

    /// Whether the result is scaled and shifted by learned numbers.
    let affine =
        Param.bool "affine"
        |> Param.withDefault true
        |> Param.withDocumentation "Whether the result is scaled and shifted by learned numbers."

    // Source: PyTorch docs, torch.nn.GroupNorm, "Shape"; group_norm: "Expected more than 1 value per channel when
    // training", whether it trains or not.
    let private rule =
        Rule.one (fun arguments input ->
            match input with
            | Unranked -> Rule.gives Unranked
            | Ranked dims when dims.Length < 2 ->
                Rule.fail "an input of at least 2 dimensions (N, C, …)" input
            | Ranked dims when Shape.numel dims = Known(int64 (arguments.Get numGroups)) ->
                Rule.fail "more than 1 value for each group" input
            | Ranked dims ->
                Rule.width arguments numChannels "in dimension 1 the size" dims[1] input
                |> Result.map (fun (channels, inferred) ->
                    { Outputs = [ Ranked(List.updateAt 1 channels dims) ]; Inferred = inferred }))

    // Source: PyTorch, GroupNorm.__init__: "num_channels must be divisible by num_groups".
    let private groupsDivide (arguments: Arguments) : (Param * string) list =
        match arguments.TryGet numChannels, arguments.TryGet numGroups with
        | Some channels, Some groups when channels % groups <> 0 ->
            [ numChannels, $"divisible by the {groups} groups" ]
        | _ -> []

    /// Parameters: num_groups, num_channels, eps, affine.
    let definition =
        LayerDefinition.create
            "GroupNorm"
            [ numGroups; numChannels; eps; affine ]
            rule
            "Normalizes over groups of channels of each example."
            (fun arguments ->
                $"""{Extra.value arguments "num_groups"}, {Extra.value arguments "num_channels"}, """
                + Extra.named [ "eps"; "affine" ] arguments)
        |> Definition.withWeights (Weights.affine "num_channels")
        |> Definition.withSource "Wu and He, 2018, Group Normalization"
        |> Definition.withShapes "(N, num_channels, …) → the same"
        |> Definition.withCheck groupsDivide

/// `torch.nn.LocalResponseNorm`: divides by the activity of neighbouring channels, (N, C, …) → the same:
/// x / (k + alpha · mean of x² over `size` channels)^beta.
module internal LocalResponseNorm =
    let private number name standard documentation =
        Param.float name |> Param.withDefault standard |> Param.withDocumentation documentation

    /// How many neighbouring channels count.
    let size = Common.positive "size" |> Param.withDocumentation "How many neighbouring channels count."

    /// The factor of their mean square.
    let alpha = number "alpha" 1e-4 "The factor of their mean square."

    /// The exponent.
    let beta = number "beta" 0.75 "The exponent."

    /// What is added to the mean square.
    let k = number "k" 1.0 "What is added to the mean square."

    // Source: PyTorch, local_response_norm: "Expected 3D or higher dimensionality input".
    let private rule =
        Rule.one (fun _ input ->
            match input with
            | Ranked dims when dims.Length < 3 ->
                Rule.fail "an input of at least 3 dimensions (N, C, …)" input
            | _ -> Rule.gives input)

    /// Parameters: size, alpha, beta, k.
    let definition =
        LayerDefinition.create
            "LocalResponseNorm"
            [ size; alpha; beta; k ]
            rule
            "Divides by the activity of neighbouring channels."
            (fun arguments ->
                Extra.value arguments "size" + ", " + Extra.named [ "alpha"; "beta"; "k" ] arguments)
        |> Definition.withSource "Krizhevsky et al., 2012, ImageNet Classification, section 3.3"
        |> Definition.withShapes "(N, C, …) → the same"

/// The layers of this file.
module internal LayerNormLayers =
    let all = [ LayerNorm.definition; GroupNorm.definition; LocalResponseNorm.definition ]
