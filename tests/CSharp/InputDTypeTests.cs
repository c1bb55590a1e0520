using TorchSharp;

namespace Deeplay.Tests;

/// <summary>The types of inputs, which a model is checked for before it is built.</summary>
public class InputDTypeTests
{
    private static readonly ModuleSpec Language = Layers.Sequential(
        Layers.Embedding(11, 4),
        Layers.Linear(4, 3)
    );

    [Fact]
    public void An_embedding_takes_whole_numbers_and_a_linear_layer_floats()
    {
        var options = new BuildOptions
        {
            Device = "cpu",
            InputShapes =
            [
                [2, 5],
            ],
        };
        using var built = Language.Build(options with { InputDTypes = [torch.int64] });

        var floats = Assert.Throws<DeeplayException>(() =>
            Language.Build(options with { InputDTypes = [torch.float32] })
        );
        Assert.Equal("0 (Embedding) expects whole numbers, but gets floating-point numbers.", floats.Message);
        var wholes = Assert.Throws<DeeplayException>(() =>
            Layers.Linear(5, 3).Build(options with { InputDTypes = [torch.int64] })
        );
        Assert.Equal(
            "the root (Linear) expects floating-point numbers, but gets whole numbers.",
            wholes.Message
        );
    }

    [Fact]
    public void A_layer_of_ones_own_says_which_numbers_it_takes_and_gives()
    {
        var codes = Module
            .Define("Codes")
            .SameShape()
            .WithNumbers([NumberKind.Integral], [NumberKind.Floating]);
        var model = Layers.Sequential(codes.Create(), Layers.Linear(4, 3));
        var options = new BuildOptions
        {
            Device = "cpu",
            InputShapes =
            [
                [2, 4],
            ],
        };
        var lowerings = Lowerings.Standard.Add(codes, _ => torch.nn.Identity());
        using var built = model.Build(options with { InputDTypes = [torch.int64], Lowerings = lowerings });

        Assert.Equal(
            "0 (Codes) expects whole numbers, but gets floating-point numbers.",
            Sample.Failure(() => model.Build(options with { InputDTypes = [torch.float32] })).Message
        );
        Assert.Equal(
            "1 (Linear) expects floating-point numbers, but gets whole numbers.",
            Sample
                .Failure(() =>
                    Layers
                        .Sequential(
                            codes.WithNumbers([NumberKind.Any], [NumberKind.AsFirst]).Create(),
                            Layers.Linear(4, 3)
                        )
                        .Build(options with { InputDTypes = [torch.int64] })
                )
                .Message
        );
        Assert.Throws<ArgumentOutOfRangeException>(() => codes.WithNumbers([(NumberKind)9], []));
        Sample.Failure(() => codes.WithNumbers([], []));
    }

    [Fact]
    public void Named_tensors_have_theirs_by_their_keys()
    {
        var model = Components.GlobalAddPool().InputsFrom(["x", "batch"]);
        var options = new BuildOptions
        {
            Device = "cpu",
            NamedShapes = new Dictionary<string, long[]> { ["x"] = [4, 3], ["batch"] = [4] },
            NamedDTypes = new Dictionary<string, torch.ScalarType> { ["batch"] = torch.float32 },
        };

        var wrong = Assert.Throws<DeeplayException>(() => model.BuildModule(options));
        Assert.Contains("whole numbers", wrong.Message, StringComparison.Ordinal);
    }
}
