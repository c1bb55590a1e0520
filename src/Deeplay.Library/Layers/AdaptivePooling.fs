namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

type internal AdaptiveKeys(n) =
    member val outputSize =
        let fits item =
            match item with
            | Null -> true
            | Int size -> size >= 0L
            | _ -> false

        Spatial.perDimension n 0 "output_size" "The sizes of the output; the input's own where one is null."
        |> Key.mixed Unset (fun check value ->
            match value with
            | Null -> None
            | List items when items.Length = n && List.forall fits items -> None
            | Int _
            | List _ -> check value
            | _ -> Some "whole numbers or null")

    // Source: PyTorch docs, torch.nn.AdaptiveAvgPool2d and torch.nn.AdaptiveMaxPool2d, "Shape".
    // Source: PyTorch, adaptive_max_pool2d: "Expected input to have non-zero size for non-batch dimensions"; a mean of nothing is none
    // of its refusals.
    member keys.Shape isFilled : ShapeRule =
        Spatial.split n (fun arguments ->
            let wanted =
                match arguments["output_size"] with
                | Null -> List.replicate n Null
                | List items when items.Length = n -> items
                | _ -> Spatial.get n arguments keys.outputSize |> List.map Int

            fun batch channels sizes ->
                let given own size =
                    match size with
                    | Int size -> Known size
                    | _ -> own

                if isFilled && List.contains (Known 0L) sizes then
                    Rule.fail "spatial sizes of at least 1" (Ranked(batch @ channels :: sizes))
                else
                    Rule.gives (Ranked(batch @ channels :: List.map2 given sizes wanted)))
        |> PoolingRules.withIndices

    /// A pool's definition, its name and documentation but for the dimensions.
    member keys.Define(id, parameters: Param list, isFilled, what) =
        Layer.create
            $"{id}{string n}d"
            (keys.outputSize :: parameters)
            (keys.Shape isFilled)
            $"The {what} of as many windows as are wanted, over {Spatial.dimensions n}."
            (Spatial.shapes n "C" "C" "the one of output_size")
        |> Definition.withExample [ keys.outputSize => [ 4 ] ] [ Spatial.input n 3 8 ]
        |> Definition.withExtra (fun arguments -> "output_size=" + Extra.sizes arguments["output_size"])

/// A pool in `n` dimensions that gives the mean of as many windows as are wanted.
type internal AdaptiveAvgPool(n) =
    inherit AdaptiveKeys(n)
    member val definition = base.Define("AdaptiveAvgPool", [], false, "mean")

/// A pool in `n` dimensions that gives the largest of as many windows as are wanted.
type internal AdaptiveMaxPool(n) =
    inherit AdaptiveKeys(n)
    member _.returnIndices = PoolingRules.returnIndices
    member val definition = base.Define("AdaptiveMaxPool", [ PoolingRules.returnIndices ], true, "largest")

[<AutoOpen>]
module internal AdaptivePoolingLayers =
    let AdaptiveAvgPool1d = AdaptiveAvgPool 1
    let AdaptiveAvgPool2d = AdaptiveAvgPool 2
    let AdaptiveAvgPool3d = AdaptiveAvgPool 3
    let AdaptiveMaxPool1d = AdaptiveMaxPool 1
    let AdaptiveMaxPool2d = AdaptiveMaxPool 2
    let AdaptiveMaxPool3d = AdaptiveMaxPool 3
