namespace Deeplay;

/// <summary>What was measured in one epoch.</summary>
public sealed record Epoch
{
    internal Epoch(Torch.EpochRecord inner) =>
        (Number, Step, Metrics) = (inner.Epoch, inner.Step, inner.Metrics);

    /// <summary>The number of the epoch, counted from 0.</summary>
    public int Number { get; }

    /// <summary>Optimizer steps made so far.</summary>
    public long Step { get; }

    /// <summary>By name: <c>train_loss</c>, <c>train_accuracy</c>, <c>val_loss</c>, ….</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; }

    /// <summary>The epoch as a line.</summary>
    public override string ToString() =>
        $"epoch {Number}: {string.Join(", ", Metrics.Select(m => FormattableString.Invariant($"{m.Key} {m.Value:0.####}")))}";
}
