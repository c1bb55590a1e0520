namespace Deeplay;

/// <summary>How sequences of different lengths become a batch: see <see cref="Dataset.Collate(PadOptions)"/>.</summary>
public sealed record PadOptions
{
    /// <summary>What stands behind the end of an input that is a sequence.</summary>
    public double Value { get; init; }

    /// <summary>What stands behind the end of targets that are sequences; of classes one that the loss ignores, such as
    /// -100.</summary>
    public double TargetValue { get; init; }

    /// <summary>The name of one more input (N, L), which is true where there is nothing of the first one's sequences, as PyTorch's
    /// <c>key_padding_mask</c>; behind the others where inputs have no names. Null for no such input.</summary>
    public string? Mask { get; init; }

    internal Torch.PadOptions Inner => new(Value, TargetValue, Interop.Option(Mask));
}
