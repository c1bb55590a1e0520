using static Deeplay.Selector;

namespace Deeplay.Tests;

public class SelectionTests
{
    private static readonly ModuleSpec Mlp = Sample.Mlp;

    [Fact]
    public void Places_ranges_and_names_are_segments()
    {
        Assert.Equal(
            ["blocks.0.activation", "blocks.1.activation"],
            Mlp.Select("blocks", ..^1, "activation").Names
        );
        Assert.Equal(["blocks.1", "blocks.2"], Mlp.Select("blocks", 1..3).Names);
        Assert.Equal(["blocks.1", "blocks.2"], Mlp.Select("blocks", 1..).Names);
        Assert.Equal(["blocks.1", "blocks.2"], Mlp.Select("blocks", ^2..).Names);
        Assert.Equal(["blocks.2"], Mlp.Select("blocks", ^1).Names);
        Assert.Equal(["blocks.1"], Mlp.Select("blocks", 1).Names);
        Assert.Equal(["blocks.2"], Mlp.Select("blocks", -1).Names);
        Assert.Empty(Mlp.Select("blocks", ^0).Names);
        Assert.Empty(Mlp.Select("blocks", ^0..).Names);
        Assert.Equal(["blocks.0.layer", "blocks.1.layer", "blocks.2.layer"], Mlp.Select(Any, "layer").Names);
    }

    [Theory]
    [InlineData("blocks/:-1/activation")]
    [InlineData("blocks.0, 1.activation")]
    [InlineData(".../activation#:2")]
    public void A_selector_can_be_one_text(string text) =>
        Assert.Equal(["blocks.0.activation", "blocks.1.activation"], Mlp.Select(text).Names);

    [Fact]
    public void A_range_means_what_its_text_means()
    {
        Assert.Equal(Mlp.Select("blocks/:-1").Names, Mlp.Select("blocks", ..^1).Names);
        Assert.Equal(Mlp.Select("blocks/1:").Names, Mlp.Select("blocks", 1..).Names);
        Assert.Equal("blocks", ((Segment)"blocks").ToString());
        Assert.Equal("...", Any.ToString());
    }

    [Fact]
    public void Selections_narrow()
    {
        var layers = Mlp.Select(Any, "layer");

        Assert.Equal(3, layers.Count);
        Assert.Equal(["blocks.0.layer"], layers.First.Names);
        Assert.Equal(layers.Names, layers.All.Names);
        Assert.Equal(
            ["blocks.1.layer"],
            layers.Where(node => node.Arguments.Get<int>("out_features") == 32).Names
        );
        Assert.Equal(["blocks.0.activation"], Mlp.Select(Any).OfType("ReLU").First.Names);
        Assert.Equal(
            3,
            Mlp.Select(Any).Having("in_features").OfType(Registry.Standard.Definitions["Linear"]).Count
        );
        Assert.Equal(["blocks.1.layer"], Mlp.Select("blocks", 1).Select("layer").Names);
        Assert.Equal(["Linear", "Linear", "Linear"], layers.Nodes.Select(node => node.Kind));
    }

    [Fact]
    public void Changing_a_selection_gives_the_new_root()
    {
        var model = Mlp.Select(Any, "layer").First.Configure("bias", false);

        Assert.Equal("MultiLayerPerceptron", model.Kind);
        Assert.False(model.Argument<bool>("blocks.0.layer", "bias"));
        Assert.True(model.Argument<bool>("blocks.1.layer", "bias"));
        Assert.True(Mlp.Argument<bool>("blocks.0.layer", "bias"));
    }

    [Fact]
    public void Changing_an_empty_selection_is_an_error_that_names_what_is_near()
    {
        var failure = Sample.Failure(() => Mlp.Select(Any, "activatoin").Configure("inplace", true));

        Assert.Equal(ErrorKind.EmptySelection, failure.Kind);
        Assert.Contains("activation", failure.Errors[0].Suggestions);
        Assert.Equal(
            ErrorKind.EmptySelection,
            Sample.Failure(() => Mlp.Select(Any).OfType("Conv2d").Configure("bias", true)).Kind
        );
    }

    [Fact]
    public void An_empty_selection_that_is_allowed_changes_nothing()
    {
        Assert.Same(Mlp, Mlp.Select("nothing").AllowEmpty().Configure("bias", false));
        Assert.Same(Mlp, Mlp.Select(Any).AllowEmpty().OfType("Conv2d").Configure("bias", false));
        Assert.Same(Mlp, Mlp.Select("nothing").AllowEmpty().Select("layer").First.Configure("bias", false));
    }

    [Fact]
    public void A_text_that_is_no_selector_is_an_error() =>
        Assert.Equal(ErrorKind.Malformed, Sample.Failure(() => Mlp.Select("blocks//layer")).Kind);
}
