namespace Deeplay.Torch

open Deeplay.Core
open TorchSharp

/// The core's types of elements as TorchSharp's, and back.
[<RequireQualifiedAccess>]
module DTypes =
    /// TorchSharp's type.
    let toTorch (dtype: DType) : torch.ScalarType =
        match dtype with
        | DType.Float64 -> torch.ScalarType.Float64
        | DType.Float16 -> torch.ScalarType.Float16
        | DType.BFloat16 -> torch.ScalarType.BFloat16
        | DType.Int64 -> torch.ScalarType.Int64
        | DType.Int32 -> torch.ScalarType.Int32
        | DType.Int16 -> torch.ScalarType.Int16
        | DType.Int8 -> torch.ScalarType.Int8
        | DType.UInt8 -> torch.ScalarType.Byte
        | DType.Bool -> torch.ScalarType.Bool
        | _ -> torch.ScalarType.Float32

    /// TorchSharp's type as the core's; one that no operation takes is an error.
    let ofTorch (dtype: torch.ScalarType) : DType =
        match DType.all |> List.tryFind (fun known -> toTorch known = dtype) with
        | Some known -> known
        | None -> Fail.with' (Malformed("dtype", "a type of numbers that a model computes with", string dtype))
