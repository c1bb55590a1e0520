namespace Deeplay.Tests;

public class EditTests
{
    private static readonly ModuleSpec Block = Blocks.LinearBlock(3, 4, activation: Layers.ReLU());

    private static string Children(ModuleSpec module) =>
        string.Join(" ", module.Children.Select(child => child.Name));

    [Fact]
    public void Blocks_are_edited()
    {
        Assert.Equal("layer activation normalization", Children(Block.Normalized()));
        Assert.Equal(
            "layer normalization activation",
            Children(Block.Normalized(Layers.LayerNorm(), "insert", "layer"))
        );
        Assert.Equal("layer activation tanh", Children(Block.Append(Layers.Tanh())));
        Assert.Equal("first layer activation", Children(Block.Prepend(Layers.Tanh(), "first")));
        Assert.Equal("layer x activation", Children(Block.Insert(Layers.Tanh(), "layer", "x")));
        Assert.Equal("layer", Children(Block.Remove("activation")));
        Assert.Equal("layer activation", Children(Block.Remove("other", allowMissing: true)));
        Assert.Equal("layer activation dropout", Children(Block.AppendDropout(0.2)));
        Assert.Equal("d layer activation", Children(Block.PrependDropout(0.2, "d")));
        Assert.Equal("layer dropout activation", Children(Block.InsertDropout(0.2, "layer")));
        Assert.Equal("layer activation", Children(Block.AppendDropout(0.2).RemoveDropout()));
        Assert.Equal("dropout layer activation", Children(Block.SetDropout(0.2, onMissing: "prepend")));
        Assert.Equal("shortcut_start layer activation shortcut_end", Children(Block.Shortcut()));
        Assert.Equal("blocks", Children(Block.Multi(3)));
        Assert.Equal(3, Block.Multi(3).Tree["blocks"].Children.Count);
    }

    [Fact]
    public void A_child_that_is_there_is_exchanged()
    {
        Assert.Equal("GELU", Block.Activated(Layers.GELU()).Tree["activation"].Kind);
        Assert.Equal("ReLU", Blocks.LinearBlock(3, 4).Activated().Tree["activation"].Kind);
        Assert.Equal(0.3, Block.SetDropout(0.2).SetDropout(0.3).Argument<double>("dropout", "p"));
        Assert.Equal("Cat", Block.Shortcut(Layers.Cat(), Layers.Identity()).Tree["shortcut_end"].Kind);
    }

    [Fact]
    public void An_edit_is_what_a_call_of_its_method_is()
    {
        var edited = Block.Append(Layers.Tanh(), "last");
        var called = Block.Call("append", new { layer = Layers.Tanh(), name = "last" });

        Assert.Equal(called.ToString(), edited.ToString());
        Assert.Equal(called.Tape[0].Description, edited.Tape[0].Description);
    }

    [Fact]
    public void An_edit_survives_what_happens_later()
    {
        var model = Sample
            .Mlp.Select("blocks", ..^1)
            .Normalized(Layers.BatchNorm1d())
            .Configure("hidden_features", [16, 16, 16]);

        Assert.Equal(16, model.Argument<int>("blocks.0.normalization", "num_features"));
        Assert.Equal(16, model.Argument<int>("blocks.1.normalization", "num_features"));
    }

    [Fact]
    public void Edits_that_do_not_fit_are_errors()
    {
        var failure = Sample.Failure(() => Layers.Linear(3, 4).Append(Layers.ReLU()));

        Assert.Equal(ErrorKind.UnknownName, failure.Kind);
        Assert.Contains("method 'append'", failure.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorKind.UnknownName, Sample.Failure(() => Block.Remove("other").Tags).Kind);
    }

    [Fact]
    public void Styles_are_applied_by_name()
    {
        var styled = Sample.Mlp.Style("normed_leaky");

        Assert.Equal("LeakyReLU", styled.Tree["blocks.0.activation"].Kind);
        Assert.Equal("BatchNorm1d", styled.Tree["blocks.0.normalization"].Kind);
    }

    [Fact]
    public void Convolutional_blocks_and_networks_are_edited()
    {
        var block = Blocks.Conv2dBlock(3, 8, padding: 1).Activated().Pooled().Upsampled();
        Assert.Equal("pool layer activation upsample", Children(block));
        Assert.Equal(new Shape(2, 8, 8, 8), block.Strided(2).Remove("upsample").InferShape(2, 3, 16, 16));

        var unet = Components.UNet2d(1, [4, 8]).Select("encoder|bottleneck/blocks/:").Multi(2);
        Assert.Equal(new Shape(1, 1, 16, 16), unet.InferShape(1, 1, 16, 16));

        var residual = Blocks.Conv2dBlock(8, 8).Residual("lnaln|a");
        Assert.Equal("shortcut_start blocks shortcut_end activation", Children(residual));
        var attention = Blocks.Conv2dBlock(8, 8).SpatialSelfAttention(toChannelLast: true);
        Assert.Equal(new Shape(2, 8, 5, 6), attention.InferShape(2, 8, 5, 6));
        Assert.Equal(new Shape(2, 10), Models.ResNet18(classes: 10).InferShape(2, 3, 64, 64));
    }
}
