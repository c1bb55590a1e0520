using System.ComponentModel;
using Tensor = TorchSharp.torch.Tensor;

namespace Deeplay.Tests;

/// <summary>Parameters of one's own as a record.</summary>
public class RecordTests
{
    private sealed record Gated(
        [Description("The width of input and output.")] int Features,
        double Dropout = 0.1
    );

    private static readonly ModuleDefinition<Gated> Block = Module.Define<Gated>(
        "GatedBlock",
        (m, a) =>
        {
            var value = m.Child("value", Layers.Linear(a.Features, a.Features));
            var gate = m.Child("gate", Layers.Linear(a.Features, a.Features));
            var drop = m.Child("dropout", Layers.Dropout(a.Dropout));
            gate.Configure("bias", false);
            return m.Forward(x => drop.Call(value.Call(x) * gate.Call(x).Sigmoid()));
        }
    );

    [Fact]
    public void A_record_gives_names_types_defaults_and_documentation()
    {
        Assert.Equal(["features: an int", "dropout: a float = 0.1"], Block.Parameters.Select(p => $"{p}"));
        Assert.Equal("The width of input and output.", Block.Parameters[0].Documentation);
        Assert.Equal("GatedBlock", Block.Id);
    }

    [Fact]
    public void A_module_made_of_a_record_is_a_module_like_any_other()
    {
        var block = Block.Create(new(32));
        var model = block.Select("gate").Configure("bias", true);

        Assert.Equal(["", "value", "gate", "dropout"], block.Tags);
        Assert.Equal(new Shape(8, 32), model.InferShape(8, 32));
        Assert.False(block.Argument<bool>("gate", "bias"));
        Assert.True(model.Argument<bool>("gate", "bias"));
        Assert.Equal(block, Block.Create(new { features = 32 }));
        Assert.Equal(block, Block.Create(new(32, Dropout: 0.1)));
        Assert.Equal(block, ModuleSpec.FromJson(block.ToJson(), Registry.Standard.Add(Block)));
    }

    [Fact]
    public void A_property_is_a_key_that_the_compiler_checks()
    {
        var block = Block.Create(new(32)).Configure(a => a.Dropout, 0.2).Configure(a => a.Features, 16);

        Assert.Equal(0.2, block.Get(a => a.Dropout));
        Assert.Equal(16, block.Argument<int>("gate", "in_features"));
        Assert.Equal(0.2, block.Argument<double>("dropout", "p"));
        Assert.EndsWith("RecordTests.cs:" + (Line() - 5), $"{block.Tape[0]}", StringComparison.Ordinal);

        var model = Layers.Sequential(block).Select(0).Configure(Block.Parameter(a => a.Dropout), 0.3);
        Assert.Equal(0.3, model.Argument("0", Block.Parameter(a => a.Dropout)));
    }

    private static int Line([System.Runtime.CompilerServices.CallerLineNumber] int line = 0) => line;

    [Fact]
    public void A_key_that_is_no_parameter_is_an_error_that_names_those_there_are()
    {
        var failure = Sample.Failure(() => Block.Create(new(32)).Get(a => a.Features + 1));

        Assert.Equal((ErrorKind.Malformed, "a => (a.Features + 1)"), (failure.Kind, failure.Errors[0].Found));
        Assert.Equal("one of a => a.Features, a => a.Dropout", failure.Errors[0].Expected);
    }

    private sealed record Names(
        int OutFeatures,
        int In1Features,
        int Dim0,
        bool QKVBias,
        bool UseGELU,
        int Conv2D,
        int Conv2dKernel,
        int DModel,
        int lower_case,
        int P
    );

    [Fact]
    public void Names_are_PyTorchs() =>
        Assert.Equal(
            [
                "out_features",
                "in1_features",
                "dim0",
                "qkv_bias",
                "use_gelu",
                "conv2d",
                "conv2d_kernel",
                "d_model",
                "lower_case",
                "p",
            ],
            Module.Define<Names>("Names", (_, _) => { }).Parameters.Select(p => p.Name)
        );

    private enum Mode
    {
        Nearest,
        NearestExact,
    }

    private sealed record Everything(
        bool Flag,
        int Int,
        long Long,
        float Float,
        double Double,
        string Text,
        Mode Mode,
        Sizes Sizes,
        ModuleSpec Module,
        TensorFunction Function,
        IReadOnlyList<int> Ints,
        double[] Floats,
        IReadOnlyList<ModuleSpec?> Modules,
        int[][] Nested,
        object Any,
        int? MaybeInt = null,
        Mode? MaybeMode = Mode.NearestExact,
        string? MaybeText = null,
        ModuleSpec? MaybeModule = null,
        Sizes Later = default,
        int Last = 7
    );

