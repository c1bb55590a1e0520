using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace Deeplay.Engine.Tests;

/// <summary>Registration, names, state, hooks, moving and the optimizers' states.</summary>
public class ModuleTests
{
    private sealed class Net : nn.Module<Tensor, Tensor>
    {
        private readonly BatchNorm1d norm = nn.BatchNorm1d(3);
        private readonly Linear first = nn.Linear(2, 3);
        private readonly Parameter scale = nn.Parameter(ones(1));
        private readonly Tensor offset = zeros(1);

        public Net()
            : base(nameof(Net)) => RegisterComponents();

        public override Tensor forward(Tensor input) => norm.call(first.call(input)) * scale + offset;
    }

    [Fact]
    public void StateDictHasParametersThenBuffers()
    {
        using var net = new Net();
        Assert.Equal(
            [
                "scale",
                "norm.weight",
                "norm.bias",
                "first.weight",
                "first.bias",
                "offset",
                "norm.running_mean",
                "norm.running_var",
                "norm.num_batches_tracked",
            ],
            net.state_dict().Keys
        );
        Assert.Equal(["norm", "first"], net.named_children().Select(child => child.name));
        Assert.NotNull(net.get_parameter("first.weight"));
        Assert.Null(net.get_parameter("first.nothing"));
        Assert.True(net.has_buffer("norm.running_mean"));
    }

    [Fact]
    public void LoadingIsStrictUnlessTold()
    {
        using var source = nn.Sequential(("a", nn.Linear(2, 2)), ("b", nn.Linear(2, 1)));
        using var target = nn.Sequential(("a", nn.Linear(2, 2)), ("b", nn.Linear(2, 1)));
        target.load_state_dict(source.state_dict());
        foreach (var (name, value) in source.state_dict())
            Assert.True(value.Equals(target.state_dict()[name]), name);
        using var other = nn.Sequential(("a", nn.Linear(2, 2)), ("c", nn.Linear(2, 1)));
        Assert.Throws<InvalidOperationException>(() => other.load_state_dict(source.state_dict()));
        var (missing, unexpected) = other.load_state_dict(source.state_dict(), strict: false);
        Assert.Equal(["c.weight", "c.bias"], missing);
        Assert.Equal(["b.weight", "b.bias"], unexpected);
    }

    // Unlike a Sequential, which in TorchSharp shows only what its children hold.
    private sealed class Bare() : nn.Module(nameof(Bare));

    private sealed class Named : nn.Module<Tensor, Tensor>
    {
        [TorchSharp.Utils.ComponentName(Name = "inner")]
        private readonly Linear _inner = nn.Linear(2, 2);

        public Named()
            : base(nameof(Named)) => RegisterComponents();

        public override Tensor forward(Tensor input) => _inner.call(input);
    }

    [Fact]
    public void AFieldMayHaveAnotherName()
    {
        using var net = new Named();
        Assert.Equal(["inner.weight", "inner.bias"], net.state_dict().Keys);
    }

    [Fact]
    public void ASharedParameterCountsOnce()
    {
        var shared = nn.Linear(2, 2);
        using var net = new Bare();
        net.register_module("a", shared);
        net.register_module("b", shared);
        Assert.Equal(["a.weight", "a.bias"], net.named_parameters().Select(p => p.name));
        Assert.Equal(["a.weight", "a.bias", "b.weight", "b.bias"], net.state_dict().Keys);
    }

    [Fact]
    public void RegistrationIsChecked()
    {
        using var net = new Bare();
        using var child = nn.Linear(1, 1);
        net.register_module("a", child);
        Assert.Throws<InvalidOperationException>(() => net.register_module("a", nn.Linear(1, 1)));
        Assert.Throws<ArgumentException>(() => net.register_module("a.b", nn.Linear(1, 1)));
        Assert.Throws<InvalidOperationException>(() => nn.ReLU().register_module("a", child));
        net.register_buffer("count", zeros(1));
        Assert.Throws<InvalidOperationException>(() => net.register_buffer("count", zeros(1)));
        Assert.Contains("count", net.state_dict().Keys);
    }

