namespace Deeplay.Core

/// One input of an example: random numbers, random whole numbers below a bound, or given numbers.
[<RequireQualifiedAccess>]
type ExampleInput =
    {
        /// Its key, where the module takes named tensors.
        Key: string option
        /// Batch included.
        Sizes: int64 list
        /// Whole numbers (int64), all of them below this one; None for others.
        Below: int64 option
        /// The numbers in it, in order, float64 where they are not whole; empty for random ones, from 0 on where they are whole,
        /// else float32.
        Numbers: float list
    }
