namespace Deeplay.Torch

open System
open Deeplay.Core
open Deeplay.Library
open TorchSharp

/// Pooling over windows. TorchSharp's modules give the maxima alone, its functions their places too. The keys differ in
/// how many sizes are valid alone.
module internal PoolingLowerings =
    // The stride is the kernel's size where it is null: null says so to TorchSharp too.
    let private window rank (a: Arguments) =
        let all = Read.dims rank a
        struct (all MaxPool2d.kernelSize, Read.dimsOrNull rank a MaxPool2d.stride, all MaxPool2d.padding)

    let private first (sizes: int64[]) = if isNull sizes then Nullable() else Nullable sizes[0]

    /// The maxima and their places.
    let indexed (a: Arguments) (pool: Tensor -> struct (Tensor * Tensor)) : torch.nn.Module =
        new FunctionModule<Tensor, Tensor[]>(
            a.Kind,
            fun x ->
                let struct (maxima, places) = pool x
                [| maxima; places |]
        )

    let private max rank definition pool withPlaces =
        row definition (fun a ->
            let struct (kernel, stride, padding) = window rank a
            let sizes = struct (kernel, stride, padding, Read.dims rank a MaxPool2d.dilation)
            let ceil = a.Get MaxPool2d.ceilMode

            if a.Get MaxPool2d.returnIndices then indexed a (withPlaces sizes ceil) else pool sizes ceil)

    let private mean rank definition pool =
        row definition (fun a ->
            pool (window rank a) struct (a.Get AvgPool2d.ceilMode, a.Get AvgPool2d.countIncludePad) a)

    let private divisor (a: Arguments) = Read.intOrNull a AvgPool2d.divisorOverride

    let table =
        [
            max
                1
                MaxPool1d.definition
                (fun struct (k, s, p, d) ceil -> torch.nn.MaxPool1d(k[0], first s, first p, first d, ceil))
                (fun struct (k, s, p, d) ceil x ->
                    torch.nn.functional.max_pool1d_with_indices (x, k[0], first s, first p, first d, ceil))
            max
                2
                MaxPool2d.definition
                (fun struct (k, s, p, d) ceil -> torch.nn.MaxPool2d(k, s, p, d, ceil))
                (fun struct (k, s, p, d) ceil x -> torch.nn.functional.max_pool2d_with_indices (x, k, s, p, d, ceil))
            max
                3
                MaxPool3d.definition
                (fun struct (k, s, p, d) ceil -> torch.nn.MaxPool3d(k, s, p, d, ceil))
                (fun struct (k, s, p, d) ceil x -> torch.nn.functional.max_pool3d_with_indices (x, k, s, p, d, ceil))
            mean 1 AvgPool1d.definition (fun struct (k, s, p) struct (ceil, pad) _ ->
                torch.nn.AvgPool1d(k[0], first s, p[0], ceil, pad) :> torch.nn.Module)
            mean 2 AvgPool2d.definition (fun struct (k, s, p) struct (ceil, pad) a ->
                torch.nn.AvgPool2d(k, s, p, ceil, pad, divisor a))
            mean 3 AvgPool3d.definition (fun struct (k, s, p) struct (ceil, pad) a ->
                torch.nn.AvgPool3d(k, s, p, ceil, pad, divisor a))
        ]
