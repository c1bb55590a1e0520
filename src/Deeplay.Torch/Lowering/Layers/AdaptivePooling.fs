namespace Deeplay.Torch

open Deeplay.Core
open Deeplay.FSharp
open TorchSharp

/// Pooling to as many windows as are wanted.
module internal AdaptivePoolingLowerings =
    open Row

    // A size that is null is the input's own, which shows with the input only.
    let private adaptive
        rank
        (key: Param<int list>)
        (make: int64[] -> torch.nn.Module)
        (f: Tensor -> int64[] -> Tensor)
        (a: Arguments)
        : torch.nn.Module =
        let own (wanted: Value list) (x: Tensor) =
            let sizes = x.shape[x.shape.Length - rank ..]

            wanted
            |> List.mapi (fun i size ->
                match size with
                | Int size -> size
                | _ -> sizes[i])
            |> Array.ofList

        match a[key.Name] with
        | Null -> new FunctionLayer(a.Kind, (fun x -> f x (own (List.replicate rank Null) x)))
        | List wanted when List.contains Null wanted ->
            new FunctionLayer(a.Kind, (fun x -> f x (own wanted x)))
        | _ -> make (Read.dims rank a key)

    let private mean1d =
        adaptive 1 AdaptiveAvgPool1d.outputSize (fun n -> torch.nn.AdaptiveAvgPool1d n[0]) (fun x n ->
            torch.nn.functional.adaptive_avg_pool1d (x, n[0]))

    let private mean2d =
        adaptive 2 AdaptiveAvgPool2d.outputSize (fun n -> torch.nn.AdaptiveAvgPool2d n) (fun x n ->
            torch.nn.functional.adaptive_avg_pool2d (x, n))

    let private mean3d =
        adaptive 3 AdaptiveAvgPool3d.outputSize (fun n -> torch.nn.AdaptiveAvgPool3d n) (fun x n ->
            torch.nn.functional.adaptive_avg_pool3d (x, n))

    let private max1d a =
        PoolingLowerings.withoutIndices a AdaptiveMaxPool1d.returnIndices

        adaptive
            1
            AdaptiveMaxPool1d.outputSize
            (fun n -> torch.nn.AdaptiveMaxPool1d n[0])
            (fun x n -> torch.nn.functional.adaptive_max_pool1d (x, n[0]))
            a

    let private max2d a =
        PoolingLowerings.withoutIndices a AdaptiveMaxPool2d.returnIndices

        adaptive
            2
            AdaptiveMaxPool2d.outputSize
            (fun n -> torch.nn.AdaptiveMaxPool2d n)
            (fun x n -> torch.nn.functional.adaptive_max_pool2d (x, n))
            a

    // The engine's function of three dimensions gives null. A maximum can be taken over one dimension after another:
    // first over height and width, then over the depth, where the pool over as many columns as there are does nothing.
    let private maxOfThree (x: Tensor) (n: int64[]) : Tensor =
        use _ = torch.NewDisposeScope()
        let outer = x.shape[.. x.shape.Length - 4]
        let depth = x.shape[x.shape.Length - 3]
        let maps = Array.fold (*) 1L outer
        let height, width = x.shape[x.shape.Length - 2], x.shape[x.shape.Length - 1]
        let flat = x.reshape ([| maps; depth; height; width |])
        let planes = torch.nn.functional.adaptive_max_pool2d (flat, n[1..])
        let columns = planes.reshape ([| maps; 1L; depth; n[1] * n[2] |])

        let pooled =
            torch.nn.functional.adaptive_max_pool2d (columns, [| n[0]; n[1] * n[2] |])

        pooled.reshape(Array.append outer n).MoveToOuterDisposeScope()

    let private max3d (a: Arguments) =
        PoolingLowerings.withoutIndices a AdaptiveMaxPool3d.returnIndices

        adaptive
            3
            AdaptiveMaxPool3d.outputSize
            (fun n -> new FunctionLayer(a.Kind, (fun x -> maxOfThree x n)))
            maxOfThree
            a

    let table =
        [
            row AdaptiveAvgPool1d.definition mean1d
            row AdaptiveAvgPool2d.definition mean2d
            row AdaptiveAvgPool3d.definition mean3d
            row AdaptiveMaxPool1d.definition max1d
            row AdaptiveMaxPool2d.definition max2d
            row AdaptiveMaxPool3d.definition max3d
        ]
