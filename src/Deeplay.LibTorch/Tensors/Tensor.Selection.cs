using System;
using System.Collections.Generic;
using TorchSharp.Interop;

namespace TorchSharp;

// Tensors: gathering, scattering, masking and sorting. Each calls the ATen operator of its name.

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor argsort(long dim = -1, bool descending = false) =>
            Aten.Call("argsort", this, dim, descending);

        public Tensor argwhere() => Aten.Call("argwhere", this);

        public Tensor bucketize(Tensor boundaries, bool outInt32 = false, bool right = false) =>
            Aten.Call("bucketize.Tensor", this, boundaries, outInt32, right);

        public Tensor gather(long dim, Tensor index) => Aten.Call("gather", this, dim, index);

        public Tensor index_add(long dim, Tensor index, Tensor source, Scalar alpha) =>
            Aten.Call("index_add", this, dim, index, source, alpha);

        public Tensor index_add_(long dim, Tensor index, Tensor source, Scalar alpha)
        {
            Aten.Do("index_add_", this, dim, index, source, alpha);
            return this;
        }

        public Tensor index_copy(long dim, Tensor index, Tensor source) =>
            Aten.Call("index_copy", this, dim, index, source);

        public Tensor index_copy_(long dim, Tensor index, Tensor source)
        {
            Aten.Do("index_copy_", this, dim, index, source);
            return this;
        }

        public Tensor index_fill(long dim, Tensor index, Scalar value) =>
            Aten.Call("index_fill.int_Scalar", this, dim, index, value);

        public Tensor index_fill_(long dim, Tensor index, Scalar value)
        {
            Aten.Do("index_fill_.int_Scalar", this, dim, index, value);
            return this;
        }

        public Tensor index_select(long dim, Tensor index) => Aten.Call("index_select", this, dim, index);

        public Tensor masked_fill(Tensor mask, Scalar value) =>
            Aten.Call("masked_fill.Scalar", this, mask, value);

        public Tensor masked_fill_(Tensor mask, Scalar value)
        {
            Aten.Do("masked_fill_.Scalar", this, mask, value);
            return this;
        }

        public Tensor masked_scatter(Tensor mask, Tensor value) =>
            Aten.Call("masked_scatter", this, mask, value);

        public Tensor masked_scatter_(Tensor mask, Tensor value)
        {
            Aten.Do("masked_scatter_", this, mask, value);
            return this;
        }

        public Tensor masked_select(Tensor mask) => Aten.Call("masked_select", this, mask);

        public Tensor msort() => Aten.Call("msort", this);

        public Tensor nonzero() => Aten.Call("nonzero", this);

        public Tensor scatter(long dim, Tensor index, Tensor src) =>
            Aten.Call("scatter.src", this, dim, index, src);

        public Tensor scatter_(long dim, Tensor index, Tensor src)
        {
            Aten.Do("scatter_.src", this, dim, index, src);
            return this;
        }

        public Tensor scatter_add(long dim, Tensor index, Tensor src) =>
            Aten.Call("scatter_add", this, dim, index, src);

        public Tensor scatter_add_(long dim, Tensor index, Tensor src)
        {
            Aten.Do("scatter_add_", this, dim, index, src);
            return this;
        }

        public (Tensor Values, Tensor Indices) sort(
            long dim = -1,
            bool descending = false,
            bool stable = false
        ) => Aten.Call2("sort.stable", this, stable, dim, descending);

        public Tensor take(Tensor index) => Aten.Call("take", this, index);

        public (Tensor values, Tensor indexes) topk(
            int k,
            int dim = -1,
            bool largest = true,
            bool sorted = true
        ) => Aten.Call2("topk", this, k, dim, largest, sorted);
    }
}
