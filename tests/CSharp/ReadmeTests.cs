using static Deeplay.Selector;

namespace Deeplay.Tests;

/// <summary>What README.md shows.</summary>
public class ReadmeTests
{
    [Fact]
    public void The_first_example_does_what_its_comments_say()
    {
        var mlp = Components.MultiLayerPerceptron(inFeatures: 64, hiddenFeatures: [64, 32], outFeatures: 10);

        var model = mlp.Configure("hidden_features", [128, 64])
            .Select("blocks", ..^1, "activation")
            .Configure(Layers.GELU())
            .Select("blocks", ..^1)
            .Normalized(Layers.BatchNorm1d())
            .Select(Any, "layer")
            .First.Configure("bias", false);

        Assert.Equal(
            ["GELU", "GELU", "Identity"],
            model.Select("blocks/:/activation").Nodes.Select(n => n.Kind)
        );
        Assert.Equal(
            ["blocks.0.normalization", "blocks.1.normalization"],
            model.Select(Any, "normalization").Names
        );
        Assert.Equal(
            [false, true, true],
            model.Select(Any, "layer").Nodes.Select(n => n.Arguments.Get<bool>("bias"))
        );
        Assert.Contains(
            "set by the user, step 4",
            model.Explain("blocks.0.layer", "bias").ToString(),
            StringComparison.Ordinal
        );
    }
}
