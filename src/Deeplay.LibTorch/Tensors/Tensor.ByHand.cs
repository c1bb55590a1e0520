using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp.Interop;

namespace TorchSharp;

// Where the parameters are not simply those of one ATen operator.

public static partial class torch
{
    public partial class Tensor
    {
        private static Arg Mode(RoundingMode mode) =>
            mode == RoundingMode.None ? Arg.None : mode.ToString();

        /// <summary>True, as a tensor, when shapes and elements are equal.</summary>
        public Tensor equal(Tensor target) => torch.tensor(Aten.CallBool("equal", this, target));

        public bool allclose(Tensor target, double rtol = 1E-05, double atol = 1E-08, bool equal_nan = false) =>
            Aten.CallBool("allclose", this, target, rtol, atol, equal_nan);

        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            Aten.Call("div.Tensor_mode", this, target, Mode(rounding_mode));

        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            Aten.Call("div.Scalar_mode", this, target, Mode(rounding_mode));

        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None)
        {
            Aten.Do("div_.Tensor_mode", this, target, Mode(rounding_mode));
            return this;
        }

        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None)
        {
            Aten.Do("div_.Scalar_mode", this, target, Mode(rounding_mode));
            return this;
        }

        public Tensor divide(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            div(target, rounding_mode);

        public Tensor divide(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            div(target, rounding_mode);

        public Tensor divide_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            div_(target, rounding_mode);

        public Tensor divide_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            div_(target, rounding_mode);

        public Tensor sum(ScalarType? type = null) => Aten.Call("sum", this, type);

        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) => sum([dim], keepdim, type);

        public Tensor sum(long dim0, long dim1, bool keepdim = false, ScalarType? type = null) =>
            sum([dim0, dim1], keepdim, type);

        public Tensor sum(long dim0, long dim1, long dim2, bool keepdim = false, ScalarType? type = null) =>
            sum([dim0, dim1, dim2], keepdim, type);

        public Tensor sum(ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null) =>
            sum(dim.ToArray(), keepdim, type);

        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null) =>
            Aten.Call("sum.dim_IntList", this, dim, keepdim, type);

        public Tensor mean() => Aten.Call("mean", this);

        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null) =>
            Aten.Call("mean.dim", this, dimensions, keepdim, type);

        public Tensor nanmean(int? dim = null, bool keepdim = false, ScalarType? dtype = null) =>
            Aten.Call("nanmean", this, dim is { } d ? new long[] { d } : Arg.None, keepdim, dtype);

        /// <summary>The p-norm of all elements.</summary>
        public Tensor norm(float p = 2f) => Aten.Call("norm.Scalar", this, (double)p);

        public Tensor norm(int dim, bool keepdim = false, float p = 2f) =>
            Aten.Call("norm.ScalarOpt_dim", this, (double)p, new long[] { dim }, keepdim);

        public Tensor max() => Aten.Call("max", this);

        public Tensor max(Tensor other) => Aten.Call("maximum", this, other);

        public (Tensor values, Tensor indexes) max(long dim, bool keepdim = false) =>
            Aten.Call2("max.dim", this, dim, keepdim);

        public Tensor min() => Aten.Call("min", this);

        public Tensor min(Tensor other) => Aten.Call("minimum", this, other);

        public (Tensor values, Tensor indexes) min(long dim, bool keepdim = false) =>
            Aten.Call2("min.dim", this, dim, keepdim);

        public (Tensor values, Tensor indices) kthvalue(long k, long? dim, bool keepdim = false) =>
            Aten.Call2("kthvalue", this, k, dim ?? -1, keepdim);

        public Tensor round(long decimals = 0) => Aten.Call("round.decimals", this, decimals);

        public Tensor round_(long decimals = 0)
        {
            Aten.Do("round_.decimals", this, decimals);
            return this;
        }

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

        public Tensor expand(long[] sizes, bool isImplicit = false) => Aten.Call("expand", this, sizes, isImplicit);

        public Tensor expand(params long[] sizes) => Aten.Call("expand", this, sizes);

        public Tensor expand(ReadOnlySpan<long> sizes, bool isImplicit = false) =>
            expand(sizes.ToArray(), isImplicit);

        public Tensor expand(Size sizes, bool isImplicit = false) => expand(sizes.Shape, isImplicit);

        public Tensor roll(long[] shifts) => Aten.Call("roll", this, shifts);

        public Tensor roll(long[] shifts, long[] dims) => Aten.Call("roll", this, shifts, dims);

        public Tensor roll(long shifts, long? dims = null) =>
            dims is { } d ? roll([shifts], [d]) : roll([shifts]);

        public Tensor[] split(long size, int dim = 0) => Aten.CallList("split.Tensor", this, size, dim);

        public Tensor[] split(long[] sizes, long dim = 0) => Aten.CallList("split_with_sizes", this, sizes, dim);

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

        public Tensor gelu() => Aten.Call("gelu", this);

        public Tensor gelu(Modules.GELU.Approximate approximate) =>
            Aten.Call("gelu", this, approximate.ToString());

        public Tensor gelu_()
        {
            Aten.Do("gelu_", this);
            return this;
        }

        public Tensor gelu_(Modules.GELU.Approximate approximate)
        {
            Aten.Do("gelu_", this, approximate.ToString());
            return this;
        }

        public Tensor elu(double alpha = 1) => Aten.Call("elu", this, alpha);

        public Tensor elu(Scalar alpha, Scalar scale, Scalar input_scale) =>
            Aten.Call("elu", this, alpha, scale, input_scale);

        public Tensor elu_(Scalar alpha, Scalar scale, Scalar input_scale)
        {
            Aten.Do("elu_", this, alpha, scale, input_scale);
            return this;
        }

        public Tensor elu_(double alpha = 1)
        {
            Aten.Do("elu_", this, alpha);
            return this;
        }

        public Tensor hardtanh(Scalar min, Scalar max) => Aten.Call("hardtanh", this, min, max);

        public Tensor hardtanh_(Scalar min, Scalar max)
        {
            Aten.Do("hardtanh_", this, min, max);
            return this;
        }

        public Tensor std(bool unbiased = true) => Aten.Call("std", this, unbiased);

        public Tensor std(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            std([dim], unbiased, keepdim, type);

        public Tensor std(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Typed(Aten.Call("std.dim", this, dimensions, unbiased, keepdim), type);

        public Tensor var(bool unbiased = true) => Aten.Call("var", this, unbiased);

        public Tensor var(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            var([dim], unbiased, keepdim, type);

        public Tensor var(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Typed(Aten.Call("var.dim", this, dimensions, unbiased, keepdim), type);

        private static Tensor Typed(Tensor tensor, ScalarType? type) =>
            type is { } t ? tensor.to(t, disposeAfter: true) : tensor;

        /// <summary>Shares the memory of another tensor.</summary>
        public Tensor set_(Tensor source)
        {
            Aten.Do("set_.source_Tensor", this, source);
            return this;
        }

        public Tensor amax(long[] dims, bool keepdim = false, Tensor? @out = null) => Into("amax", dims, keepdim, @out);

        public Tensor amax(ReadOnlySpan<long> dims, bool keepdim = false, Tensor? @out = null) =>
            Into("amax", dims.ToArray(), keepdim, @out);

        public Tensor amin(long[] dims, bool keepdim = false, Tensor? @out = null) => Into("amin", dims, keepdim, @out);

        public Tensor amin(ReadOnlySpan<long> dims, bool keepdim = false, Tensor? @out = null) =>
            Into("amin", dims.ToArray(), keepdim, @out);

        private Tensor Into(string op, long[] dims, bool keepdim, Tensor? target)
        {
            if (target is null)
                return Aten.Call(op, this, dims, keepdim);
            Aten.Do(op + ".out", this, dims, keepdim, target);
            return target;
        }

        public Tensor logsumexp(long dim, bool keepdim = false) =>
            Aten.Call("logsumexp", this, new long[] { dim }, keepdim);

        public Tensor count_nonzero(long[]? dims = null) =>
            dims is null ? Aten.Call("count_nonzero", this) : Aten.Call("count_nonzero.dim_IntList", this, dims);

        public Tensor histc(long bins = 100, long min = 0, long max = 0) => Aten.Call("histc", this, bins, min, max);

        public Tensor rot90(long k = 1, (long, long)? dims = null) =>
            Aten.Call("rot90", this, k, new long[] { dims?.Item1 ?? 0, dims?.Item2 ?? 1 });

        /// <summary>Whole numbers, the upper end excluded, of the tensor's own type.</summary>
        public Tensor random_(double from, double to, Generator? generator = null)
        {
            Aten.Do("random_.from", this, (long)from, (long)to, generator);
            return this;
        }

        public Tensor permute(IEnumerable<long> permutation) => permute(permutation.ToArray());

        public Tensor T => Aten.Call("numpy_T", this);

        public Tensor mT => Aten.Call("mT", this);

        public Tensor real => Aten.Call("real", this);

        public Tensor imag => Aten.Call("imag", this);

        public Tensor zeros_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            torch.zeros_like(this, dtype, device, requires_grad);

        public Tensor ones_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            torch.ones_like(this, dtype, device, requires_grad);

        public Tensor empty_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            torch.empty_like(this, dtype, device, requires_grad);

        public Tensor rand_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            torch.rand_like(this, dtype, device, requires_grad);

        public Tensor randn_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            torch.randn_like(this, dtype, device, requires_grad);

        public Tensor full_like(
            Scalar value,
            ScalarType? dtype = null,
            Device? device = null,
            bool requires_grad = false
        ) => torch.full_like(this, value, dtype, device, requires_grad);

        public Tensor new_zeros(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            torch.zeros(size, dtype ?? this.dtype, device ?? this.device, requires_grad);

        public Tensor new_empty(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            torch.empty(size, dtype ?? this.dtype, device ?? this.device, requires_grad);

        public Tensor new_full(
            long[] size,
            Scalar value,
            ScalarType? dtype = null,
            Device? device = null,
            bool requires_grad = false
        ) => torch.full(size, value, dtype ?? this.dtype, device ?? this.device, requires_grad);
    }

    public static Tensor cat(IList<Tensor> tensors, long dim = 0) => Aten.Call("cat", AsArray(tensors), dim);

    public static Tensor cat(ReadOnlySpan<Tensor> tensors, long dim = 0) => Aten.Call("cat", tensors.ToArray(), dim);

    public static Tensor cat(Tensor[] tensors, long dim = 0) => Aten.Call("cat", tensors, dim);

    public static Tensor concat(IList<Tensor> tensors, long dim = 0) => cat(AsArray(tensors), dim);

    public static Tensor concat(Tensor[] tensors, long dim = 0) => cat(tensors, dim);

    public static Tensor stack(IEnumerable<Tensor> tensors, long dim = 0) =>
        Aten.Call("stack", tensors.ToArray(), dim);

    public static Tensor vstack(IList<Tensor> tensors) => Aten.Call("vstack", AsArray(tensors));

    public static Tensor vstack(Tensor[] tensors) => Aten.Call("vstack", tensors);

    public static Tensor hstack(IEnumerable<Tensor> tensors) => Aten.Call("hstack", tensors.ToArray());

    public static Tensor hstack(IList<Tensor> tensors) => Aten.Call("hstack", AsArray(tensors));

    public static Tensor hstack(params Tensor[] tensors) => Aten.Call("hstack", tensors);

    public static Tensor einsum(string equation, params Tensor[] tensors) =>
        Aten.Call("einsum", equation, tensors);

    public static Tensor where(Tensor condition, Tensor x, Tensor y) =>
        Aten.Call("where.self", condition, x, y);

    /// <summary>The indices where the condition holds, one tensor for each dimension.</summary>
    public static Tensor[] where(Tensor condition) => Aten.CallList("where", condition);

    public static Tensor[] meshgrid(IEnumerable<Tensor> tensors, string indexing = "ij") =>
        Aten.CallList("meshgrid.indexing", tensors.ToArray(), indexing);

    public static IList<Tensor> broadcast_tensors(params Tensor[] tensors) =>
        Aten.CallList("broadcast_tensors", tensors);

    public static Tensor block_diag(params Tensor[] tensors) => Aten.Call("block_diag", tensors);

    public static Tensor softmax(Tensor input, int dim, ScalarType? dtype = null) => input.softmax(dim, dtype);
}
