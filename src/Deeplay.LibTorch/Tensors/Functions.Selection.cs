using System;
using System.Collections.Generic;
using TorchSharp.Interop;

namespace TorchSharp;

// Functions of tensors: gathering, scattering, masking and sorting.

public static partial class torch
{
    public static Tensor argsort(Tensor input, long dim = -1, bool descending = false) =>
        input.argsort(dim, descending);

    public static Tensor argwhere(Tensor input) => input.argwhere();

    public static Tensor bucketize(
        Tensor input,
        Tensor boundaries,
        bool outInt32 = false,
        bool right = false
    ) => input.bucketize(boundaries, outInt32, right);

    public static Tensor gather(Tensor input, long dim, Tensor index) => input.gather(dim, index);

    public static Tensor gather(Tensor input, long dim, Tensor index, bool sparse_grad = false) =>
        Aten.Call("gather", input, dim, index, sparse_grad);

    public static Tensor index_add(Tensor input, long dim, Tensor index, Tensor source, Scalar alpha) =>
        input.index_add(dim, index, source, alpha);

    public static Tensor index_add_(Tensor input, long dim, Tensor index, Tensor source, Scalar alpha) =>
        input.index_add_(dim, index, source, alpha);

    public static Tensor index_copy(Tensor input, long dim, Tensor index, Tensor source) =>
        input.index_copy(dim, index, source);

    public static Tensor index_copy_(Tensor input, long dim, Tensor index, Tensor source) =>
        input.index_copy_(dim, index, source);

    public static Tensor index_fill(Tensor input, long dim, Tensor index, Scalar value) =>
        input.index_fill(dim, index, value);

    public static Tensor index_fill_(Tensor input, long dim, Tensor index, Scalar value) =>
        input.index_fill_(dim, index, value);

    public static Tensor index_select(Tensor input, long dim, Tensor index) => input.index_select(dim, index);

    public static Tensor masked_select(Tensor input, Tensor mask) => input.masked_select(mask);

    public static Tensor msort(Tensor tensor) => tensor.msort();

    public static Tensor nonzero(Tensor input) => input.nonzero();

    public static Tensor scatter(Tensor input, long dim, Tensor index, Tensor src) =>
        input.scatter(dim, index, src);

    public static Tensor scatter_(Tensor input, long dim, Tensor index, Tensor src) =>
        input.scatter_(dim, index, src);

    public static Tensor scatter_add(Tensor input, long dim, Tensor index, Tensor src) =>
        input.scatter_add(dim, index, src);

    public static Tensor scatter_add_(Tensor input, long dim, Tensor index, Tensor src) =>
        input.scatter_add_(dim, index, src);

    public static Tensor searchsorted(
        Tensor sorted_sequence,
        Scalar values,
        bool out_int32,
        bool right,
        Tensor sorter
    ) => Aten.Call("searchsorted.Scalar", sorted_sequence, values, out_int32, right, Arg.Default, sorter);

    public static Tensor searchsorted(
        Tensor sorted_sequence,
        Tensor values,
        bool out_int32 = false,
        bool right = false,
        Tensor? sorter = null
    ) => Aten.Call("searchsorted.Tensor", sorted_sequence, values, out_int32, right, Arg.Default, sorter);

    public static (Tensor values, Tensor indices) sort(
        Tensor input,
        long dim = -1,
        bool descending = false,
        bool stable = false
    ) => input.sort(dim, descending, stable);

    public static Tensor take(Tensor input, Tensor index) => input.take(index);

    public static Tensor take_along_dim(Tensor input, Tensor indices, long dim = 0) =>
        input.take_along_dim(indices, dim);

    public static (Tensor values, Tensor indices) topk(
        Tensor tensor,
        int k,
        int dim = -1,
        bool largest = true,
        bool sorted = true
    ) => tensor.topk(k, dim, largest, sorted);
}
