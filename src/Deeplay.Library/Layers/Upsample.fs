namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp
open Checked

/// `torch.nn.Upsample`: images, sequences or volumes made larger or smaller. (N, C, …) → (N, C, …).
module internal Upsample =
    /// The spatial sizes of the output: one for all dimensions, or one for each.
    let size =
        Common.nullable (
            Param.perDimension "size" |> Param.withCheck "positive ints" (List.forall (fun size -> size > 0))
        )
        |> Param.withDocumentation "The spatial sizes of the output."

    /// How many times as large the output is: one factor for all dimensions, or by name a list of one for each.
    let scaleFactor =
        (Param.float "scale_factor")
            .With(fun p ->
                { p with
                    Type = AnyType
                    Default = Null
                    Documentation = "How many times as large the output is."
                    Check =
                        fun value ->
                            let positive item =
                                match item with
                                | Int i -> i > 0L
                                | Float f -> f > 0.0
                                | _ -> false

                            match value with
                            | Null -> None
                            | List items when not items.IsEmpty && List.forall positive items -> None
                            | one when positive one -> None
                            | _ -> Some "a positive number, or a list of one per dimension"
                })

    /// The same parameter with one factor for each dimension.
    let scaleFactors = (Param.list (Param.float "scale_factor")).With(fun _ -> scaleFactor.Parameter)

    /// "nearest", "linear" (L), "bilinear" (H, W), "bicubic" (H, W) or "trilinear" (D, H, W).
    let mode =
        Param.oneOf [ "nearest"; "nearest-exact"; "linear"; "bilinear"; "bicubic"; "trilinear" ] "mode"
        |> Param.withDefault "nearest"
        |> Param.withDocumentation "How values between the pixels are found."

    /// Whether the corners of input and output are the same points; for the linear modes and bicubic.
    let alignCorners =
        Common.nullable (Param.bool "align_corners")
        |> Param.withDocumentation "Whether the corners of input and output are the same points."

    /// Whether the factor is computed again from the sizes.
    let recomputeScaleFactor =
        Common.nullable (Param.bool "recompute_scale_factor")
        |> Param.withDocumentation "Whether the factor is computed again from the sizes."

    let private factors n (value: Value) =
        let number item =
            match item with
            | Int i -> float i
            | Float f -> f
            | _ -> nan

        match value with
        | List items -> items |> List.map number
        | one -> List.replicate n (number one)

    let private ranks mode =
        match mode with
        | "linear" -> [ 3 ], "of 3 dimensions (N, C, L)"
        | "bilinear"
        | "bicubic" -> [ 4 ], "of 4 dimensions (N, C, H, W)"
        | "trilinear" -> [ 5 ], "of 5 dimensions (N, C, D, H, W)"
        | _ -> [ 3; 4; 5 ], "of 3 to 5 dimensions (N, C, …)"

    // Source: PyTorch docs, torch.nn.Upsample, "Shape".
    let private rule =
        Rule.one (fun arguments input ->
            let mode = arguments.Get mode
            let ranks, words = ranks mode

            match input, arguments["size"], arguments["scale_factor"] with
            | _, Null, Null -> Rule.fail "a size or a scale_factor to be set" "neither"
            | _, size, factor when size <> Null && factor <> Null ->
                Rule.fail "a size or a scale_factor to be set" "both"
            // Source: PyTorch, interpolate: "recompute_scale_factor is not meaningful with an explicit size."
            | _, size, _ when size <> Null && arguments.TryGet recomputeScaleFactor = Some true ->
                Rule.fail "recompute_scale_factor to be null or False where a size is set" "True"
            | _ when
                mode.StartsWith("nearest", System.StringComparison.Ordinal)
                && (arguments.TryGet alignCorners).IsSome
                ->
                Rule.fail
                    "align_corners to be null where the mode is nearest"
                    (Extra.value arguments "align_corners")
            | Unranked, _, _ -> Rule.gives Unranked
            | Ranked dims, _, _ when not (List.contains dims.Length ranks) ->
                Rule.fail $"an input {words}" input
            | Ranked dims, Null, factor ->
                let factors = factors (dims.Length - 2) factor

                if factors.Length <> dims.Length - 2 then
                    Rule.fail $"an input of {factors.Length} spatial dimensions, one for each factor" input
                else
                    let larger =
                        List.map2
                            (fun factor -> Dim.map (fun size -> int64 (floor (float size * factor))))
                            factors
                            dims[2..]

                    if List.contains (Known 0L) larger then
                        Rule.fail "spatial sizes that leave something" input
                    else
                        Rule.gives (Ranked(dims[..1] @ larger))
            | Ranked dims, size, _ ->
                let sizes = Spatial.ofValue (dims.Length - 2) size

                if sizes.Length <> dims.Length - 2 then
                    Rule.fail $"an input of {sizes.Length} spatial dimensions, one for each size" input
                else
                    Rule.gives (Ranked(dims[..1] @ List.map Known sizes)))

    let private extra (arguments: Arguments) =
        let size =
            match arguments["scale_factor"] with
            | Null -> "size=" + Extra.sizes arguments["size"]
            | List _ as several -> $"scale_factor={Extra.sizes (List(List.map Float (factors 1 several)))}"
            | one -> $"scale_factor={Extra.sizes (Float(List.head (factors 1 one)))}"

        $"{size}, mode={arguments.Get mode}"

    /// Parameters: size, scale_factor, mode, align_corners, recompute_scale_factor.
    let definition =
        LayerDefinition.create
            "Upsample"
            [ size; scaleFactor; mode; alignCorners; recomputeScaleFactor ]
            rule
            "Images, sequences or volumes made larger or smaller."
            extra
        |> Definition.withPositional [ scaleFactor ]
        |> Definition.withShapes
            "(N, C, …) → (N, C, size), each size ⌊size · scale_factor⌋ where a factor is given"

/// The layers of this file.
module internal UpsampleLayers =
    let all = [ Upsample.definition ]
