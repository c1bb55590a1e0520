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
    }
}
