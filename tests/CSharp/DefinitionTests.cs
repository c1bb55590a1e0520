namespace Deeplay.Tests;

public class DefinitionTests
{
    private static readonly ModuleDefinition Gated = Module
        .Define("GatedBlock")
        .Documentation("A linear layer that is let through by another.")
        .Parameter<long>("features")
        .Parameter("dropout", 0.1)
        .Init(m =>
        {
            var value = m.Child("value", Layers.Linear(m.Get<long>("features"), m.Get<long>("features")));
            var gate = m.Child("gate", Layers.Linear(m.Get<long>("features"), m.Get<long>("features")));
            var drop = m.Child("dropout", Layers.Dropout(m.Get<double>("dropout")));
            gate.Configure("bias", false);
            return m.Forward(x => drop.Call(value.Call(x) * gate.Call(x).Sigmoid()));
        });

    [Fact]
    public void A_module_of_ones_own_is_a_module_like_any_other()
    {
        var block = Gated.Create(new { features = 32 });

        Assert.Equal(["", "value", "gate", "dropout"], block.Tags);
        Assert.Equal(new Shape(8, 32), block.InferShape(8, 32));
        Assert.Equal(0.1, block.Argument<double>("dropout", "p"));
        Assert.Equal("GatedBlock", block.Kind);
        Assert.Equal(["features", "dropout"], Gated.Parameters.Select(p => p.Name));
        Assert.Equal(0.1, Gated.Parameters[1].Default);
        Assert.Equal(block, ModuleSpec.FromJson(block.ToJson(), Registry.Standard.Add(Gated)));
    }

    [Fact]
    public void What_its_author_derived_a_user_overrides()
    {
        var block = Gated.Create(new { features = 32 });
        var model = block.Select("gate").Configure("bias", true);

        Assert.False(block.Argument<bool>("gate", "bias"));
        Assert.True(model.Argument<bool>("gate", "bias"));
        var why = model.Explain("gate", "bias").Candidates;
        Assert.Equal([Origin.User, Origin.Derived, Origin.Default], why.Select(c => c.Origin));
        Assert.Equal("", why[1].By);
    }

    [Fact]
    public void Arguments_may_come_in_a_dictionary() =>
        Assert.Equal(
            Gated.Create(new { features = 32, dropout = 0.5 }),
            Gated.Create(new Dictionary<string, object?> { ["features"] = 32, ["dropout"] = 0.5 })
        );

    [Fact]
    public void Wrong_arguments_are_refused()
    {
        Assert.Equal(
            ["features"],
            Sample.Failure(() => Gated.Create(new { feature = 32 })).Errors[0].Suggestions
        );
        Assert.Equal(
            ErrorKind.WrongValue,
            Sample.Failure(() => Gated.Create(new { features = "many" })).Kind
        );
        Assert.Equal(ErrorKind.Missing, Sample.Failure(() => Gated.Create().Tags).Kind);
    }

    [Fact]
    public void A_mistake_of_the_author_is_a_typed_error_with_its_place()
    {
        var wrong = Module
            .Define("Wrong")
            .Init(m => m.Child("layer", Layers.Linear(3, 4)).Configure("biass", false));
        var failure = Sample.Failure(() => wrong.Create().Tags);

        Assert.Equal(("layer", ErrorKind.UnknownName), (failure.Errors[0].Tag, failure.Kind));
        var unknown = Module
            .Define("Unknown")
            .Init(m => m.Child("layer", Layers.Linear(m.Get<long>("width"), 4)));
        Assert.Contains("has no parameter 'width'", unknown.Create().ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_module_can_share_look_and_take_several_inputs()
    {
        var definition = Module
            .Define("Shared")
            .Init(m =>
            {
                var first = m.Child("first", Layers.Sequential(Layers.Linear(4, 6), Layers.Linear(6, 4)));
                var again = first["0"].Alias("again");
                var width = first.Observe()["0"].Arguments.Get<long>("out_features");
                var head = m.Child("head", Layers.Linear(width, 2));
                return m.Forward(
                    (left, right) => head.Call(again.Call(left + first.Call(right))).Softmax(-1)
                );
            });
        var module = definition.Create();

        Assert.Equal(
            ["left", "right"],
            module.Tree.Forward!.Split('\n').Take(2).Select(line => line.Split(' ')[^1])
        );
        Assert.Contains("(again): → first.0", module.ToString(), StringComparison.Ordinal);
        Assert.Equal(
            9,
            module.Select("first.0").Configure("out_features", 9).Argument<int>("head", "in_features")
        );
    }

    [Fact]
    public void A_definition_has_methods_styles_and_a_last_word()
    {
        var width = new Parameter<long>("width").WithDefault(2).WithCheck("an even int", w => w % 2 == 0);
        var definition = Module
            .Define("Even")
            .Parameter(width)
            .Parameter(new Parameter<ModuleSpec>("activation").OrNull().WithDefault(Layers.ReLU()))
            .Init(m =>
            {
                var layer = m.Child("layer", Layers.Linear(null, m.Get(width)));
                var activation = m.GetOrDefault<ModuleSpec>("activation");
                var after = activation is null ? null : m.Child("activation", activation);
                return m.Forward(x => after is null ? layer.Call(x) : after.Call(layer.Call(x)));
            })
            .WithBase(Registry.Standard.Definitions["SequentialBlock"])
            .WithMethod(ModuleAction.AfterInit("unbiased", (_, m) => m.At("layer").Configure("bias", false)))
            .WithStyle(ModuleAction.AfterInit("smooth", (_, m) => m.At("activation").Replace(Layers.GELU())))
            .WithExtra(arguments => $"w={arguments.Get(width)}")
            .WithResolvedArguments(arguments => arguments.With("width", arguments.Get(width) + 2))
            .WithPreparedArguments(given =>
                given.ToDictionary(pair => pair.Key == "size" ? "width" : pair.Key, pair => pair.Value)
            );
        var module = definition.Create(new { width = 4 });

        Assert.StartsWith("Even(w=6", module.ToString(), StringComparison.Ordinal);
        Assert.Equal(
            ["layer"],
            definition.Create(new { activation = (ModuleSpec?)null }).Children.Select(c => c.Name)
        );
        Assert.False(module.Call("unbiased").Argument<bool>("layer", "bias"));
        Assert.Equal("GELU", module.Style("smooth").Tree["activation"].Kind);
        Assert.Equal("SequentialBlock", definition.Base!.Id);
        Assert.Equal(2, Layers.Sequential(module, module).Select("...").OfType("SequentialBlock").Count);
        Assert.Contains(definition.Methods, method => method.Id == "unbiased");
        Assert.Equal("an even int", Sample.Failure(() => module.Configure(width, 3)).Errors[0].Expected);
    }

    [Fact]
    public void A_finish_has_the_last_word_on_the_node()
    {
        var definition = Registry
            .Standard.Definitions["Dropout"]
            .WithFinish(node => node.WithArgument("p", node.Arguments.Get<double>("p") / 2));

        Assert.Equal(0.25, definition.Create().Argument<double>("", "p"));
    }

    [Fact]
    public void A_kind_gives_typed_keys_to_its_parameters()
    {
        var bias = Registry.Standard.Definitions["Linear"].Parameter<bool>("bias");

        Assert.False(Layers.Linear(3, 4).Configure(bias, false).Argument("", bias));
        Assert.Equal(ErrorKind.UnknownName, Sample.Failure(() => Gated.Parameter<long>("feature")).Kind);
    }
}
