namespace Deeplay.Torch

open System
open System.Globalization
open Deeplay.Core
open TorchSharp

/// Where an epoch stands, in a checkpoint: numbers as text; the state of torch's generator and what was measured as tensors.
module internal SavedPosition =
    let batchesKey = "deeplay.batches"

    // The state of torch's generator, where an epoch was not finished.
    let private randomName = "random.state"

    // Before the names of what was measured of such an epoch: no part of a model can have such a name.
    let private measuredPrefix = "measured/"

    /// A whole number of at least so much; None where the text is none.
    let tryNumber least (text: string) =
        match Int64.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) with
        | true, number when number >= least -> Some number
        | _ -> None

    /// The tensors of an epoch that was not finished.
    let tensors (position: EpochPosition) : (string * torch.Tensor) list =
        (randomName, torch.tensor position.Random)
        :: [ for name, tensor in position.Measured -> measuredPrefix + name, tensor ]

    let print (position: EpochPosition) =
        let order = position.Order
        let shuffled = if order.IsShuffled then 1L else 0L

        [ position.Batches; order.BatchSize; order.Examples; order.Seed; shuffled ]
        |> List.map string
        |> String.concat ","

    // What libtorch looks at before it takes a state, for it ends the process where that is wrong: how many numbers are left
    // of the 624 of its Mersenne twister, whether it was seeded, and which is the next. Source: ATen, CPUGeneratorImpl.cpp
    // and MT19937RNGEngine.h.
    let private isGenerator (state: byte[]) =
        let left, seeded = BitConverter.ToInt32(state, 8), BitConverter.ToInt32(state, 12)
        left > 0 && left <= 624 && seeded = 1 && BitConverter.ToUInt64(state, 16) <= 624UL

    // Sums and counts are each one number; what a metric keeps is its own affair.
    let private checkMeasured path (name: string, tensor: torch.Tensor) =
        if not (name.StartsWith("train/metrics/", StringComparison.Ordinal)) then
            if tensor.dtype <> torch.float64 || tensor.NumberOfElements <> 1L then
                let found = $"{Shown.dtype tensor.dtype} {Shape.known tensor.shape}"
                Fail.with' (Malformed($"{path}, {measuredPrefix}{name}", "one number as float64", found))

    /// An epoch that was not finished, if any, and the tensors that are not of it.
    let read path (metadata: Map<string, string>) (tensors: Map<string, torch.Tensor>) =
        let measured, others =
            tensors |> Map.partition (fun name _ -> name.StartsWith(measuredPrefix, StringComparison.Ordinal))

        match metadata.TryFind batchesKey, others.TryFind randomName with
        | None, None -> None, tensors
        | None, Some _ -> Fail.with' (Malformed(path, $"the entry '{batchesKey}'", "a file without it"))
        | Some _, None -> Fail.with' (Malformed(path, $"the tensor '{randomName}'", "a file without it"))
        | Some text, Some state ->
            use own = torch.get_rng_state ()

            if state.dtype <> own.dtype || state.shape <> own.shape then
                let print (t: torch.Tensor) = $"{t.dtype} {Shape.known t.shape}"
                Fail.with' (Malformed($"{path}, {randomName}", print own, print state))

            let random = state.data<byte>().ToArray()

            if not (isGenerator random) then
                Fail.with' (Malformed($"{path}, {randomName}", "a state of torch's generator", "bytes that are none"))

            let numbers = [ for part in text.Split ',' -> tryNumber Int64.MinValue part ]

            match numbers with
            | [ Some batches; Some size; Some examples; Some seed; Some shuffled ] when batches > 0L && size > 0L ->
                let order = { Seed = seed; Examples = examples; BatchSize = size; IsShuffled = shuffled <> 0L }

                let measured =
                    [ for KeyValue(name, tensor) in measured -> name.Substring measuredPrefix.Length, tensor ]

                List.iter (checkMeasured path) measured
                let position = { Batches = batches; Order = order; Random = random; Measured = measured }
                Some position, Map.remove randomName others
            | _ ->
                let expected = "batches, their size, examples, seed and whether they are shuffled"
                Fail.with' (Malformed($"{path}, {batchesKey}", expected, $"'{text}'"))
