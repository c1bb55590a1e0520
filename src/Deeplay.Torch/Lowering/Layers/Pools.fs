namespace Deeplay.Torch

open System
open Deeplay.Core
open TorchSharp

/// Pooling.
module internal PoolLayers =
    open Row

    let private one (a: Arguments) name = (Read.dims 1 a name)[0]

    // The stride is the kernel's size where none is given: null says so to the engine too.
    let private stride1 a = Read.nullable one a "stride"

    let private stride rank a : int64[] =
        Read.optional (Read.dims rank) a "stride" |> Option.toObj

    let private maxPool (a: Arguments) =
        Read.only (Bool false) a "return_indices"
        a

    let private maxPool1d a =
        let a = maxPool a

        torch.nn.MaxPool1d(
            one a "kernel_size",
            stride1 a,
            Nullable(one a "padding"),
            Nullable(one a "dilation"),
            Read.bool a "ceil_mode"
        )

    let private maxPool2d a =
        let a = maxPool a
        let all = Read.dims 2 a

        torch.nn.MaxPool2d(
            all "kernel_size",
            stride 2 a,
            all "padding",
            all "dilation",
            Read.bool a "ceil_mode"
        )

    let private maxPool3d a =
        let a = maxPool a
        let all = Read.dims 3 a

        torch.nn.MaxPool3d(
            all "kernel_size",
            stride 3 a,
            all "padding",
            all "dilation",
            Read.bool a "ceil_mode"
        )

    let private avgPool1d a =
        torch.nn.AvgPool1d(
            one a "kernel_size",
            stride1 a,
            one a "padding",
            Read.bool a "ceil_mode",
            Read.bool a "count_include_pad"
        )

    let private avgPool2d a =
        let all = Read.dims 2 a

        torch.nn.AvgPool2d(
            all "kernel_size",
            stride 2 a,
            all "padding",
            Read.bool a "ceil_mode",
            Read.bool a "count_include_pad",
            Read.nullable Read.int a "divisor_override"
        )

    let private avgPool3d a =
        let all = Read.dims 3 a

        torch.nn.AvgPool3d(
            all "kernel_size",
            stride 3 a,
            all "padding",
            Read.bool a "ceil_mode",
            Read.bool a "count_include_pad",
            Read.nullable Read.int a "divisor_override"
        )

    // A size that is null is the input's own, which shows with the input only.
    let private adaptive
        rank
        (a: Arguments)
        (make: int64[] -> torch.nn.Module)
        (f: Tensor -> int64[] -> Tensor)
        : torch.nn.Module =
        let own (wanted: Value list) (x: Tensor) =
            let sizes = x.shape[x.shape.Length - rank ..]

            wanted
            |> List.mapi (fun i size ->
                match size with
                | Int size -> size
                | _ -> sizes[i])
            |> Array.ofList

        match a["output_size"] with
        | Null -> new FunctionLayer(a.Kind, (fun x -> f x (own (List.replicate rank Null) x)))
        | List wanted when wanted.Length = rank && List.contains Null wanted ->
            new FunctionLayer(a.Kind, (fun x -> f x (own wanted x)))
        | _ -> make (Read.dims rank a "output_size")

    let private adaptiveAvg1d a =
        adaptive 1 a (fun n -> torch.nn.AdaptiveAvgPool1d n[0]) (fun x n ->
            torch.nn.functional.adaptive_avg_pool1d (x, n[0]))

    let private adaptiveAvg2d a =
        adaptive 2 a (fun n -> torch.nn.AdaptiveAvgPool2d n) (fun x n ->
            torch.nn.functional.adaptive_avg_pool2d (x, n))

    let private adaptiveAvg3d a =
        adaptive 3 a (fun n -> torch.nn.AdaptiveAvgPool3d n) (fun x n ->
            torch.nn.functional.adaptive_avg_pool3d (x, n))

    let private adaptiveMax1d a =
        adaptive 1 (maxPool a) (fun n -> torch.nn.AdaptiveMaxPool1d n[0]) (fun x n ->
            torch.nn.functional.adaptive_max_pool1d (x, n[0]))

    let private adaptiveMax2d a =
        adaptive 2 (maxPool a) (fun n -> torch.nn.AdaptiveMaxPool2d n) (fun x n ->
            torch.nn.functional.adaptive_max_pool2d (x, n))

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

    let private adaptiveMax3d a =
        adaptive
            3
            (maxPool a)
            (fun n -> new FunctionLayer("AdaptiveMaxPool3d", (fun x -> maxOfThree x n)))
            maxOfThree

    let table =
        [
            row "MaxPool1d" maxPool1d
            row "MaxPool2d" maxPool2d
            row "MaxPool3d" maxPool3d
            row "AvgPool1d" avgPool1d
            row "AvgPool2d" avgPool2d
            row "AvgPool3d" avgPool3d
            row "AdaptiveAvgPool1d" adaptiveAvg1d
            row "AdaptiveAvgPool2d" adaptiveAvg2d
            row "AdaptiveAvgPool3d" adaptiveAvg3d
            row "AdaptiveMaxPool1d" adaptiveMax1d
            row "AdaptiveMaxPool2d" adaptiveMax2d
            row "AdaptiveMaxPool3d" adaptiveMax3d
        ]
