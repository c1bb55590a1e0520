namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp
open Checked

module internal Upsample =
    let size =
        Param.perDimension "size"
        |> Param.withCheck "positive ints" (List.forall (fun size -> size > 0))
        |> Param.withDocumentation "The spatial sizes of the output."
        |> Key.nullable

    let private number item =
        match item with
        | Int i -> float i
        | Float f -> f
        | _ -> nan

    let scaleFactor =
        Param.float "scale_factor"
        |> Param.withDocumentation "How many times as large the output is."
        |> Key.mixed Null (fun _ value ->
            match value with
            | Null -> None
            | List items when not items.IsEmpty && List.forall (fun item -> number item > 0.0) items -> None
            | one when number one > 0.0 -> None
            | _ -> Some "a positive number, or a list of one per dimension")

    /// The same parameter with one factor for each dimension.
    let scaleFactors = (Param.list (Param.float "scale_factor")).With(fun _ -> scaleFactor.Parameter)

    let mode =
        Param.oneOf [ "nearest"; "nearest-exact"; "linear"; "bilinear"; "bicubic"; "trilinear" ] "mode"
        |> Param.withDefault "nearest"
        |> Param.withDocumentation
            "How values between the pixels are found: 'linear' in (N, C, L), 'bilinear' and 'bicubic' in (N, C, H, W), 'trilinear' in (N, C, D, H, W)."

    let alignCorners =
        Key.nullable (Param.bool "align_corners")
        |> Param.withDocumentation
            "Whether the corners of input and output are the same points; null where the mode is nearest."

    let recomputeScaleFactor =
        Key.nullable (Param.bool "recompute_scale_factor")
        |> Param.withDocumentation "Whether the factor is computed again from the sizes."

    let private factors n (value: Value) =
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

    // What is wrong with the arguments together, whatever the input.
    let private problem (arguments: Arguments) mode =
        match arguments["size"], arguments["scale_factor"] with
        | size, factor when (size = Null) = (factor = Null) ->
            Some("a size or a scale_factor to be set", (if size = Null then "neither" else "both"))
        // Source: PyTorch, interpolate: "recompute_scale_factor is not meaningful with an explicit size."
        | size, _ when size <> Null && arguments.TryGet recomputeScaleFactor = Some true ->
            Some("recompute_scale_factor to be null or False where a size is set", "True")
        | _ when (ranks mode |> fst).Length > 1 && (arguments.TryGet alignCorners).IsSome ->
            Some("align_corners to be null where the mode is nearest", Extra.value arguments "align_corners")
        | _ -> None

    // Source: PyTorch docs, torch.nn.Upsample, "Shape".
    let private rule: ShapeRule =
        fun arguments ->
            let mode = arguments.Get mode
            let ranks, words = ranks mode

            let sizes (dims: Dim list) =
                let n = dims.Length - 2

                match arguments["scale_factor"] with
                | Null ->
                    match Sizes.ofValue n arguments["size"] with
                    | sizes when sizes.Length <> n -> Error(sizes.Length, "size")
                    | sizes -> Ok(List.map Known sizes)
                | factor ->
                    match factors n factor with
                    | factors when factors.Length <> n -> Error(factors.Length, "factor")
                    | factors ->
                        let larger factor = Dim.map (fun size -> int64 (floor (float size * factor)))
                        Ok(List.map2 larger factors dims[2..])

            match problem arguments mode with
            | Some(expected, found) -> Rule.one (fun _ _ -> Rule.fail expected found) arguments
            | None ->
                Rule.ofRank
                    (fun rank -> List.contains rank ranks)
                    words
                    (fun _ dims ->
                        match sizes dims with
                        | Error(count, each) ->
                            Rule.fail
                                $"an input of {string count} spatial dimensions, one for each {each}"
                                (Ranked dims)
                        | Ok sizes when List.contains (Known 0L) sizes ->
                            Rule.fail "spatial sizes that leave something" (Ranked dims)
                        | Ok sizes -> Rule.gives (Ranked(dims[..1] @ sizes)))
                    arguments

    let private extra (arguments: Arguments) =
        let size =
            match arguments["scale_factor"] with
            | Null -> "size=" + Extra.sizes arguments["size"]
            | List _ as several -> $"scale_factor={Extra.sizes (List(List.map Float (factors 1 several)))}"
            | one -> $"scale_factor={Extra.sizes (Float(List.head (factors 1 one)))}"

        $"{size}, mode={arguments.Get mode}"

    let definition =
        Layer.create
            "Upsample"
            [ size; scaleFactor; mode; alignCorners; recomputeScaleFactor ]
            rule
            "Images, sequences or volumes made larger or smaller."
            "(N, C, …) → (N, C, size), each size ⌊size · scale_factor⌋ where a factor is given"
        |> Definition.withExtra extra
        |> Definition.withPositional [ scaleFactor ]
        |> Definition.withExample [ scaleFactor => 2.0 ] [ Spatial.input 2 3 8 ]
