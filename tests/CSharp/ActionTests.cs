namespace Deeplay.Tests;

public class ActionTests
{
    private static readonly ModuleSpec Block = Blocks.LinearBlock(3, 4);

    [Fact]
    public void An_after_init_action_goes_on_where_init_stopped()
    {
        var model = Block.OnInit("head", m => m.Child("head", Layers.Tanh(), before: "layer"));
        Assert.Equal(["head", "layer"], model.Children.Select(child => child.Name));
    }

    [Fact]
    public void It_runs_again_whenever_the_module_is_constructed()
    {
        var model = Block
            .OnInit("tail", m => m.Child("tail", Layers.Linear(m.Get<long>("out_features"), 2)))
            .Configure("out_features", 9);

        Assert.Equal(9, model.Argument<int>("tail", "in_features"));
        Assert.Equal(["layer", "tail"], model.Children.Select(child => child.Name));
    }

    [Fact]
    public void An_action_copies_the_module_it_runs_on()
    {
        var model = Block
            .Activated(Layers.GELU())
            .Select("layer")
            .Configure("bias", false)
            .OnInit("twin", m => m.Child("twin", m.Copy(new { out_features = 9 })));

        Assert.Equal(9, model.Argument<int>("twin.layer", "out_features"));
        Assert.False(model.Argument<bool>("twin.layer", "bias"));
        Assert.Equal(["layer", "activation"], model.Tree["twin"].Children.Select(child => child.Name));
    }

    [Fact]
    public void An_action_hears_that_a_parameter_was_set_since()
    {
        static ModuleSpec Halved(ModuleSpec module) =>
            module.OnInit(
                "halve",
                m =>
                {
                    if (!m.IsSetSince("out_features"))
                        m.At("layer").Configure("out_features", m.Get<long>("out_features") / 2);
                }
            );

        Assert.Equal(2, Halved(Block).Argument<int>("layer", "out_features"));
        Assert.Equal(4, Halved(Block.Configure("out_features", 8)).Argument<int>("layer", "out_features"));
        Assert.Equal(8, Halved(Block).Configure("out_features", 8).Argument<int>("layer", "out_features"));
    }

    [Fact]
    public void What_is_set_for_a_block_after_an_edit_stands()
    {
        var model = Block.Activated(Layers.GELU()).Configure("activation", Layers.Tanh());
        Assert.Equal("Tanh", model.Tree["activation"].Kind);
        Assert.Equal("GELU", model.Activated(Layers.GELU()).Tree["activation"].Kind);
    }

    [Fact]
    public void What_holds_a_function_without_a_name_is_not_saved()
    {
        var failure = Sample.Failure(() => Block.OnInit("tail", _ => { }).ToJson());

        Assert.Equal(ErrorKind.NotSaveable, failure.Kind);
        Assert.Contains("tail", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_action_of_a_registry_is_saved_with_its_arguments()
    {
        var widen = ModuleAction.AfterInit(
            "test.widen",
            (arguments, m) =>
                m.At("layer")
                    .Configure("out_features", arguments.Get<long>("by") * m.Get<long>("out_features")),
            new Parameter<long>("by").WithDefault(2)
        );
        var model = Block.Hook(widen, new { by = 3 });
        var registry = Registry.Standard.Add(widen);

        Assert.Equal(12, model.Argument<int>("layer", "out_features"));
        Assert.Equal(8, Block.Hook(widen).Argument<int>("layer", "out_features"));
        Assert.Equal(
            12,
            ModuleSpec.FromJson(model.ToJson(), registry).Argument<int>("layer", "out_features")
        );
        Assert.Throws<DeeplayException>(() => ModuleSpec.FromJson(model.ToJson()));
        Assert.Equal(ErrorKind.UnknownName, Sample.Failure(() => Block.Hook(widen, new { of = 3 })).Kind);
    }

    [Fact]
    public void A_function_of_a_registry_is_a_layer()
    {
        var shift = new TensorFunction("test.shift", x => x + 1);
        var model = Layers.Sequential(Layers.Linear(3, 4), Layers.Lambda(shift));
        var registry = Registry.Standard.Add(shift);

        Assert.Equal(new Shape(2, 4), model.InferShape(2, 3));
        Assert.Equal(model, ModuleSpec.FromJson(model.ToJson(), registry));
    }
}
