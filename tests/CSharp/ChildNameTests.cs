using System.Numerics;

namespace Deeplay.Tests;

/// <summary>Names that can be attached can be selected, and a path is the same path with dots and with
/// slashes.</summary>
public class ChildNameTests
{
    private static ModuleSpec Holder(string name) =>
        ModuleSpec
            .Define("Holder")
            .Init(m =>
            {
                var child = m.Child(name, Components.MultiLayerPerceptron(3, [4], 2));
                return m.Forward(x => child.Call(x));
            })
            .Create();

    [Theory]
    [InlineData("#0")]
    [InlineData("a|b")]
    [InlineData("a,b")]
    [InlineData("a:b")]
    [InlineData(" a ")]
    [InlineData("...")]
    [InlineData("*")]
    [InlineData("**")]
    [InlineData("a.b")]
    [InlineData("a/b")]
    [InlineData("[a]")]
    [InlineData("@a")]
    [InlineData("-1")]
    [InlineData("")]
    public void A_name_that_no_selector_can_say_is_refused(string name)
    {
        var failure = Sample.Failure(() => Holder(name).Tree);

        Assert.Equal(ErrorKind.WrongStructure, failure.Kind);
        Assert.Contains("letters, digits, '_' and '-'", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("0")]
    [InlineData("conv-1")]
    [InlineData("_hidden")]
    [InlineData("größe")]
    [InlineData("層")]
    [InlineData("स्तर")]
    [InlineData("٣")]
    public void Every_other_name_selects_its_module(string name)
    {
        Assert.Equal([$"{name}.blocks.0"], Holder(name).Select($"{name}/blocks/0").Names);
        Assert.Equal([name], Holder(name).Select($"{name}#0").Names);
        Assert.Contains(name, Holder(name).Select(Selector.Any, name).Names);
    }

    [Theory]
    [InlineData("a.blocks.0.layer")]
    [InlineData("a/blocks/0/layer")]
    [InlineData("a/blocks.0/layer")]
    public void A_path_has_dots_or_slashes(string path)
    {
        var spec = Holder("a").Select(path).Configure("bias", false);

        Assert.False(spec.Argument<bool>(path, "bias"));
        Assert.Equal("a.blocks.0.layer.bias", spec.Explain(path, "bias").ToString().Split(' ')[0]);
        Assert.Equal("a.blocks.0.layer", spec.Tree[path].Tag);
    }

    [Theory]
    [InlineData("blocks.0.layer")]
    [InlineData("blocks/0/layer")]
    public void An_init_reaches_below_with_dots_or_slashes(string path)
    {
        ModuleSpec Configured(Action<ModuleBuilder, Child> configure) =>
            ModuleSpec
                .Define("Holder")
                .Init(m =>
                {
                    var child = m.Child("a", Components.MultiLayerPerceptron(3, [4], 2));
                    configure(m, child);
                    return m.Forward(x => child.Call(x));
                })
                .Create();

        Assert.False(
            Configured((m, a) => a[path].Configure("bias", false)).Argument<bool>("a." + path, "bias")
        );
        Assert.False(
            Configured((m, a) => m.At("a/" + path).Configure("bias", false))
                .Argument<bool>("a." + path, "bias")
        );
    }

    [Fact]
    public void Null_is_no_path_and_no_selector()
    {
        var mlp = Sample.Mlp;

        Assert.Throws<ArgumentNullException>(() => mlp.Select((string)null!));
        Assert.Throws<ArgumentNullException>(() => mlp.Select((Segment)null!));
        Assert.Throws<ArgumentNullException>(() => mlp.Select((Segment[])null!));
        Assert.Throws<ArgumentNullException>(() => mlp.Select("blocks").Select((string)null!));
        Assert.Throws<ArgumentNullException>(() => mlp.Argument<bool>(null!, "bias"));
        Assert.Throws<ArgumentNullException>(() => mlp.Tree[null!]);
    }

    public static TheoryData<object> Threes =>
        [
            (sbyte)3,
            (byte)3,
            (short)3,
            (ushort)3,
            3,
            3u,
            3L,
            3ul,
            (nint)3,
            (nuint)3,
            (Int128)3,
            (UInt128)3,
            new BigInteger(3),
        ];

    [Theory]
    [MemberData(nameof(Threes))]
    public void A_whole_number_of_every_type_is_a_whole_number(object three) =>
        Assert.Equal(3, Layers.Linear(1, 1).Configure("in_features", three).Argument<int>("", "in_features"));

    public static TheoryData<object> Halves => [0.5, 0.5f, (Half)0.5, 0.5m];

    [Theory]
    [MemberData(nameof(Halves))]
    public void A_fraction_of_every_type_is_a_fraction(object half) =>
        Assert.Equal(0.5, Layers.Dropout().Configure("p", half).Argument<double>("", "p"));

    private enum Interpolation
    {
        nearest,
        bilinear,
    }

    [Fact]
    public void A_case_of_an_enum_is_its_name() =>
        Assert.Equal(
            "bilinear",
            Layers
                .Upsample(scaleFactor: 2)
                .Configure("mode", Interpolation.bilinear)
                .Argument<string>("", "mode")
        );

    [Fact]
    public void A_fraction_is_the_one_that_was_written() =>
        Assert.Equal(0.1, Layers.Dropout().Configure("p", 0.1f).Argument<double>("", "p"));

    public static TheoryData<object> TooLarge =>
        [ulong.MaxValue, Int128.MaxValue, UInt128.MaxValue, BigInteger.Pow(10, 40), -BigInteger.Pow(10, 40)];

    [Theory]
    [MemberData(nameof(TooLarge))]
    public void A_whole_number_beyond_64_bits_is_an_error_that_says_it(object number)
    {
        var failure = Sample.Failure(() => Layers.Linear(1, 1).Configure("in_features", number));

        Assert.Contains("64 bits", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"{number}", failure.Message, StringComparison.Ordinal);
    }
}
