namespace Deeplay.Torch

open System
open System.Runtime.InteropServices
open Deeplay.Core
open TorchSharp

/// Operations that sizes are a part of: functions of the sizes, known by now, and a tensor.
module internal Sizing =
    let private full (value: float) : int64[] -> Tensor -> Tensor =
        let number = Numbers.real value

        fun sizes x ->
            let made = torch.full (sizes, number, Nullable x.dtype, x.device)
            GC.KeepAlive number
            made

    let private arange (sizes: int64[]) (x: Tensor) =
        use start = Numbers.whole sizes[0]
        use stop = Numbers.whole sizes[1]
        use step = Numbers.whole sizes[2]
        torch.arange (start, stop, step, Nullable torch.ScalarType.Int64, x.device)

    // TorchSharp 0.107.0 ends the process for numbers at random of a size below 0.
    let private made (make: int64[] -> Tensor -> Tensor) (sizes: int64[]) (x: Tensor) =
        if Array.exists (fun size -> size < 0L) sizes then
            raise (ExternalException $"a tensor of sizes ({Number.list sizes})")

        make sizes x

    let ofSizes (op: SizedOp) : int64[] -> Tensor -> Tensor =
        match op with
        | SizedOp.Reshape -> fun sizes x -> x.reshape sizes
        // TorchSharp's refuses a dimension that is counted from the back.
        | SizedOp.Unflatten dim ->
            fun sizes x -> x.unflatten ((if dim < 0 then int64 dim + x.dim () else int64 dim), sizes)
        | SizedOp.Expand -> fun sizes x -> x.expand sizes
        | SizedOp.Repeat -> fun sizes x -> x.repeat sizes
        | SizedOp.Narrow dim -> fun sizes x -> x.narrow (int64 dim, sizes[0], sizes[1])
        | SizedOp.Slice(dim, step) -> fun sizes x -> x.slice (int64 dim, sizes[0], sizes[1], int64 step)
        | SizedOp.SliceFrom(dim, step) -> fun sizes x -> x.slice (int64 dim, sizes[0], Int64.MaxValue, int64 step)
        | SizedOp.Select dim -> fun sizes x -> x.select (int64 dim, sizes[0])
        | SizedOp.NewFull value -> made (full value)
        | SizedOp.Rand -> made (fun sizes x -> torch.rand (sizes, Nullable x.dtype, x.device))
        | SizedOp.Randn -> made (fun sizes x -> torch.randn (sizes, Nullable x.dtype, x.device))
        | SizedOp.Randint(low, high) ->
            made (fun sizes x ->
                torch.randint (int64 low, int64 high, sizes, Nullable torch.ScalarType.Int64, x.device))
        | SizedOp.Arange -> arange
        | SizedOp.Linspace(start, stop) ->
            made (fun sizes x -> torch.linspace (start, stop, sizes[0], Nullable x.dtype, x.device))
        | SizedOp.Eye -> made (fun sizes x -> torch.eye (sizes[0], sizes[1], Nullable x.dtype, x.device))
        | SizedOp.Resize mode -> fun sizes x -> Arranging.resize mode sizes null x
