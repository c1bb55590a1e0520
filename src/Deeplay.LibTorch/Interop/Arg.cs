using System;
using System.Collections.Generic;

namespace TorchSharp.Interop;

/// <summary>The kinds of arguments; the numbers are those of <c>Tag</c> in the C++ file.</summary>
internal enum Tag
{
    None = 0,
    Tensor = 1,
    Int = 2,
    Double = 3,
    Bool = 4,
    IntList = 5,
    DoubleList = 6,
    BoolList = 7,
    TensorList = 8,
    OptionalTensorList = 9,
    String = 10,
    Device = 11,
    Generator = 12,
    Complex = 13,
    Default = 14,
}

/// <summary>An argument of an operator, on the stack. It keeps what it refers to alive.</summary>
internal readonly struct Arg
{
    internal readonly object? Reference;
    internal readonly long Bits;
    internal readonly Tag Tag;

    private Arg(Tag tag, long bits, object? reference = null)
    {
        Tag = tag;
        Bits = bits;
        Reference = reference;
    }

    /// <summary>No value, where the operator takes an optional one.</summary>
    internal static Arg None => default;

    /// <summary>The default of the operator's schema.</summary>
    internal static Arg Default => new(Tag.Default, 0);

    internal static Arg OptionalTensors(torch.Tensor?[] tensors) => new(Tag.OptionalTensorList, 0, tensors);

    private static Arg Real(double value) => new(Tag.Double, BitConverter.DoubleToInt64Bits(value));

    public static implicit operator Arg(torch.Tensor? value) =>
        value is null ? default : new Arg(Tag.Tensor, 0, value);

    public static implicit operator Arg(int value) => new(Tag.Int, value);

    public static implicit operator Arg(long value) => new(Tag.Int, value);

    public static implicit operator Arg(long? value) => value is { } v ? new Arg(Tag.Int, v) : default;

    public static implicit operator Arg(int? value) => value is { } v ? new Arg(Tag.Int, v) : default;

    public static implicit operator Arg(double value) => Real(value);

    public static implicit operator Arg(double? value) => value is { } v ? Real(v) : default;

    public static implicit operator Arg(bool value) => new(Tag.Bool, value ? 1 : 0);

    public static implicit operator Arg(bool? value) =>
        value is { } v ? new Arg(Tag.Bool, v ? 1 : 0) : default;

    public static implicit operator Arg(torch.ScalarType value) => new(Tag.Int, (long)value);

    public static implicit operator Arg(torch.ScalarType? value) =>
        value is { } v ? new Arg(Tag.Int, (long)v) : default;

    public static implicit operator Arg(torch.nn.Reduction value) => new(Tag.Int, (long)value);

    public static implicit operator Arg(Scalar? value) =>
        value is null ? default
        : value.Kind == Tag.Complex ? new Arg(Tag.Complex, 0, value)
        : new Arg(value.Kind, value.Bits);

    public static implicit operator Arg(long[]? value) =>
        value is null ? default : new Arg(Tag.IntList, 0, value);

    public static implicit operator Arg(double[]? value) =>
        value is null ? default : new Arg(Tag.DoubleList, 0, value);

    public static implicit operator Arg(bool[]? value) =>
        value is null ? default : new Arg(Tag.BoolList, 0, value);

    public static implicit operator Arg(torch.Tensor[] value) => new(Tag.TensorList, 0, value);

    public static implicit operator Arg(List<torch.Tensor> value) => new(Tag.TensorList, 0, value.ToArray());

    public static implicit operator Arg(string? value) =>
        value is null ? default : new Arg(Tag.String, 0, value);

    public static implicit operator Arg(torch.Device? value) =>
        value is null ? default : new Arg(Tag.Device, value.Packed);

    public static implicit operator Arg(torch.Generator? value) =>
        value is null ? default : new Arg(Tag.Generator, 0, value);
}
