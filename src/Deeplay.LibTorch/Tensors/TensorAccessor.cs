using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;

namespace TorchSharp.Utils;

/// <summary>
/// The elements of a tensor on the CPU, in row-major order whatever its strides. Writing changes the tensor.
/// </summary>
public sealed unsafe class TensorAccessor<T> : IEnumerable<T>
    where T : unmanaged
{
    private readonly torch.Tensor _tensor;
    private readonly long[] _shape;
    private readonly long[] _strides;
    private readonly bool _contiguous;

    internal TensorAccessor(torch.Tensor tensor)
    {
        if (tensor.device_type != DeviceType.CPU)
            throw new InvalidOperationException(
                $"The elements lie on {tensor.device}; move the tensor to the CPU to read them."
            );
        _tensor = tensor;
        _shape = tensor.shape;
        _strides = tensor.stride();
        _contiguous = tensor.is_contiguous();
        Count = tensor.NumberOfElements;
    }

    public long Count { get; }

    public bool IsReadOnly => false;

    private T* Start => (T*)_tensor.DataPointer;

    private long Offset(long position)
    {
        if (_contiguous)
            return position;
        long offset = 0;
        for (var dim = _shape.Length - 1; dim >= 0; dim--)
        {
            offset += position % _shape[dim] * _strides[dim];
            position /= _shape[dim];
        }
        return offset;
    }

    /// <summary>An element by one index for each dimension, or by its position when there is a single index.</summary>
    public T this[params long[] indices]
    {
        get => Start[OffsetOf(indices)];
        set => Start[OffsetOf(indices)] = value;
    }

    private long OffsetOf(long[] indices)
    {
        if (indices.Length == 1)
        {
            var position = indices[0] < 0 ? indices[0] + Count : indices[0];
            if (position < 0 || position >= Count)
                throw new IndexOutOfRangeException($"Element {indices[0]} of {Count}.");
            return Offset(position);
        }
        if (indices.Length != _shape.Length)
            throw new ArgumentException($"{indices.Length} indices for {_shape.Length} dimensions.");
        long offset = 0;
        for (var dim = 0; dim < indices.Length; dim++)
        {
            if (indices[dim] < 0 || indices[dim] >= _shape[dim])
                throw new IndexOutOfRangeException(
                    $"Index {indices[dim]} in dimension {dim}, whose size is {_shape[dim]}."
                );
            offset += indices[dim] * _strides[dim];
        }
        return offset;
    }

    public T[] ToArray()
    {
        var result = new T[Count];
        CopyTo(result);
        return result;
    }

    /// <summary>An array with the shape of the tensor.</summary>
    public Array ToNDArray()
    {
        if (_shape.Length == 0)
            return ToArray();
        var result = Array.CreateInstance(typeof(T), _shape);
        Buffer.BlockCopy(ToArray(), 0, result, 0, checked((int)(Count * sizeof(T))));
        return result;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) =>
        CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    public void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var start = Start;
        var count = Math.Min(Count - tensorIndex, array.Length - arrayIndex);
        if (_contiguous)
            new ReadOnlySpan<T>(start + tensorIndex, checked((int)count)).CopyTo(array[arrayIndex..]);
        else
            for (var k = 0; k < count; k++)
                array[arrayIndex + k] = start[Offset(tensorIndex + k)];
        GC.KeepAlive(_tensor);
    }

    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0) =>
        CopyFrom(array.AsSpan(), arrayIndex, tensorIndex);

    public void CopyFrom(ReadOnlySpan<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var start = Start;
        var count = Math.Min(Count - tensorIndex, array.Length - arrayIndex);
        for (var k = 0; k < count; k++)
            start[Offset(tensorIndex + k)] = array[arrayIndex + k];
        GC.KeepAlive(_tensor);
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (long k = 0; k < Count; k++)
            yield return Read(k);
    }

    private T Read(long position) => Start[Offset(position)];

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override bool Equals(object? obj) =>
        obj is TensorAccessor<T> other && Count == other.Count && this.SequenceEqual(other);

    public override int GetHashCode() => _tensor.GetHashCode();

    public static bool operator ==(TensorAccessor<T> left, TensorAccessor<T> right) => left.Equals(right);

    public static bool operator !=(TensorAccessor<T> left, TensorAccessor<T> right) => !left.Equals(right);

    /// <summary>Does nothing: the tensor belongs to whoever made it.</summary>
    public void Dispose() { }
}
