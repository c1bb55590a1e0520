namespace Deeplay.Torch

open System
open Deeplay.Core
open Deeplay.Library
open TorchSharp

/// Pools of norms, pools whose windows lie at random, and what puts maxima back.
module internal MorePoolingLowerings =
    let private norm rank definition pool =
        row definition (fun a ->
            let kernel, stride = Read.dims rank a LPPool2d.kernelSize, Read.dimsOrNull rank a LPPool2d.stride
            let p, ceil = a.Get LPPool2d.normType, a.Get LPPool2d.ceilMode
            new FunctionLayer(a.Kind, (fun x -> pool x p kernel stride ceil)))

    let private unpool rank definition (unpool: Tensor -> Tensor -> int64[] -> int64[] -> int64[] -> Tensor) =
        row definition (fun a ->
            let kernel, padding = Read.dims rank a MaxUnpool2d.kernelSize, Read.dims rank a MaxUnpool2d.padding

            let stride =
                match Read.dimsOrNull rank a MaxUnpool2d.stride with
                | null -> kernel
                | stride -> stride

            new GraphModule2(
                a.Kind,
                null,
                fun inputs -> [| unpool (inputs[0] :?> Tensor) (inputs[1] :?> Tensor) kernel stride padding |]
            ))

    // What was said of either as an array: a ratio of each size, or the sizes themselves.
    let private fractional
        rank
        (kind: FractionalMaxPool)
        (pool: Tensor -> int64[] -> int64[] -> float[] -> struct (Tensor * Tensor))
        =
        row kind.definition (fun a ->
            let kernel, sizes = Read.dims rank a kind.kernelSize, Read.dimsOrNull rank a kind.outputSize
            let ratios = kind.RatiosOf a |> Array.ofList

            if isNull sizes = Array.isEmpty ratios then
                Read.refuse a kind.outputSize "set where no output_ratio is, and null where one is"

            let ratios = if isNull sizes then ratios else null

            if a.Get kind.returnIndices then
                PoolingLowerings.indexed a (fun x -> pool x kernel sizes ratios)
            else
                new FunctionLayer(
                    a.Kind,
                    fun x ->
                        let struct (maxima, places) = pool x kernel sizes ratios
                        places.Dispose()
                        maxima
                ))

    // TorchSharp takes batches alone.
    let private ofThree (x: Tensor) (kernel: int64[]) (sizes: int64[]) (ratios: float[]) : struct (Tensor * Tensor) =
        let pool (x: Tensor) = torch.nn.functional.fractional_max_pool3d_with_indices (x, kernel, sizes, ratios)

        if x.dim () = 5L then
            pool x
        else
            use batch = x.unsqueeze 0L
            let struct (maxima, places) = pool batch
            use maxima = maxima
            use places = places
            struct (maxima.squeeze 0L, places.squeeze 0L)

    let private first (sizes: int64[]) = if isNull sizes then Nullable() else Nullable sizes[0]

    let table =
        [
            norm 1 LPPool1d.definition (fun x p kernel stride ceil ->
                torch.nn.functional.lp_pool1d (x, p, kernel[0], first stride, ceil))
            norm 2 LPPool2d.definition (fun x p kernel stride ceil ->
                torch.nn.functional.lp_pool2d (x, p, kernel, stride, ceil))
            unpool 1 MaxUnpool1d.definition (fun x places kernel stride padding ->
                torch.nn.functional.max_unpool1d (x, places, kernel[0], first stride, first padding))
            unpool 2 MaxUnpool2d.definition (fun x places kernel stride padding ->
                torch.nn.functional.max_unpool2d (x, places, kernel, stride, padding))
            unpool 3 MaxUnpool3d.definition (fun x places kernel stride padding ->
                torch.nn.functional.max_unpool3d (x, places, kernel, stride, padding))
            fractional 2 FractionalMaxPool2d (fun x kernel sizes ratios ->
                torch.nn.functional.fractional_max_pool2d_with_indices (x, kernel, sizes, ratios))
            fractional 3 FractionalMaxPool3d ofThree
        ]
