namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp
open Checked

/// A pool in `n` dimensions that gives a norm of each window.
type internal LPPool(n) =
    inherit PoolKeys(n)

    let norm =
        Param.float "norm_type"
        |> Param.withCheck "a float other than 0" (fun p -> p <> 0.0)
        |> Param.withDocumentation "Which norm: 1 gives the sum, 2 the root of the sum of squares, much the largest."

    member _.normType = norm

    member val definition =
        let extra (a: Arguments) =
            let sizes name = $"{name}={Extra.sizes a[name]}"
            let first = Extra.named [ "norm_type" ] a
            String.concat ", " [ first; sizes "kernel_size"; sizes "stride"; Extra.named [ "ceil_mode" ] a ]

        Layer.create
            $"LPPool{string n}d"
            [ norm; base.kernelSize; base.stride; base.ceilMode ]
            (base.Shape((n = 3)))
            $"The root of the sum of powers of each window, (Σ xᵖ)^(1/p), over {Spatial.dimensions n}."
            (Spatial.shapes n "C" "C" "⌊(size − kernel_size) / stride⌋ + 1; rounded up with ceil_mode")
        |> Layer.taking KindRule.floats
        |> Definition.withExtra extra
        |> Definition.withExample [ norm => 2.0; base.kernelSize => [ 2 ] ] [ Spatial.input n 3 8 ]

/// What undoes a max pool in `n` dimensions: each maximum back in its place, zeros elsewhere.
type internal MaxUnpool(n) =
    inherit PoolKeys(n)

    // Behind the maxima are their places.
    let kinds =
        ElementRule(fun given ->
            match given with
            | [ _; places ] when not (ElementKind.agrees places ElementKind.Whole) ->
                KindRule.fail (ElementKind.describe ElementKind.Whole) [ places ]
            | _ -> Layer.floatsFirst 1 given)

    // Source: PyTorch docs, torch.nn.MaxUnpool2d, "Shape".
    let rule (keys: PoolKeys) : ShapeRule =
        let one: ShapeRule =
            Spatial.split n (fun arguments ->
                let kernel = Spatial.get n arguments keys.kernelSize
                let padding = Spatial.get n arguments keys.padding

                let stride =
                    match Sizes.ofValue n arguments["stride"] with
                    | [] -> kernel
                    | sizes -> sizes

                fun batch channels sizes ->
                    sizes
                    |> Spatial.map
                        (fun () -> Rule.fail "spatial sizes that leave something" (Ranked(batch @ channels :: sizes)))
                        (fun i size ->
                            let whole = (size - 1L) * stride[i] - 2L * padding[i] + kernel[i]
                            if whole < 1L then None else Some whole)
                    |> Result.bind (fun sizes -> Rule.gives (Ranked(batch @ channels :: sizes))))

        fun arguments inputs ->
            match inputs with
            | [ maxima; places ] when Shape.agrees maxima places -> one arguments [ maxima ]
            | [ maxima; places ] -> Rule.fail $"places of the shape of the maxima, {maxima}" places
            | _ -> Rule.fail "2 inputs" inputs.Length

    member val definition =
        let extra (a: Arguments) =
            let sizes name from =
                match Sizes.ofValue n a[from] with
                | [] -> $"{name}=?"
                | sizes -> $"{name}={Extra.tuple sizes}"

            let stride = if a["stride"] = Null then "kernel_size" else "stride"
            String.concat ", " [ sizes "kernel_size" "kernel_size"; sizes "stride" stride; sizes "padding" "padding" ]

        let inputs = Spatial.batch n

        Layer.create
            $"MaxUnpool{string n}d"
            [ base.kernelSize; base.stride; base.padding ]
            (rule (PoolKeys n))
            $"Puts maxima back into the places that a max pool took them from, and zeros elsewhere, over {Spatial.dimensions n}."
            $"the maxima {inputs} and their places, as a max pool with return_indices gives them → {inputs}, each size (size − 1) · stride − 2 · padding + kernel_size"
        |> Definition.withElements kinds
        |> Definition.withExtra extra
        |> Definition.withExample
            [ base.kernelSize => [ 2 ] ]
            [ Spatial.input n 3 4; Example.whole 8 ([ 2; 3 ] @ List.replicate n 4) ]