    [Fact]
    public void Every_type_that_a_parameter_can_have_comes_back_as_it_was()
    {
        var twice = new TensorFunction("twice", x => x * 2);
        var given = new Everything(
            true,
            -3,
            1L << 40,
            0.1f,
            1e-5,
            "text",
            Mode.NearestExact,
            (3, 5),
            Layers.ReLU(),
            twice,
            [1, 2],
            [0.5],
            [Layers.Tanh(), null],
            [
                [1],
                [2, 3],
            ],
            "any",
            MaybeInt: 4
        );
        Everything? seen = null;
        var definition = Module.Define<Everything>("Everything", (_, a) => seen = a);
        var spec = definition.Create(given);
        _ = spec.Tags;

        Assert.Equal(
            given with
            {
                // Compared by what they contain.
                Ints = seen!.Ints,
                Floats = seen.Floats,
                Modules = seen.Modules,
                Nested = seen.Nested,
                Function = seen.Function,
            },
            seen
        );
        Assert.Equal(given.Ints, seen.Ints);
        Assert.Equal(given.Floats, seen.Floats);
        Assert.Equal(given.Modules, seen.Modules);
        Assert.Equal(given.Nested, seen.Nested);
        Assert.Equal("twice", seen.Function.Id);
        Assert.Equal(
            Mode.Nearest,
            spec.Configure("mode", "nearest").Argument("", definition.Parameter(a => a.Mode))
        );
        Assert.Equal(Mode.Nearest, spec.Configure(a => a.Mode, Mode.Nearest).Get(a => a.Mode));
        Assert.Null(spec.Configure(a => a.MaybeMode, null).Get(a => a.MaybeMode));
        Assert.Equal(
            "one of 'nearest', 'nearest_exact'",
            Sample.Failure(() => spec.Configure("mode", "bilinear")).Errors[0].Expected
        );
        Assert.Equal(ErrorKind.WrongValue, Sample.Failure(() => spec.Configure("text", null)).Kind);
        Assert.Equal(ErrorKind.WrongValue, Sample.Failure(() => spec.Configure("int", 1L << 40).Tags).Kind);
    }

    private sealed record Inferring(
        [Inferred] int? InFeatures,
        int OutFeatures,
        int? Groups,
        ModuleSpec? Activation = null
    );

    private static readonly ModuleDefinition<Inferring> Lazy = Module.Define<Inferring>(
        "Lazy",
        (m, a) =>
        {
            var layer = m.Child("layer", Layers.Linear(a.InFeatures, a.OutFeatures));
            var activation = a.Activation is null ? null : m.Child("activation", a.Activation);
            return m.Forward(x => activation is null ? layer.Call(x) : activation.Call(layer.Call(x)));
        }
    );

    [Fact]
    public void What_is_inferred_may_be_left_out_and_what_is_null_is_so_on_purpose()
    {
        var spec = Lazy.Create(new(null, 4, null));

        Assert.Equal(
            [
                "in_features: an int",
                "out_features: an int",
                "groups: an int or null",
                "activation: a module or null = None",
            ],
            Lazy.Parameters.Select(p => $"{p}")
        );
        Assert.Equal(new Shape(8, 4), spec.InferShape(8, 3));
        Assert.Null(spec.Get(a => a.InFeatures));
        Assert.Null(spec.Get(a => a.Groups));
        Assert.Equal(3, spec.Configure(a => a.InFeatures, 3).Argument<int>("layer", "in_features"));
        Assert.Equal(ErrorKind.WrongValue, Sample.Failure(() => spec.Configure("in_features", null)).Kind);
        Assert.Equal(
            ["layer", "activation"],
            spec.Configure(a => a.Activation, Layers.ReLU()).Children.Select(c => c.Name)
        );
        var failure = Sample.Failure(() => Lazy.Create(new { groups = 1 }).Tags);
        Assert.Equal((ErrorKind.Missing, "out_features"), (failure.Kind, failure.Errors[0].Expected));
        Assert.Equal(
            "groups",
            Sample.Failure(() => Lazy.Create(new { out_features = 1 }).Tags).Errors[0].Expected
        );
    }

    private sealed record WithStream(int Width, Stream Input);

    private sealed record WithList(List<Stream> Inputs);

    private sealed record WithOther(int Width)
    {
        public int Height { get; init; }
    }

    private sealed record Same(int QKVBias, int QkvBias);

    private enum Alike
    {
        FooBar,
        Foo_Bar,
    }

    private sealed record WithEnum(Alike Mode);

    private sealed record NotNullable([Inferred] int Width);

    private sealed record Given([Inferred] int? Width = 3);

    private sealed class Private
    {
        private Private() { }
    }