    [Fact]
    public void HooksRunThroughCallOnlyInOrder()
    {
        using var layer = nn.ReLU();
        var seen = new List<string>();
        var before = layer.register_forward_pre_hook(
            (_, x) =>
            {
                seen.Add("pre");
                return x + 1;
            }
        );
        layer.register_forward_hook(
            (_, _, y) =>
            {
                seen.Add("post");
                return y * 10;
            }
        );
        var second = layer.register_forward_hook(
            (_, _, y) =>
            {
                seen.Add("second");
                return y + 1;
            }
        );
        Assert.Equal(21f, layer.call(ones(1)).item<float>());
        Assert.Equal(["pre", "post", "second"], seen);
        Assert.Equal(1f, layer.forward(ones(1)).item<float>());
        before.remove();
        second.remove();
        Assert.Equal(10f, layer.call(ones(1)).item<float>());
    }

    [Fact]
    public void TrainingReachesTheChildren()
    {
        using var net = nn.Sequential(nn.Dropout(0.5), nn.Linear(2, 2));
        Assert.True(net.training);
        net.eval();
        Assert.All(net.modules(), module => Assert.False(module.training));
        using var x = ones(4, 2);
        Assert.True(net.call(x).Equals(net.call(x)));
        net.train();
        Assert.All(net.children(), module => Assert.True(module.training));
    }

    [Fact]
    public void ConversionReplacesParametersAndBuffers()
    {
        using var net = new Net();
        net.to(ScalarType.Float64);
        Assert.All(net.parameters(), parameter => Assert.Equal(ScalarType.Float64, parameter.dtype));
        Assert.Equal(ScalarType.Int64, net.get_buffer("norm.num_batches_tracked")!.dtype);
        Assert.Equal(ScalarType.Float64, net.call(ones(4, 2, dtype: ScalarType.Float64)).dtype);
        net.@float().cpu();
        Assert.Equal(ScalarType.Float32, net.call(ones(4, 2)).dtype);
        Assert.Throws<ArgumentException>(() => net.to(ScalarType.Int32));
    }

    [Fact]
    public void ContainersShowOnceRegistered()
    {
        using var list = nn.ModuleList<nn.Module>(nn.Linear(1, 2), nn.ReLU(), nn.Linear(2, 1));
        using var dict = nn.ModuleDict(("x", nn.Linear(1, 1)), ("y", (nn.Module)nn.Linear(1, 1)));
        using var net = nn.Sequential();
        net.register_module("list", list);
        net.register_module("dict", dict);
        net.register_module("parameters", nn.ParameterList(nn.Parameter(ones(1))));
        Assert.Equal(
            [
                "list.0.weight",
                "list.0.bias",
                "list.2.weight",
                "list.2.bias",
                "dict.x.weight",
                "dict.x.bias",
                "dict.y.weight",
                "dict.y.bias",
                "parameters.0",
            ],
            net.state_dict().Keys
        );
    }

    [Fact]
    public void AnOptimizerContinuesFromItsState()
    {
        static nn.Module<Tensor, Tensor> Fresh() => Cases.Fill(nn.Linear(3, 1));
        static void Step(nn.Module<Tensor, Tensor> net, optim.Optimizer optimizer)
        {
            optimizer.zero_grad();
            net.call(Cases.Wave(4, 3)).square().sum().backward();
            optimizer.step();
        }
        using var whole = Fresh();
        var one = optim.Adam(whole.parameters(), 0.1, amsgrad: true);
        for (var k = 0; k < 6; k++)
            Step(whole, one);

        using var half = Fresh();
        var first = optim.Adam(half.parameters(), 0.1, amsgrad: true);
        for (var k = 0; k < 3; k++)
            Step(half, first);
        using var rest = Fresh();
        rest.load_state_dict(half.state_dict());
        var second = optim.Adam(rest.parameters(), 0.7, amsgrad: true);
        second.load_state_dict(first.state_dict());
        Assert.Equal(0.1, second.ParamGroups.First().LearningRate);
        for (var k = 0; k < 3; k++)
            Step(rest, second);
        Assert.True(whole.parameters().First().Equals(rest.parameters().First()));
        var state = (Adam.State)second.state_dict().State[0];
        Assert.Equal(6, state.step);
        Assert.Throws<ArgumentException>(() =>
            optim.Adam([nn.Parameter(ones(1))]).load_state_dict(second.state_dict())
        );
    }

    [Fact]
    public void GroupsHaveTheirOwnSettings()
    {
        using var a = nn.Parameter(ones(1));
        using var b = nn.Parameter(ones(1));
        var optimizer = optim.SGD([new SGD.ParamGroup([a], 0.1), new SGD.ParamGroup([b], 0.5)], 1.0);
        (a + b).sum().backward();
        optimizer.step();
        Assert.Equal(0.9f, a.item<float>(), 1e-6f);
        Assert.Equal(0.5f, b.item<float>(), 1e-6f);
    }
}
