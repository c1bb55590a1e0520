using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp.Interop;

namespace TorchSharp;

// What the factories have in common, and tensors from arrays of any rank.

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
}
