namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

module internal LayerNorm =
    let normalizedShape =
        Param.perDimension "normalized_shape"
        |> Param.withCheck "one positive int or more" (fun sizes ->
            not sizes.IsEmpty && List.forall (fun size -> size > 0) sizes)
        |> Param.inferred
        |> Param.withDocumentation
            "The sizes of the last dimensions, which are normalized over; the last one alone where not set."

    let eps = Key.eps

    let elementwiseAffine =
        Key.flag "elementwise_affine" true "Whether the result is scaled and shifted by learned numbers."

    let bias = Key.flag "bias" true "Whether the result is shifted, where it is scaled."
    let private sizes (arguments: Arguments) = Sizes.ofValue 1 arguments[normalizedShape.Name]

    // Source: PyTorch docs, torch.nn.LayerNorm, "Shape".
    let private rule =
        Rule.ranked (fun arguments dims ->
            match sizes arguments |> List.map Known with
            | [] when dims.IsEmpty -> Rule.fail "an input of at least 1 dimension" (Ranked dims)
            | [] ->
                match List.last dims with
                | Known size when size < 1L -> Rule.fail "last dimension at least 1" (Ranked dims)
                | Known size -> Ok { Outputs = [ Ranked dims ]; Inferred = [ normalizedShape.Name, Int size ] }
                | Unknown -> Rule.gives (Ranked dims)
            | sizes ->
                let before = dims.Length - sizes.Length

                if before >= 0 && List.forall2 Dim.agrees dims[before..] sizes then
                    Rule.gives (Ranked(dims[.. before - 1] @ sizes))
                else
                    let last =
                        match sizes with
                        | [ one ] -> $"last dimension {one}"
                        | several -> $"last dimensions {Ranked several}"

                    Rule.fail last (Ranked dims))

    let private extra (arguments: Arguments) =
        let shape = if (sizes arguments).IsEmpty then "?" else Extra.tuple (sizes arguments)
        shape + ", " + Extra.named [ "eps"; "elementwise_affine" ] arguments

    let private weights (arguments: Arguments) =
        match sizes arguments with
        | [] -> []
        | _ when not (arguments.Get elementwiseAffine) -> []
        | sizes -> [ "weight", sizes; if arguments.Get bias then "bias", sizes ]

    let definition =
        Layer.create
            "LayerNorm"
            [ normalizedShape; eps; elementwiseAffine; bias ]
            rule
            "Normalizes over the last dimensions of each example."
            "(…, normalized_shape) → the same"
        |> Definition.withExample [ normalizedShape => [ 8 ] ] [ Example.tensor [ 2; 5; 8 ] ]
        |> Definition.withExtra extra
        |> Definition.withWeights weights
        |> Definition.withSource "Ba et al., 2016, Layer Normalization"

module internal GroupNorm =
    let numGroups = Key.positive "num_groups" "The number of groups, which divides the number of channels."

    let numChannels = Key.positive "num_channels" "The number of channels; inferred where not set." |> Param.inferred

    let eps = Key.eps
    let affine = Key.affine true

    // Source: PyTorch docs, torch.nn.GroupNorm, "Shape"; group_norm: "Expected more than 1 value per channel when
    // training", whether it trains or not.
    let private rule =
        Rule.atLeast 2 "2 dimensions (N, C, …)" (fun arguments dims ->
            if Shape.numel dims = Known(int64 (arguments.Get numGroups)) then
                Rule.fail "more than 1 value for each group" (Ranked dims)
            else
                Rule.sameOfWidth arguments numChannels 1 dims)

    let definition =
        Layer.create
            "GroupNorm"
            [ numGroups; numChannels; eps; affine ]
            rule
            "Normalizes over groups of channels of each example."
            "(N, num_channels, …) → the same"
        |> Definition.withExample [ numGroups => 2; numChannels => 4 ] [ Spatial.input 2 4 8 ]
        |> Definition.withExtra (Extra.placed [ "num_groups"; "num_channels" ] [ "eps"; "affine" ])
        |> Definition.withWeights (Weights.affine "num_channels")
        |> Definition.withSource "Wu and He, 2018, Group Normalization"
        // Source: PyTorch, GroupNorm.__init__: "num_channels must be divisible by num_groups".
        |> Definition.withCheck (Key.groupsDivide numGroups [ numChannels ])

/// x / (k + alpha · mean of x² over `size` channels)^beta.
module internal LocalResponseNorm =
    let size = Key.positive "size" "How many neighbouring channels count."
    let alpha = Key.number "alpha" 1e-4 "The factor of their mean square."
    let beta = Key.number "beta" 0.75 "The exponent."
    let k = Key.number "k" 1.0 "What is added to the mean square."

    let definition =
        Layer.create
            "LocalResponseNorm"
            [ size; alpha; beta; k ]
            // Source: PyTorch, local_response_norm: "Expected 3D or higher dimensionality input".
            (Rule.sameOfAtLeast 3 "3 dimensions (N, C, …)")
            "Divides by the activity of neighbouring channels."
            "(N, C, …) → the same"
        |> Layer.taking KindRule.floatsOfNumbers
        |> Definition.withExample [ size => 3 ] [ Spatial.input 2 4 8 ]
        |> Definition.withExtra (Extra.placed [ "size" ] [ "alpha"; "beta"; "k" ])
        |> Definition.withSource "Krizhevsky et al., 2012, ImageNet Classification, section 3.3"
