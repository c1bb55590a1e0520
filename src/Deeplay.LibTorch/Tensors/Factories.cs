using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp.Interop;

namespace TorchSharp;

public static unsafe partial class torch
{
    private static Tensor WithGrad(Tensor tensor, bool requires_grad, string[]? names)
    {
        if (names is not null)
            throw new ArgumentException("Named dimensions are not offered by this engine.", nameof(names));
        if (requires_grad)
            tensor.requires_grad = true;
        return tensor;
    }

    private static Tensor Make(
        string op,
        long[] size,
        ScalarType? dtype,
        Device? device,
        bool requires_grad,
        string[]? names
    ) =>
        WithGrad(
            Aten.Call(op, size, dtype ?? get_default_dtype(), Arg.None, InitializeDevice(device), false),
            requires_grad,
            names
        );

    private static Tensor MakeRandom(
        string op,
        long[] size,
        ScalarType? dtype,
        Device? device,
        bool requires_grad,
        Generator? generator,
        string[]? names
    ) =>
        WithGrad(
            Aten.Call(
                op,
                size,
                generator,
                dtype ?? get_default_dtype(),
                Arg.None,
                InitializeDevice(device),
                false
            ),
            requires_grad,
            names
        );

    private static Tensor MakeFull(
        long[] size,
        Scalar value,
        ScalarType? dtype,
        Device? device,
        bool requires_grad,
        string[]? names
    ) =>
        WithGrad(
            Aten.Call(
                "full",
                size,
                value,
                dtype ?? DefaultTypeOf(value),
                Arg.None,
                InitializeDevice(device),
                false
            ),
            requires_grad,
            names
        );

    // PyTorch's rule for full and arange: integers stay integers, other numbers take the default type.
    private static ScalarType DefaultTypeOf(Scalar value) =>
        value.Kind switch
        {
            Tag.Int => ScalarType.Int64,
            Tag.Bool => ScalarType.Bool,
            Tag.Complex => value.Type,
            _ => get_default_dtype(),
        };

    private static Tensor MakeLike(
        string op,
        Tensor input,
        ScalarType? dtype,
        Device? device,
        bool requires_grad,
        string[]? names = null
    ) =>
        WithGrad(
            Aten.Call(op, input, dtype ?? input.dtype, Arg.None, device ?? input.device, false, Arg.None),
            requires_grad,
            names
        );

    internal static Tensor FromArray<T>(
        ReadOnlySpan<T> data,
        long[] size,
        ScalarType? dtype,
        Device? device,
        bool requires_grad,
        string[]? names
    )
    {
        var type = ElementTypes.Of(typeof(T));
        if (size.TotalSize() != data.Length)
            throw new ArgumentException(
                $"{data.Length} elements do not fill the shape [{string.Join(", ", size)}]."
            );
        var tensor = Aten.Call("empty.memory_format", size, type, Arg.None, CPU, false, Arg.None);
        if (data.Length > 0)
            fixed (
                byte* source = &System.Runtime.CompilerServices.Unsafe.As<T, byte>(
                    ref System.Runtime.InteropServices.MemoryMarshal.GetReference(data)
                )
            )
                Buffer.MemoryCopy(
                    source,
                    (void*)tensor.DataPointer,
                    data.Length * tensor.ElementSize,
                    data.Length * tensor.ElementSize
                );
        var target = InitializeDevice(device);
        if (tensor.ConversionCopies(dtype ?? type, target))
            tensor = tensor.to(dtype ?? type, target, disposeAfter: true);
        return WithGrad(tensor, requires_grad, names);
    }

    private static Tensor FromArray<T>(
        Array data,
        ScalarType? dtype,
        Device? device,
        bool requires_grad,
        string[]? names
    )
    {
        var size = Enumerable.Range(0, data.Rank).Select(dim => data.GetLongLength(dim)).ToArray();
        var flat = new T[data.LongLength];
        var k = 0;
        foreach (T element in data)
            flat[k++] = element;
        return FromArray<T>(flat, size, dtype, device, requires_grad, names);
    }

    private static T[] AsArray<T>(IList<T> list) => list as T[] ?? list.ToArray();

