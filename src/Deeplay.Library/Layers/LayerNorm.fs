namespace Deeplay.FSharp

open Deeplay.Core

/// `torch.nn.LayerNorm`: normalizes over the last dimensions of each example. The shape stays.
[<RequireQualifiedAccess>]
module LayerNorm =
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

                if arguments.Get bias then
                    "bias", sizes
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
[<RequireQualifiedAccess>]
module GroupNorm =
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

    // Source: PyTorch docs, torch.nn.GroupNorm, "Shape".
    let private rule =
        Rule.one (fun arguments input ->
            let groups = int64 (arguments.Get numGroups)

            match input with
            | Unranked -> Rule.gives Unranked
            | Ranked dims when dims.Length < 2 ->
                Rule.fail "an input of at least 2 dimensions (N, C, …)" input
            | Ranked dims ->
                Rule.width arguments numChannels "in dimension 1 the size" dims[1] input
                |> Result.bind (fun (channels, inferred) ->
                    match channels with
                    | Known size when size % groups <> 0L ->
                        Rule.fail $"channels divisible by its {groups} groups" $"{size} channels"
                    | _ ->
                        Ok
                            {
                                Outputs = [ Ranked(List.updateAt 1 channels dims) ]
                                Inferred = inferred
                            }))

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
