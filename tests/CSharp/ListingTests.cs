namespace Deeplay.Tests;

public class ListingTests
{
    [Fact]
    public void Parameters_are_listed_with_types_defaults_and_documentation()
    {
        var bias = Layers.Linear(3, 4).Parameters[2];

        Assert.Equal(
            ["in_features: an int", "out_features: an int", "bias: a bool = True"],
            Layers.Linear(3, 4).Parameters.Select(parameter => parameter.ToString())
        );
        Assert.Equal(
            ("bias", "a bool", true, "Whether a learned bias is added."),
            (bias.Name, bias.Type, bias.Default, bias.Documentation)
        );
    }

    [Fact]
    public void Methods_are_listed_with_documentation_and_parameters()
    {
        var method = Blocks.LinearBlock(3, 4).Methods.Single(m => m.Id == "append_dropout");

        Assert.Equal(
            "append_dropout(p: a float, name: a text = 'dropout') — Puts in a dropout that runs after all others.",
            method.ToString()
        );
        Assert.Equal("Puts in a dropout that runs after all others.", method.Documentation);
        Assert.Equal(["p", "name"], method.Parameters.Select(parameter => parameter.Name));
        Assert.Empty(Layers.ReLU().Methods);
    }

    [Fact]
    public void Styles_are_listed_with_documentation_and_typed_parameters()
    {
        var definition = Module
            .Define("Own")
            .Init(m =>
            {
                var layer = m.Child("layer", Layers.Linear(2, 2));
                return m.Forward(x => layer.Call(x));
            })
            .WithStyle(
                ModuleAction
                    .AfterInit(
                        "wide",
                        (arguments, m) =>
                            m.At("layer").Configure("out_features", arguments.Get<long>("width")),
                        new Parameter<long>("width").WithDefault(8).WithDocumentation("How wide.")
                    )
                    .WithDocumentation("A wider layer.")
            );
        var style = Assert.Single(definition.Create().Styles);

        Assert.Equal("wide(width: an int = 8) — A wider layer.", style.ToString());
        Assert.Equal("How wide.", Assert.Single(style.Parameters).Documentation);
        Assert.Equal(
            9,
            definition.Create().Style(style.Id, new { width = 9 }).Argument<int>("layer", "out_features")
        );
        Assert.Equal(["normed_leaky"], Sample.Mlp.Styles.Select(s => s.Id));
    }

    [Fact]
    public void What_is_listed_is_that_of_the_kind_it_has_now() =>
        Assert.Equal(
            ["negative_slope", "inplace"],
            Layers.ReLU().Configure(Layers.LeakyReLU()).Parameters.Select(parameter => parameter.Name)
        );

    [Fact]
    public void Everything_in_the_library_is_documented()
    {
        var definitions = Registry.Standard.Definitions.Values.ToArray();

        Assert.Empty(definitions.Where(d => d.Documentation.Length == 0).Select(d => d.Id));
        Assert.Empty(
            from definition in definitions
            from action in definition.Methods.Concat(definition.Styles)
            where action.Documentation.Length == 0 || action.Parameters.Any(p => p.Documentation.Length == 0)
            select $"{definition.Id}.{action.Id}"
        );
        Assert.Empty(
            from definition in definitions
            from parameter in definition.Parameters
            where parameter.Documentation.Length == 0
            select $"{definition.Id}.{parameter.Name}"
        );
    }
}
