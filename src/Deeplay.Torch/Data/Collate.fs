namespace Deeplay.Torch

open Deeplay.Core
open TorchSharp

/// How sequences of different lengths become a batch.
type PadOptions =
    {
        /// What stands behind the end of an input that is a sequence.
        Value: float
        /// What stands behind the end of targets that are sequences; of classes one that the loss ignores, such as -100.
        TargetValue: float
        /// The name of one more input (N, L), which is true where there is nothing of the first one's sequences, as PyTorch's
        /// `key_padding_mask`; behind the others where inputs have no names. None for no such input.
        Mask: string option
    }

/// Ways to make a batch of examples: `data.Collate(Collate.pad { Collate.padding with Mask = Some "mask" })`.
[<RequireQualifiedAccess>]
module Collate =
    let private fail what expected found : 'a = Fail.with' (Malformed($"collate, {what}", expected, found))
    let private print (tensor: Tensor) = $"{Shown.dtype tensor.dtype} {Shape.known tensor.shape}"

    // Sequences of one kind: what of their shapes comes behind the length is equal, and their dtype.
    let private check what (sequences: Tensor list) : unit =
        if sequences.IsEmpty then fail what "at least one sequence" "none"

        let kind (sequence: Tensor) =
            if sequence.dim () = 0L then fail what "sequences, of at least one dimension" (print sequence)
            sequence.dtype, List.ofArray (Array.tail sequence.shape)

        let first = kind sequences.Head

        for i, sequence in List.indexed sequences do
            if kind sequence <> first then
                fail
                    what
                    $"sequences such as {print sequences.Head}"
                    $"{print sequence} as number {string i} of a batch"

    let private padded what (value: float) (sequences: Tensor list) : Tensor =
        check what sequences
        torch.nn.utils.rnn.pad_sequence (sequences, true, value)

    /// Sequences (L, …) of different lengths as one tensor (N, longest L, …), with `value` behind the end of each. Source: PyTorch,
    /// torch.nn.utils.rnn.pad_sequence with batch_first.
    let padSequence (value: float) (sequences: torch.Tensor list) : torch.Tensor =
        Native.load ()
        padded "sequences" value sequences

    /// Where such a tensor has nothing of a sequence (N, longest L): as PyTorch's `key_padding_mask`.
    let paddingMask (sequences: torch.Tensor list) : torch.Tensor =
        Native.load ()
        check "sequences" sequences
        use scope = torch.NewDisposeScope()
        let lengths = [| for sequence in sequences -> sequence.shape[0] |]
        let places = torch.tensor [| 0L .. Array.max lengths - 1L |]
        scope.MoveToOuter((places.unsqueeze 0L).ge(torch.tensor(lengths).unsqueeze 1L))

    /// Zeros behind the end of each sequence, and no mask.
    let padding: PadOptions = { Value = 0.0; TargetValue = 0.0; Mask = None }

    /// Makes batches of sequences (L, …): each input and the targets are filled up to the longest of the batch. What has no
    /// dimension, such as a class, stays as it is. Sequences that differ in more than their length are an error.
    let pad (options: PadOptions) (examples: struct (Inputs * torch.Tensor) list) : struct (Inputs * torch.Tensor) =
        let one what value (tensors: Tensor list) =
            if tensors |> List.forall (fun tensor -> tensor.dim () = 0L) then
                torch.stack (Array.ofList tensors, 0L)
            else
                padded what value tensors

        match examples with
        | [] -> fail "examples" "at least one" "none"
        | struct (first, _) :: _ when first.IsGraph -> fail "examples" "sequences" "graphs, which need no padding"
        | _ ->
            let inputs = Examples.aligned [| for struct (inputs, _) in examples -> inputs |]
            let first = inputs[0]
            let at place = [ for one in inputs -> one.Tensors[place] ]
            let tensors = [ for i in 0 .. first.Count - 1 -> one (Inputs.label i first) options.Value (at i) ]

            let mask =
                options.Mask
                |> Option.map (fun name ->
                    check "a mask of the first input" (at 0)
                    name, paddingMask (at 0))
                |> Option.toList

            let inputs =
                if first.Keys.Length > 0 then
                    Inputs.named (List.zip first.Names tensors @ mask)
                else
                    Inputs.several (tensors @ List.map snd mask)

            struct (inputs, one "targets" options.TargetValue [ for struct (_, target) in examples -> target ])
