namespace Deeplay.Tests;

public class ErrorTests
{
    [Fact]
    public void A_wrong_name_gives_the_nearest_ones()
    {
        var failure = Sample.Failure(() => Sample.Mlp.Select("blocks.0.layer").Configure("in_feature", 3));
        var error = Assert.Single(failure.Errors);

        Assert.Equal(
            "blocks.0.layer (Linear) has no parameter 'in_feature'. Did you mean 'in_features'? "
                + "It has: in_features, out_features, bias.",
            failure.Message
        );
        Assert.Equal(failure.Message, error.Message);
        Assert.Equal((ErrorKind.UnknownName, "blocks.0.layer"), (error.Kind, error.Tag));
        Assert.Equal(("in_features, out_features, bias", "in_feature"), (error.Expected, error.Found));
        Assert.Equal(["in_features"], error.Suggestions);
    }

    [Fact]
    public void Every_module_that_is_wrong_has_its_error()
    {
        var failure = Sample.Failure(() => Sample.Mlp.Select("blocks/:/layer").Configure("bias", "yes"));

        Assert.Equal(
            ["blocks.0.layer", "blocks.1.layer", "blocks.2.layer"],
            failure.Errors.Select(e => e.Tag)
        );
        Assert.All(failure.Errors, e => Assert.Equal(("a bool", "'yes'"), (e.Expected, e.Found)));
    }

    [Fact]
    public void A_wrong_tag_names_where_the_way_ends()
    {
        var failure = Sample.Failure(() => Sample.Mlp.Explain("blocks.0.leyer", "bias"));

        Assert.Equal(ErrorKind.UnknownTag, failure.Kind);
        Assert.Equal(["layer"], failure.Errors[0].Suggestions);
    }

    [Fact]
    public void A_value_of_the_wrong_type_is_refused_at_once() =>
        Assert.Equal(ErrorKind.WrongValue, Sample.Failure(() => Layers.Linear(3, -1)).Kind);

    [Fact]
    public void Arguments_are_names_with_values() =>
        Assert.Equal(ErrorKind.Malformed, Sample.Failure(() => Sample.Mlp.Call("append", 3)).Kind);

    [Fact]
    public void Nothing_can_be_undone_where_nothing_was_done() =>
        Assert.Equal(ErrorKind.WrongStructure, Sample.Failure(() => Sample.Mlp.Undo()).Kind);
}
