using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Deeplay.Tests;

/// <summary>Layers of one's own that the engine makes.</summary>
[Collection("engine")]
public class LayerTests
{
    private sealed class Affine : torch.nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Parameter slope;
        private readonly double offset;

        public Affine(long features, double offset)
            : base(nameof(Affine))
        {
            this.offset = offset;
            slope = new TorchSharp.Modules.Parameter(torch.ones(features) * 2);
            register_parameter("slope", slope);
        }

        public override Tensor forward(Tensor input)
        {
            using var scaled = input * slope;
            return scaled + offset;
        }
    }

    private static readonly Parameter<long> Features = new Parameter<long>("features");

    private static readonly ModuleDefinition AffineLayer = Module
        .Define("Affine")
        .Documentation("x · slope + offset")
        .Parameter(Features)
        .Parameter("offset", 1.0)
        .Infer("features", input => input[^1])
        .Shape(
            (arguments, input) =>
                input.Count > 0 && input[^1] == arguments.Get(Features)
                    ? input
                    : throw new ShapeMismatchException($"last dimension {arguments.Get(Features)}")
        )
        .WithWeights(arguments =>
            arguments.GetOrDefault<long?>("features") is { } features ? [("slope", [features])] : []
        );

    private static readonly Lowerings Own = Lowerings.Standard.Add(
        AffineLayer,
        a => new Affine(a.Get(Features), a.Get<double>("offset"))
    );

    private static readonly BuildOptions Cpu = new() { Device = "cpu", Lowerings = Own };

    [Fact]
    public void A_layer_of_ones_own_is_configured_inferred_and_built_like_any()
    {
        var model = Layers.Sequential(AffineLayer.Create(new { features = 2 }), Layers.ReLU());
        using var net = model.Select(0).Configure("offset", -3).Build(Cpu);
        using var input = torch.tensor([1f, 5f]);
        using var output = net.call(input);

        Assert.Equal([0f, 7f], output.data<float>().ToArray());
        Assert.Equal(["0.slope"], net.named_parameters().Select(parameter => parameter.name));
        Assert.Equal(new Shape(7, 2), model.InferShape(7, 2));
        Assert.Equal(2, model.Summarize(7, 2).Parameters);
        Assert.Equal("x · slope + offset", AffineLayer.Documentation);
    }

    [Fact]
    public void A_width_that_is_not_set_follows_from_the_input()
    {
        var model = Layers.Sequential(Layers.Linear(3, 4), AffineLayer.Create());
        using var net = model.Build(Cpu, 5, 3);

        Assert.Equal([4], net.get_parameter("1.slope")!.shape);
        Assert.Equal((3 * 4) + 4 + 4, model.Summarize(5, 3).Parameters);
        Assert.Equal(ErrorKind.Missing, Sample.Failure(() => model.Build(Cpu)).Kind);
    }

    [Fact]
    public void A_shape_that_does_not_fit_is_an_error_with_the_tag()
    {
        var model = Layers.Sequential(AffineLayer.Create(new { features = 2 }));
        var failure = Sample.Failure(() => model.InferShape(7, 3));

        Assert.Equal("0 (Affine) expects last dimension 2, but gets (7, 3).", failure.Message);
    }

    [Fact]
    public void Without_its_lowering_it_is_not_built()
    {
        var failure = Sample.Failure(() => AffineLayer.Create(new { features = 2 }).Build("cpu"));

        Assert.Equal(ErrorKind.UnknownName, failure.Kind);
        Assert.Contains("'Affine'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Affine", Own.Ids);
        Assert.DoesNotContain("Affine", Lowerings.Standard.Ids);
    }

    [Fact]
    public void A_layer_may_have_several_inputs()
    {
        var definition = Module.Define("Largest").Shapes((_, inputs) => [inputs[0]]);
        using var net = definition
            .Create()
            .BuildModule(Cpu with { Lowerings = Lowerings.Standard.Add(definition, _ => new Largest()) });
        using var a = torch.tensor([1f, 5f]);
        using var b = torch.tensor([3f, 2f]);
        using var output = ((torch.nn.Module<Tensor, Tensor, Tensor>)net).call(a, b);

        Assert.Equal([3f, 5f], output.data<float>().ToArray());
        Assert.Equal([new Shape(2)], definition.Create().InferShapes([2], [2]));
        var same = Module.Define("Same").SameShape().Create();
        Assert.Equal(new Shape(2, 3), same.InferShape(2, 3));
        Assert.Contains(
            "expects 1 input",
            Sample.Failure(() => same.InferShapes([2], [2])).Message,
            StringComparison.Ordinal
        );
    }

    private sealed class Largest() : torch.nn.Module<Tensor, Tensor, Tensor>("Largest")
    {
        public override Tensor forward(Tensor a, Tensor b) => torch.maximum(a, b);
    }

    [Fact]
    public void It_is_trained_saved_and_loaded()
    {
        var spec = Applications.Classifier(
            Layers.Sequential(Layers.Linear(2, 2), AffineLayer.Create(new { features = 2 })),
            classes: 2
        );
        using var inputs = torch.zeros(4, 2);
        using var targets = torch.zeros(4, torch.int64);
        using var data = new Dataset(inputs, targets);
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.safetensors");
        try
        {
            using var trained = spec.Fit(data, maxEpochs: 1, device: "cpu", lowerings: Own);
            trained.Save(path);
            var registry = Registry.Standard.Add(AffineLayer);
            using var loaded = Application.Load(path, "cpu", registry, Own);
            using var expected = trained.Predict(inputs);
            using var found = loaded.Predict(inputs);

            Assert.True(expected.equal(found).all().item<bool>());
            Assert.Contains("model.1.slope", loaded.Network.state_dict().Keys);
            Assert.Equal(
                ErrorKind.UnknownName,
                Sample.Failure(() => Application.Load(path, "cpu", registry)).Kind
            );
        }
        finally
        {
            File.Delete(path);
        }
    }
}
