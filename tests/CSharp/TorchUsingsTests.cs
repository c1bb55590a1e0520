// What a TorchSharp program has at its top, beside the face: nothing below needs a qualified name.
using Deeplay;
using TorchSharp;
using TorchSharp.Modules;
using static Deeplay.Selector;
using static TorchSharp.TensorExtensionMethods;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

// Outside Deeplay's namespace, where its names would come before those of the usings.
namespace Programs;

/// <summary>The whole face in a file with TorchSharp's usual usings.</summary>
[Collection("engine")]
public class TorchUsingsTests
{
    private sealed record Gated(int Features, double Dropout = 0.1);

    private static readonly ModuleDefinition<Gated> Block = ModuleSpec.Define<Gated>(
        "GatedBlock",
        (m, a) =>
        {
            Child value = m.Child("value", Layers.Linear(a.Features, a.Features));
            Child gate = m.Child("gate", Layers.Linear(a.Features, a.Features));
            gate.Configure("bias", false);
            return m.Forward(x => value.Call(x) * gate.Call(x).Sigmoid());
        }
    );

    private static readonly Parameter<double> By = new Parameter<double>("by");

    private static readonly ModuleDefinition Scale = ModuleSpec.Define("Scale").Parameter(By).SameShape();

    private sealed class Scaling(double by) : Module<Tensor, Tensor>(nameof(Scaling))
    {
        public override Tensor forward(Tensor input) => input * by;
    }

    private static readonly ModuleDefinition Named = ModuleSpec
        .Define("Named")
        .Documentation("Two in, one out.")
        .Parameter<long>("features")
        .Init(m =>
        {
            Child layer = m.Child("layer", Layers.Linear(m.Get<long>("features"), 2));
            Child again = layer.Alias("again");
            ModuleNode seen = layer.Observe();
            ModuleArguments arguments = seen.Arguments;
            m.Child("other", Layers.Linear(arguments.Get<long>("out_features"), 2));
            Forward pass = m.Forward((left, right) => Sym.Cat(1, layer.Call(left), again.Call(right)));
            return pass;
        });

    [Fact]
    public void Functions_of_torch_and_typed_keys_stand_beside_each_other()
    {
        using var module = Linear(3, 4);
        var spec = Layers.Linear(3, 4).Configure(Keys.Linear.Bias, false);
        using var built = spec.Build("cpu");
        IReadOnlyList<ModuleParameter> parameters = spec.Parameters;
        using Parameter weight = new(zeros(2));
        using Tensor positive = relu(weight);

        Assert.Equal(["weight", "bias"], module.named_parameters().Select(p => p.name));
        Assert.Equal(["weight"], built.named_parameters().Select(p => p.name));
    }

    [Fact]
    public void Specs_are_made_changed_and_looked_at()
    {
        ModuleSpec mlp = Components.MultiLayerPerceptron(4, [8, 8], 2);
        Selection activations = mlp.Select("blocks", ..^1, "activation");
        ModuleSpec model = activations
            .Configure(Layers.GELU())
            .Select(Any, "layer")
            .First.Configure("bias", false);
        Explanation why = model.Explain("blocks.0.layer", "bias");
        IReadOnlyList<Candidate> candidates = why.Candidates;
        Tape tape = model.Tape;
        Step step = tape[0];
        SourceLocation? place = step.Location;
        Diff diff = Diff.Between(mlp, model);
        Shape shape = model.InferShape(5, 4);
        Summary summary = model.Summarize(5, 4);
        IReadOnlyList<SummaryRow> rows = summary.Rows;

        Assert.Equal((Origin.User, 2), (candidates[0].Origin, tape.Count));
        Assert.Equal("TorchUsingsTests.cs", Path.GetFileName(place!.File));
        Assert.Equal((5, 2), (shape[0], shape[1]));
        Assert.NotEmpty(rows);
        Assert.Equal(3, diff.Count);
        Assert.Equal(Unset.Value, Registry.Standard.Definitions["Linear"].Parameters[0].Default);
        Assert.Equal(
            ErrorKind.UnknownName,
            Assert.Throws<DeeplayException>(() => model.Configure("a", 1)).Kind
        );
        Sizes kernel = (3, 3);
        ConvPadding padding = "same";
        Assert.Equal(
            new Shape(1, 8, 5, 5),
            Layers.Conv2d(3, 8, kernel, padding: padding).InferShape(1, 3, 5, 5)
        );
    }

    [Fact]
    public void Modules_of_ones_own_are_defined_and_saved()
    {
        ModuleSpec<Gated> block = Block.Create(new(3)).Configure(a => a.Dropout, 0.2);
        ModuleAction open = ModuleAction.AfterInit("open", (_, m) => m.At("gate").Configure("bias", true));
        TensorFunction twice = new("twice", x => x * 2);
        Registry registry = Registry.Standard.Add(Block).Add(open).Add(twice);
        ModuleSpec model = Layers.Sequential(block, Layers.Lambda(twice)).Select(0).Hook(open);

        Assert.Equal(model, ModuleSpec.FromJson(model.ToJson(), registry));
        Assert.True(model.Argument<bool>("0.gate", "bias"));
        Assert.Equal(new Shape(5, 4), Named.Create(new { features = 3 }).InferShapes([5, 3], [5, 3])[0]);
    }

    [Fact]
    public void Models_are_built_and_trained()
    {
        Lowerings lowerings = Lowerings.Standard.Add(Scale, a => new Scaling(a.Get(By)));
        using Logs logs = new();
        BuildOptions options = new()
        {
            Device = "cpu",
            Logs = logs,
            Lowerings = lowerings,
        };
        using Module<Tensor, Tensor> net = Scale.Create(new { by = 2.0 }).LogOutput("y").Build(options);
        using Tensor input = ones(2, 3);
        using Tensor output = net.call(input);
        using Module<Tensor, Tensor, Tensor> two = Named
            .Create(new { features = 3 })
            .Build<Tensor, Tensor, Tensor>(options);

        Assert.Equal([2f, 2f, 2f, 2f, 2f, 2f], output.data<float>().ToArray());
        Assert.Equal(["y"], logs.Keys);
        Assert.NotEmpty(Native.Description);
        Assert.Equal(Devices.HasCuda ? "cuda" : "cpu", Devices.Best);

        using Dataset data = new(randn(12, 3), randint(0, 2, 12));
        ModuleSpec classifier = Applications.Classifier(Layers.Linear(3, 2), optimizer: Optimizers.SGD(0.1));
        using Application trained = classifier.Fit(data, maxEpochs: 1, batchSize: 4, device: "cpu");
        History history = trained.History;
        Epoch epoch = history[0];

        Assert.Equal(3, epoch.Step);
        Assert.Equal(DeviceType.CPU, trained.Device.type);
    }
}
