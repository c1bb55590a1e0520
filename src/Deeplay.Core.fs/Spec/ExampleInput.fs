namespace Deeplay.Core

/// One input of an example: random numbers, or random whole numbers below a bound.
[<RequireQualifiedAccess>]
type ExampleInput =
    {
        /// Its key, where the module takes named tensors.
        Key: string option
        /// Batch included.
        Sizes: int64 list
        /// Whole numbers from 0 up to this one, without it; None for float32.
        Below: int64 option
    }