    [Fact]
    public void What_cannot_be_a_parameter_is_an_error_where_it_is_defined()
    {
        static DeeplayError Wrong<T>() =>
            Sample.Failure(() => Module.Define<T>("Wrong", (_, _) => { })).Errors[0];

        Assert.Equal("Stream", Wrong<WithStream>().Found);
        Assert.StartsWith(
            "WithStream.Input: expected a type that",
            Wrong<WithStream>().Message,
            StringComparison.Ordinal
        );
        Assert.Contains("IReadOnlyList", Wrong<WithStream>().Expected, StringComparison.Ordinal);
        Assert.Equal("List<Stream>", Wrong<WithList>().Found);
        Assert.StartsWith("WithOther.Height: ", Wrong<WithOther>().Message, StringComparison.Ordinal);
        Assert.Equal("'qkv_bias', as of QKVBias", Wrong<Same>().Found);
        Assert.Equal("'foo_bar' twice", Wrong<WithEnum>().Found);
        Assert.StartsWith("NotNullable.Width: ", Wrong<NotNullable>().Message, StringComparison.Ordinal);
        Assert.StartsWith("Given.Width: ", Wrong<Given>().Message, StringComparison.Ordinal);
        Assert.Equal("a type without a public constructor", Wrong<Private>().Found);
        Assert.Equal("an abstract type", Wrong<Stream>().Found);
        Assert.Equal("Stream", Sample.Failure(() => new Parameter<Stream>("input")).Errors[0].Found);
    }

    private sealed record Checked(int Width)
    {
        public int Width { get; } =
            Width > 0 ? Width : throw new ArgumentOutOfRangeException(nameof(Width), "A positive width.");

        public int Hidden => 4 * Width;
    }

    [Fact]
    public void A_record_may_check_and_compute()
    {
        var definition = Module.Define<Checked>(
            "Checked",
            (m, a) => m.Child("layer", Layers.Linear(a.Width, a.Hidden))
        );
        var model = Layers.LayerList(definition.Create(new(2)));

        Assert.Equal(8, model.Argument<int>("0.layer", "out_features"));
        var error = Sample.Failure(() => model.Select(0).Configure("width", -1).Tags).Errors[0];
        Assert.Equal((ErrorKind.WrongValue, "0", "-1"), (error.Kind, error.Tag, error.Found));
        Assert.Contains("A positive width.", error.Message, StringComparison.Ordinal);
        Assert.Contains("'width'", error.Message, StringComparison.Ordinal);
    }

    private sealed record Affine([Inferred] int? Features, double Offset = 1);

    private sealed class Shifting(double by) : TorchSharp.torch.nn.Module<Tensor, Tensor>(nameof(Shifting))
    {
        public override Tensor forward(Tensor input) => input + by;
    }

    [Fact]
    public void A_layer_that_torch_makes_takes_a_record_too()
    {
        var layer = Module
            .Define<Affine>("Affine")
            .Documentation("x + offset")
            .Infer(a => a.Features, input => input[^1])
            .Shape((a, input) => input[^1] == a.Features ? input : throw new ShapeMismatchException("other"));
        var lowerings = Lowerings.Standard.Add(layer, a => new Shifting(a.Offset + a.Features!.Value));
        var spec = layer.Create(new(null)).Configure(a => a.Offset, 0.5);
        using var net = spec.Build(new() { Device = "cpu", Lowerings = lowerings }, 2, 3);
        using var input = TorchSharp.torch.ones(3);
        using var output = net.call(input);

        Assert.Equal([4.5f, 4.5f, 4.5f], output.data<float>().ToArray());
        Assert.Equal("x + offset", layer.Documentation);
        Assert.Equal(new Shape(2, 3), spec.InferShape(2, 3));
        Assert.Equal(
            ErrorKind.WrongShape,
            Sample.Failure(() => spec.Configure(a => a.Features, 4).InferShape(2, 3)).Kind
        );
    }

    [Fact]
    public void A_value_of_another_type_than_asked_for_is_told_in_words()
    {
        var arguments = Block.Create(new(32)).Tree.Arguments;

        Assert.Equal("a text", Sample.Failure(() => arguments.Get<string>("features")).Errors[0].Expected);
        Assert.Equal(
            "a list, each item an int",
            Sample.Failure(() => arguments.Get<IReadOnlyList<long>>("features")).Errors[0].Expected
        );
    }

    [Fact]
    public void What_is_added_to_a_definition_keeps_its_record()
    {
        var definition = Block
            .WithBase(Registry.Standard.Definitions["SequentialBlock"])
            .WithStyle(ModuleAction.AfterInit("open", (_, m) => m.At("gate").Configure("bias", true)))
            .WithExtra(arguments => $"features={arguments.Get<int>("features")}");
        var block = definition.Create(new(8)).Configure(a => a.Dropout, 0.5);

        Assert.True(block.Style("open").Argument<bool>("gate", "bias"));
        Assert.Equal(0.5, block.Get(a => a.Dropout));
    }
}
