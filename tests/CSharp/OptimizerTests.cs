using TorchSharp;

namespace Deeplay.Tests;

/// <summary>Optimizers with schedules of their own, and what they keep, in files.</summary>
public sealed class OptimizerTests
{
    private static Dataset Points() => new(torch.ones(8, 2), torch.zeros(8, 2));

    [Fact]
    public void Each_of_several_optimizers_has_a_schedule()
    {
        var kind = Module
            .Define("Two")
            .Application(m =>
            {
                var first = m.Child("first", Layers.Linear(2, 2));
                var second = m.Child("second", Layers.Linear(2, 2));
                m.Child("a", Optimizers.SGD(lr: 0.5, parameters: "first"));
                m.Child("b", Optimizers.SGD(lr: 0.25, parameters: "second"));
                m.Child("lr_scheduler", Schedules.ExponentialLR(gamma: 0.1));
                m.Child(
                    "slower",
                    Schedules.LRSchedulerConfig(
                        Schedules.ExponentialLR(gamma: 0.5),
                        optimizer: "b",
                        interval: "step"
                    )
                );
                return m.Forward(x => second.Call(first.Call(x)));
            });
        var lowerings = Lowerings.Standard.AddTraining(
            kind,
            step =>
            {
                step.Minimize("a", step.Call("second", step.Call("first", step.Inputs)).abs().mean());
                step.Minimize("b", step.Call("second", step.Call("first", step.Inputs)).abs().mean());
            }
        );
        using var data = Points();
        using var trained = kind.Create()
            .Fit(
                data,
                new FitOptions
                {
                    MaxEpochs = 2,
                    MinEpochs = 2,
                    MinSteps = 4,
                    BatchSize = 4,
                    Build = new() { Device = "cpu", Lowerings = lowerings },
                    Callbacks = [new EarlyStopping { Monitor = "nothing", Strict = false }],
                }
            );
        Assert.Equal([0.5, 0.05], trained.History.Series("lr_a"));
        Assert.Equal([0.125, 0.03125], trained.History.Series("lr_b"));
    }

    [Fact]
    public void What_an_optimizer_keeps_goes_into_a_file_and_comes_back()
    {
        using var scope = torch.NewDisposeScope();
        var path = Path.Combine(Path.GetTempPath(), $"deeplay-{Guid.NewGuid():N}.safetensors");
        var x = torch.arange(8, dtype: torch.float32).reshape(4, 2).div(8);

        void Learn(torch.nn.Module<torch.Tensor, torch.Tensor> net, Optimizer optimizer)
        {
            for (var step = 0; step < 3; step++)
                optimizer.Step(() => net.call(x).abs().mean());
        }

        using var whole = Components.MultiLayerPerceptron(2, [4], 1).Build("cpu");
        using var other = Components.MultiLayerPerceptron(2, [4], 1).Build("cpu");
        using var steps = Optimizers.Adam(lr: 0.1).CreateOptimizer(whole);
        using var resumed = Optimizers.Adam(lr: 0.3).CreateOptimizer(other);
        using var wrong = Optimizers.SGD(lr: 0.1).CreateOptimizer(other);

        try
        {
            Learn(whole, steps);
            steps.Save(path);
            other.load_state_dict(whole.state_dict());
            resumed.Load(path);
            Assert.Equal(0.1, resumed.LearningRate);
            Learn(whole, steps);
            Learn(other, resumed);
            foreach (var (name, tensor) in whole.state_dict())
                Assert.True(tensor.Equals(other.state_dict()[name]), name);
            Assert.Contains(
                "what SGD keeps",
                Assert.Throws<DeeplayException>(() => wrong.Load(path)).Message,
                StringComparison.Ordinal
            );
        }
        finally
        {
            File.Delete(path);
        }

        Assert.Throws<DeeplayException>(() => resumed.Load(path));
        Assert.Throws<ArgumentNullException>(() => resumed.Save(null!));
    }
}
