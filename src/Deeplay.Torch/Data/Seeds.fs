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

    /// A number from 0 to 1, exclusive, for a seed and a number; it has nothing to do with what `random` draws for the same.
    let fraction (seed: int64) (number: int64) : float =
        float (uint64 (mix (mix seed number) 0L) >>> 11) / float (1UL <<< 53)

/// What is drawn for an epoch: it follows from the seed of a run, if there is one, and the number of the epoch.
[<Struct; NoEquality; NoComparison>]
type internal EpochDraw =
    private
        {
            Run: int64 voption
            /// Counted from 0.
            Epoch: int
        }

    /// Of an epoch of a run.
    static member Of(run: int64, epoch: int) : EpochDraw = { Run = ValueSome run; Epoch = epoch }

    /// What belongs to no run, such as data to test with, is always the same.
    static member Fixed: EpochDraw = { Run = ValueNone; Epoch = 0 }

    /// The seed of an epoch of a run: one of its own, whatever call it falls into.
    static member SeedOf(run: int64, epoch: int) : int64 = Seeds.mix run (int64 epoch)

    member this.Seed: int64 =
        match this.Run with
        | ValueSome run -> EpochDraw.SeedOf(run, this.Epoch)
        | ValueNone -> 0L

    /// The last epoch up to this one in which what stands at a place was replaced, where a `share` of all is in each; the first
    /// where it never was. `salt` is that of a dataset. What it gives for an epoch does not depend on which were asked for before.
    member this.Replaced(share: float, salt: int64, place: int64) : EpochDraw =
        let mutable found = this

        while found.Epoch > 0 && Seeds.fraction (Seeds.mix found.Seed salt) place >= share do
            found <- { found with Epoch = found.Epoch - 1 }

        found
