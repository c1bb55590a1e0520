using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Xml.Linq;

namespace Deeplay.Tests;

/// <summary>Law 14: every kind of the library has a factory with its names, defaults and documentation.</summary>
public class FactoryTests
{
    internal static readonly Type[] Factories =
    [
        typeof(Layers),
        typeof(Blocks),
        typeof(Components),
        typeof(Models),
        typeof(Losses),
        typeof(Optimizers),
        typeof(Metrics),
        typeof(Schedules),
        typeof(Applications),
    ];

    // What other kinds are special cases of is never made itself.
    private static readonly HashSet<string> Bases =
    [
        "Layer",
        "Activation",
        "MergeOp",
        "Loss",
        "Optimizer",
        "Metric",
        "LRScheduler",
        "Application",
        "Trainable",
        "RNNBase",
    ];

    private static readonly IReadOnlyDictionary<string, ModuleDefinition> Kinds = Registry
        .Standard.Definitions.Where(pair => !Bases.Contains(pair.Key))
        .ToDictionary(pair => pair.Key, pair => pair.Value);

    private static readonly MethodInfo[] Methods =
    [
        .. Factories.SelectMany(type =>
            type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
        ),
    ];

    private static readonly XElement[] Documented =
    [
        .. XDocument
            .Load(Path.ChangeExtension(typeof(Layers).Assembly.Location, ".xml"))
            .Descendants("member"),
    ];

    public static TheoryData<string> Ids() => [.. Kinds.Keys];

    private static int Priority(MethodInfo method) =>
        method.GetCustomAttribute<OverloadResolutionPriorityAttribute>()?.Priority ?? 0;

    // The one that calls by place mean: it takes every parameter.
    private static MethodInfo Factory(string id) =>
        Methods.Where(method => method.Name == id && !IsOfPairs(method)).OrderByDescending(Priority).First();

    private static bool IsOfPairs(MethodInfo method) =>
        method.GetParameters() is [{ ParameterType: { IsArray: true } type }]
        && typeof(ITuple).IsAssignableFrom(type.GetElementType());

    private static string Snake(string name)
    {
        // Shorter than Deeplay's name, as nothing but a number of classes can be meant.
        if (name == "classes")
            return "num_classes";
        // A letter of PyTorch's that stays large.
        if (name is ['t', (>= 'A' and <= 'Z') or (>= '0' and <= '9'), ..])
            return "T_" + char.ToLowerInvariant(name[1]) + name[2..];
        var text = new StringBuilder();
        foreach (var c in name)
            text.Append(char.IsUpper(c) ? "_" : "").Append(char.ToLowerInvariant(c));
        return text.ToString();
    }

    [Fact]
    public void Every_kind_of_the_library_has_a_factory() =>
        Assert.Equal(
            Kinds.Keys.Order(StringComparer.Ordinal),
            Methods.Select(method => method.Name).Distinct().Order(StringComparer.Ordinal)
        );

    [Theory]
    [MemberData(nameof(Ids))]
    public void Its_parameters_and_defaults_are_those_of_the_kind_in_their_order(string id)
    {
        var expected = Kinds[id].Parameters;
        var found = Factory(id).GetParameters();

        Assert.Equal(expected.Select(p => p.Name), found.Select(p => Snake(p.Name!)));
        foreach (var (parameter, standard) in found.Zip(expected.Select(p => p.Default)))
            // Null says "not given" where the type has no constants, and where the kind has no default or null.
            if (parameter is { HasDefaultValue: true, DefaultValue: { } value })
                Assert.Equal(standard, value);
            else if (parameter.HasDefaultValue)
                Assert.True(
                    standard is null or Unset || !IsConstant(parameter.ParameterType),
                    parameter.Name
                );
            else
                Assert.True(
                    standard is null or Unset || parameter.IsDefined(typeof(ParamArrayAttribute)),
                    parameter.Name
                );
    }

    private static bool IsConstant(Type type) =>
        (Nullable.GetUnderlyingType(type) ?? type) is var inner
        && (inner.IsPrimitive || inner == typeof(string));

