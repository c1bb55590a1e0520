using System.Reflection;
using TorchSharp;

namespace Deeplay.Tests;

/// <summary>The face's names beside those that a TorchSharp program has in scope: <c>using TorchSharp</c>, <c>using
/// TorchSharp.Modules</c>, <c>using static</c> of torch, torch.nn, torch.nn.functional and TensorExtensionMethods, and what
/// the SDK uses by itself.</summary>
public class NameTests
{
    private static readonly Type[] Statics =
    [
        typeof(torch),
        typeof(torch.nn),
        typeof(torch.nn.functional),
        typeof(TensorExtensionMethods),
    ];

    private static readonly string[] Implicit =
    [
        "System",
        "System.IO",
        "System.Linq",
        "System.Net.Http",
        "System.Threading",
        "System.Threading.Tasks",
        "System.Collections.Generic",
    ];

    // `Linear`, not `Linear`1`, and the same with so many type parameters.
    private static HashSet<string> TypesInScope { get; } =
    [
        .. Statics.SelectMany(type => type.GetNestedTypes()).Select(type => type.Name),
        .. typeof(torch)
            .Assembly.GetExportedTypes()
            .Where(t => t is { IsNested: false, Namespace: "TorchSharp" or "TorchSharp.Modules" })
            .Select(type => type.Name),
        .. AppDomain
            .CurrentDomain.GetAssemblies()
            .Where(assembly => assembly.GetName().Name!.StartsWith("System.", StringComparison.Ordinal))
            .SelectMany(assembly => assembly.GetExportedTypes())
            .Where(type => !type.IsNested && Implicit.Contains(type.Namespace))
            .Select(type => type.Name),
    ];

    private static HashSet<string> MembersInScope { get; } =
    [
        .. Statics
            .SelectMany(type => type.GetMembers(BindingFlags.Public | BindingFlags.Static))
            .Where(member => member is not Type)
            .Select(member => member.Name),
    ];

    // `Module` has a second name for such programs, `ModuleSpec`, and the keys of a kind, `Linear.Bias`, are in `Keys` too.
    private static IEnumerable<Type> Exported =>
        typeof(ModuleSpec)
            .Assembly.GetExportedTypes()
            .Where(type => !type.IsNested && type != typeof(Module) && !Keys(type).Any());

    [Fact]
    public void No_type_of_the_face_has_the_name_of_one_of_TorchSharp() =>
        Assert.Equal([], Exported.Select(type => type.Name).Where(TypesInScope.Contains));

    // `Linear.Bias` is no access to a type where torch.nn's method `Linear` is in scope too.
    [Fact]
    public void No_type_with_static_members_has_the_name_of_a_function_of_TorchSharp() =>
        Assert.Equal([], Exported.Where(HasStatics).Select(type => type.Name).Where(MembersInScope.Contains));

    [Fact]
    public void Every_key_can_be_named_beside_TorchSharp()
    {
        var face = typeof(ModuleSpec).Assembly;
        var plain = face.GetExportedTypes().Where(type => !type.IsNested).SelectMany(Keys).ToList();
        var held = typeof(Deeplay.Keys).GetNestedTypes().SelectMany(Keys).ToList();

        Assert.True(plain.Count > 200, $"There are {plain.Count} keys alone.");
        Assert.Equal(
            plain.Select(key => (key.Name, key.GetValue(null))).ToHashSet(),
            held.Select(key => (key.Name, key.GetValue(null))).ToHashSet()
        );
    }

    [Fact]
    public void Module_has_the_functions_of_ModuleSpec_that_begin_a_definition() =>
        Assert.Equal(Definers(typeof(ModuleSpec)), Definers(typeof(Module)));

    private static IEnumerable<string> Definers(Type type) =>
        type.GetMethods().Where(method => method.Name == nameof(Module.Define)).Select(m => $"{m}").Order();

    [Fact]
    public void The_tests_would_find_one()
    {
        Assert.Subset(TypesInScope, new HashSet<string>(["Module", "Device", "Tensor", "Scalar", "Range"]));
        Assert.Subset(MembersInScope, new HashSet<string>(["Linear", "Parameter", "zeros"]));
        Assert.True(Exported.Count(HasStatics) > 15);
    }

    private static IEnumerable<PropertyInfo> Keys(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Where(key => key.PropertyType.IsSubclassOf(typeof(ModuleParameter)));

    private static bool HasStatics(Type type) =>
        type.GetMembers(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Any(member => !member.Name.StartsWith("op_", StringComparison.Ordinal));
}
