namespace Deeplay.Torch

open System.Threading
open TorchSharp

/// In which mode a network is while something is done with it: several may evaluate it at once, while nobody trains it. Each
/// module is left in the mode that it was in, for some may have been put into another one.
[<Sealed>]
type internal Modes(network: torch.nn.Module) =
    // A step of training may evaluate, as a hook of the program may do.
    let turns = new ReaderWriterLockSlim(LockRecursionPolicy.SupportsRecursion)
    let gate = obj ()
    let mutable evaluating = 0
    let mutable before = []

    let all () = [ for m in Seq.append [ network ] (network.modules ()) -> m, m.training ]

    // A module first, then what is in it, which the module's own takes along.
    let restore modes =
        for m: torch.nn.Module, training in modes do
            if m.training <> training then m.train training

    let within enter leave (work: unit -> 'a) : 'a =
        enter ()

        try
            work ()
        finally
            leave ()

    let enter () =
        lock gate (fun () ->
            if evaluating = 0 then
                before <- all ()
                // Parts may be in training mode where the whole is not.
                network.eval ()

            evaluating <- evaluating + 1)

    let leave () =
        lock gate (fun () ->
            evaluating <- evaluating - 1
            if evaluating = 0 then restore before)

    let alone (work: unit -> 'a) : 'a = within turns.EnterWriteLock turns.ExitWriteLock work

    /// Does something in evaluation mode, without gradients. Several threads may do so at once.
    member _.Evaluate(work: unit -> 'a) : 'a =
        within turns.EnterReadLock turns.ExitReadLock (fun () ->
            use _noGrad = torch.no_grad ()
            within enter leave work)

    /// One step of what `Train` does: nobody evaluates meanwhile.
    member _.Step(work: unit -> 'a) : 'a = alone work

    /// Does something in steps in training mode; parts that were put into another mode than the whole stay in it.
    member _.Train(work: unit -> 'a) : 'a =
        let before =
            alone (fun () ->
                if network.training then
                    []
                else
                    let before = all ()
                    network.train ()
                    before)

        try
            work ()
        finally
            alone (fun () -> restore before)