    [Theory]
    [MemberData(nameof(Ids))]
    public void Its_documentation_is_that_of_the_kind(string id)
    {
        var factory = Factory(id);
        var written = Documented.First(member =>
            Squeezed(member.Attribute("name")!.Value)
                .StartsWith($"M:Deeplay.{factory.DeclaringType!.Name}.{id}", StringComparison.Ordinal)
            && member.Elements("param").Count() == factory.GetParameters().Length
        );

        Assert.StartsWith(
            InCSharp(Kinds[id], Kinds[id].Documentation),
            Squeezed(written.Element("summary")!.Value),
            StringComparison.Ordinal
        );
        Assert.NotEmpty(Kinds[id].Shapes);
        Assert.NotEmpty(Kinds[id].Sources);
        var remarks = Squeezed(written.Element("remarks")!.Value);
        Assert.Contains("Shapes: ", remarks, StringComparison.Ordinal);
        Assert.All(Kinds[id].Sources, source => Assert.Contains(source, remarks, StringComparison.Ordinal));
        Assert.NotNull(written.Element("exception"));
        foreach (var (parameter, element) in Kinds[id].Parameters.Zip(written.Elements("param")))
        {
            Assert.Equal(parameter.Name, Snake(element.Attribute("name")!.Value));
            Assert.StartsWith(
                InCSharp(Kinds[id], parameter.Documentation),
                Squeezed(element.Value),
                StringComparison.Ordinal
            );
        }
    }

    // The library's texts name parameters as PyTorch does.
    private static string InCSharp(ModuleDefinition kind, string text)
    {
        foreach (var (parameter, argument) in kind.Parameters.Zip(Factory(kind.Id).GetParameters()))
            if (parameter.Name.Contains('_', StringComparison.Ordinal))
                text = text.Replace(parameter.Name, argument.Name, StringComparison.Ordinal);
        return Squeezed(text).TrimEnd('.');
    }

    private static string Squeezed(string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    [Theory]
    [MemberData(nameof(Ids))]
    public void Its_keys_are_those_of_the_kind(string id)
    {
        var type =
            typeof(Layers).Assembly.GetType($"Deeplay.{id}")
            ?? typeof(Layers).Assembly.GetType($"Deeplay.{id}Keys");
        var keys =
            type?.GetProperties(BindingFlags.Public | BindingFlags.Static)
                .Select(property => (ModuleParameter)property.GetValue(null)!)
            ?? [];

        Assert.Equal(
            Kinds[id].Parameters.Select(p => (p.Name, p.Type, p.Documentation)),
            keys.Select(key => (key.Name, key.Type, key.Documentation))
        );
    }

    [Fact]
    public void Every_method_and_style_of_the_library_is_one_of_what_can_be_changed()
    {
        var edits = typeof(Editable).GetMethods().ToLookup(method => method.Name);
        var actions = Kinds
            .Values.SelectMany(kind => kind.Methods.Concat(kind.Styles))
            .GroupBy(action => action.Id)
            .ToArray();

        Assert.True(actions.Length > 10);
        foreach (var action in actions)
        {
            var name = CultureInfo.InvariantCulture.TextInfo.ToTitleCase(action.Key.Replace('_', ' '));
            var method = Assert.Single(edits[name.Replace(" ", "", StringComparison.Ordinal)]);
            // What several kinds do under one name takes the arguments that any of them takes; those of all come first.
            Assert.Equal(
                action
                    .SelectMany(one => one.Parameters)
                    .Select(p => p.Name)
                    .Distinct()
                    .OrderBy(name => action.Any(one => one.Parameters.All(p => p.Name != name))),
                method.GetParameters()[..^2].Select(p => Snake(p.Name!))
            );
        }
    }

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
    public void Blocks_and_outputs_can_be_named_in_pairs()
    {
        Assert.Equal(
            ["", "a", "b"],
            Blocks.SequentialBlock(("a", Layers.Linear(3, 4)), ("b", Layers.ReLU())).Tags
        );
        Assert.Equal(
            Layers.Parallel([Layers.Linear(3, 4), Layers.ReLU()], ["a", "b"]),
            Layers.Parallel(("a", Layers.Linear(3, 4)), ("b", Layers.ReLU()))
        );
    }
}
