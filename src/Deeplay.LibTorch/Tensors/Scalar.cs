using System;
using System.Numerics;
using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>A number with the element type it came with. Nothing native stands behind it.</summary>
public sealed class Scalar : IDisposable
{
    internal readonly Tag Kind;
    internal readonly long Bits;
    internal readonly Complex Complex;

    private Scalar(torch.ScalarType type, Tag kind, long bits, Complex complex = default)
    {
        Type = type;
        Kind = kind;
        Bits = bits;
        Complex = complex;
    }

    private static Scalar Integer(torch.ScalarType type, long value) => new(type, Tag.Int, value);

    internal static Scalar Real(torch.ScalarType type, double value) =>
        new(type, Tag.Double, BitConverter.DoubleToInt64Bits(value));

    public torch.ScalarType Type { get; }

    /// <summary>Does nothing: there is nothing to free.</summary>
    public void Dispose() { }

    public static implicit operator Scalar(byte value) => Integer(torch.ScalarType.Byte, value);

    public static implicit operator Scalar(sbyte value) => Integer(torch.ScalarType.Int8, value);

    public static implicit operator Scalar(short value) => Integer(torch.ScalarType.Int16, value);

    public static implicit operator Scalar(int value) => Integer(torch.ScalarType.Int32, value);

    public static implicit operator Scalar(long value) => Integer(torch.ScalarType.Int64, value);

    public static implicit operator Scalar(Half value) => Real(torch.ScalarType.Float16, (double)value);

    public static implicit operator Scalar(float value) => Real(torch.ScalarType.Float32, value);

    public static implicit operator Scalar(double value) => Real(torch.ScalarType.Float64, value);

    public static implicit operator Scalar(bool value) => new(torch.ScalarType.Bool, Tag.Bool, value ? 1 : 0);

    public static implicit operator Scalar((float, float) value) =>
        new(torch.ScalarType.ComplexFloat32, Tag.Complex, 0, new Complex(value.Item1, value.Item2));

    public static implicit operator Scalar(Complex value) =>
        new(torch.ScalarType.ComplexFloat64, Tag.Complex, 0, value);

    internal double AsDouble() =>
        Kind switch
        {
            Tag.Double => BitConverter.Int64BitsToDouble(Bits),
            Tag.Complex => Complex.Real,
            _ => Bits,
        };

    internal long AsInt64() => Kind is Tag.Int or Tag.Bool ? Bits : checked((long)AsDouble());
}

/// <summary>Conversions between numbers and <see cref="Scalar"/>.</summary>
public static class ScalarExtensionMethods
{
    public static Scalar ToScalar(this byte value) => value;

    public static Scalar ToScalar(this sbyte value) => value;

    public static Scalar ToScalar(this short value) => value;

    public static Scalar ToScalar(this int value) => value;

    public static Scalar ToScalar(this long value) => value;

    public static Scalar ToScalar(this Half value) => value;

    public static Scalar ToScalar(this float value) => value;

    public static Scalar ToScalar(this double value) => value;

    public static Scalar ToScalar(this bool value) => value;

    public static Scalar ToScalar(this (float, float) value) => value;

    public static Scalar ToScalar(this Complex value) => value;

    public static bool ToBoolean(this Scalar value) =>
        value.Kind == Tag.Double ? value.AsDouble() != 0 : value.Bits != 0;

    public static byte ToByte(this Scalar value) => checked((byte)value.AsInt64());

    public static sbyte ToSByte(this Scalar value) => checked((sbyte)value.AsInt64());

    public static short ToInt16(this Scalar value) => checked((short)value.AsInt64());

    public static int ToInt32(this Scalar value) => checked((int)value.AsInt64());

    public static long ToInt64(this Scalar value) => value.AsInt64();

    public static Half ToHalf(this Scalar value) => (Half)value.AsDouble();

    public static float ToSingle(this Scalar value) => (float)value.AsDouble();

    public static double ToDouble(this Scalar value) => value.AsDouble();
}
