using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp.Interop;

namespace TorchSharp;

// Other views, sizes and orders of the same elements.

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor squeeze(long? dim = null) =>
            dim is { } d ? Aten.Call("squeeze.dim", this, d) : Aten.Call("squeeze", this);

        public Tensor squeeze_(long? dim = null)
        {
            if (dim is { } d)
                Aten.Do("squeeze_.dim", this, d);
            else
                Aten.Do("squeeze_", this);
            return this;
        }

        public Tensor expand(long[] sizes, bool isImplicit = false) =>
            Aten.Call("expand", this, sizes, isImplicit);

        public Tensor expand(params long[] sizes) => Aten.Call("expand", this, sizes);

        public Tensor expand(ReadOnlySpan<long> sizes, bool isImplicit = false) =>
            expand(sizes.ToArray(), isImplicit);

        public Tensor expand(Size sizes, bool isImplicit = false) => expand(sizes.Shape, isImplicit);

        public Tensor roll(long[] shifts) => Aten.Call("roll", this, shifts);

        public Tensor roll(long[] shifts, long[] dims) => Aten.Call("roll", this, shifts, dims);

        public Tensor roll(long shifts, long? dims = null) =>
            dims is { } d ? roll([shifts], [d]) : roll([shifts]);

        public Tensor[] split(long size, int dim = 0) => Aten.CallList("split.Tensor", this, size, dim);

        public Tensor[] split(long[] sizes, long dim = 0) =>
            Aten.CallList("split_with_sizes", this, sizes, dim);

        public Tensor[] split(params long[] sizes) => Aten.CallList("split_with_sizes", this, sizes);

        public Tensor unflatten(long dim, params long[] sizes)
        {
            var whole = shape.ToList();
            var at = checked((int)(dim < 0 ? dim + whole.Count : dim));
            var rest = whole[at];
            whole.RemoveAt(at);
            whole.InsertRange(at, Filled(sizes, rest));
            return reshape(whole.ToArray());
        }

        public Tensor unflatten(long dim, Size sizes) => unflatten(dim, sizes.Shape);

        private static long[] Filled(long[] sizes, long total)
        {
            var open = Array.IndexOf(sizes, -1);
            if (open < 0)
                return sizes;
            var filled = (long[])sizes.Clone();
            filled[open] = 1;
            filled[open] = total / filled.TotalSize();
            return filled;
        }

        /// <summary>This where the condition holds, <paramref name="y"/> elsewhere.</summary>
        public Tensor where(Tensor condition, Tensor y) => Aten.Call("where.self", condition, this, y);

        public Tensor take_along_dim(Tensor indices) => Aten.Call("take_along_dim", this, indices);

        public Tensor take_along_dim(Tensor indices, long dim) =>
            Aten.Call("take_along_dim", this, indices, dim);

        /// <summary>Shares the memory of another tensor.</summary>
        public Tensor set_(Tensor source)
        {
            Aten.Do("set_.source_Tensor", this, source);
            return this;
        }

        public Tensor rot90(long k = 1, (long, long)? dims = null) =>
            Aten.Call("rot90", this, k, new long[] { dims?.Item1 ?? 0, dims?.Item2 ?? 1 });

        public Tensor permute(IEnumerable<long> permutation) => permute(permutation.ToArray());

        public Tensor T => Aten.Call("numpy_T", this);

        public Tensor mT => Aten.Call("mT", this);

        public Tensor real => Aten.Call("real", this);

        public Tensor imag => Aten.Call("imag", this);
    }
}
