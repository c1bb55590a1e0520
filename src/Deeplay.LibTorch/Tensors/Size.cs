using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>The lengths of the dimensions.</summary>
    public struct Size : IEnumerable<long>
    {
        private readonly long[]? _shape;

        public Size(long[] shape) => _shape = (long[])shape.Clone();

        public Size(IEnumerable<long> shape) => _shape = shape.ToArray();

        public Size(int[] shape) => _shape = Array.ConvertAll(shape, length => (long)length);

        public Size(long size) => _shape = [size];

        public Size(int size) => _shape = [size];

        public Size((long, long) size) => _shape = [size.Item1, size.Item2];

        public Size((long, long, long) size) => _shape = [size.Item1, size.Item2, size.Item3];

        public Size((long, long, long, long) size) =>
            _shape = [size.Item1, size.Item2, size.Item3, size.Item4];

        public Size((int, int) size) => _shape = [size.Item1, size.Item2];

        public Size((int, int, int) size) => _shape = [size.Item1, size.Item2, size.Item3];

        public Size((int, int, int, int) size) => _shape = [size.Item1, size.Item2, size.Item3, size.Item4];

        public static Size Empty = new(0L);

        public long[] Shape => _shape ?? [];

        public int Length => Shape.Length;

        public bool IsScalar => Length == 0;

        public bool IsEmpty => numel() == 0;

        public long this[int idx] => Shape[idx < 0 ? idx + Length : idx];

        public long this[long idx] => Shape[idx < 0 ? idx + Length : idx];

        public long numel() => Shape.TotalSize();

        public Size Slice(int first, int next) => new(Shape[first..next]);

        public IEnumerable<long> Take(int i) => Shape.Take(i);

        public IEnumerator<long> GetEnumerator() => ((IEnumerable<long>)Shape).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public override bool Equals(object? obj) => obj is Size other && Shape.SequenceEqual(other.Shape);

        public override int GetHashCode() => Shape.Aggregate(17, HashCode.Combine);

        public static bool operator ==(Size left, Size right) => left.Equals(right);

        public static bool operator !=(Size left, Size right) => !left.Equals(right);

        public static Size operator +(Size left, Size right) => new(left.Shape.Concat(right.Shape));

        public static Size operator +(Size left, IEnumerable<long> right) => new(left.Shape.Concat(right));

        public static implicit operator Size(long size) => new(size);

        public static implicit operator Size(long[] size) => new(size);

        public static implicit operator Size((long, long) size) => new(size);

        public static implicit operator Size((long, long, long) size) => new(size);

        public static implicit operator Size((long, long, long, long) size) => new(size);
    }
}
