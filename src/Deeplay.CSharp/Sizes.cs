using System.Collections;

namespace Deeplay;

/// <summary>One number for all dimensions, or one for each: <c>3</c>, <c>(3, 5)</c> or <c>[3, 5]</c>, as in
/// <c>kernel_size</c>. Null stands for a dimension that is left as it is, where that has a meaning.</summary>
[CollectionBuilder(typeof(Sizes), nameof(Create))]
public readonly record struct Sizes : IEnumerable<long?>
{
    private readonly Core.Value? value;

    internal Sizes(Core.Value value) => this.value = value;

    internal Core.Value Value => value ?? Core.Value.NewList(Interop.List<Core.Value>([]));

    /// <summary>One number for each dimension.</summary>
    public static Sizes Create(ReadOnlySpan<long?> sizes) => new(Values.From(sizes.ToArray()));

    /// <summary>One number for all dimensions.</summary>
    public static implicit operator Sizes(long size) => new(Core.Value.NewInt(size));

    /// <summary>A number for each of two dimensions.</summary>
    public static implicit operator Sizes((long?, long?) sizes) => Create([sizes.Item1, sizes.Item2]);

    /// <summary>A number for each of three dimensions.</summary>
    public static implicit operator Sizes((long?, long?, long?) sizes) =>
        Create([sizes.Item1, sizes.Item2, sizes.Item3]);

    /// <summary>A number for each dimension.</summary>
    public static implicit operator Sizes(long[] sizes) => new(Values.From(sizes.Given()));

    /// <summary>The numbers: one, or one for each dimension.</summary>
    public IEnumerator<long?> GetEnumerator() =>
        (Value is Core.Value.List many ? many.Item.Select(One) : [One(Value)]).GetEnumerator();

    private static long? One(Core.Value value) => value is Core.Value.Int size ? size.Item : null;

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Whether both say the same.</summary>
    public bool Equals(Sizes other) => Value.Equals(other.Value);

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode();

    /// <summary>As Python prints it.</summary>
    public override string ToString() => Core.ValueModule.print(Value);
}
