using System.Reflection;

namespace Deeplay;

/// <summary>Arguments by name: of an anonymous object (<c>new { features = 32 }</c>) or a dictionary.</summary>
internal static class Named
{
    public static FSharpMap<string, Core.Value> Read(object? arguments) =>
        MapModule.OfSeq(Pairs(arguments).Select(pair => Tuple.Create(pair.Key, Values.From(pair.Value))));

    private static IEnumerable<KeyValuePair<string, object?>> Pairs(object? arguments) =>
        arguments switch
        {
            null => [],
            IEnumerable<KeyValuePair<string, object?>> pairs => pairs,
            _ when IsAnonymous(arguments.GetType()) => arguments
                .GetType()
                .GetProperties()
                .Select(property => KeyValuePair.Create(property.Name, property.GetValue(arguments))),
            _ => throw Interop.Malformed(
                "arguments",
                "names with values, as in new { features = 32 }, or a dictionary",
                arguments.GetType().Name
            ),
        };

    private static bool IsAnonymous(Type type) =>
        type.IsDefined(typeof(CompilerGeneratedAttribute))
        && type.Name.Contains("AnonymousType", StringComparison.Ordinal);
}
