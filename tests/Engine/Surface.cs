using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Deeplay.Engine.Tests;

/// <summary>The public and protected members of an assembly, one a line, in the form of torchsharp-api.txt.</summary>
internal static class Surface
{
    private const BindingFlags Declared =
        BindingFlags.Public
        | BindingFlags.NonPublic
        | BindingFlags.Instance
        | BindingFlags.Static
        | BindingFlags.DeclaredOnly;

    /// <summary>Whether the engine under test is TorchSharp itself.</summary>
    internal static bool IsTorchSharp { get; } =
        typeof(TorchSharp.torch).Assembly.GetName().Name == "TorchSharp";

    internal static IEnumerable<string> Of(Assembly assembly) =>
        assembly.GetTypes().Where(IsVisible).SelectMany(type => Members(type).Prepend(TypeLine(type)));

    private static bool IsVisible(Type type) =>
        type.DeclaringType is null
            ? type.IsPublic
            : (type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem)
                && IsVisible(type.DeclaringType);

    private static string TypeLine(Type type)
    {
        var kind =
            type.IsEnum ? "enum : " + Name(Enum.GetUnderlyingType(type))
            : type.IsInterface ? "interface"
            : typeof(Delegate).IsAssignableFrom(type) ? "delegate"
            : type.IsValueType ? "struct"
            : type.IsAbstract && type.IsSealed ? "static class"
            : type.IsAbstract ? "abstract class"
            : type.IsSealed ? "sealed class"
            : "class";
        return $"{Name(type)} [type: {kind}]";
    }

    private static IEnumerable<string> Members(Type type)
    {
        var owner = Name(type);
        if (type.IsEnum)
            return Enum.GetNames(type)
                .Select(name =>
                    $"{owner}.{name} [enum value] = "
                    + Convert.ToInt64(Enum.Parse(type, name), CultureInfo.InvariantCulture)
                );
        var fields = type.GetFields(Declared)
            .Where(f => f.IsPublic || f.IsFamily || f.IsFamilyOrAssembly)
            .Select(f =>
            {
                var kind =
                    Access(f.IsPublic)
                    + (
                        f.IsLiteral ? " const"
                        : f.IsStatic ? " static"
                        : ""
                    )
                    + (f.IsInitOnly ? " readonly" : "");
                return $"{owner}.{f.Name} [{kind} field] : {Name(f.FieldType)}"
                    + (f.IsLiteral ? " = " + Default(f.GetRawConstantValue(), f.FieldType) : "");
            });
        var constructors = type.GetConstructors(Declared)
            .Where(c => !c.IsStatic && Shown(c))
            .Select(c => $"{owner}..ctor [{Access(c.IsPublic)} constructor] ({Parameters(c)})");
        var properties = type.GetProperties(Declared)
            .Where(p => p.GetAccessors(true).Any(Shown) && !p.GetAccessors(true).Any(IsExplicit))
            .Select(p => PropertyLine(owner, p));
        var methods = type.GetMethods(Declared)
            .Where(m =>
                Shown(m)
                && !IsExplicit(m)
                && (!m.IsSpecialName || m.Name.StartsWith("op_", StringComparison.Ordinal))
            )
            .Where(m => m.Name != "Finalize")
            .Select(m => MethodLine(owner, m));
        return fields.Concat(constructors).Concat(properties).Concat(methods);
    }

    private static bool Shown(MethodBase method) =>
        method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsExplicit(MethodInfo method) => method.IsPrivate || method.Name.Contains('.');

    private static string Access(bool isPublic) => isPublic ? "public" : "protected";

    private static string Modifiers(MethodInfo method)
    {
        if (method.IsStatic)
            return " static";
        if (method.DeclaringType!.IsInterface || !method.IsVirtual)
            return "";
        if (method.GetBaseDefinition() != method)
            return " override";
        if (method.IsAbstract)
            return " abstract";
        return method.IsFinal ? "" : " virtual";
    }

    private static string PropertyLine(string owner, PropertyInfo property)
    {
        var shown = property.GetAccessors(true).Where(Shown).ToList();
        var name =
            property.GetIndexParameters().Length > 0
                ? $"this[{string.Join(", ", property.GetIndexParameters().Select(Parameter))}]"
                : property.Name;
        var accessors =
            (shown.Contains(property.GetMethod!) ? "get; " : "")
            + (shown.Contains(property.SetMethod!) ? "set; " : "");
        return $"{owner}.{name} [{Access(shown.Any(a => a.IsPublic))}{Modifiers(shown[0])} property] {{ {accessors}}} : "
            + TopName(property.PropertyType, property);
    }

