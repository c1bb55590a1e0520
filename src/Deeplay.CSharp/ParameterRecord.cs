using System.ComponentModel;
using System.Reflection;

namespace Deeplay;

/// <summary>The parameters of a definition as an author's record: those of its constructor.</summary>
internal sealed class ParameterRecord
{
    private sealed record Member(PropertyInfo Property, Core.Parameter Parameter);

    private readonly ConstructorInfo constructor;
    private readonly IReadOnlyList<Member> members;

    private ParameterRecord(ConstructorInfo constructor, IReadOnlyList<Member> members) =>
        (this.constructor, this.members) = (constructor, members);

    /// <summary>The parameters, in the order of the constructor.</summary>
    public IEnumerable<ModuleParameter> Parameters =>
        members.Select(member => new Parameter<object>(member.Parameter));

    /// <summary>Reads a type. What can't be a parameter is an error that names the record and the property.</summary>
    public static ParameterRecord Of(Type type)
    {
        var constructor = Constructor(type);
        var nullability = new NullabilityInfoContext();
        Member[] members = [.. constructor.GetParameters().Select(given => Read(type, given, nullability))];

        foreach (var same in members.GroupBy(member => member.Parameter.Name).Where(same => same.Count() > 1))
            throw Wrong(
                type,
                same.Last().Property.Name,
                "a name of its own",
                $"'{same.Key}', as of {same.First().Property.Name}"
            );
        foreach (var property in type.GetProperties().Where(p => p.CanWrite))
            if (members.All(member => member.Property.Name != property.Name))
                throw Wrong(type, property.Name, "a parameter of the constructor", "a property beside it");
        return new(constructor, members);
    }

    /// <summary>The record with the values of arguments. One that is not set is an error, unless it is inferred.</summary>
    public T Make<T>(ModuleArguments arguments)
    {
        object?[] values = [.. members.Select(member => Read(member, arguments))];
        try
        {
            return (T)constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, values, null);
        }
        catch (ArgumentException refused)
        {
            // The record's own check: its parameter's name is in the exception, where it says one.
            var inner = arguments.Inner;
            var member = members.FirstOrDefault(m => m.Property.Name == refused.ParamName);
            var name = member?.Parameter.Name ?? "the arguments";
            var found = member is null ? $"{arguments}" : Core.ValueModule.print(inner[name]);
            throw Interop.Failure(
                Core.Error.NewWrongValue(inner.Tag, inner.Kind, name, refused.Message, found)
            );
        }
    }

    /// <summary>What a record says: the arguments that are not the default.</summary>
    public IEnumerable<Tuple<string, Core.Value>> Arguments(object record) =>
        from member in members
        let value = Values.From(member.Property.GetValue(record))
        where !value.Equals(member.Parameter.Default) && !(member.Parameter.IsInferred && value.IsNull)
        select Tuple.Create(member.Parameter.Name, value);

    /// <summary>The parameter that <c>a => a.Dropout</c> means.</summary>
    public Core.Parameter this[LambdaExpression key] => Find(key).Parameter;

    /// <summary>The value of the property that <c>a => a.Dropout</c> means.</summary>
    public object? Read(LambdaExpression key, ModuleArguments arguments) => Read(Find(key), arguments);

    private Member Find(LambdaExpression key)
    {
        var body = key.Body is UnaryExpression { NodeType: ExpressionType.Convert } cast
            ? cast.Operand
            : key.Body;
        var found = body is MemberExpression { Expression: ParameterExpression } access
            ? members.FirstOrDefault(member => member.Property.Name == access.Member.Name)
            : null;
        return found
            ?? throw Interop.Malformed(
                "key",
                $"one of {string.Join(", ", members.Select(member => $"a => a.{member.Property.Name}"))}",
                key.ToString()
            );
    }

    private static object? Read(Member member, ModuleArguments arguments)
    {
        var value = arguments.Inner[member.Parameter.Name];
        var type = member.Property.PropertyType;
        return value.IsNull || (value.IsUnset && member.Parameter.IsInferred)
            ? null
            : arguments.Get(member.Parameter.Name, Nullable.GetUnderlyingType(type) ?? type);
    }

    private static ConstructorInfo Constructor(Type type)
    {
        var candidates = type.GetConstructors()
            .Where(found => found.GetParameters() is not [var only] || only.ParameterType != type)
            .GroupBy(found => found.GetParameters().Length)
            .MaxBy(same => same.Key);
        return candidates?.Count() == 1 && !type.IsAbstract
            ? candidates.Single()
            : throw Interop.Malformed(
                type.Name,
                "a record: record Gated(int Features, double Dropout = 0.1)",
                type.IsAbstract ? "an abstract type"
                    : candidates is null ? "a type without a public constructor"
                    : "several constructors of as many parameters"
            );
    }

    private static Member Read(Type type, ParameterInfo given, NullabilityInfoContext nullability)
    {
        const BindingFlags anyCase = BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase;
        var property = type.GetProperty(given.Name!) ?? type.GetProperty(given.Name!, anyCase);
        if (property is null || property.PropertyType != given.ParameterType)
            throw Wrong(type, given.Name!, "a property of the same name and type", "none");

        var info = nullability.Create(given);
        var kind = ParameterTypes.Of($"{type.Name}.{property.Name}", given.ParameterType, info);
        var standard = Default(given);
        if (standard.IsNull && !kind.IsOrNull && !kind.IsAnyType)
            kind = Core.ParameterType.NewOrNull(kind);
        var inferred = Attribute<InferredAttribute>(given, property) is not null;
        if (inferred && (!kind.IsOrNull || !(standard.IsNull || standard.IsUnset)))
            throw Wrong(
                type,
                property.Name,
                "what is [Inferred] to be nullable, with no default but null",
                kind.IsOrNull ? $"the default {given.DefaultValue}" : "a type without null"
            );
        return new(
            property,
            new Core.Parameter(
                ParameterNames.Of(property.Name),
                inferred ? ((Core.ParameterType.OrNull)kind).Item : kind,
                inferred ? Core.Value.Unset : standard,
                Attribute<DescriptionAttribute>(given, property)?.Description ?? "",
                Core.Parameter.Unchecked,
                inferred
            )
        );
    }

    // The default of a struct, `Sizes size = default`, is null to reflection.
    private static Core.Value Default(ParameterInfo given) =>
        !given.HasDefaultValue ? Core.Value.Unset
        : given.DefaultValue is null && given.ParameterType is { IsValueType: true } type
            ? Values.From(Activator.CreateInstance(type))
        : Nullable.GetUnderlyingType(given.ParameterType) is { IsEnum: true } named
            ? Values.From(Enum.ToObject(named, given.DefaultValue!))
        : Values.From(given.DefaultValue);

    private static A? Attribute<A>(ParameterInfo given, PropertyInfo property)
        where A : Attribute => given.GetCustomAttribute<A>() ?? property.GetCustomAttribute<A>();

    private static Exception Wrong(Type type, string property, string expected, string found) =>
        Interop.Malformed($"{type.Name}.{property}", expected, found);
}