/// A max pool in `n` dimensions whose windows lie at random, so that the sizes shrink by any factor.
type internal FractionalMaxPool(n) =
    let kernel = Spatial.perDimension n 1 "kernel_size" "The size of the window."

    let size =
        Spatial.perDimension n 1 "output_size" "The sizes of the output; null where output_ratio says them."
        |> Key.nullable

    let isRatio item =
        match item with
        | Float ratio -> ratio > 0.0 && ratio < 1.0
        | _ -> false

    let ratio =
        (Param.list (Param.float "output_ratio"))
            .With(fun p ->
                { p with
                    Type = AnyType
                    Default = Null
                    Documentation = "How large the output is beside the input; null where output_size says it."
                    Check =
                        function
                        | Null -> None
                        | Float _ as one when isRatio one -> None
                        | List items when items.Length = n && List.forall isRatio items -> None
                        | _ -> Some $"a float between 0 and 1, or {string n} of them"
                })

    let ratios value =
        match value with
        | List items ->
            items
            |> List.choose (function
                | Float ratio -> Some ratio
                | _ -> None)
        | Float ratio -> List.replicate n ratio
        | _ -> []

    // Source: PyTorch, fractional_max_pool2d and 3d: a window must fit beside the others, with one place more in three dimensions.
    let more = if n = 3 then 1L else 0L

    let sized: ShapeRule =
        Spatial.split n (fun arguments ->
            let window = Spatial.get n arguments kernel
            let sizes, ratios = Sizes.ofValue n arguments["output_size"], ratios arguments["output_ratio"]

            fun batch channels found ->
                let wanted i size = if ratios.IsEmpty then sizes[i] else int64 (float size * ratios[i])

                found
                |> List.mapi (fun i size ->
                    match size with
                    | Unknown when ratios.IsEmpty -> Some(Known sizes[i])
                    | Unknown -> Some Unknown
                    | Known size when wanted i size < 1L || wanted i size + window[i] - 1L + more > size -> None
                    | Known size -> Some(Known(wanted i size)))
                |> fun dims ->
                    if List.forall Option.isSome dims then
                        Rule.gives (Ranked(batch @ channels :: List.choose id dims))
                    else
                        Rule.fail
                            $"spatial sizes that hold as many windows of {Extra.tuple window}"
                            (Ranked(batch @ channels :: found)))
        |> PoolingRules.withIndices

    // Source: PyTorch, FractionalMaxPool2d.__init__: one of both must be given. One may be set after the other is taken away.
    let rule: ShapeRule =
        fun arguments ->
            match arguments["output_size"], arguments["output_ratio"] with
            | sizes, ratio when (sizes = Null) = (ratio = Null) ->
                let found = if sizes = Null then "neither" else "both"
                Rule.one (fun _ _ -> Rule.fail "an output_size or an output_ratio to be set" found) arguments
            | _ -> sized arguments

    member _.kernelSize = kernel
    member _.outputSize = size
    member _.outputRatio = ratio
    member _.returnIndices = PoolingRules.returnIndices

    /// The ratio of each size; none where sizes are given.
    member _.RatiosOf(arguments: Arguments) : float list = ratios arguments["output_ratio"]

    member val definition =
        Layer.create
            $"FractionalMaxPool{string n}d"
            [ kernel; size; ratio; PoolingRules.returnIndices ]
            rule
            $"The largest of each window, where windows lie at random so that sizes shrink by any factor, over {Spatial.dimensions n}."
            (Spatial.shapes n "C" "C" "the one of output_size, or ⌊size · output_ratio⌋")
        // As PyTorch prints it.
        |> Definition.withExtra (fun _ -> "")
        |> Definition.withPositional [ kernel; size ]
        |> Definition.withExample [ kernel => [ 2 ]; size => [ 3 ] ] [ Spatial.input n 3 8 ]
        |> Definition.withSource "Graham, 2015, Fractional Max-Pooling"

[<AutoOpen>]
module internal MorePoolingLayers =
    let LPPool1d = LPPool 1
    let LPPool2d = LPPool 2
    let MaxUnpool1d = MaxUnpool 1
    let MaxUnpool2d = MaxUnpool 2
    let MaxUnpool3d = MaxUnpool 3
    let FractionalMaxPool2d = FractionalMaxPool 2
    let FractionalMaxPool3d = FractionalMaxPool 3
