using System;
using System.Collections.Generic;
using TorchSharp.Interop;

namespace TorchSharp;

// Tensors of a given size: zeros and random ones.

public static partial class torch
{
    public static Tensor rand(
        ReadOnlySpan<long> size,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        Generator? generator = null,
        string[]? names = null
    ) => MakeRandom("rand.generator", size.ToArray(), dtype, device, requires_grad, generator, names);

    public static Tensor rand(
        int dim0,
        int dim1,
        int dim2,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        Generator? generator = null,
        string[]? names = null
    ) => MakeRandom("rand.generator", [dim0, dim1, dim2], dtype, device, requires_grad, generator, names);

    public static Tensor rand(
        int dim0,
        int dim1,
        int dim2,
        int dim3,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        Generator? generator = null,
        string[]? names = null
    ) =>
        MakeRandom(
            "rand.generator",
            [dim0, dim1, dim2, dim3],
            dtype,
            device,
            requires_grad,
            generator,
            names
        );

    public static Tensor rand(
        int rows,
        int columns,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        Generator? generator = null,
        string[]? names = null
    ) => MakeRandom("rand.generator", [rows, columns], dtype, device, requires_grad, generator, names);

    public static Tensor rand(
        int size,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        Generator? generator = null,
        string[]? names = null
    ) => MakeRandom("rand.generator", [size], dtype, device, requires_grad, generator, names);

    public static Tensor rand(
        long dim0,
        long dim1,
        long dim2,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        Generator? generator = null,
        string[]? names = null
    ) => MakeRandom("rand.generator", [dim0, dim1, dim2], dtype, device, requires_grad, generator, names);

    public static Tensor rand(
        long dim0,
        long dim1,
        long dim2,
        long dim3,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        Generator? generator = null,
        string[]? names = null
    ) =>
        MakeRandom(
            "rand.generator",
            [dim0, dim1, dim2, dim3],
            dtype,
            device,
            requires_grad,
            generator,
            names
        );

    public static Tensor rand(
        long rows,
        long columns,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        Generator? generator = null,
        string[]? names = null
    ) => MakeRandom("rand.generator", [rows, columns], dtype, device, requires_grad, generator, names);

    public static Tensor rand(
        long size,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        Generator? generator = null,
        string[]? names = null
    ) => MakeRandom("rand.generator", [size], dtype, device, requires_grad, generator, names);

    public static Tensor rand(
        long[] size,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        Generator? generator = null,
        string[]? names = null
    ) => MakeRandom("rand.generator", size, dtype, device, requires_grad, generator, names);

    public static Tensor randn(
        ReadOnlySpan<long> size,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        Generator? generator = null,
        string[]? names = null
    ) => MakeRandom("randn.generator", size.ToArray(), dtype, device, requires_grad, generator, names);

    public static Tensor randn(
        int dim0,
        int dim1,
        int dim2,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        Generator? generator = null,
        string[]? names = null
    ) => MakeRandom("randn.generator", [dim0, dim1, dim2], dtype, device, requires_grad, generator, names);

    public static Tensor randn(
        int dim0,
        int dim1,
        int dim2,
        int dim3,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        Generator? generator = null,
        string[]? names = null
    ) =>
        MakeRandom(
            "randn.generator",
            [dim0, dim1, dim2, dim3],
            dtype,
            device,
            requires_grad,
            generator,
            names
        );

    public static Tensor randn(
        int rows,
        int columns,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        Generator? generator = null,
        string[]? names = null
    ) => MakeRandom("randn.generator", [rows, columns], dtype, device, requires_grad, generator, names);

    public static Tensor randn(
        int size,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        Generator? generator = null,
        string[]? names = null
    ) => MakeRandom("randn.generator", [size], dtype, device, requires_grad, generator, names);

    public static Tensor randn(
        long dim0,
        long dim1,
        long dim2,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        Generator? generator = null,
        string[]? names = null
    ) => MakeRandom("randn.generator", [dim0, dim1, dim2], dtype, device, requires_grad, generator, names);

    public static Tensor randn(
        long dim0,
        long dim1,
        long dim2,
        long dim3,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        Generator? generator = null,
        string[]? names = null
    ) =>
        MakeRandom(
            "randn.generator",
            [dim0, dim1, dim2, dim3],
            dtype,
            device,
            requires_grad,
            generator,
            names
        );

    public static Tensor randn(
        long rows,
        long columns,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        Generator? generator = null,
        string[]? names = null
    ) => MakeRandom("randn.generator", [rows, columns], dtype, device, requires_grad, generator, names);

    public static Tensor randn(
        long size,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        Generator? generator = null,
        string[]? names = null
    ) => MakeRandom("randn.generator", [size], dtype, device, requires_grad, generator, names);

    public static Tensor randn(
        long[] size,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        Generator? generator = null,
        string[]? names = null
    ) => MakeRandom("randn.generator", size, dtype, device, requires_grad, generator, names);

    public static Tensor zeros(
        ReadOnlySpan<long> size,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => Make("zeros", size.ToArray(), dtype, device, requires_grad, names);

    public static Tensor zeros(
        int dim0,
        int dim1,
        int dim2,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => Make("zeros", [dim0, dim1, dim2], dtype, device, requires_grad, names);

    public static Tensor zeros(
        int dim0,
        int dim1,
        int dim2,
        int dim3,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => Make("zeros", [dim0, dim1, dim2, dim3], dtype, device, requires_grad, names);

    public static Tensor zeros(
        int rows,
        int columns,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => Make("zeros", [rows, columns], dtype, device, requires_grad, names);

    public static Tensor zeros(
        int size,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => Make("zeros", [size], dtype, device, requires_grad, names);

    public static Tensor zeros(
        long dim0,
        long dim1,
        long dim2,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => Make("zeros", [dim0, dim1, dim2], dtype, device, requires_grad, names);

    public static Tensor zeros(
        long dim0,
        long dim1,
        long dim2,
        long dim3,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => Make("zeros", [dim0, dim1, dim2, dim3], dtype, device, requires_grad, names);

    public static Tensor zeros(
        long rows,
        long columns,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => Make("zeros", [rows, columns], dtype, device, requires_grad, names);

    public static Tensor zeros(
        long size,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => Make("zeros", [size], dtype, device, requires_grad, names);

    public static Tensor zeros(
        long[] size,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => Make("zeros", size, dtype, device, requires_grad, names);
}
