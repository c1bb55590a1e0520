using System;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>One of the things that stand in the brackets of an indexing expression.</summary>
    public struct TensorIndex
    {
        internal enum IndexKind : byte
        {
            None,
            Ellipsis,
            Slice,
            Single,
            Bool,
            Tensor,
        }

        internal IndexKind Kind;
        internal long? First;
        internal long? Last;
        internal long? Step;
        internal torch.Tensor? Indices;

        /// <summary>A new dimension of size one.</summary>
        public static TensorIndex None = new() { Kind = IndexKind.None };

        public static TensorIndex Null = new() { Kind = IndexKind.None };

        public static TensorIndex Ellipsis = new() { Kind = IndexKind.Ellipsis };

        public static TensorIndex Colon = Slice();

        /// <summary>Python's <c>start:stop:step</c>.</summary>
        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) =>
            new()
            {
                Kind = IndexKind.Slice,
                First = start,
                Last = stop,
                Step = step,
            };

        public static TensorIndex Slice((int? start, int? end) range) => Slice(range.start, range.end);

        public static TensorIndex Slice(Range range)
        {
            var last = range.End.IsFromEnd
                ? (range.End.Value == 0 ? null : (long?)-range.End.Value)
                : range.End.Value;
            return Slice(range.Start.IsFromEnd ? -range.Start.Value : range.Start.Value, last);
        }

        public static TensorIndex Single(long? index) => new() { Kind = IndexKind.Single, First = index };

        public static TensorIndex Bool(bool value) => new() { Kind = IndexKind.Bool, First = value ? 1 : 0 };

        public static TensorIndex Tensor(torch.Tensor tensor) =>
            new() { Kind = IndexKind.Tensor, Indices = tensor };

        public static implicit operator TensorIndex(long value) => Single(value);

        public static implicit operator TensorIndex((int? start, int? end) range) => Slice(range);

        public static implicit operator TensorIndex(Range range) => Slice(range);

        public static implicit operator TensorIndex(Index index) =>
            Single(index.IsFromEnd ? -index.Value : index.Value);
    }
}
