namespace Deeplay;

/// <summary>What batches of sequences are made with, for <see cref="Dataset"/>s that collate in a way of their own.</summary>
public static class Collate
{
    /// <summary>Sequences (L, …) of different lengths as one tensor (N, longest L, …), with <paramref name="value"/> behind the end of
    /// each. Source: PyTorch, torch.nn.utils.rnn.pad_sequence with batch_first.</summary>
    public static Tensor PadSequence(IEnumerable<Tensor> sequences, double value = 0) =>
        Torch.Collate.padSequence(value, Interop.List(sequences.Given()));

    /// <summary>Where such a tensor has nothing of a sequence (N, longest L): as PyTorch's <c>key_padding_mask</c>.</summary>
    public static Tensor PaddingMask(IEnumerable<Tensor> sequences) =>
        Torch.Collate.paddingMask(Interop.List(sequences.Given()));
}
