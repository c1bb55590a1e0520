using System;

namespace TorchSharp;

/// <summary>Counts of the objects of one kind on one thread.</summary>
public class LifetimeStatistics
{
    public long CreatedOutsideScopeCount { get; internal set; }
    public long DisposedOutsideScopeCount { get; internal set; }
    public long CreatedInScopeCount { get; internal set; }
    public long DisposedInScopeCount { get; internal set; }
    public long AttachedToScopeCount { get; internal set; }
    public long DetachedFromScopeCount { get; internal set; }

    /// <summary>Made less disposed of, on this thread.</summary>
    public long ThreadTotalLiveCount =>
        CreatedInScopeCount + CreatedOutsideScopeCount - DisposedInScopeCount - DisposedOutsideScopeCount;

    public void Reset()
    {
        CreatedOutsideScopeCount = 0;
        DisposedOutsideScopeCount = 0;
        CreatedInScopeCount = 0;
        DisposedInScopeCount = 0;
        AttachedToScopeCount = 0;
        DetachedFromScopeCount = 0;
    }

    public override string ToString() =>
        $"live {ThreadTotalLiveCount}; created {CreatedInScopeCount} in and {CreatedOutsideScopeCount} outside "
        + $"scopes; disposed {DisposedInScopeCount} and {DisposedOutsideScopeCount}; attached "
        + $"{AttachedToScopeCount}; detached {DetachedFromScopeCount}";
}

/// <summary>The counts of this thread, of tensors and of packed sequences.</summary>
public class ThreadDisposeScopeStatistics
{
    public LifetimeStatistics TensorStatistics { get; } = new();
    public LifetimeStatistics PackedSequenceStatistics { get; } = new();

    public long CreatedOutsideScopeCount => Sum(s => s.CreatedOutsideScopeCount);
    public long DisposedOutsideScopeCount => Sum(s => s.DisposedOutsideScopeCount);
    public long CreatedInScopeCount => Sum(s => s.CreatedInScopeCount);
    public long DisposedInScopeCount => Sum(s => s.DisposedInScopeCount);
    public long AttachedToScopeCount => Sum(s => s.AttachedToScopeCount);
    public long DetachedFromScopeCount => Sum(s => s.DetachedFromScopeCount);
    public long ThreadTotalLiveCount => Sum(s => s.ThreadTotalLiveCount);

    public void Reset()
    {
        TensorStatistics.Reset();
        PackedSequenceStatistics.Reset();
    }

    public override string ToString() => $"tensors: {TensorStatistics}";

    private long Sum(Func<LifetimeStatistics, long> count) =>
        count(TensorStatistics) + count(PackedSequenceStatistics);
}
