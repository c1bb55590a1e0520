using static Deeplay.Selector;

namespace Deeplay.Tests;

/// <summary>Names and places in lists: a name is its module's own, whatever is edited; a number in a text is a name; an
/// int is a place.</summary>
public class ListNameTests
{
    private static readonly ModuleSpec List = Layers.Sequential(
        Layers.Linear(3, 4),
        Layers.ReLU(),
        Layers.Linear(4, 2)
    );

    private static string Kind(Selection one) => Assert.Single(one.Nodes).Kind;

    [Fact]
    public void Before_any_edit_a_name_is_the_place()
    {
        foreach (var i in new[] { 0, 1, 2 })
            Assert.Equal(List.Select(i).Names, List.Select($"{i}").Names);
    }

    [Fact]
    public void What_is_put_in_gets_the_next_number_wherever_it_goes()
    {
        var edited = List.Prepend(Layers.Tanh())
            .Append(Layers.Sigmoid())
            .Insert(Layers.Identity(), after: "1");

        Assert.Equal(["3", "0", "1", "5", "2", "4"], edited.Children.Select(child => child.Name));
        Assert.Equal("Tanh", Kind(edited.Select(0)));
        Assert.Equal("Linear", Kind(edited.Select("0")));
        Assert.Equal("Tanh", Kind(edited.Select("0:1")));
        Assert.Equal("Tanh", Kind(edited.Select("*#0")));
        Assert.Equal("Sigmoid", Kind(edited.Select("-1")));
        Assert.Equal("Sigmoid", Kind(edited.Select(^1)));
    }

    [Fact]
    public void A_name_that_is_gone_selects_nothing_and_no_other_module()
    {
        var removed = List.Remove("1");
        var failure = Sample.Failure(() => removed.Select("1").Configure("bias", false));

        Assert.Equal(ErrorKind.EmptySelection, failure.Kind);
        Assert.Contains(
            "the root (Sequential) has 2 modules: 0, 2",
            failure.Message,
            StringComparison.Ordinal
        );
        Assert.Equal(["2"], removed.Select(1).Names);
        Assert.Empty(List.Prepend(Layers.Tanh()).Remove("1").Select("1").Names);
    }

    [Fact]
    public void A_number_is_never_given_twice()
    {
        var again = List.Append(Layers.Tanh()).Remove("3").Append(Layers.Linear(2, 2));

        Assert.Equal(["0", "1", "2", "4"], again.Children.Select(child => child.Name));
    }

    [Fact]
    public void What_was_set_for_a_module_stays_with_it()
    {
        var set = List.Select("2").Configure("bias", false);

        foreach (
            var edited in new[]
            {
                set.Prepend(Layers.Linear(3, 3)),
                set.Insert(Layers.Linear(4, 4), after: "1"),
                set.Remove("1").Append(Layers.Linear(2, 2)),
                set.Remove("0").Remove("1"),
            }
        )
        {
            var without = edited.Children.Where(child =>
                child.Has("bias") && !child.Arguments.Get<bool>("bias")
            );
            Assert.Equal("2", Assert.Single(without).Name);
        }
        Assert.Equal("2", set.Prepend(Layers.Tanh()).Select(3).Names[0]);
    }

    [Fact]
    public void In_a_block_too_a_number_in_a_text_is_a_name()
    {
        var block = Blocks.LinearBlock(3, 4);
        var failure = Sample.Failure(() => block.Select("0").Configure("bias", false));

        Assert.Contains("a place is a slice such as 0:1", failure.Message, StringComparison.Ordinal);
        Assert.Equal(["layer"], block.Select(0).Names);
        Assert.Equal(["layer"], block.Select("0:1").Names);
        Assert.Equal(["layer"], block.Select("*#0").Names);
    }

    [Fact]
    public void A_star_is_every_child_and_two_are_any_depth()
    {
        var mlp = Sample.Mlp;

        Assert.Equal(mlp.Select("blocks/:").Names, mlp.Select("blocks/*").Names);
        Assert.Equal(mlp.Select(Any).Names, mlp.Select("**").Names);
        Assert.Equal(mlp.Select(".../layer#0").Names, mlp.Select("**/layer#0").Names);
        Assert.Equal(3, mlp.Select("blocks/*/layer").Count);
        Assert.Equal(
            ErrorKind.Malformed,
            Sample.Failure(() => mlp.Select("blocks/*/lay*").Configure("bias", true)).Kind
        );
    }

