using System.Reflection;
using TorchSharp;

namespace Deeplay.Tests;

/// <summary>The face's names beside those that a TorchSharp program has in scope: <c>using TorchSharp</c>, <c>using
/// static</c> of torch, torch.nn and TensorExtensionMethods, and what the SDK uses by itself.</summary>
public class NameTests
{
    private static readonly Type[] Statics =
    [
        typeof(torch),
        typeof(torch.nn),
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
            .Where(t => t is { IsNested: false, Namespace: "TorchSharp" })
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

    private static IEnumerable<Type> Exported =>
        typeof(ModuleSpec)
            .Assembly.GetExportedTypes()
            .Where(type => !type.IsNested && type != typeof(Module));

    [Fact]
    public void No_type_of_the_face_has_the_name_of_one_of_TorchSharp() =>
        Assert.Equal([], Exported.Select(type => type.Name).Where(TypesInScope.Contains));

    // `Linear.Bias` is no access to a type where torch.nn's method `Linear` is in scope too. The typed keys of a kind have
    // its name all the same: there they are `Deeplay.Linear.Bias`, and torch's `Linear(3, 4)` is not in their way.
    [Fact]
    public void No_type_with_static_members_has_the_name_of_a_function_of_TorchSharp() =>
        Assert.Equal(
            [],
            Exported
                .Where(type => HasStatics(type) && !HoldsKeys(type))
                .Select(type => type.Name)
                .Where(MembersInScope.Contains)
        );

    [Fact]
    public void The_tests_would_find_one()
    {
        Assert.Subset(TypesInScope, new HashSet<string>(["Module", "Device", "Tensor", "Scalar", "Range"]));
        Assert.Subset(MembersInScope, new HashSet<string>(["Linear", "Parameter", "zeros"]));
        Assert.True(Exported.Count(HasStatics) > 15);
    }

    private static bool HoldsKeys(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly) is { } keys
        && keys.Length > 0
        && keys.All(key => key.PropertyType.IsSubclassOf(typeof(Parameter)));

    private static bool HasStatics(Type type) =>
        type.GetMembers(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Any(member => !member.Name.StartsWith("op_", StringComparison.Ordinal));
}
