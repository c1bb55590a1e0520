namespace Deeplay;

/// <summary>What sort of numbers a tensor holds, of whatever width: for
/// <see cref="DefinitionExtensions.WithNumbers{T}(T, IReadOnlyList{NumberKind}, IReadOnlyList{NumberKind})"/>.</summary>
public enum NumberKind
{
    /// <summary>Any there are; of an output, that nothing is known of it.</summary>
    Any,

    /// <summary>Of a floating-point type: <c>float32</c>, <c>bfloat16</c>, ….</summary>
    Floating,

    /// <summary>Of an integral type: <c>int64</c>, <c>uint8</c>, ….</summary>
    Integral,

    /// <summary>Bools.</summary>
    Boolean,

    /// <summary>The same as the first input holds.</summary>
    AsFirst,
}

internal static class NumberKinds
{
    internal static FSharpList<FSharp.NumberKind> Of(IEnumerable<NumberKind> kinds) =>
        Interop.List(kinds.Select(Of));

    private static FSharp.NumberKind Of(NumberKind kind) =>
        kind switch
        {
            NumberKind.Any => FSharp.NumberKind.Any,
            NumberKind.Floating => FSharp.NumberKind.Floating,
            NumberKind.Integral => FSharp.NumberKind.Integral,
            NumberKind.Boolean => FSharp.NumberKind.Boolean,
            NumberKind.AsFirst => FSharp.NumberKind.AsFirst,
            _ => throw new ArgumentOutOfRangeException(
                nameof(kind),
                kind,
                "There is no such kind of numbers."
            ),
        };
}
