using System;
using System.Collections.Generic;
using TorchSharp.Interop;

namespace TorchSharp;

// Tensors: sums, means, extremes and other reductions. Each calls the ATen operator of its name.

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor all() => Aten.Call("all", this);

        public Tensor all(long dim, bool keepdim = false) => Aten.Call("all.dim", this, dim, keepdim);

        public Tensor amax(params long[] dims) => Aten.Call("amax", this, dims);

        public Tensor amin(params long[] dims) => Aten.Call("amin", this, dims);

        public (Tensor min, Tensor max) aminmax(long? dim = null, bool keepdim = false) =>
            Aten.Call2("aminmax", this, dim, keepdim);

        public Tensor any() => Aten.Call("any", this);

        public Tensor any(long dim, bool keepdim = false) => Aten.Call("any.dim", this, dim, keepdim);

        public Tensor argmax() => Aten.Call("argmax", this);

        public Tensor argmax(long dim, bool keepdim = false) => Aten.Call("argmax", this, dim, keepdim);

        public Tensor argmin() => Aten.Call("argmin", this);

        public Tensor argmin(long dim, bool keepdim = false) => Aten.Call("argmin", this, dim, keepdim);

        public Tensor bincount(Tensor? weights, long minlength = 0) =>
            Aten.Call("bincount", this, weights, minlength);

        public Tensor corrcoef() => Aten.Call("corrcoef", this);

        public Tensor cov(long correction = 1, Tensor? fweights = null, Tensor? aweights = null) =>
            Aten.Call("cov", this, correction, fweights, aweights);

        public Tensor dist(Tensor other, float p = 2f) => Aten.Call("dist", this, other, (double)p);

        public Tensor median() => Aten.Call("median", this);

        public (Tensor values, Tensor indices) mode(long dim = -1, bool keepdim = false) =>
            Aten.Call2("mode", this, dim, keepdim);

        public Tensor nanmedian() => Aten.Call("nanmedian", this);

        public Tensor nanquantile(Tensor q, long dim = -1, bool keepdim = false) =>
            Aten.Call("nanquantile", this, q, dim, keepdim);

        public Tensor nansum() => Aten.Call("nansum", this);

        public Tensor prod(ScalarType? type = null) => Aten.Call("prod", this, type);

        public Tensor prod(long dim, bool keepdim = false, ScalarType? type = null) =>
            Aten.Call("prod.dim_int", this, dim, keepdim, type);

        public Tensor quantile(Tensor q, long dim = -1, bool keepdim = false) =>
            Aten.Call("quantile", this, q, dim, keepdim);

        public Tensor trace() => Aten.Call("trace", this);
    }
}
