using System.Reflection;

namespace Deeplay;

/// <summary>What a parameter takes whose values are of a .NET type.</summary>
internal static class ParameterTypes
{
    /// <summary>The types that there are, in words.</summary>
    public const string Allowed =
        "bool, int, long, float, double, string, an enum, Sizes, ModuleSpec, TensorFunction, an array or IReadOnlyList of "
        + "them, one of them that may be null, or object";

    /// <summary>The type of a parameter; a type that can't be one is an error that names <paramref name="path"/>.
    /// Whether a reference may be null is known for members of a record alone.</summary>
    public static Core.ParameterType Of(string path, Type type, NullabilityInfo? nullability = null) =>
        Find(type, nullability)
        ?? throw Interop.Malformed(path, $"a type that a parameter can have ({Allowed})", Words(type));

    /// <summary>The values of a type, in the words of a parameter's.</summary>
    public static string InWords(Type type) =>
        Find(type, null) is { } found ? Core.ValueModule.describeType(found) : $"a {Words(type)}";

    private static Core.ParameterType? Find(Type type, NullabilityInfo? nullability) =>
        Nullable.GetUnderlyingType(type) is { } inner ? OrNull(Plain(inner, null))
        : !type.IsValueType && nullability?.ReadState == NullabilityState.Nullable
            ? OrNull(Plain(type, nullability))
        : Plain(type, nullability);

    private static Core.ParameterType? OrNull(Core.ParameterType? type) =>
        type is null || type.IsAnyType ? type : Core.ParameterType.NewOrNull(type);

    private static Core.ParameterType? Plain(Type type, NullabilityInfo? nullability) =>
        type == typeof(bool) ? Core.ParameterType.BoolType
        : type == typeof(int) || type == typeof(long) ? Core.ParameterType.IntType
        : type == typeof(float) || type == typeof(double) ? Core.ParameterType.FloatType
        : type == typeof(string) ? Core.ParameterType.TextType
        : type.IsEnum && !type.IsDefined(typeof(FlagsAttribute), false)
            ? Core.ParameterType.NewOneOf(Interop.List(ParameterNames.Texts(type).Keys))
        : type == typeof(ModuleSpec) ? Core.ParameterType.ModuleType
        : type == typeof(TensorFunction) ? Core.ParameterType.FunctionType
        : type == typeof(Sizes) ? Core.ParameterType.IntOrInts
        : type == typeof(object) ? Core.ParameterType.AnyType
        : type.IsSZArray ? ListOf(type.GetElementType()!, nullability?.ElementType)
        : type.IsGenericType && type.GetGenericArguments() is [var item] && IsList(type, item)
            ? ListOf(item, nullability?.GenericTypeArguments[0])
        : null;

    private static Core.ParameterType? ListOf(Type item, NullabilityInfo? nullability) =>
        Find(item, nullability) is { } found ? Core.ParameterType.NewListOf(found) : null;

    private static bool IsList(Type type, Type item) => type.IsAssignableFrom(item.MakeArrayType());

    private static string Words(Type type) =>
        type.IsGenericType
            ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Words))}>"
        : type.IsSZArray ? $"{Words(type.GetElementType()!)}[]"
        : type.IsEnum ? $"{type.Name}, an enum of flags"
        : type.Name;
}