    [Theory]
    [InlineData(".../[Linear]", new[] { "blocks.0.layer", "blocks.1.layer", "blocks.2.layer" })]
    [InlineData(".../layer[has:bias]#0", new[] { "blocks.0.layer" })]
    [InlineData("...[Linear][has:bias]#1:", null)]
    [InlineData(".../*[Linear][has:bias]#1:", new[] { "blocks.1.layer", "blocks.2.layer" })]
    [InlineData("blocks/*/layer|activation[ReLU]", new[] { "blocks.0.activation", "blocks.1.activation" })]
    [InlineData("blocks/0/[Linear], [ReLU]", new[] { "blocks.0.layer", "blocks.0.activation" })]
    [InlineData("...[MultiLayerPerceptron]", new[] { "" })]
    [InlineData("...[LinearBlock]/layer", new[] { "blocks.0.layer", "blocks.1.layer", "blocks.2.layer" })]
    [InlineData("blocks[LayerList]/-1", new[] { "blocks.2" })]
    public void Filters_stand_in_brackets(string selector, string[]? names)
    {
        if (names is null)
            Assert.Equal(ErrorKind.Malformed, Sample.Failure(() => Sample.Mlp.Select(selector)).Kind);
        else
            Assert.Equal(names, Sample.Mlp.Select(selector).Names);
    }

    [Fact]
    public void A_filter_of_the_face_is_the_one_of_the_text()
    {
        var mlp = Sample.Mlp;

        Assert.Equal(mlp.Select("...[Layer]").Names, mlp.Select(Any).OfType("Layer").Names);
        Assert.Equal(mlp.Select("...[has:append]").Names, mlp.Select(Any).Having("append").Names);
        Assert.Equal(6, mlp.Select(Any).Where(node => node.Is("Layer")).Count);
    }

    [Theory]
    [InlineData("blocks/9", "blocks (LayerList) has 3 modules: 0, 1, 2")]
    [InlineData("blcks/0", "Did you mean 'blocks'?")]
    [InlineData(".../leyer", "Did you mean 'layer'?")]
    [InlineData("blocks/0/layer/weight", "blocks.0.layer (Linear) has no children")]
    [InlineData("blocks/*/leyer", "the 3 modules before it have 6 modules: layer, activation")]
    [InlineData(".../[Linaer]", "Did you mean 'Linear'?")]
    [InlineData(".../[has:baias]", "Did you mean 'bias'?")]
    [InlineData(".../layer#7", "there are 3, but none in that range")]
    public void An_empty_selection_says_what_there_is(string selector, string words)
    {
        var failure = Sample.Failure(() => Sample.Mlp.Select(selector).Configure("bias", true));

        Assert.Equal(ErrorKind.EmptySelection, failure.Kind);
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_kind_that_is_not_there_names_the_nearest_ones()
    {
        var failure = Sample.Failure(() => Sample.Mlp.Select(Any).OfType("Linaer").Configure("bias", true));

        Assert.Equal(["Linear"], failure.Errors[0].Suggestions);
        Assert.DoesNotContain("blocks.0", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void To_configure_a_list_says_how_to_reach_what_is_in_it()
    {
        var mlp = Sample.Mlp;
        var failure = Sample.Failure(() => mlp.Select("blocks").Configure("in_features", 3));

        Assert.Equal(
            "blocks (LayerList) has no parameter 'in_features', but modules in it have: "
                + "select them with 'blocks/*'.",
            failure.Message
        );
        Assert.Equal((ErrorKind.UnknownName, "blocks"), (failure.Kind, failure.Errors[0].Tag));
        Assert.Equal(3, mlp.Select(failure.Errors[0].Suggestions[0]).Having("in_features").Count);
        Assert.Contains(
            "select them with 'blocks/0/activation'",
            Sample.Failure(() => mlp.Select("blocks/0").Configure("inplace", true)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void One_typo_in_ten_thousand_modules_is_a_short_message()
    {
        var many = Layers.Sequential([.. Enumerable.Range(0, 10_000).Select(_ => Layers.Linear(1, 1))]);
        var failure = Sample.Failure(() => many.Select("*").Configure("biass", false));

        Assert.Equal(10_000, failure.Errors.Count);
        Assert.EndsWith("… and 9995 more", failure.Message, StringComparison.Ordinal);
        Assert.InRange(failure.Message.Length, 100, 2_000);
    }
}
