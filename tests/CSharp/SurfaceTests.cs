using System.Reflection;

namespace Deeplay.Tests;

public class SurfaceTests
{
    private static readonly Type[] Face =
    [
        .. typeof(ModuleSpec).Assembly.GetExportedTypes(),
        .. typeof(Picture).Assembly.GetExportedTypes(),
        .. typeof(Images.ImageFile).Assembly.GetExportedTypes(),
    ];

    private const BindingFlags Everything =
        BindingFlags.Public
        | BindingFlags.NonPublic
        | BindingFlags.Instance
        | BindingFlags.Static
        | BindingFlags.DeclaredOnly;

    private static bool IsVisible(MethodBase? method) =>
        method is { IsPublic: true } or { IsFamily: true } or { IsFamilyOrAssembly: true };

    private static IEnumerable<MethodBase> Methods(Type type) =>
        type.GetMethods(Everything)
            .Cast<MethodBase>()
            .Concat(type.GetConstructors(Everything))
            .Where(IsVisible);

    private static IEnumerable<(string Where, Type Type)> Signatures()
    {
        foreach (var type in Face)
        {
            if (type.BaseType is { } parent)
                yield return (type.Name, parent);
            foreach (var contract in type.GetInterfaces())
                yield return (type.Name, contract);
            foreach (var method in Methods(type))
            {
                foreach (var parameter in method.GetParameters())
                    yield return ($"{type.Name}.{method.Name}", parameter.ParameterType);
                if (method is MethodInfo info)
                    yield return ($"{type.Name}.{method.Name}", info.ReturnType);
            }
            foreach (var field in type.GetFields(Everything).Where(f => f.IsPublic || f.IsFamily))
                yield return ($"{type.Name}.{field.Name}", field.FieldType);
        }
    }

    private static IEnumerable<Type> Parts(Type type) =>
        type.HasElementType ? Parts(type.GetElementType()!)
        : type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Prepend(type)
        : [type];

    // The core's and F#'s types stay behind the face.
    private static bool IsForeign(Type type) =>
        type.Assembly.GetName().Name
            is "FSharp.Core"
                or "Deeplay.Core"
                or "Deeplay.Library"
                or "Deeplay.Torch"
                or "Deeplay.Plots";

    [Fact]
    public void No_type_of_FSharp_or_of_the_core_is_in_a_public_signature()
    {
        var found =
            from signature in Signatures()
            from part in Parts(signature.Type)
            where IsForeign(part)
            select $"{signature.Where}: {part}";

        Assert.Empty(found);
        Assert.True(Signatures().Count() > 500, "The test looks at nothing.");
    }

    [Fact]
    public void The_test_would_find_one() =>
        Assert.Contains(Parts(typeof(List<Microsoft.FSharp.Collections.FSharpList<int>[]>)), IsForeign);

    [Fact]
    public void Names_are_those_of_CSharp()
    {
        Assert.All(Face, type => Assert.True(char.IsUpper(type.Name[0]), type.Name));
        var parameters = Face.SelectMany(Methods)
            .SelectMany(method => method.GetParameters())
            .Where(parameter => parameter.Member.DeclaringType is { } type && !IsRecord(type));
        Assert.All(parameters, p => Assert.True(char.IsLower(p.Name![0]), $"{p.Member.Name}: {p.Name}"));
    }

    private static bool IsRecord(Type type) => type.GetMethod("PrintMembers", Everything) is not null;

    [Fact]
    public void Every_changing_call_takes_the_callers_place()
    {
        var changes = typeof(Editable)
            .GetMethods(Everything)
            .Where(method => method.IsPublic && method.ReturnType == typeof(ModuleSpec));

        Assert.All(
            changes,
            method =>
                Assert.Equal(
                    ["file", "line"],
                    method.GetParameters()[^2..].Select(parameter => parameter.Name)
                )
        );
    }
}
