using System;
using System.Collections.Generic;
using System.Linq;

namespace TorchSharp;

/// <summary>The dispose scopes of a thread, the innermost first.</summary>
public class DisposeScopeManager
{
    [ThreadStatic]
    private static DisposeScopeManager? _ofThread;

    internal static DisposeScopeManager OfThread => _ofThread ??= new DisposeScopeManager();

    internal readonly ThreadDisposeScopeStatistics Counts = new();
    internal DisposeScope? Current;

    /// <summary>What was made and disposed of on this thread.</summary>
    public static ThreadDisposeScopeStatistics Statistics => OfThread.Counts;

    internal DisposeScope? Register(torch.Tensor tensor)
    {
        if (Current is null)
        {
            Counts.TensorStatistics.CreatedOutsideScopeCount++;
            return null;
        }
        Counts.TensorStatistics.CreatedInScopeCount++;
        Current.Members.Add(tensor);
        return Current;
    }

    internal void CountDisposal(bool inScope)
    {
        if (inScope)
            Counts.TensorStatistics.DisposedInScopeCount++;
        else
            Counts.TensorStatistics.DisposedOutsideScopeCount++;
    }

    internal DisposeScope Open() => Current = new DisposeScope(this);

    internal void Close(DisposeScope scope)
    {
        if (ReferenceEquals(Current, scope))
        {
            Current = scope.Outer;
            return;
        }
        // Closed out of order: take it out of the middle.
        for (var inner = Current; inner is not null; inner = inner.Outer)
            if (ReferenceEquals(inner.Outer, scope))
            {
                inner.Outer = scope.Outer;
                return;
            }
    }
}

/// <summary>
/// Disposes of the tensors that were made on its thread while it was the innermost scope, unless they were moved out
/// or detached. Made by <see cref="torch.NewDisposeScope"/>.
/// </summary>
public sealed class DisposeScope : IDisposable
{
    private DisposeScopeManager? _manager;
    internal DisposeScope? Outer;
    internal HashSet<IDisposable> Members { get; private set; } = new(ReferenceEqualityComparer.Instance);

    internal DisposeScope(DisposeScopeManager manager)
    {
        _manager = manager;
        Outer = manager.Current;
    }

    private DisposeScopeManager Manager =>
        _manager ?? throw new ObjectDisposedException(nameof(DisposeScope));

    public IReadOnlyList<IDisposable> DisposablesView
    {
        get
        {
            _ = Manager;
            return Members.ToArray();
        }
    }

    public int DisposablesCount
    {
        get
        {
            _ = Manager;
            return Members.Count;
        }
    }

    public bool Contains(IDisposable disposable) => Members.Contains(disposable);

    /// <summary>Takes members of this scope over into another one; without another, sets them free.</summary>
    public void MoveToOther(DisposeScope? scope, IEnumerable<IDisposable> disposables)
    {
        _ = Manager;
        if (scope is null)
        {
            Detach(disposables);
            return;
        }
        foreach (var disposable in disposables)
            if (Members.Remove(disposable))
                scope.Take(disposable);
    }

    public void MoveToOther(DisposeScope? scope, params IDisposable[] disposables) =>
        MoveToOther(scope, disposables.AsEnumerable());

    public T MoveToOther<T>(DisposeScope? scope, T disposable)
        where T : IDisposable
    {
        MoveToOther(scope, [disposable]);
        return disposable;
    }

    public (T1 first, T2 second) MoveToOther<T1, T2>(DisposeScope? scope, T1 first, T2 second)
        where T1 : IDisposable
        where T2 : IDisposable
    {
        MoveToOther(scope, new IDisposable[] { first, second });
        return (first, second);
    }

    public (T1 first, T2 second, T3 third) MoveToOther<T1, T2, T3>(
        DisposeScope? scope,
        T1 first,
        T2 second,
        T3 third
    )
        where T1 : IDisposable
        where T2 : IDisposable
        where T3 : IDisposable
    {
        MoveToOther(scope, new IDisposable[] { first, second, third });
        return (first, second, third);
    }

    public void MoveToOuter(IEnumerable<IDisposable> disposables) => MoveToOther(Outer, disposables);

    public void MoveToOuter(params IDisposable[] disposables) =>
        MoveToOther(Outer, disposables.AsEnumerable());

