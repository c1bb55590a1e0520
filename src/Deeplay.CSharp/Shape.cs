namespace Deeplay;

/// <summary>The shape of a tensor: its sizes, in order.</summary>
public sealed class Shape : ReadOnlyCollection<long>, IEquatable<Shape>
{
    /// <summary>A shape with these sizes.</summary>
    public Shape(params long[] sizes)
        : base(sizes.Given()) { }

    internal Shape(IEnumerable<long> sizes)
        : base([.. sizes]) { }

    /// <summary>Whether both have the same sizes.</summary>
    public bool Equals(Shape? other) => other is not null && this.SequenceEqual(other);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Shape);

    /// <inheritdoc/>
    public override int GetHashCode() => this.Aggregate(Count, HashCode.Combine);

    /// <summary>Written like PyTorch's sizes: <c>(8, 32)</c>.</summary>
    public override string ToString() => Core.ShapeModule.known(this).ToString();

    internal static FSharpList<FSharpList<long>> All(IEnumerable<long[]> shapes) =>
        Interop.List(shapes.Select(shape => Interop.List(shape.Given())));

    internal static FSharpList<Tuple<string, FSharpList<long>>> All(
        IReadOnlyDictionary<string, long[]> shapes
    ) => Interop.List(shapes.Select(pair => Tuple.Create(pair.Key, Interop.List(pair.Value.Given()))));
}
