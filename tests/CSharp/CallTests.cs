using System.Reflection;

namespace Deeplay.Tests;

/// <summary>What calls of the factories and typed keys mean, as the compiler resolves them.</summary>
public class CallTests
{
    private static object?[] Arguments(ModuleSpec module) =>
        [.. module.Parameters.Select(p => module.Argument<object?>("", p.Name))];

    [Fact]
    public void Arguments_by_place_are_those_of_PyTorchs_signature()
    {
        Assert.Equal([1L, 8L, 3L, 1L, 0L, 1L, 1L, true, "zeros"], Arguments(Layers.Conv2d(1, 8, 3)));
        Assert.Equal([1L, 8L, 3L, 2L, 4L, 1L, 1L, true, "zeros"], Arguments(Layers.Conv2d(1, 8, 3, 2, 4)));
        Assert.Equal([3L, 4L, false], Arguments(Layers.Linear(3, 4, false)));
        Assert.Equal([Unset.Value, 4L, true], Arguments(Layers.Linear(null, 4)));
        Assert.Equal([8L, 0.1, 0.1, true, true], Arguments(Layers.BatchNorm2d(8, 0.1)));
        Assert.Equal([2L, 6L, 1e-5, true], Arguments(Layers.GroupNorm(2, 6)));
        Assert.Equal([3L, 2L, 1L, 1L, false, false], Arguments(Layers.MaxPool2d(3, 2, 1)));
        Assert.Equal([0.01, 0.9, 0.0, 0.0, false, false], Arguments(Optimizers.SGD(0.01, 0.9)).Take(6));
    }

    [Fact]
    public void What_may_be_inferred_may_be_left_out()
    {
        Assert.Equal(
            [Unset.Value, 8L, 3L, 1L, 0L, 1L, 1L, true, "zeros"],
            Arguments(Layers.Conv2d(outChannels: 8, kernelSize: 3))
        );
        Assert.Equal([Unset.Value, 4L, false], Arguments(Layers.Linear(outFeatures: 4, bias: false)));
        Assert.Equal([Unset.Value, 1e-5, 0.1, true, true], Arguments(Layers.BatchNorm1d()));
        Assert.Equal([2L, Unset.Value, 1e-5, true], Arguments(Layers.GroupNorm(2)));
        Assert.Equal([Unset.Value, 1e-5, true, true], Arguments(Layers.LayerNorm()));
        Assert.Equal(
            Components.MultiLayerPerceptron(null, [4], 2),
            Components.MultiLayerPerceptron(hiddenFeatures: [4], outFeatures: 2)
        );
        Assert.Equal(Models.SmallMLP(null, 2), Models.SmallMLP(outFeatures: 2));
        Assert.Equal(Blocks.LinearBlock(null, 2), Blocks.LinearBlock(outFeatures: 2));
    }

    // `Conv2d(3, 8, stride: 2)` lacks its kernel, as in PyTorch: it must not become a convolution to 3 channels with a
    // kernel of 8. The overload that the compiler finds for it is an error.
    [Fact]
    public void A_call_by_place_that_lacks_an_argument_does_not_compile()
    {
        var overloads = typeof(Layers)
            .GetMethods()
            .Concat(typeof(Components).GetMethods())
            .Concat(typeof(Models).GetMethods())
            .Concat(typeof(Blocks).GetMethods())
            .ToLookup(method => method.Name);
        var guarded = overloads
            .Where(group => group.Any(m => m.GetCustomAttribute<ObsoleteAttribute>() is { IsError: true }))
            .Select(group => group.Key)
            .ToArray();

        Assert.Contains("Conv2d", guarded);
        Assert.Contains("Linear", guarded);
        Assert.Contains("MultiLayerPerceptron", guarded);
        foreach (var name in guarded)
        {
            var guard = overloads[name].Single(m => m.IsDefined(typeof(ObsoleteAttribute)));
            Assert.All(guard.GetParameters().Skip(1), p => Assert.True(p.HasDefaultValue, p.Name));
            // Found before the overload that infers, and after the one that takes everything.
            Assert.Equal([2, 1, 0], overloads[name].Select(Priority).OrderDescending());
        }
    }

    private static int Priority(MethodInfo method) =>
        method
            .GetCustomAttribute<System.Runtime.CompilerServices.OverloadResolutionPriorityAttribute>()
            ?.Priority
        ?? 0;

    [Fact]
    public void Typed_keys_configure_and_read()
    {
        var linear = Layers.Linear(3, 4).Configure(Linear.Bias, false).Configure(Linear.OutFeatures, 5);
        Assert.False(linear.Argument("", Linear.Bias));
        Assert.Equal(5L, linear.Argument("", Linear.OutFeatures));

        var conv = Layers.Conv2d(1, 2, 3).Configure(Conv2d.Padding, 1).Configure(Conv2d.KernelSize, (3, 5));
        Assert.Equal(1L, conv.Argument<long>("", "padding"));
        Assert.Equal([3L, 5L], conv.Argument<long[]>("", "kernel_size"));
        Assert.Equal([3L, 5L], conv.Argument("", Conv2d.KernelSize));
        Assert.Equal(
            "same",
            conv.Configure(Conv2d.Padding, "same").Argument<string>("", Conv2d.Padding.Name)
        );
        Assert.Equal(
            [8L, 4L],
            Sample
                .Mlp.Configure(MultiLayerPerceptron.HiddenFeatures, [8, 4])
                .Argument("", MultiLayerPerceptron.HiddenFeatures)
        );
        Assert.Null(
            Layers.BatchNorm1d().Configure(BatchNorm1d.Momentum, null).Argument("", BatchNorm1d.Momentum)
        );
        Assert.Equal(
            "GELU",
            Blocks.LinearBlock(3, 4).Configure(LinearBlock.Activation, Layers.GELU()).Tree["activation"].Kind
        );
        Assert.Equal(
            0.5,
            Layers
                .Threshold(0.1, 2)
                .Configure(Threshold.ThresholdKey, 0.5)
                .Argument("", Threshold.ThresholdKey)
        );
        // `System.Threading.Tasks.Parallel` comes with every C# program.
        Assert.Equal("keys", ParallelKeys.Keys.Name);
    }
}
