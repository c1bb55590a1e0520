using System;
using System.Collections.Generic;
using TorchSharp.Interop;

namespace TorchSharp;

// Functions of tensors: sums, means, extremes and other reductions.

public static partial class torch
{
    public static Tensor all(Tensor input) => input.all();

    public static Tensor all(Tensor input, long dim, bool keepdim = false) => input.all(dim, keepdim);

    public static Tensor amax(Tensor input, long[] dims) => input.amax(dims);

    public static (Tensor min, Tensor max) aminmax(Tensor input, long? dim = null, bool keepdim = false) =>
        input.aminmax(dim, keepdim);

    public static Tensor any(Tensor input) => input.any();

    public static Tensor any(Tensor input, long dim, bool keepdim = false) => input.any(dim, keepdim);

    public static Tensor argmax(Tensor input) => input.argmax();

    public static Tensor argmax(Tensor input, long dim, bool keepdim = false) => input.argmax(dim, keepdim);

    public static Tensor argmin(Tensor input) => input.argmin();

    public static Tensor argmin(Tensor input, long dim, bool keepdim = false) => input.argmin(dim, keepdim);

    public static Tensor bincount(Tensor input, Tensor? weights = null, long minlength = 0) =>
        input.bincount(weights, minlength);

    public static Tensor corrcoef(Tensor input) => input.corrcoef();

    public static Tensor count_nonzero(Tensor input, long[]? dims = null) => input.count_nonzero(dims);

    public static Tensor cov(
        Tensor input,
        long correction = 1,
        Tensor? fweights = null,
        Tensor? aweights = null
    ) => input.cov(correction, fweights, aweights);

    public static Tensor dist(Tensor input, Tensor other, float p = 2f) => input.dist(other, p);

    public static Tensor histc(Tensor input, long bins = 100, long min = 0, long max = 0) =>
        input.histc(bins, min, max);

    public static (Tensor values, Tensor indices) kthvalue(
        Tensor input,
        long k,
        long? dim,
        bool keepdim = false
    ) => input.kthvalue(k, dim, keepdim);

    public static Tensor logsumexp(Tensor input, long dim, bool keepdim = false) =>
        input.logsumexp(dim, keepdim);

    public static Tensor max(Tensor input) => input.max();

    public static Tensor max(Tensor input, Tensor other) => input.max(other);

    public static (Tensor values, Tensor indexes) max(Tensor input, long dim, bool keepdim = false) =>
        input.max(dim, keepdim);

    public static Tensor mean(Tensor input) => input.mean();

    public static Tensor mean(
        Tensor input,
        long[] dimensions,
        bool keepdim = false,
        ScalarType? type = null
    ) => input.mean(dimensions, keepdim, type);

    public static Tensor median(Tensor input) => input.median();

    public static Tensor min(Tensor input) => input.min();

    public static Tensor min(Tensor input, Tensor other) => input.min(other);

    public static (Tensor values, Tensor indexes) min(Tensor input, long dim, bool keepdim = false) =>
        input.min(dim, keepdim);

    public static (Tensor values, Tensor indices) mode(Tensor input, long dim = -1, bool keepdim = false) =>
        input.mode(dim, keepdim);

    public static Tensor nanmean(
        Tensor input,
        int? dim = null,
        bool keepdim = false,
        ScalarType? dtype = null
    ) => input.nanmean(dim, keepdim, dtype);

    public static Tensor nanmedian(Tensor input) => input.nanmedian();

    public static Tensor nanquantile(Tensor input, Tensor q, long dim = -1, bool keepdim = false) =>
        input.nanquantile(q, dim, keepdim);

    public static Tensor nansum(Tensor input) => input.nansum();

    public static Tensor norm(Tensor input) => Aten.Call("norm.Scalar", input);

    public static Tensor norm(Tensor input, float p = 2f) => input.norm(p);

    public static Tensor norm(Tensor input, int dimension, bool keepdim = false, float p = 2f) =>
        input.norm(dimension, keepdim, p);

    public static Tensor prod(Tensor input, ScalarType? type = null) => input.prod(type);

    public static Tensor prod(Tensor input, long dim, bool keepdim = false, ScalarType? type = null) =>
        input.prod(dim, keepdim, type);

    public static Tensor quantile(Tensor input, Tensor q, long dim = -1, bool keepdim = false) =>
        input.quantile(q, dim, keepdim);

    public static Tensor std(
        Tensor input,
        (long, long) dimensions,
        bool unbiased = true,
        bool keepdim = false,
        ScalarType? type = null
    ) => input.std(new long[] { dimensions.Item1, dimensions.Item2 }, unbiased, keepdim, type);

    public static Tensor std(
        Tensor input,
        (long, long, long) dimensions,
        bool unbiased = true,
        bool keepdim = false,
        ScalarType? type = null
    ) =>
        input.std(
            new long[] { dimensions.Item1, dimensions.Item2, dimensions.Item3 },
            unbiased,
            keepdim,
            type
        );

    public static Tensor std(Tensor input, bool unbiased = true) => input.std(unbiased);

    public static Tensor std(
        Tensor input,
        long dimensions,
        bool unbiased = true,
        bool keepdim = false,
        ScalarType? type = null
    ) => input.std(dimensions, unbiased, keepdim, type);

    public static Tensor std(
        Tensor input,
        long[] dimensions,
        bool unbiased = true,
        bool keepdim = false,
        ScalarType? type = null
    ) => input.std(dimensions, unbiased, keepdim, type);

    public static (Tensor std, Tensor mean) std_mean(Tensor input, bool unbiased = true) =>
        Aten.Call2("std_mean", input, unbiased);

    public static Tensor sum(
        Tensor input,
        ReadOnlySpan<long> dim,
        bool keepdim = false,
        ScalarType? type = null
    ) => input.sum(dim, keepdim, type);

    public static Tensor sum(Tensor input, ScalarType? type = null) => input.sum(type);

    public static Tensor sum(Tensor input, long dim, bool keepdim = false, ScalarType? type = null) =>
        input.sum(dim, keepdim, type);

    public static Tensor trace(Tensor input) => input.trace();

    public static Tensor var(
        Tensor input,
        (long, long) dimensions,
        bool unbiased = true,
        bool keepdim = false,
        ScalarType? type = null
    ) => input.var(new long[] { dimensions.Item1, dimensions.Item2 }, unbiased, keepdim, type);

    public static Tensor var(
        Tensor input,
        (long, long, long) dimensions,
        bool unbiased = true,
        bool keepdim = false,
        ScalarType? type = null
    ) =>
        input.var(
            new long[] { dimensions.Item1, dimensions.Item2, dimensions.Item3 },
            unbiased,
            keepdim,
            type
        );

    public static Tensor var(Tensor input, bool unbiased = true) => input.var(unbiased);

    public static Tensor var(
        Tensor input,
        long dimensions,
        bool unbiased = true,
        bool keepdim = false,
        ScalarType? type = null
    ) => input.var(dimensions, unbiased, keepdim, type);

    public static Tensor var(
        Tensor input,
        long[] dimensions,
        bool unbiased = true,
        bool keepdim = false,
        ScalarType? type = null
    ) => input.var(dimensions, unbiased, keepdim, type);

    public static (Tensor var, Tensor mean) var_mean(Tensor input, bool unbiased = true) =>
        Aten.Call2("var_mean", input, unbiased);
}
