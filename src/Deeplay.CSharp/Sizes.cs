using System.Collections;
using System.Runtime.CompilerServices;

namespace Deeplay;

/// <summary>One number for all dimensions, or one for each: <c>3</c>, <c>(3, 5)</c> or <c>[3, 5]</c>, as in
/// <c>kernel_size</c>.</summary>
[CollectionBuilder(typeof(Sizes), nameof(Create))]
public readonly record struct Sizes : IEnumerable<long>
{
    private readonly Core.Value? value;

    internal Sizes(Core.Value value) => this.value = value;

    internal Core.Value Value => value ?? Core.Value.NewList(Interop.List<Core.Value>([]));

    /// <summary>One number for each dimension.</summary>
    public static Sizes Create(ReadOnlySpan<long> sizes) => new(Values.From(sizes.ToArray()));

    /// <summary>One number for all dimensions.</summary>
    public static implicit operator Sizes(long size) => new(Core.Value.NewInt(size));

    /// <summary>A number for each of two dimensions.</summary>
    public static implicit operator Sizes((long, long) sizes) => Create([sizes.Item1, sizes.Item2]);

    /// <summary>A number for each of three dimensions.</summary>
    public static implicit operator Sizes((long, long, long) sizes) =>
        Create([sizes.Item1, sizes.Item2, sizes.Item3]);

    /// <summary>A number for each dimension.</summary>
    public static implicit operator Sizes(long[] sizes) => Create(sizes);

    /// <summary>The numbers: one, or one for each dimension.</summary>
    public IEnumerator<long> GetEnumerator() =>
        (
            Values.TryTo(Value, typeof(long[]), out var many) ? (long[])many! : [(long)Values.Object(Value)!]
        )
            .AsEnumerable()
            .GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>As Python prints it.</summary>
    public override string ToString() => Core.ValueModule.print(Value);
}
