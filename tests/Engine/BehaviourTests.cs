using System;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading.Tasks;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace Deeplay.Engine.Tests;

/// <summary>Errors, lifetimes and what several threads may do.</summary>
public class BehaviourTests
{
    [Fact]
    public void WhatLibtorchRefusesIsAnExceptionWithItsMessage()
    {
        using var left = ones(2, 3);
        using var right = ones(4, 5);
        // Not matmul: where libtorch refuses it, TorchSharp 0.107.0 ends the process.
        var error = Assert.Throws<ExternalException>(() => left.mm(right));
        Assert.Contains("mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)", error.Message);
        using var leaf = ones(2).requires_grad_();
        Assert.Contains("leaf", Assert.Throws<ExternalException>(() => leaf.add_(1)).Message);
        Assert.Throws<ExternalException>(() => zeros(3).select(0, 5));
        Assert.Throws<ExternalException>(() => ones(2, 2).reshape(3));
        Assert.Throws<ExternalException>(() => ones(2).backward());
    }

    [Fact]
    public void ADisposedTensorIsAnExceptionNeverACrash()
    {
        var x = ones(2, 3);
        using var y = ones(2, 3);
        x.Dispose();
        x.Dispose();
        Assert.True(x.IsInvalid);
        Assert.Throws<InvalidOperationException>(() => x.add(y));
        Assert.Throws<InvalidOperationException>(() => y.add(x));
        Assert.Throws<InvalidOperationException>(() => x.shape);
        Assert.Throws<InvalidOperationException>(() => x.dtype);
        Assert.Throws<InvalidOperationException>(() => x.data<float>());
        Assert.Throws<InvalidOperationException>(() => x.requires_grad);
        Assert.Throws<InvalidOperationException>(() => x.backward());
        Assert.Throws<InvalidOperationException>(() => x.grad);
        Assert.Throws<InvalidOperationException>(() => cat([y, x]));
        Assert.Throws<InvalidOperationException>(() => nn.functional.linear(y, x));
    }

    [Fact]
    public void ElementsNeedTheirExactType()
    {
        using var x = tensor(1.5f);
        Assert.Equal(1.5f, x.item<float>());
        Assert.Throws<ArgumentException>(() => x.item<double>());
        Assert.Equal(1.5, x.ToDouble());
        using var two = ones(2);
        Assert.Throws<ArgumentException>(() => two.item<float>());
        Assert.Equal(ScalarType.Int32, tensor(1).dtype);
        Assert.Equal(ScalarType.Int64, tensor(1L).dtype);
        Assert.Equal(ScalarType.Float64, tensor(1.0).dtype);
        Assert.Equal(ScalarType.Bool, tensor(true).dtype);
        Assert.Equal(ScalarType.Int64, arange(5).dtype);
    }

    [Fact]
    public void ArraysComeAndGo()
    {
        using var x = tensor(
            new[,]
            {
                { 1, 2, 3 },
                { 4, 5, 6 },
            }
        );
        Assert.Equal([2, 3], x.shape);
        Assert.Equal([1, 4, 2, 5, 3, 6], x.t().data<int>().ToArray());
        Assert.Equal(6, x.data<int>()[1, 2]);
        x.data<int>()[0, 1] = 20;
        Assert.Equal(20, x[0, 1].ToInt32());
        Assert.Equal(24, x.bytes.Length);
        using var halves = tensor(new[] { 1.5, 2.5 }, dtype: ScalarType.Float32);
        Assert.Equal([1.5f, 2.5f], halves.data<float>().ToArray());
        Assert.Equal([2, 0], from_array(new float[2, 0]).shape);
        x[0] = tensor(7);
        Assert.Equal([7, 7, 7, 4, 5, 6], x.data<int>().ToArray());
        x[TensorIndex.Colon, 1] = tensor(new[] { 8, 9 });
        Assert.Equal([7, 8, 7, 4, 9, 6], x.data<int>().ToArray());
        x.index_put_(tensor(0), TensorIndex.Tensor(x > 7));
        Assert.Equal([7, 0, 7, 4, 0, 6], x.data<int>().ToArray());
    }

    [Fact]
    public void ParameterEmptiesItsData()
    {
        var data = ones(2);
        using var parameter = new Parameter(data);
        Assert.True(data.IsInvalid);
        Assert.True(parameter.requires_grad);
        Assert.True(parameter.is_leaf);
    }

    [Fact]
    public void GradientsAccumulateAndAreForgotten()
    {
        using var x = tensor(new[] { 1f, 2f }).requires_grad_();
        (x * x).sum().backward();
        (x * x).sum().backward();
        Assert.Equal([4f, 8f], x.grad!.data<float>().ToArray());
        x.grad = null;
        Assert.Null(x.grad);
        using (no_grad())
        {
            Assert.False(is_grad_enabled());
            Assert.False((x * 2).requires_grad);
            using (enable_grad())
                Assert.True((x * 2).requires_grad);
            Assert.False(is_grad_enabled());
        }
        Assert.True(is_grad_enabled());
        using (inference_mode())
            Assert.True(is_inference_mode_enabled());
        Assert.False(is_inference_mode_enabled());
        var y = x * 3;
        y.retain_grad();
        y.sum().backward();
        Assert.Equal([1f, 1f], y.grad!.data<float>().ToArray());
    }

    [Fact]
    public void ASeedGivesTheSameNumbersAndAStateContinuesThem()
    {
        manual_seed(3);
        using var first = rand(4);
        using var state = get_rng_state();
        using var second = rand(4);
        manual_seed(3);
        Assert.True(first.Equals(rand(4)));
        set_rng_state(state);
        Assert.True(second.Equals(rand(4)));
        using var own = new Generator(5);
        using var a = rand(3, generator: own);
        own.manual_seed(5);
        Assert.True(a.Equals(rand(3, generator: own)));
    }

    [Fact]
    public void ThreadsHaveTheirOwnScopesAndGradientModes()
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var sums = new double[8];
        Parallel.For(
            0,
            sums.Length,
            k =>
            {
                using var inner = NewDisposeScope();
                var x = full(100, (float)k).requires_grad_();
                for (var step = 0; step < 200; step++)
                    using (NewDisposeScope())
                        _ = (x * 2).sum() + ones(3, 3).mm(ones(3, 3)).sum();
                sums[k] = x.sum().ToDouble();
            }
        );
        Assert.Equal(Enumerable.Range(0, 8).Select(k => 100.0 * k), sums);
        using var other = ones(1);
        Assert.Equal(1, scope.DisposablesCount);
    }

    [Fact]
    public void AskingForCudaWithoutOneSaysSo()
    {
        Assert.SkipWhen(cuda.is_available(), "This machine has a CUDA device.");
        Assert.False(TryInitializeDeviceType(DeviceType.CUDA));
        var error = Assert.ThrowsAny<Exception>(() => device("cuda"));
        Assert.Equal(DeviceType.CPU, device("cpu").type);
        // Whoever has a libtorch with CUDA lacks a device or driver, and must not be sent to look for another libtorch.
        if (OperatingSystem.IsLinux() && File.ReadAllText("/proc/self/maps").Contains("libtorch_cuda"))
            Assert.DoesNotContain("without CUDA", error.Message);
    }

    [Fact]
    public void MetaTensorsHaveShapesAndNoElements()
    {
        using var x = empty(1000, 1000, 1000, device: META);
        using var y = x.sum(0L);
        Assert.Equal([1000, 1000], y.shape);
        Assert.True(y.is_meta);
    }
}
