using TorchSharp;

namespace Deeplay.Tests;

/// <summary>What documentation shows of definitions.</summary>
public sealed class ExampleTests
{
    private sealed record Wide(int Features, double Dropout = 0.1);

    [Fact]
    public void A_definition_has_shapes_sources_and_an_example()
    {
        var definition = Module
            .Define("Named")
            .Parameter<long>("features")
            .Init(m => m.Forward((x, tokens) => x + tokens))
            .WithShapes("(…) and (…) → the same")
            .WithSource("Somebody, 2020")
            .WithExample(
                new { features = 3 },
                ExampleInput.Tensor(8, 3),
                ExampleInput.Whole(10, 8, 3).Named("tokens")
            );
        var example = definition.Example!;
        var (first, second) = (example.Inputs[0], example.Inputs[1]);

        Assert.Equal(3L, example.Arguments["features"]);
        Assert.Equal((null, new Shape(8, 3), null), (first.Key, first.Sizes, first.Below));
        Assert.Equal(("tokens", new Shape(8, 3), 10L), (second.Key, second.Sizes, second.Below));
        Assert.Equal("(…) and (…) → the same", definition.Shapes);
        Assert.Equal(["Somebody, 2020"], definition.Sources);
        Assert.Null(Registry.Standard.Definitions["Layer"].Example);
    }

    [Fact]
    public void A_definition_with_a_record_takes_one()
    {
        var definition = Module
            .Define<Wide>("Wide", (m, a) => m.Forward(x => x))
            .WithExample(new Wide(3), ExampleInput.Tensor(8, 3));

        Assert.Equal(["features"], definition.Example!.Arguments.Keys);
        Assert.Equal(3L, definition.Create(new(3)).Argument<long>("", "features"));
    }

    [Fact]
    public void What_can_not_be_an_example_is_an_error()
    {
        var linear = Registry.Standard.Definitions["Linear"];

        Assert.Equal(
            "the root (Linear) has no parameter 'in_feature'. Did you mean 'in_features'? It has: in_features, out_features, bias.",
            Sample.Failure(() => linear.WithExample(new { in_feature = 3 })).Message
        );
        Sample.Failure(() => ExampleInput.Tensor(2, -1));
        Sample.Failure(() => ExampleInput.Whole(0, 2));
        Sample.Failure(() => ExampleInput.Numbers([1, 2, 3], 2, 2));
        Sample.Failure(() => Module.Define("Own").Init(m => m.Forward(x => x)).WithOutputs(1));
    }

    [Fact]
    public void An_example_may_have_numbers_of_its_own_and_tell_what_it_gives()
    {
        var example = Module
            .Define("Half")
            .Init(m => m.Forward(x => x * 0.5))
            .WithExample(null, ExampleInput.Numbers([3, 4.5], 1, 2), ExampleInput.Wholes([3, 0], 2))
            .WithOutputs(1.5, 2.25)
            .Example!;
        var (numbers, wholes) = (example.Inputs[0], example.Inputs[1]);

        Assert.Equal([1.5, 2.25], example.Outputs);
        Assert.Equal((new Shape(1, 2), null), (numbers.Sizes, numbers.Below));
        Assert.Equal([3, 4.5], numbers.Given);
        Assert.Equal((new Shape(2), 4L), (wholes.Sizes, wholes.Below));
        Assert.Equal([3, 0], wholes.Given);
        Assert.Empty(ExampleInput.Tensor(1).Given);
    }

    [Fact]
    public void Metrics_and_schedules_give_their_numbers_by_themselves()
    {
        using var outputs = torch.tensor(new[] { 1.0, 4.0 });
        using var targets = torch.tensor(new[] { 2.0, 1.0 });
        using var error = Metrics.MeanAbsoluteError().Compute(outputs, targets);

        Assert.Equal(2.0, error.item<double>());
        Assert.Equal([1, 1, 0.5], Schedules.StepLR(2, gamma: 0.5).LearningRates(1, 3));
        Assert.Equal(
            [1, 1, 1, 0.5],
            Schedules.ReduceLROnPlateau(factor: 0.5, patience: 1).LearningRates(1, [2, 3, 3])
        );
        Assert.Equal(
            "the root (Adam): it is no schedule.",
            Sample.Failure(() => Optimizers.Adam().LearningRates(1, 3)).Message
        );
        Assert.Equal(
            "the root (Adam): it is no metric.",
            Sample.Failure(() => Optimizers.Adam().Compute(outputs, targets)).Message
        );
    }
}
