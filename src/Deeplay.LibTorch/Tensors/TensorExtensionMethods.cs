using System;
using System.Collections.Generic;

namespace TorchSharp;

/// <summary>Reading a tensor of one element as a number of any type, and a few conveniences.</summary>
public static class TensorExtensionMethods
{
    public static bool ToBoolean(this torch.Tensor value) => value.ToScalar().ToBoolean();

    public static byte ToByte(this torch.Tensor value) => value.ToScalar().ToByte();

    public static sbyte ToSByte(this torch.Tensor value) => value.ToScalar().ToSByte();

    public static short ToInt16(this torch.Tensor value) => value.ToScalar().ToInt16();

    public static int ToInt32(this torch.Tensor value) => value.ToScalar().ToInt32();

    public static long ToInt64(this torch.Tensor value) => value.ToScalar().ToInt64();

    public static Half ToHalf(this torch.Tensor value) => value.ToScalar().ToHalf();

    public static float ToSingle(this torch.Tensor value) => value.ToScalar().ToSingle();

    public static double ToDouble(this torch.Tensor value) => value.ToScalar().ToDouble();

    /// <summary>A trainable parameter that takes the tensor over, leaving it empty.</summary>
    public static Modules.Parameter AsParameter(this torch.Tensor tensor) => new(tensor);

    public static long TotalSize(this IEnumerable<long> shape)
    {
        long size = 1;
        foreach (var length in shape)
            size *= length;
        return size;
    }

    /// <summary>Bytes for each element.</summary>
    public static int ElementSize(this torch.ScalarType type) =>
        type switch
        {
            torch.ScalarType.Int16 or torch.ScalarType.Float16 or torch.ScalarType.BFloat16 => 2,
            torch.ScalarType.Int32 or torch.ScalarType.Float32 or torch.ScalarType.QInt32 => 4,
            torch.ScalarType.Int64 or torch.ScalarType.Float64 or torch.ScalarType.ComplexFloat32 => 8,
            torch.ScalarType.ComplexFloat64 => 16,
            _ => 1,
        };

    public static torch.Tensor ToTensor<T>(
        this T[] rawArray,
        long[] dimensions,
        bool doCopy = false,
        bool requires_grad = false
    ) => torch.FromArray(rawArray, dimensions, null, null, requires_grad, null);

    public static torch.Tensor ToTensor<T>(
        this T scalar,
        torch.Device? device = null,
        bool requires_grad = false
    )
        where T : struct => torch.FromArray(new[] { scalar }, [], null, device, requires_grad, null);
}
