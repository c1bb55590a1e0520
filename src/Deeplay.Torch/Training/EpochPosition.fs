namespace Deeplay.Torch

open TorchSharp

/// Of what an order of examples is made: from another one an epoch can't go on.
type internal EpochOrder = { Seed: int64; Examples: int64; BatchSize: int64; IsShuffled: bool }

/// Where an epoch stands that was not finished: how many batches it had, of which order, torch's generator after them, and by name
/// what was measured of them.
[<NoEquality; NoComparison>]
type internal EpochPosition =
    {
        Batches: int64
        Order: EpochOrder
        Random: byte[]
        Measured: (string * Tensor) list
    }

    /// Keeps what was measured beyond the scope it is in.
    member position.Keep() : EpochPosition =
        { position with
            Measured = [ for name, tensor in position.Measured -> name, tensor.DetachFromDisposeScope() ]
        }

    /// Frees what was measured.
    member position.Dispose() : unit =
        for _, tensor in position.Measured do
            tensor.Dispose()


/// Names of what was measured in an epoch: `train/loss/sum`, `val/accuracy`.
module internal MeasuredNames =
    /// Puts a name before each.
    let under (first: string) (measured: (string * 'a) list) : (string * 'a) list =
        [ for name, value in measured -> $"{first}/{name}", value ]

    /// What has this name before its own, without it.
    let below (first: string) (measured: (string * 'a) list) : (string * 'a) list =
        let prefix = first + "/"

        [
            for name, value in measured do
                if name.StartsWith(prefix, System.StringComparison.Ordinal) then name.Substring prefix.Length, value
        ]
