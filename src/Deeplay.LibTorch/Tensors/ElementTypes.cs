using System;

namespace TorchSharp;

/// <summary>Which .NET type stands for which element type.</summary>
internal static class ElementTypes
{
    internal static torch.ScalarType Of(Type type)
    {
        foreach (torch.ScalarType candidate in Enum.GetValues<torch.ScalarType>())
            if (Matches(candidate, type))
                return candidate;
        throw new ArgumentException($"There is no tensor of {type.Name}.", nameof(type));
    }

    internal static bool Matches(torch.ScalarType dtype, Type type) =>
        dtype switch
        {
            torch.ScalarType.Byte => type == typeof(byte),
            torch.ScalarType.Int8 => type == typeof(sbyte),
            torch.ScalarType.Int16 => type == typeof(short),
            torch.ScalarType.Int32 => type == typeof(int),
            torch.ScalarType.Int64 => type == typeof(long),
            torch.ScalarType.Float16 => type == typeof(Half),
            torch.ScalarType.Float32 => type == typeof(float),
            torch.ScalarType.Float64 => type == typeof(double),
            torch.ScalarType.Bool => type == typeof(bool),
            torch.ScalarType.ComplexFloat32 => type == typeof((float, float)),
            torch.ScalarType.ComplexFloat64 => type == typeof(System.Numerics.Complex),
            _ => false,
        };
}
