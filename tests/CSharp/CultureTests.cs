using System.Globalization;
using static Deeplay.Selector;

namespace Deeplay.Tests;

/// <summary>What is read and printed is the same on every machine: Hebrew, Arabic and Persian write the minus with
/// signs of their own, Persian, German and Turkish the decimal point, and Turkish has an i without a dot.</summary>
public class CultureTests
{
    public static TheoryData<string> Cultures => ["he-IL", "fa-IR", "ar-SA", "tr-TR", "de-DE", "another"];

    private static CultureInfo Culture(string name)
    {
        if (name != "another")
            return new CultureInfo(name);
        // As strange as any, also where a machine has no cultures installed.
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NegativeSign = "~";
        culture.NumberFormat.NumberDecimalSeparator = "!";
        culture.NumberFormat.PositiveInfinitySymbol = "much";
        return culture;
    }

    private static T In<T>(CultureInfo culture, Func<T> work)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = culture;
        try
        {
            return work();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static string Error(Func<object?> work) => Sample.Failure(work).Message;

    /// <summary>Every kind of text there is, with negative numbers and fractions wherever they can be.</summary>
    private static string[] Texts()
    {
        var mlp = Sample.Mlp;
        var net = Layers
            .Sequential(
                Layers.Linear(3, 4),
                Layers.LeakyReLU(negativeSlope: 0.25),
                Layers.Flatten(startDim: -2, endDim: -1),
                Layers.Softmax(dim: -1)
            )
            .Select("1")
            .Configure("negative_slope", -1.5)
            .Append(Layers.Dropout(0.125));
        var own = ModuleSpec
            .Define("Own")
            .Parameter("shift", -2.5)
            .Init(m =>
                m.Forward(x =>
                    (x.Softmax(-1).Narrow(-1, -2, 1).Transpose(-1, -2) * -0.5).Reshape(-1, 2).Mean(-1)
                )
            )
            .Create(new { shift = -7.25 });
        return
        [
            string.Join(" ", mlp.Select("blocks/:-1/activation").Names),
            string.Join(" ", mlp.Select("blocks/-1/layer").Names),
            string.Join(" ", mlp.Select("blocks/::-1#-1").Names),
            ((Segment)"blocks/-3:-1:-1#-2").ToString(),
            ((Segment)(-2)).ToString(),
            ((Segment)(^3..^1)).ToString(),
            net.ToString(),
            net.ToJson(),
            ModuleSpec.FromJson(net.ToJson()).ToString(),
            net.Tape.ToString(),
            net.Explain("1", "negative_slope").ToString(),
            Diff.Between(net, net.Undo()).ToString(),
            net.Summarize(2, 5, 3).ToString(),
            net.ToMermaid(),
            string.Join("\n", Layers.Flatten().Parameters),
            own.ToString(),
            own.Tree.Forward!,
            Error(() => Layers.Flatten(-3, -2).InferShape(1)),
            Error(() => Layers.Softmax(-9).InferShape(1, 2)),
            Error(() => Layers.Unflatten(-4, [-1, 2]).InferShape(1, 2)),
            Error(() => own.InferShape(2)),
            Error(() => Layers.Linear(3, -1)),
            Error(() => Layers.Dropout(-1.5)),
            Error(() => Layers.Linear(3, 4).InferShape(-5, 3)),
            Error(() => mlp.Select("blocks/-9").Configure("bias", -0.5)),
            Error(() => mlp.Select("blocks/1:2:0")),
            Error(() => mlp.Select("blocks").Call("append", new { name = -0.5 })),
            new Shape(-1, 2).ToString(),
        ];
    }

    [Theory]
    [MemberData(nameof(Cultures))]
    public void Every_text_is_the_same_in_every_culture(string name) =>
        Assert.Equal(In(CultureInfo.InvariantCulture, Texts), In(Culture(name), Texts));

    [Theory]
    [MemberData(nameof(Cultures))]
    public void The_selector_of_the_readme_selects_what_it_selects(string name) =>
        In(
            Culture(name),
            () =>
            {
                var mlp = Sample.Mlp;
                Assert.Equal(
                    ["blocks.0.activation", "blocks.1.activation"],
                    mlp.Select("blocks/:-1/activation").Names
                );
                Assert.Equal(["blocks.2.layer"], mlp.Select("blocks/-1/layer").Names);
                Assert.Equal(["blocks.2"], mlp.Select("blocks", -1).Names);
                Assert.Equal(["blocks.0.layer"], mlp.Select(Any, "layer#-3").Names);
                Assert.NotEqual(mlp, mlp.Select("blocks/-1/layer").AllowEmpty().Configure("bias", false));
                return 0;
            }
        );
}
