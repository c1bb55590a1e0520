namespace Deeplay.Torch

open System.Threading
open Deeplay.Core
open TorchSharp

/// Runs that draw random numbers. Torch has one generator for all threads: a run with a seed would not be the same again if
/// another one drew from it.
module internal Runs =
    let private gate = obj ()
    let mutable private seeded: Thread list = []
    let mutable private others = 0

    let private enter isSeeded =
        lock gate (fun () ->
            // A run within a run is a part of it.
            let isOthers = seeded |> List.exists (fun thread -> thread <> Thread.CurrentThread)

            if isOthers || (isSeeded && others > 0) then
                let expected =
                    "one run at a time, since torch draws for all threads from one generator; runs without a seed may go on at once"

                Fail.with' (Malformed("fit", expected, "another run that goes on"))

            if isSeeded then seeded <- Thread.CurrentThread :: seeded else others <- others + 1)

    let private leave isSeeded = lock gate (fun () -> if isSeeded then seeded <- seeded.Tail else others <- others - 1)

    /// Does what draws random numbers from a seed on, where there is one. Whoever comes after it draws as if nothing had been.
    let during (seed: int64 option) (work: unit -> 'a) : 'a =
        enter seed.IsSome

        try
            match seed with
            | None -> work ()
            | Some seed ->
                use before = torch.get_rng_state().DetachFromDisposeScope()

                try
                    torch.manual_seed seed |> ignore
                    work ()
                finally
                    torch.set_rng_state before
        finally
            leave seed.IsSome
