namespace Deeplay;

/// <summary>Tensors from .NET arrays, as models and losses take them: fractions and truth values as float32, whole numbers as
/// int64. They are copies.</summary>
public static class Arrays
{
    /// <summary>A tensor with the shape of an array: <c>float[,]</c>, <c>double[]</c>, <c>int[]</c>, <c>byte[,,]</c>, <c>bool[,]</c>
    /// and the like.</summary>
    public static Tensor Tensor(Array array) => Torch.Arrays.tensor(array.Given());

    /// <summary>A tensor (N, features) of rows, all of which must be of one length: the error names the first that is
    /// not.</summary>
    public static Tensor Rows<T>(IEnumerable<T[]> rows)
        where T : struct => Torch.Arrays.ofRows(rows.Given());

    /// <summary>A tensor (N, …) of numbers that lie one after the other, the last dimension first, with this shape.</summary>
    public static Tensor Of<T>(ReadOnlyMemory<T> numbers, params long[] shape)
        where T : struct => Torch.Arrays.ofMemory(shape.Given(), numbers);

    /// <inheritdoc cref="Of{T}(ReadOnlyMemory{T}, long[])"/>
    public static Tensor Of<T>(Memory<T> numbers, params long[] shape)
        where T : struct => Of((ReadOnlyMemory<T>)numbers, shape);
}
