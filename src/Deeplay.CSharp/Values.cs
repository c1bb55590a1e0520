using System.Collections;
using System.Globalization;

namespace Deeplay;

/// <summary>Values of specs as .NET values and back.</summary>
internal static class Values
{
    public static Core.Value From(object? value) =>
        value switch
        {
            null => Core.Value.Null,
            Unset => Core.Value.Unset,
            ModuleSpec module => Core.Value.NewModule(module.Spec),
            ModuleDefinition definition => Core.Value.NewKind(definition.Inner),
            TensorFunction function => Core.Value.NewFunction(function.Inner),
            Sizes sizes => sizes.Value,
            ConvPadding padding => padding.Value,
            ITuple items => Core.Value.NewList(
                Interop.List(Enumerable.Range(0, items.Length).Select(i => From(items[i])))
            ),
            string text => Core.Value.NewText(text),
            Enum named => Core.Value.NewText(ParameterNames.Of(named.ToString())),
            IEnumerable items => Core.Value.NewList(Interop.List(items.Cast<object?>().Select(From))),
            _ => Core.ValueModule.ofObject(value),
        };

    /// <summary>The value as an object: numbers, texts, lists, modules, kinds; null, and <see cref="Unset"/>.</summary>
    public static object? Object(Core.Value value) =>
        value switch
        {
            Core.Value.Bool v => v.Item,
            Core.Value.Int v => v.Item,
            Core.Value.Float v => v.Item,
            Core.Value.Text v => v.Item,
            Core.Value.List v => v.Item.Select(Object).ToArray(),
            Core.Value.Kind v => new ModuleDefinition(v.Item),
            Core.Value.Module v => new ModuleSpec(v.Item),
            Core.Value.Function v => new TensorFunction(v.Item),
            Core.Value.Opaque v => v.Item,
            _ => value.IsUnset ? Unset.Value : null,
        };

    /// <summary>The value as a type, where it is one of that type. A kind is taken as that kind without arguments.</summary>
    public static bool TryTo(Core.Value value, Type type, out object? result)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            result = null;
            return value.IsNull || value.IsUnset || TryTo(value, inner, out result);
        }

        result = value switch
        {
            _ when type == typeof(object) => Object(value),
            Core.Value.Kind v when type == typeof(ModuleSpec) => new ModuleSpec(
                Core.Spec.create(v.Item, MapModule.Empty<string, Core.Value>())
            ),
            Core.Value.Int v when type == typeof(Sizes) => new Sizes(v),
            Core.Value.List v when type == typeof(Sizes) => new Sizes(v),
            Core.Value.Int or Core.Value.List or Core.Value.Text when type == typeof(ConvPadding) =>
                new ConvPadding(value),
            Core.Value.List v => ListOf(v.Item, type),
            Core.Value.Int or Core.Value.Float when IsNumber(type) => Number(value, type),
            Core.Value.Text v when type.IsEnum => ParameterNames.Texts(type).GetValueOrDefault(v.Item),
            Core.Value.Opaque v => v.Item,
            _ => Object(value),
        };

        return result is null ? type == typeof(object) : type.IsInstanceOfType(result);
    }

    private static bool IsNumber(Type type) =>
        type == typeof(long) || type == typeof(int) || type == typeof(double) || type == typeof(float);

    // A fraction is never silently cut to a whole number, and one that is too large is not a number of that type.
    private static object? Number(Core.Value value, Type type)
    {
        if (value is Core.Value.Float && (type == typeof(long) || type == typeof(int)))
            return null;
        try
        {
            return Convert.ChangeType(Object(value), type, CultureInfo.InvariantCulture);
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private static Array? ListOf(IEnumerable<Core.Value> items, Type type)
    {
        var item =
            type.IsArray ? type.GetElementType()!
            : type.IsGenericType && type.GetGenericArguments() is [var only] ? only
            : typeof(object);
        var found = new ArrayList();
        foreach (var value in items)
        {
            // Whether an item may be null is the parameter's to say, and checked when it is set.
            var isNull = value.IsNull && !item.IsValueType;
            if (!TryTo(value, item, out var one) && !isNull)
                return null;
            found.Add(isNull ? null : one);
        }
        return found.ToArray(item);
    }
}
