using System.Reflection;
using System.Text;

namespace Deeplay.Tests;

public class FactoryTests
{
    private static readonly Type[] Factories =
    [
        typeof(Layers),
        typeof(Blocks),
        typeof(Components),
        typeof(Models),
        typeof(Losses),
        typeof(Optimizers),
        typeof(Applications),
    ];

    // What other kinds are special cases of is never made itself.
    private static readonly HashSet<string> Bases = ["Layer", "Activation", "MergeOp", "Loss", "Optimizer"];

    private static IEnumerable<MethodInfo> Methods() =>
        Factories
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static))
            .Where(method => method.Name != "SequentialBlock" || method.GetParameters().Length > 1);

    public static TheoryData<string> Names() => [.. Methods().Select(method => method.Name)];

    private static string Snake(string name)
    {
        // Shorter than Deeplay's name, as nothing but a number of classes can be meant.
        if (name == "classes")
            return "num_classes";
        var text = new StringBuilder();
        foreach (var c in name)
            text.Append(char.IsUpper(c) ? "_" : "").Append(char.ToLowerInvariant(c));
        return text.ToString();
    }

    [Fact]
    public void Every_kind_of_the_library_has_a_factory() =>
        Assert.Equal(
            Registry.Standard.Definitions.Keys.Where(id => !Bases.Contains(id)).Order(StringComparer.Ordinal),
            Methods().Select(method => method.Name).Order(StringComparer.Ordinal)
        );

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_parameters_and_defaults_are_those_of_the_kind(string name)
    {
        var method = Methods().Single(m => m.Name == name);
        var definition = Registry.Standard.Definitions[name];
        var expected = definition.Parameters.ToDictionary(p => p.Name);

        Assert.Equal(
            expected.Keys.Order(StringComparer.Ordinal),
            method.GetParameters().Select(p => Snake(p.Name!)).Order(StringComparer.Ordinal)
        );
        foreach (var parameter in method.GetParameters().Where(p => p.HasDefaultValue))
        {
            var standard = expected[Snake(parameter.Name!)].Default;
            // Null says "not given" where the type has no constants, and where the kind has no default or null.
            if (parameter.DefaultValue is not null)
                Assert.Equal(standard, parameter.DefaultValue);
            else
                Assert.True(
                    standard is null or Unset || !IsConstant(parameter.ParameterType),
                    parameter.Name
                );
        }
    }

    private static bool IsConstant(Type type) =>
        (Nullable.GetUnderlyingType(type) ?? type) is var inner
        && (inner.IsPrimitive || inner == typeof(string));

    [Fact]
    public void Only_what_differs_from_the_default_is_recorded()
    {
        Assert.Equal(Layers.Linear(3, 4), Layers.Linear(3, 4, bias: true));
        var norm = Layers.BatchNorm1d(momentum: null);
        Assert.Null(norm.Argument<object>("", "momentum"));
        Assert.Equal(Origin.Argument, norm.Explain("momentum").Candidates[0].Origin);
        Assert.Equal(Origin.Default, norm.Explain("eps").Candidates[0].Origin);
    }

    [Fact]
    public void Sizes_are_numbers_pairs_or_lists()
    {
        Assert.Equal(Layers.Conv2d(1, 2, (3, 3)), Layers.Conv2d(1, 2, [3, 3]));
        Assert.Equal("same", Layers.Conv2d(1, 2, 3, padding: "same").Argument<string>("", "padding"));
        Assert.Equal([1L, 2L], Layers.Conv2d(1, 2, 3, padding: (1, 2)).Argument<long[]>("", "padding"));
        Assert.Equal([7L, null], Layers.AdaptiveAvgPool2d((7, null)).Argument<object?[]>("", "output_size"));
        Assert.Equal("[3, 5]", new Func<Sizes>(() => (3, 5))().ToString());
    }

    [Fact]
    public void Blocks_take_their_children_by_name() =>
        Assert.Equal(
            ["", "a", "b"],
            Blocks.SequentialBlock(("a", Layers.Linear(3, 4)), ("b", Layers.ReLU())).Tags
        );
}
