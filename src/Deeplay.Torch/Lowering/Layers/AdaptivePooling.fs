namespace Deeplay.Torch

open Deeplay.Core
open Deeplay.Library
open TorchSharp

/// Pooling to as many windows as are wanted.
module internal AdaptivePoolingLowerings =
    // A size that is null is the input's own, which shows with the input only.
    let private sizes rank (a: Arguments) : Tensor -> int64[] =
        let own wanted (x: Tensor) =
            let outer = x.shape.Length - rank

            wanted
            |> List.mapi (fun i size ->
                match size with
                | Int size -> size
                | _ -> x.shape[outer + i])
            |> Array.ofList

        match a[AdaptiveAvgPool2d.outputSize.Name] with
        | Null -> own (List.replicate rank Null)
        | List wanted when List.contains Null wanted -> own wanted
        | _ ->
            let sizes = Read.dims rank a AdaptiveAvgPool2d.outputSize
            fun _ -> sizes

    let private mean rank definition (pool: Tensor -> int64[] -> Tensor) =
        row definition (fun a ->
            let sizes = sizes rank a
            new FunctionLayer(a.Kind, (fun x -> pool x (sizes x))))

    // The maxima alone, or with their places.
    let private max rank definition (pool: Tensor -> int64[] -> struct (Tensor * Tensor)) =
        row definition (fun a ->
            let sizes = sizes rank a

            if a.Get AdaptiveMaxPool2d.returnIndices then
                PoolingLowerings.indexed a (fun x -> pool x (sizes x))
            else
                new FunctionLayer(
                    a.Kind,
                    fun x ->
                        let struct (maxima, places) = pool x (sizes x)
                        places.Dispose()
                        maxima
                ))

    // TorchSharp's functions of three dimensions call those of one. A maximum can be taken over one dimension after
    // another: first over height and width, then over the depth, where the pool over as many columns as there are does
    // nothing. Of equal numbers both take the first.
    let private maxOfThree (x: Tensor) (n: int64[]) : struct (Tensor * Tensor) =
        use scope = torch.NewDisposeScope()
        let outer = x.shape[.. x.shape.Length - 4]
        let maps = Array.fold (*) 1L outer
        let inner = x.shape[x.shape.Length - 3 ..]
        let depth, area, columns = inner[0], inner[1] * inner[2], n[1] * n[2]

        let struct (planes, within) =
            torch.nn.functional.adaptive_max_pool2d_with_indices (x.reshape (Array.append [| maps |] inner), n[1..])

        let struct (maxima, at) =
            torch.nn.functional.adaptive_max_pool2d_with_indices (
                planes.reshape ([| maps; 1L; depth; columns |]),
                [| n[0]; columns |]
            )

        let at = at.reshape ([| maps; n[0] * columns |])
        let within = within.reshape([| maps; depth * columns |]).gather(1L, at)

        use perDepth = Numbers.whole columns
        use area = Numbers.whole area
        let places = Numbers.add (at.floor_divide(perDepth).mul area) within
        let shape = Array.append outer n
        scope.MoveToOuter(maxima.reshape shape, places.reshape shape)

    let table =
        [
            mean 1 AdaptiveAvgPool1d.definition (fun x n -> torch.nn.functional.adaptive_avg_pool1d (x, n[0]))
            mean 2 AdaptiveAvgPool2d.definition (fun x n -> torch.nn.functional.adaptive_avg_pool2d (x, n))
            mean 3 AdaptiveAvgPool3d.definition (fun x n -> torch.nn.functional.adaptive_avg_pool3d (x, n))
            max 1 AdaptiveMaxPool1d.definition (fun x n ->
                torch.nn.functional.adaptive_max_pool1d_with_indices (x, n[0]))
            max 2 AdaptiveMaxPool2d.definition (fun x n -> torch.nn.functional.adaptive_max_pool2d_with_indices (x, n))
            max 3 AdaptiveMaxPool3d.definition maxOfThree
        ]
