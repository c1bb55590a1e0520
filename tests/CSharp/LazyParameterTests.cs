using TorchSharp;

namespace Deeplay.Tests;

/// <summary>Parameters and buffers of a module's own whose sizes follow from its input.</summary>
public class LazyParameterTests
{
    private sealed record Scale([Inferred] int? InFeatures = null, int Heads = 2);

    private static readonly ModuleDefinition<Scale> Heads = Module
        .Define<Scale>("Heads")
        .Infer(a => a.InFeatures, input => input[^1])
        .Init(
            (m, a) =>
            {
                var width = m.Size("in_features") / a.Heads;
                var scale = m.LazyParameter("scale", [a.Heads, width], Initial.Constant(3));
                var shift = m.LazyBuffer("shift", [width], Initial.Ones, persistent: false);
                return m.Forward(x =>
                    (x.Reshape(x.Size(0), a.Heads, width) * scale + shift).Reshape(
                        x.Size(0),
                        m.Size("in_features")
                    )
                );
            }
        );

    [Fact]
    public void A_parameter_is_as_large_as_the_input_says()
    {
        using var built = Heads.Create(new()).Build("cpu", [5, 6]);

        Assert.Equal([2L, 3L], built.get_parameter("scale")!.shape);
        Assert.Equal([3L], built.get_buffer("shift")!.shape);
        using var x = torch.full([2, 6], 2f);
        using var y = built.call(x);
        Assert.Equal([.. Enumerable.Repeat(7f, 12)], y.data<float>().ToArray());
    }

    [Fact]
    public void Each_module_has_its_own_and_the_tree_is_there_before()
    {
        var model = Layers.Sequential(Heads.Create(new()), Layers.Linear(4, 6), Heads.Create(new()));

        Assert.Equal(["", "0", "1", "2"], model.Tags);
        Assert.Equal(new Shape(8, 6), model.InferShape(8, 4));
        Assert.Equal(4 + 30 + 6, model.Summarize(8, 4).Parameters);
    }

    [Fact]
    public void A_width_that_is_set_stays_and_one_that_nobody_says_is_missing()
    {
        Assert.Equal(8, Heads.Create(new(8)).Summarize(2, 8).Parameters);
        var wrong = Assert.Throws<DeeplayException>(() => Heads.Create(new(8)).InferShape(2, 6));
        Assert.Contains("Heads", wrong.Message, StringComparison.Ordinal);

        var missing = Assert.Throws<DeeplayException>(() => Heads.Create(new()).Build("cpu"));
        Assert.Contains("'in_features' is not set", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rule_may_refuse_an_input()
    {
        var definition = Module
            .Define("Even")
            .Parameter<int>("width")
            .Infer(
                "width",
                input => input[^1] % 2 == 0 ? input[^1] : throw new ShapeMismatchException("an even width")
            )
            .Init(m =>
            {
                var weight = m.LazyParameter("weight", [m.Size("width")], Initial.Ones);
                return m.Forward(x => x * weight);
            });

        Assert.Equal(4, definition.Create().Summarize(2, 4).Parameters);
        var wrong = Assert.Throws<DeeplayException>(() => definition.Create().InferShape(2, 5));
        Assert.Equal("the root (Even) expects an even width, but gets (2, 5).", wrong.Message);
    }
}