    /// <summary>A tensor with the shape and the elements of an array of any rank.</summary>
    public static Tensor from_array(
        Array rawArray,
        ScalarType? dtype,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) =>
        rawArray.GetType().GetElementType() switch
        {
            var t when t == typeof(bool) => FromArray<bool>(rawArray, dtype, device, requires_grad, names),
            var t when t == typeof(byte) => FromArray<byte>(rawArray, dtype, device, requires_grad, names),
            var t when t == typeof(sbyte) => FromArray<sbyte>(rawArray, dtype, device, requires_grad, names),
            var t when t == typeof(short) => FromArray<short>(rawArray, dtype, device, requires_grad, names),
            var t when t == typeof(int) => FromArray<int>(rawArray, dtype, device, requires_grad, names),
            var t when t == typeof(long) => FromArray<long>(rawArray, dtype, device, requires_grad, names),
            var t when t == typeof(Half) => FromArray<Half>(rawArray, dtype, device, requires_grad, names),
            var t when t == typeof(float) => FromArray<float>(rawArray, dtype, device, requires_grad, names),
            var t when t == typeof(double) => FromArray<double>(
                rawArray,
                dtype,
                device,
                requires_grad,
                names
            ),
            var t => throw new ArgumentException($"There is no tensor of {t?.Name}.", nameof(rawArray)),
        };

    public static Tensor from_array(Array rawArray, Device? device = null) =>
        from_array(rawArray, null, device);

    public static Tensor arange(
        Scalar stop,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false
    ) => arange(0, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(
        Scalar start,
        Scalar stop,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false
    ) => arange(start, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(
        Scalar start,
        Scalar stop,
        Scalar step,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false
    )
    {
        var real = new[] { start, stop, step }.FirstOrDefault(s => s.Kind == Tag.Double);
        var type = dtype ?? DefaultTypeOf(real ?? stop);
        return WithGrad(
            Aten.Call(
                "arange.start_step",
                start,
                stop,
                step,
                type,
                Arg.None,
                InitializeDevice(device),
                false
            ),
            requires_grad,
            null
        );
    }

    /// <summary>Evenly spaced numbers, both ends included.</summary>
    public static Tensor linspace(
        double start,
        double end,
        long steps,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false
    ) =>
        WithGrad(
            Aten.Call(
                "linspace",
                start,
                end,
                steps,
                dtype ?? get_default_dtype(),
                Arg.None,
                InitializeDevice(device),
                false
            ),
            requires_grad,
            null
        );

    public static Tensor logspace(
        double start,
        double end,
        long steps,
        double @base = 10,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false
    ) =>
        WithGrad(
            Aten.Call(
                "logspace",
                start,
                end,
                steps,
                @base,
                dtype ?? get_default_dtype(),
                Arg.None,
                InitializeDevice(device),
                false
            ),
            requires_grad,
            null
        );

    public static Tensor eye(
        long rows,
        long columns = -1,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) =>
        WithGrad(
            Aten.Call(
                "eye.m",
                rows,
                columns < 0 ? rows : columns,
                dtype ?? get_default_dtype(),
                Arg.None,
                InitializeDevice(device),
                false
            ),
            requires_grad,
            names
        );

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

    public static Tensor zeros_like(
        Tensor input,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => MakeLike("zeros_like", input, dtype, device, requires_grad, names);

    public static Tensor ones_like(
        Tensor input,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => MakeLike("ones_like", input, dtype, device, requires_grad, names);

    public static Tensor empty_like(
        Tensor input,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => MakeLike("empty_like", input, dtype, device, requires_grad, names);

    public static Tensor rand_like(
        Tensor input,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false
    ) => MakeLike("rand_like", input, dtype, device, requires_grad);

    public static Tensor randn_like(
        Tensor input,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false
    ) => MakeLike("randn_like", input, dtype, device, requires_grad);

    public static Tensor full_like(
        Tensor input,
        Scalar value,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) =>
        WithGrad(
            Aten.Call(
                "full_like",
                input,
                value,
                dtype ?? input.dtype,
                Arg.None,
                device ?? input.device,
                false,
                Arg.None
            ),
            requires_grad,
            names
        );

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
