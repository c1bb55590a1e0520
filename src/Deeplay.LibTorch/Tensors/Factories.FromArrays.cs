using System;
using System.Collections.Generic;
using TorchSharp.Interop;

namespace TorchSharp;

// Tensors from .NET numbers, arrays and lists.

public static partial class torch
{
    public static Tensor as_tensor(bool[] rawArray, ScalarType? dtype = null, Device? device = null) =>
        FromArray<bool>(rawArray, [rawArray.LongLength], dtype, device, false, null);

    public static Tensor as_tensor(byte[] rawArray, ScalarType? dtype = null, Device? device = null) =>
        FromArray<byte>(rawArray, [rawArray.LongLength], dtype, device, false, null);

    public static Tensor as_tensor(double[] rawArray, ScalarType? dtype = null, Device? device = null) =>
        FromArray<double>(rawArray, [rawArray.LongLength], dtype, device, false, null);

    public static Tensor as_tensor(float[] rawArray, ScalarType? dtype = null, Device? device = null) =>
        FromArray<float>(rawArray, [rawArray.LongLength], dtype, device, false, null);

    public static Tensor as_tensor(int[] rawArray, ScalarType? dtype = null, Device? device = null) =>
        FromArray<int>(rawArray, [rawArray.LongLength], dtype, device, false, null);

    public static Tensor as_tensor(long[] rawArray, ScalarType? dtype = null, Device? device = null) =>
        FromArray<long>(rawArray, [rawArray.LongLength], dtype, device, false, null);

    public static Tensor as_tensor(sbyte[] rawArray, ScalarType? dtype = null, Device? device = null) =>
        FromArray<sbyte>(rawArray, [rawArray.LongLength], dtype, device, false, null);

    public static Tensor as_tensor(short[] rawArray, ScalarType? dtype = null, Device? device = null) =>
        FromArray<short>(rawArray, [rawArray.LongLength], dtype, device, false, null);

