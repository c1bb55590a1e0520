namespace Deeplay.Torch

open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open TorchSharp

/// Pooling to as many windows as are wanted.
module internal AdaptivePoolingLowerings =
    open Row

    // A size that is null is the input's own, which shows with the input only.
    let private sizes rank (a: Arguments) (key: Param<int list>) : Tensor -> int64[] =
        let own wanted (x: Tensor) =
            let outer = x.shape.Length - rank

            wanted
            |> List.mapi (fun i size ->
                match size with
                | Int size -> size
                | _ -> x.shape[outer + i])
            |> Array.ofList

        match a[key.Name] with
        | Null -> own (List.replicate rank Null)
        | List wanted when List.contains Null wanted -> own wanted
        | _ ->
            let sizes = Read.dims rank a key
            fun _ -> sizes

    let private mean1d a =
        let sizes = sizes 1 a AdaptiveAvgPool1d.outputSize
        new FunctionLayer(a.Kind, (fun x -> torch.nn.functional.adaptive_avg_pool1d (x, (sizes x)[0])))

    let private mean2d a =
        let sizes = sizes 2 a AdaptiveAvgPool2d.outputSize
        new FunctionLayer(a.Kind, (fun x -> torch.nn.functional.adaptive_avg_pool2d (x, sizes x)))

    let private mean3d a =
        let sizes = sizes 3 a AdaptiveAvgPool3d.outputSize
        new FunctionLayer(a.Kind, (fun x -> torch.nn.functional.adaptive_avg_pool3d (x, sizes x)))

    /// The maxima alone, or with their places.
    let private maxima
        (a: Arguments)
        (withPlaces: Param<bool>)
        (pool: Tensor -> struct (Tensor * Tensor))
        : torch.nn.Module =
        if a.Get withPlaces then
            new IndexedPool(a.Kind, pool)
        else
            new FunctionLayer(
                a.Kind,
                fun x ->
                    let struct (maxima, places) = pool x
                    places.Dispose()
                    maxima
            )

    let private max1d a =
        let sizes = sizes 1 a AdaptiveMaxPool1d.outputSize

        maxima a AdaptiveMaxPool1d.returnIndices (fun x ->
            torch.nn.functional.adaptive_max_pool1d_with_indices (x, (sizes x)[0]))

    let private max2d a =
        let sizes = sizes 2 a AdaptiveMaxPool2d.outputSize

        maxima a AdaptiveMaxPool2d.returnIndices (fun x ->
            torch.nn.functional.adaptive_max_pool2d_with_indices (x, sizes x))

    // The engine's functions of three dimensions call those of one. A maximum can be taken over one dimension after
    // another: first over height and width, then over the depth, where the pool over as many columns as there are does
    // nothing. Of equal numbers both take the first.
    let private maxOfThree (x: Tensor) (n: int64[]) : struct (Tensor * Tensor) =
        use scope = torch.NewDisposeScope()
        let outer = x.shape[.. x.shape.Length - 4]
        let maps = Array.fold (*) 1L outer
        let inner = x.shape[x.shape.Length - 3 ..]
        let depth, area, columns = inner[0], inner[1] * inner[2], n[1] * n[2]

        let struct (planes, within) =
            torch.nn.functional.adaptive_max_pool2d_with_indices (
                x.reshape (Array.append [| maps |] inner),
                n[1..]
            )

        let struct (maxima, at) =
            torch.nn.functional.adaptive_max_pool2d_with_indices (
                planes.reshape ([| maps; 1L; depth; columns |]),
                [| n[0]; columns |]
            )

        let at = at.reshape ([| maps; n[0] * columns |])
        let within = within.reshape([| maps; depth * columns |]).gather(1L, at)

        use perDepth: Scalar = Scalar.op_Implicit columns
        use area: Scalar = Scalar.op_Implicit area
        let places = at.floor_divide(perDepth).mul(area).add within
        let shape = Array.append outer n
        scope.MoveToOuter(maxima.reshape shape, places.reshape shape)

    let private max3d a =
        let sizes = sizes 3 a AdaptiveMaxPool3d.outputSize
        maxima a AdaptiveMaxPool3d.returnIndices (fun x -> maxOfThree x (sizes x))

    let table =
        [
            row AdaptiveAvgPool1d.definition mean1d
            row AdaptiveAvgPool2d.definition mean2d
            row AdaptiveAvgPool3d.definition mean3d
            row AdaptiveMaxPool1d.definition max1d
            row AdaptiveMaxPool2d.definition max2d
            row AdaptiveMaxPool3d.definition max3d
        ]