    public T MoveToOuter<T>(T disposable)
        where T : IDisposable => MoveToOther(Outer, disposable);

    public (T1 first, T2 second) MoveToOuter<T1, T2>(T1 first, T2 second)
        where T1 : IDisposable
        where T2 : IDisposable => MoveToOther(Outer, first, second);

    public (T1 first, T2 second, T3 third) MoveToOuter<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable
        where T2 : IDisposable
        where T3 : IDisposable => MoveToOther(Outer, first, second, third);

    /// <summary>Sets members free: whoever holds them disposes of them.</summary>
    public void Detach(IEnumerable<IDisposable> disposables)
    {
        var counts = Manager.Counts;
        foreach (var disposable in disposables)
            if (Members.Remove(disposable) && disposable is torch.Tensor tensor)
            {
                counts.TensorStatistics.DetachedFromScopeCount++;
                tensor.OwningDisposeScope = null;
            }
    }

    public void Detach(params IDisposable[] disposables) => Detach(disposables.AsEnumerable());

    public T Detach<T>(T disposable)
        where T : IDisposable
    {
        Detach(new IDisposable[] { disposable });
        return disposable;
    }

    public (T1 first, T2 second) Detach<T1, T2>(T1 first, T2 second)
        where T1 : IDisposable
        where T2 : IDisposable
    {
        Detach(new IDisposable[] { first, second });
        return (first, second);
    }

    public (T1 first, T2 second, T3 third) Detach<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable
        where T2 : IDisposable
        where T3 : IDisposable
    {
        Detach(new IDisposable[] { first, second, third });
        return (first, second, third);
    }

    public void Attach(IDisposable disposable) => Attach(new[] { disposable }.AsEnumerable());

    public void Attach(params IDisposable[] disposables) => Attach(disposables.AsEnumerable());

    /// <summary>Makes this scope the owner, whoever owned them before.</summary>
    public IReadOnlyList<IDisposable> Attach(IEnumerable<IDisposable> disposables)
    {
        var counts = Manager.Counts;
        var all = disposables.ToList();
        foreach (var disposable in all)
            if (Take(disposable))
                counts.TensorStatistics.AttachedToScopeCount++;
        return all;
    }

    public void DisposeEverything() => DisposeEverythingBut(Enumerable.Empty<IDisposable>());

    public void DisposeEverythingBut(IEnumerable<IDisposable> inKeep)
    {
        _ = Manager;
        var all = Members;
        Members = new HashSet<IDisposable>(inKeep, ReferenceEqualityComparer.Instance);
        foreach (var member in all)
            if (!Members.Contains(member))
                member.Dispose();
    }

    public void DisposeEverythingBut(params IDisposable[] keep) => DisposeEverythingBut(keep.AsEnumerable());

    public T DisposeEverythingBut<T>(T keep)
        where T : IDisposable
    {
        DisposeEverythingBut(new IDisposable[] { keep });
        return keep;
    }

    public (T1 first, T2 second) DisposeEverythingBut<T1, T2>(T1 first, T2 second)
        where T1 : IDisposable
        where T2 : IDisposable
    {
        DisposeEverythingBut(new IDisposable[] { first, second });
        return (first, second);
    }

    public (T1 first, T2 second, T3 third) DisposeEverythingBut<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable
        where T2 : IDisposable
        where T3 : IDisposable
    {
        DisposeEverythingBut(new IDisposable[] { first, second, third });
        return (first, second, third);
    }

    /// <summary>Strikes a member off without disposing of it.</summary>
    public void MarkAsDisposed(IDisposable disposable)
    {
        _ = Manager;
        Members.Remove(disposable);
        if (disposable is torch.Tensor tensor)
            tensor.OwningDisposeScope = null;
    }

    public void Dispose()
    {
        if (_manager is null)
            return;
        DisposeEverything();
        _manager.Close(this);
        _manager = null;
    }

    internal void Forget(IDisposable disposable) => Members.Remove(disposable);

    private bool Take(IDisposable disposable)
    {
        if (disposable is not torch.Tensor tensor)
            throw new InvalidOperationException("A dispose scope manages tensors only.");
        if (ReferenceEquals(tensor.OwningDisposeScope, this) && Members.Contains(tensor))
            return false;
        tensor.OwningDisposeScope?.Forget(tensor);
        tensor.OwningDisposeScope = this;
        Members.Add(tensor);
        return true;
    }
}
