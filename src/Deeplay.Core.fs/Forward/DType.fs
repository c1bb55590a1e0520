namespace Deeplay.Core

/// The type of a tensor's elements, by PyTorch's names.
type DType =
    | Float32 = 0
    | Float64 = 1
    | Float16 = 2
    | BFloat16 = 3
    | Int64 = 4
    | Int32 = 5
    | Int16 = 6
    | Int8 = 7
    | UInt8 = 8
    | Bool = 9

[<RequireQualifiedAccess>]
module internal DType =
    let all = System.Enum.GetValues<DType>() |> List.ofArray

    let isFloating (dtype: DType) = dtype <= DType.BFloat16

    /// PyTorch's name.
    let print (dtype: DType) = (string dtype).ToLowerInvariant()
