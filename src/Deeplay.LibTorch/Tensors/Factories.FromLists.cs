using System;
using System.Collections.Generic;
using TorchSharp.Interop;

namespace TorchSharp;

// Tensors from .NET numbers, arrays and lists.

public static partial class torch
{
    public static Tensor as_tensor(IList<bool> rawArray, ScalarType? dtype = null, Device? device = null) =>
        FromArray<bool>(AsArray(rawArray), [rawArray.Count], dtype, device, false, null);

    public static Tensor as_tensor(IList<byte> rawArray, ScalarType? dtype = null, Device? device = null) =>
        FromArray<byte>(AsArray(rawArray), [rawArray.Count], dtype, device, false, null);

    public static Tensor as_tensor(IList<double> rawArray, ScalarType? dtype = null, Device? device = null) =>
        FromArray<double>(AsArray(rawArray), [rawArray.Count], dtype, device, false, null);

    public static Tensor as_tensor(IList<float> rawArray, ScalarType? dtype = null, Device? device = null) =>
        FromArray<float>(AsArray(rawArray), [rawArray.Count], dtype, device, false, null);

    public static Tensor as_tensor(IList<int> rawArray, ScalarType? dtype = null, Device? device = null) =>
        FromArray<int>(AsArray(rawArray), [rawArray.Count], dtype, device, false, null);

    public static Tensor as_tensor(IList<long> rawArray, ScalarType? dtype = null, Device? device = null) =>
        FromArray<long>(AsArray(rawArray), [rawArray.Count], dtype, device, false, null);

    public static Tensor as_tensor(IList<sbyte> rawArray, ScalarType? dtype = null, Device? device = null) =>
        FromArray<sbyte>(AsArray(rawArray), [rawArray.Count], dtype, device, false, null);

    public static Tensor as_tensor(IList<short> rawArray, ScalarType? dtype = null, Device? device = null) =>
        FromArray<short>(AsArray(rawArray), [rawArray.Count], dtype, device, false, null);

