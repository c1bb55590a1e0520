namespace Deeplay.Torch

open System

/// Seeds that follow from a seed.
module internal Seeds =
    /// A seed of its own for each number, whatever was drawn before. Source: Steele, Lea and Flood, 2014, Fast Splittable
    /// Pseudorandom Number Generators (SplitMix64).
    let mix (seed: int64) (number: int64) : int64 =
        let z = uint64 seed + uint64 (number + 1L) * 0x9E3779B97F4A7C15UL
        let z = (z ^^^ (z >>> 30)) * 0xBF58476D1CE4E5B9UL
        let z = (z ^^^ (z >>> 27)) * 0x94D049BB133111EBUL
        int64 (z ^^^ (z >>> 31))

    /// Random numbers of .NET for a seed and a number.
    let random (seed: int64) (number: int64) : Random = Random(int (uint64 (mix seed number) >>> 33))
