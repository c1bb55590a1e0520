namespace Deeplay.Tests;

public class ModuleTests
{
    private static readonly ModuleSpec Mlp = Sample.Mlp;

    [Fact]
    public void A_change_leaves_the_module_it_was_made_on_what_it_was()
    {
        var before = Mlp.ToString();
        var changed = Mlp.Configure("hidden_features", [128, 64]);

        Assert.Equal(before, Mlp.ToString());
        Assert.Empty(Mlp.Tape);
        Assert.NotEqual(Mlp, changed);
        Assert.Equal(128, changed.Argument<long>("blocks.0", "out_features"));
    }

    [Fact]
    public void Modules_that_say_the_same_are_equal()
    {
        var a = Layers.Linear(3, 4).Configure("bias", false);
        var b = Layers.Linear(3, 4).Configure("bias", false);

        Assert.True(Layers.Linear(3, 4) == Layers.Linear(3, 4));
        Assert.True(Layers.Linear(3, 4) != Layers.Linear(3, 5));
        Assert.Equal(Layers.Linear(3, 4).GetHashCode(), Layers.Linear(3, 4).GetHashCode());
        // The tape remembers the line of each change, so that these two differ in nothing else.
        Assert.True(Diff.Between(a, b).IsEmpty);
    }

    [Fact]
    public void The_tree_can_be_read()
    {
        Assert.Equal("MultiLayerPerceptron", Mlp.Kind);
        Assert.Equal(["", "blocks", "blocks.0"], Mlp.Tags.Take(3));
        var layer = Mlp.Tree["blocks.0.layer"];
        Assert.Equal(("blocks.0.layer", "layer", "Linear"), (layer.Tag, layer.Name, layer.Kind));
        Assert.Equal(64, layer.Arguments.Get<int>("out_features"));
        Assert.Equal(["blocks"], Mlp.Children.Select(child => child.Name));
        Assert.Equal(["0", "1", "2"], Mlp.Tree["blocks"].Children.Select(child => child.Name));
        Assert.Contains("flatten", Mlp.Tree.Forward, StringComparison.Ordinal);
        Assert.True(layer.Is("Layer"));
        Assert.True(layer.Has("bias"));
        Assert.False(layer.Has("approximate"));
    }

    [Fact]
    public void Arguments_come_as_the_type_that_is_asked_for()
    {
        var module = Layers.Conv2d(3, 8, (3, 5), stride: 2);

        Assert.Equal(8, module.Argument<int>("", "out_channels"));
        Assert.Equal(8.0, module.Argument<double>("", "out_channels"));
        Assert.Equal([3L, 5L], module.Argument<IReadOnlyList<long>>("", "kernel_size"));
        Assert.Equal(2L, module.Argument<Sizes>("", "stride").Single());
        Assert.Equal("zeros", module.Argument<string>("", "padding_mode"));
        Assert.Equal(
            ErrorKind.WrongValue,
            Sample.Failure(() => module.Argument<bool>("", "out_channels")).Kind
        );
        Assert.Equal(
            ErrorKind.Missing,
            Sample.Failure(() => Layers.BatchNorm1d().Argument<int>("", "num_features")).Kind
        );
        Assert.Null(Layers.BatchNorm1d().Argument<long?>("", "num_features"));
        Assert.Equal(Unset.Value, Layers.BatchNorm1d().Argument<object>("", "num_features"));
    }

    [Fact]
    public void Another_layer_takes_the_place_of_one_and_keeps_what_it_has_too()
    {
        var block = Blocks.LinearBlock(3, 4, activation: Layers.ReLU());
        var leaky = block.Select("activation").Configure(Layers.LeakyReLU(0.2));
        var named = block.Configure("activation", Layers.GELU());

        Assert.Equal("LeakyReLU", leaky.Tree["activation"].Kind);
        Assert.Equal(0.2, leaky.Argument<double>("activation", "negative_slope"));
        Assert.Equal("GELU", named.Tree["activation"].Kind);
        Assert.Equal(
            leaky.ToString(),
            block.Select("activation").Configure(Layers.LeakyReLU(0.2)).ToString()
        );
    }

    [Fact]
    public void Replacing_puts_a_whole_module_in_the_place()
    {
        var model = Mlp.Select("blocks", 0).Replace(Layers.Sequential(Layers.Linear(64, 64), Layers.Tanh()));

        Assert.Equal("Sequential", model.Tree["blocks.0"].Kind);
        Assert.Equal("Tanh", model.Tree["blocks.0.1"].Kind);
    }

    [Fact]
    public void Shapes_are_inferred_without_a_tensor()
    {
        Assert.Equal(new Shape(8, 10), Mlp.InferShape(8, 64));
        Assert.Equal("(8, 10)", Mlp.InferShape(8, 64).ToString());
        var failure = Sample.Failure(() => Mlp.InferShape(8, 63));
        Assert.Equal((ErrorKind.WrongShape, "blocks.0.layer"), (failure.Kind, failure.Errors[0].Tag));
    }

    [Fact]
    public void A_summary_counts_parameters()
    {
        var summary = Mlp.Summarize(8, 64);

        Assert.Equal((64 * 64) + 64 + (64 * 32) + 32 + (32 * 10) + 10, summary.Parameters);
        Assert.Contains(summary.Rows, row => row is { Tag: "blocks.2", Outputs: ["(8, 10)"], Calls: 1 });
    }

    [Fact]
    public void The_tree_can_be_drawn()
    {
        Assert.StartsWith("flowchart", Mlp.ToMermaid(), StringComparison.Ordinal);
        Assert.StartsWith("digraph", Mlp.ToDot(), StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_that_nothing_reads_are_named()
    {
        var model = Blocks
            .LinearBlock(3, 4, activation: Layers.LeakyReLU())
            .Select("activation")
            .Configure("negative_slope", 0.3)
            .Select("activation")
            .Configure(Layers.Tanh());

        Assert.Equal([("activation", "negative_slope", "0.3")], model.Unused);
    }

    [Fact]
    public void The_diff_names_what_differs()
    {
        var model = Mlp.Select("blocks.0.layer").Configure("bias", false);
        var diff = Diff.Between(Mlp, model);

        Assert.Equal("~ blocks.0.layer: bias True → False", Assert.Single(diff));
        Assert.Equal("no difference", Diff.Between(Mlp, Mlp).ToString());
        Assert.True(Diff.Between(Mlp, Mlp).IsEmpty);
    }
}