    public static Tensor tensor(
        IList<System.Half> rawArray,
        ReadOnlySpan<long> dimensions,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<System.Half>(AsArray(rawArray), dimensions.ToArray(), dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<System.Half> rawArray,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<System.Half>(AsArray(rawArray), [rawArray.Count], dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<System.Half> rawArray,
        long dim0,
        long dim1,
        long dim2,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<System.Half>(AsArray(rawArray), [dim0, dim1, dim2], dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<System.Half> rawArray,
        long dim0,
        long dim1,
        long dim2,
        long dim3,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) =>
        FromArray<System.Half>(
            AsArray(rawArray),
            [dim0, dim1, dim2, dim3],
            dtype,
            device,
            requires_grad,
            names
        );

    public static Tensor tensor(
        IList<System.Half> rawArray,
        long rows,
        long columns,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<System.Half>(AsArray(rawArray), [rows, columns], dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<bool> rawArray,
        ReadOnlySpan<long> dimensions,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<bool>(AsArray(rawArray), dimensions.ToArray(), dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<bool> rawArray,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<bool>(AsArray(rawArray), [rawArray.Count], dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<bool> rawArray,
        long dim0,
        long dim1,
        long dim2,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<bool>(AsArray(rawArray), [dim0, dim1, dim2], dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<bool> rawArray,
        long dim0,
        long dim1,
        long dim2,
        long dim3,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<bool>(AsArray(rawArray), [dim0, dim1, dim2, dim3], dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<bool> rawArray,
        long rows,
        long columns,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<bool>(AsArray(rawArray), [rows, columns], dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<byte> rawArray,
        ReadOnlySpan<long> dimensions,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<byte>(AsArray(rawArray), dimensions.ToArray(), dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<byte> rawArray,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<byte>(AsArray(rawArray), [rawArray.Count], dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<byte> rawArray,
        long dim0,
        long dim1,
        long dim2,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<byte>(AsArray(rawArray), [dim0, dim1, dim2], dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<byte> rawArray,
        long dim0,
        long dim1,
        long dim2,
        long dim3,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<byte>(AsArray(rawArray), [dim0, dim1, dim2, dim3], dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<byte> rawArray,
        long rows,
        long columns,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<byte>(AsArray(rawArray), [rows, columns], dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<double> rawArray,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<double>(AsArray(rawArray), [rawArray.Count], dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<double> rawArray,
        long dim0,
        long dim1,
        long dim2,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<double>(AsArray(rawArray), [dim0, dim1, dim2], dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<double> rawArray,
        long dim0,
        long dim1,
        long dim2,
        long dim3,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<double>(AsArray(rawArray), [dim0, dim1, dim2, dim3], dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<double> rawArray,
        long rows,
        long columns,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<double>(AsArray(rawArray), [rows, columns], dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<float> rawArray,
        ReadOnlySpan<long> dimensions,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<float>(AsArray(rawArray), dimensions.ToArray(), dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<float> rawArray,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<float>(AsArray(rawArray), [rawArray.Count], dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<float> rawArray,
        long dim0,
        long dim1,
        long dim2,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<float>(AsArray(rawArray), [dim0, dim1, dim2], dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<float> rawArray,
        long dim0,
        long dim1,
        long dim2,
        long dim3,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<float>(AsArray(rawArray), [dim0, dim1, dim2, dim3], dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<float> rawArray,
        long rows,
        long columns,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<float>(AsArray(rawArray), [rows, columns], dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<int> rawArray,
        ReadOnlySpan<long> dimensions,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<int>(AsArray(rawArray), dimensions.ToArray(), dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<int> rawArray,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<int>(AsArray(rawArray), [rawArray.Count], dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<int> rawArray,
        long dim0,
        long dim1,
        long dim2,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<int>(AsArray(rawArray), [dim0, dim1, dim2], dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<int> rawArray,
        long rows,
        long columns,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<int>(AsArray(rawArray), [rows, columns], dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<long> rawArray,
        ReadOnlySpan<long> dimensions,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<long>(AsArray(rawArray), dimensions.ToArray(), dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<long> rawArray,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<long>(AsArray(rawArray), [rawArray.Count], dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<long> rawArray,
        long dim0,
        long dim1,
        long dim2,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<long>(AsArray(rawArray), [dim0, dim1, dim2], dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<long> rawArray,
        long dim0,
        long dim1,
        long dim2,
        long dim3,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<long>(AsArray(rawArray), [dim0, dim1, dim2, dim3], dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<long> rawArray,
        long rows,
        long columns,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<long>(AsArray(rawArray), [rows, columns], dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<sbyte> rawArray,
        ReadOnlySpan<long> dimensions,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<sbyte>(AsArray(rawArray), dimensions.ToArray(), dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<sbyte> rawArray,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<sbyte>(AsArray(rawArray), [rawArray.Count], dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<sbyte> rawArray,
        long dim0,
        long dim1,
        long dim2,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<sbyte>(AsArray(rawArray), [dim0, dim1, dim2], dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<sbyte> rawArray,
        long dim0,
        long dim1,
        long dim2,
        long dim3,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<sbyte>(AsArray(rawArray), [dim0, dim1, dim2, dim3], dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<sbyte> rawArray,
        long rows,
        long columns,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<sbyte>(AsArray(rawArray), [rows, columns], dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<short> rawArray,
        ReadOnlySpan<long> dimensions,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<short>(AsArray(rawArray), dimensions.ToArray(), dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<short> rawArray,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<short>(AsArray(rawArray), [rawArray.Count], dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<short> rawArray,
        long dim0,
        long dim1,
        long dim2,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<short>(AsArray(rawArray), [dim0, dim1, dim2], dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<short> rawArray,
        long dim0,
        long dim1,
        long dim2,
        long dim3,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<short>(AsArray(rawArray), [dim0, dim1, dim2, dim3], dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<short> rawArray,
        long rows,
        long columns,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<short>(AsArray(rawArray), [rows, columns], dtype, device, requires_grad, names);
}