    private static string MethodLine(string owner, MethodInfo method)
    {
        var isOperator = method.Name.StartsWith("op_", StringComparison.Ordinal);
        var extension = method.IsDefined(typeof(ExtensionAttribute), false);
        var kind =
            $"{Access(method.IsPublic)}{Modifiers(method)} {(isOperator ? "operator" : extension ? "extension method" : "method")}";
        var generics = method.GetGenericArguments();
        var name = method.Name + (generics.Length > 0 ? $"<{string.Join(", ", generics.Select(Name))}>" : "");
        return $"{owner}.{name} [{kind}] ({(extension ? "this " : "")}{Parameters(method)}) -> "
            + TopName(method.ReturnType, method.ReturnParameter)
            + string.Concat(generics.Select(Constraint));
    }

    private static string Constraint(Type generic)
    {
        var limits = new List<string>();
        var attributes = generic.GenericParameterAttributes;
        if (generic.GetCustomAttributes().Any(a => a.GetType().Name == "IsUnmanagedAttribute"))
            limits.Add("unmanaged");
        else if (attributes.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint))
            limits.Add("struct");
        if (attributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint))
            limits.Add("class");
        limits.AddRange(
            generic.GetGenericParameterConstraints().Where(c => c != typeof(ValueType)).Select(Name)
        );
        if (
            attributes.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint)
            && !attributes.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint)
        )
            limits.Add("new()");
        return limits.Count == 0 ? "" : $" where {Name(generic)} : {string.Join(", ", limits)}";
    }

    private static string Parameters(MethodBase method) =>
        string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        var prefix = parameter.IsDefined(typeof(ParamArrayAttribute), false) ? "params " : "";
        if (type.IsByRef)
        {
            prefix = parameter.IsOut ? "out " : "ref ";
            type = type.GetElementType()!;
        }
        var text = $"{prefix}{TopName(type, parameter)} {parameter.Name}";
        return parameter.HasDefaultValue ? $"{text} = {Default(parameter.RawDefaultValue, type)}" : text;
    }

    private static string Default(object? value, Type type)
    {
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        if (value is null)
            return type.IsValueType && Nullable.GetUnderlyingType(type) is null ? "default" : "null";
        if (bare.IsEnum)
            return $"{Name(bare)}.{Enum.ToObject(bare, value)}";
        return value switch
        {
            bool b => b ? "true" : "false",
            string s => $"\"{s}\"",
            float f => f.ToString("R", CultureInfo.InvariantCulture) + "f",
            double d => d.ToString("R", CultureInfo.InvariantCulture),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
    }

    // The names of a tuple's elements are shown for the tuple itself, not inside other types.
    private static string TopName(Type type, ICustomAttributeProvider source)
    {
        var names = source
            .GetCustomAttributes(typeof(TupleElementNamesAttribute), false)
            .Cast<TupleElementNamesAttribute>()
            .FirstOrDefault()
            ?.TransformNames;
        if (names is null || Nullable.GetUnderlyingType(type) is not null || !IsTuple(type))
            return Name(type);
        return $"({string.Join(", ", type.GetGenericArguments().Select((t, k) => Name(t) + (names[k] is { } n ? " " + n : "")))})";
    }

    private static bool IsTuple(Type type) =>
        type.IsGenericType
        && type.Namespace == "System"
        && type.Name.StartsWith("ValueTuple`", StringComparison.Ordinal)
        && type.GetGenericArguments().All(argument => !argument.IsGenericParameter);

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(sbyte)] = "sbyte",
        [typeof(short)] = "short",
        [typeof(ushort)] = "ushort",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(char)] = "char",
        [typeof(string)] = "string",
        [typeof(object)] = "object",
        [typeof(void)] = "void",
        [typeof(IntPtr)] = "nint",
    };

    private static string Name(Type type)
    {
        if (Keywords.TryGetValue(type, out var keyword))
            return keyword;
        if (type.IsArray)
            return $"{Name(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        if (type.IsGenericParameter)
            return type.Name;
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return Name(underlying) + "?";
        var arguments = type.GetGenericArguments();
        if (
            type.IsGenericType
            && type.Namespace == "System"
            && type.Name.StartsWith("ValueTuple`", StringComparison.Ordinal)
        )
            return arguments.Any(a => a.IsGenericParameter)
                ? $"System.ValueTuple<{string.Join(", ", arguments.Select(Name))}>"
                : $"({string.Join(", ", arguments.Select(Name))})";
        return Qualified(type, arguments);
    }

    private static string Qualified(Type type, Type[] arguments)
    {
        var own = type.Name;
        var mark = own.IndexOf('`');
        var count = mark < 0 ? 0 : int.Parse(own[(mark + 1)..], CultureInfo.InvariantCulture);
        var before = arguments.Length - count;
        if (mark >= 0)
            own = $"{own[..mark]}<{string.Join(", ", arguments.Skip(before).Select(Name))}>";
        var outer = type.DeclaringType is { } declaring
            ? Qualified(declaring, arguments.Take(before).ToArray())
            : type.Namespace;
        return $"{outer}.{own}";
    }
}
