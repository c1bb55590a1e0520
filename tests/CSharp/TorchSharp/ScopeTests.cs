using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharpTests;

/// <summary>Dispose scopes and their statistics, and that nothing leaks.</summary>
public class ScopeTests
{
    [Fact]
    public void AScopeDisposesOfWhatWasMadeInIt()
    {
        Tensor inside,
            moved,
            detached;
        var outside = ones(1);
        using (var outer = NewDisposeScope())
        {
            using (var scope = NewDisposeScope())
            {
                inside = ones(1);
                moved = ones(1).MoveToOuterDisposeScope();
                detached = ones(1).DetachFromDisposeScope();
                Assert.True(scope.Contains(inside));
                Assert.Equal(1, scope.DisposablesCount);
                Assert.Same(scope, CurrentDisposeScope);
            }
            Assert.True(inside.IsInvalid);
            Assert.False(moved.IsInvalid);
            Assert.True(outer.Contains(moved));
        }
        Assert.True(moved.IsInvalid);
        Assert.False(detached.IsInvalid);
        Assert.False(outside.IsInvalid);
        Assert.Null(CurrentDisposeScope);
        detached.Dispose();
        outside.Dispose();
    }

    [Fact]
    public void StatisticsAreExact()
    {
        DisposeScopeManager.Statistics.Reset();
        var counts = DisposeScopeManager.Statistics.TensorStatistics;
        var outside = ones(1);
        Assert.Equal(
            (1, 0, 1),
            (counts.CreatedOutsideScopeCount, counts.CreatedInScopeCount, counts.ThreadTotalLiveCount)
        );
        using (var scope = NewDisposeScope())
        {
            var a = ones(1);
            var b = ones(1);
            var c = ones(1).DetachFromDisposeScope();
            a.Dispose();
            scope.Attach(outside);
            Assert.Equal(2, scope.DisposablesCount);
            Assert.Equal(
                (3, 1, 1, 1),
                (
                    counts.CreatedInScopeCount,
                    counts.DisposedInScopeCount,
                    counts.DetachedFromScopeCount,
                    counts.AttachedToScopeCount
                )
            );
            c.Dispose();
            Assert.Equal(1, counts.DisposedOutsideScopeCount);
        }
        Assert.True(outside.IsInvalid);
        Assert.Equal(3, counts.DisposedInScopeCount);
        Assert.Equal(0, counts.ThreadTotalLiveCount);
    }

    [Fact]
    public void EverythingButWhatIsKept()
    {
        using var scope = NewDisposeScope();
        var kept = ones(1);
        var gone = ones(1);
        Assert.Same(kept, scope.DisposeEverythingBut(kept));
        Assert.True(gone.IsInvalid);
        Assert.False(kept.IsInvalid);
        scope.Dispose();
        Assert.True(kept.IsInvalid);
        Assert.Throws<ObjectDisposedException>(() => scope.DisposablesCount);
    }

    [Fact]
    public void LayersAndOptimizersOutliveTheScopeTheyWereMadeIn()
    {
        Linear layer;
        optim.Optimizer optimizer;
        using (NewDisposeScope())
        {
            layer = nn.Linear(2, 2);
            optimizer = optim.Adam(layer.parameters());
            layer.call(ones(1, 2)).sum().backward();
            optimizer.step();
        }
        Assert.False(layer.weight.IsInvalid);
        using (NewDisposeScope())
        {
            layer.call(ones(1, 2)).sum().backward();
            optimizer.step();
        }
        layer.Dispose();
        optimizer.Dispose();
        Assert.True(layer.weight.IsInvalid);
    }

    [Fact]
    public void AHundredThousandOperationsLeaveNothingBehind()
    {
        var net = nn.Sequential(
            nn.Linear(8, 8),
            nn.BatchNorm1d(8),
            nn.ReLU(),
            nn.Dropout(0.1),
            nn.Linear(8, 1)
        );
        var optimizer = optim.Adam(net.parameters());
        var loss = nn.MSELoss();
        using var x = ones(16, 8);
        using var y = ones(16, 1);
        void Train(int steps)
        {
            for (var step = 0; step < steps; step++)
            {
                using var scope = NewDisposeScope();
                optimizer.zero_grad();
                loss.call(net.call(x), y).backward();
                optimizer.step();
            }
        }
        void Compute(int operations)
        {
            for (var k = 0; k < operations; k++)
            {
                using var sum = x.add(1);
                using var part = sum[0, 1];
                x.mul_(1);
            }
        }
        Train(200);
        Compute(10_000);
        // What earlier tests left to the collector.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var total = Tensor.TotalCount;
        Train(1000);
        Compute(40_000);
        Assert.Equal(live, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Equal(total, Tensor.TotalCount);
    }
}
