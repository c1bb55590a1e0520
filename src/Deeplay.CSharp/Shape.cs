using System.Collections;

namespace Deeplay;

/// <summary>The shape of a tensor: its sizes, in order.</summary>
public sealed class Shape : IReadOnlyList<long>, IEquatable<Shape>
{
    private readonly long[] sizes;

    /// <summary>A shape with these sizes.</summary>
    public Shape(params long[] sizes) => this.sizes = sizes.Given();

    /// <summary>The number of dimensions.</summary>
    public int Count => sizes.Length;

    /// <summary>The size of a dimension.</summary>
    public long this[int index] => sizes[index];

    /// <summary>The sizes, in order.</summary>
    public IEnumerator<long> GetEnumerator() => sizes.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Whether both have the same sizes.</summary>
    public bool Equals(Shape? other) => other is not null && sizes.AsSpan().SequenceEqual(other.sizes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Shape);

    /// <inheritdoc/>
    public override int GetHashCode() => sizes.Aggregate(sizes.Length, HashCode.Combine);

    /// <summary>Written like PyTorch's sizes: <c>(8, 32)</c>.</summary>
    public override string ToString() => Core.ShapeModule.known(sizes).ToString();
}