    public static Tensor tensor(
        System.Half[,,,] rawArray,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<System.Half>(rawArray, dtype, device, requires_grad, names);

    public static Tensor tensor(
        System.Half[,,] rawArray,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<System.Half>(rawArray, dtype, device, requires_grad, names);

    public static Tensor tensor(
        System.Half[,] rawArray,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<System.Half>(rawArray, dtype, device, requires_grad, names);

    public static Tensor tensor(
        System.Half[] rawArray,
        ReadOnlySpan<long> dimensions,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<System.Half>(rawArray, dimensions.ToArray(), dtype, device, requires_grad, names);

    public static Tensor tensor(
        System.Half[] rawArray,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<System.Half>(rawArray, [rawArray.LongLength], dtype, device, requires_grad, names);

    public static Tensor tensor(
        bool scalar,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false
    ) => FromArray<bool>([scalar], [], dtype, device, requires_grad, null);

    public static Tensor tensor(
        bool[,,,] rawArray,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<bool>(rawArray, dtype, device, requires_grad, names);

    public static Tensor tensor(
        bool[,,] rawArray,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<bool>(rawArray, dtype, device, requires_grad, names);

    public static Tensor tensor(
        bool[,] rawArray,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<bool>(rawArray, dtype, device, requires_grad, names);

    public static Tensor tensor(
        bool[] rawArray,
        ReadOnlySpan<long> dimensions,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<bool>(rawArray, dimensions.ToArray(), dtype, device, requires_grad, names);

    public static Tensor tensor(
        bool[] rawArray,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<bool>(rawArray, [rawArray.LongLength], dtype, device, requires_grad, names);

    public static Tensor tensor(byte scalar, Device? device = null, bool requires_grad = false) =>
        FromArray<byte>([scalar], [], null, device, requires_grad, null);

    public static Tensor tensor(
        byte[,,,] rawArray,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<byte>(rawArray, dtype, device, requires_grad, names);

    public static Tensor tensor(
        byte[,,] rawArray,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<byte>(rawArray, dtype, device, requires_grad, names);

    public static Tensor tensor(
        byte[,] rawArray,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<byte>(rawArray, dtype, device, requires_grad, names);

    public static Tensor tensor(
        byte[] rawArray,
        ReadOnlySpan<long> dimensions,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<byte>(rawArray, dimensions.ToArray(), dtype, device, requires_grad, names);

    public static Tensor tensor(
        byte[] rawArray,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<byte>(rawArray, [rawArray.LongLength], dtype, device, requires_grad, names);

    public static Tensor tensor(
        double scalar,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false
    ) => FromArray<double>([scalar], [], dtype, device, requires_grad, null);

    public static Tensor tensor(
        double[,,,] rawArray,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<double>(rawArray, dtype, device, requires_grad, names);

    public static Tensor tensor(
        double[,,] rawArray,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<double>(rawArray, dtype, device, requires_grad, names);

    public static Tensor tensor(
        double[,] rawArray,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<double>(rawArray, dtype, device, requires_grad, names);

    public static Tensor tensor(
        double[] rawArray,
        ReadOnlySpan<long> dimensions,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<double>(rawArray, dimensions.ToArray(), dtype, device, requires_grad, names);

    public static Tensor tensor(
        double[] rawArray,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<double>(rawArray, [rawArray.LongLength], dtype, device, requires_grad, names);

    public static Tensor tensor(float scalar, Device? device = null, bool requires_grad = false) =>
        FromArray<float>([scalar], [], null, device, requires_grad, null);

    public static Tensor tensor(
        float[,,,] rawArray,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<float>(rawArray, dtype, device, requires_grad, names);

    public static Tensor tensor(
        float[,,] rawArray,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<float>(rawArray, dtype, device, requires_grad, names);

    public static Tensor tensor(
        float[,] rawArray,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<float>(rawArray, dtype, device, requires_grad, names);

    public static Tensor tensor(
        float[] rawArray,
        ReadOnlySpan<long> dimensions,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<float>(rawArray, dimensions.ToArray(), dtype, device, requires_grad, names);

    public static Tensor tensor(
        float[] rawArray,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<float>(rawArray, [rawArray.LongLength], dtype, device, requires_grad, names);

    public static Tensor tensor(int scalar, Device? device = null, bool requires_grad = false) =>
        FromArray<int>([scalar], [], null, device, requires_grad, null);

    public static Tensor tensor(
        int[,,,] rawArray,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<int>(rawArray, dtype, device, requires_grad, names);

    public static Tensor tensor(
        int[,,] rawArray,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<int>(rawArray, dtype, device, requires_grad, names);

    public static Tensor tensor(
        int[,] rawArray,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<int>(rawArray, dtype, device, requires_grad, names);

    public static Tensor tensor(
        int[] rawArray,
        ReadOnlySpan<long> dimensions,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<int>(rawArray, dimensions.ToArray(), dtype, device, requires_grad, names);

    public static Tensor tensor(
        int[] rawArray,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<int>(rawArray, [rawArray.LongLength], dtype, device, requires_grad, names);

    public static Tensor tensor(
        int[] rawArray,
        long dim0,
        long dim1,
        long dim2,
        long dim3,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<int>(rawArray, [dim0, dim1, dim2, dim3], dtype, device, requires_grad, names);

    public static Tensor tensor(
        long scalar,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false
    ) => FromArray<long>([scalar], [], dtype, device, requires_grad, null);

    public static Tensor tensor(
        long[,,,] rawArray,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<long>(rawArray, dtype, device, requires_grad, names);

    public static Tensor tensor(
        long[,,] rawArray,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<long>(rawArray, dtype, device, requires_grad, names);

    public static Tensor tensor(
        long[,] rawArray,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<long>(rawArray, dtype, device, requires_grad, names);

    public static Tensor tensor(
        long[] dataArray,
        ReadOnlySpan<long> dimensions,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<long>(dataArray, dimensions.ToArray(), dtype, device, requires_grad, names);

    public static Tensor tensor(
        long[] dataArray,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<long>(dataArray, [dataArray.LongLength], dtype, device, requires_grad, names);

    public static Tensor tensor(sbyte scalar, Device? device = null, bool requires_grad = false) =>
        FromArray<sbyte>([scalar], [], null, device, requires_grad, null);

    public static Tensor tensor(
        sbyte[,,,] rawArray,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<sbyte>(rawArray, dtype, device, requires_grad, names);

    public static Tensor tensor(
        sbyte[,,] rawArray,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<sbyte>(rawArray, dtype, device, requires_grad, names);

    public static Tensor tensor(
        sbyte[,] rawArray,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<sbyte>(rawArray, dtype, device, requires_grad, names);

    public static Tensor tensor(
        sbyte[] rawArray,
        ReadOnlySpan<long> dimensions,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<sbyte>(rawArray, dimensions.ToArray(), dtype, device, requires_grad, names);

    public static Tensor tensor(
        sbyte[] rawArray,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<sbyte>(rawArray, [rawArray.LongLength], dtype, device, requires_grad, names);

    public static Tensor tensor(short scalar, Device? device = null, bool requires_grad = false) =>
        FromArray<short>([scalar], [], null, device, requires_grad, null);

    public static Tensor tensor(
        short[,,,] rawArray,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<short>(rawArray, dtype, device, requires_grad, names);

    public static Tensor tensor(
        short[,,] rawArray,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<short>(rawArray, dtype, device, requires_grad, names);

    public static Tensor tensor(
        short[,] rawArray,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<short>(rawArray, dtype, device, requires_grad, names);

    public static Tensor tensor(
        short[] rawArray,
        ReadOnlySpan<long> dimensions,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<short>(rawArray, dimensions.ToArray(), dtype, device, requires_grad, names);

    public static Tensor tensor(
        short[] rawArray,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => FromArray<short>(rawArray, [rawArray.LongLength], dtype, device, requires_grad, names);
}
