namespace Deeplay.Torch

open System.Runtime.InteropServices
open System.Threading

/// Ctrl-C while something goes on.
module internal Interrupts =
    /// Does something, and `stop` at the first Ctrl-C (SIGINT) meanwhile, which then does nothing else. A second one ends the
    /// process, as the first one does where nobody listens.
    let during (isHeard: bool) (stop: unit -> unit) (work: unit -> 'a) : 'a =
        if not isHeard then
            work ()
        else
            let heard = ref 0

            use _listening =
                PosixSignalRegistration.Create(
                    PosixSignal.SIGINT,
                    fun signal ->
                        if Interlocked.Exchange(heard, 1) = 0 then
                            signal.Cancel <- true
                            stop ()
                )

            work ()
