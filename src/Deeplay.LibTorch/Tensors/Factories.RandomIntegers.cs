using System;
using System.Linq;
using TorchSharp.Interop;

namespace TorchSharp;

// Random whole numbers, and random numbers of given distributions.

public static partial class torch
{
    public static Tensor randperm(
        long n,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        Generator? generator = null
    ) =>
        WithGrad(
            Aten.Call(
                "randperm.generator",
                n,
                generator,
                dtype ?? ScalarType.Int64,
                Arg.None,
                InitializeDevice(device),
                false
            ),
            requires_grad,
            null
        );

    public static Tensor randint(
        long low,
        long high,
        long[] size,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        Generator? generator = null,
        string[]? names = null
    ) =>
        WithGrad(
            Aten.Call(
                "randint.low_generator",
                low,
                high,
                size,
                generator,
                dtype ?? ScalarType.Int64,
                Arg.None,
                InitializeDevice(device),
                false
            ),
            requires_grad,
            names
        );

    public static Tensor randint(
        long high,
        long[] size,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        Generator? generator = null,
        string[]? names = null
    ) => randint(0, high, size, dtype, device, requires_grad, generator, names);

    public static Tensor randint(
        long low,
        long high,
        Size size,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        Generator? generator = null,
        string[]? names = null
    ) => randint(low, high, size.Shape, dtype, device, requires_grad, generator, names);

    public static Tensor randint(
        long high,
        Size size,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        Generator? generator = null,
        string[]? names = null
    ) => randint(0, high, size.Shape, dtype, device, requires_grad, generator, names);

    public static Tensor randint(
        int low,
        int high,
        int[] size,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        Generator? generator = null,
        string[]? names = null
    ) => randint(low, high, Longs(size), dtype, device, requires_grad, generator, names);

    public static Tensor randint(
        int high,
        int[] size,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        Generator? generator = null,
        string[]? names = null
    ) => randint(0, high, Longs(size), dtype, device, requires_grad, generator, names);

    private static long[] Longs(int[] values) => Array.ConvertAll(values, value => (long)value);

    /// <summary>Numbers drawn from normal distributions, one for each mean and deviation.</summary>
    public static Tensor normal(Tensor mean, Tensor std, Generator? generator = null) =>
        Aten.Call("normal.Tensor_Tensor", mean, std, generator);

    public static Tensor normal(
        double mean,
        double std,
        ReadOnlySpan<long> size,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        Generator? generator = null,
        string[]? names = null
    )
    {
        var tensor = empty(size.ToArray(), dtype, device);
        tensor.normal_(mean, std, generator);
        return WithGrad(tensor, requires_grad, names);
    }
}
