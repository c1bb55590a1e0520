using System;
using TorchSharp.Interop;

// Average and power-average pooling, as functions.

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor avg_pool1d(
                Tensor input,
                long kernel_size,
                long? stride = null,
                long? padding = null,
                bool ceil_mode = false,
                bool count_include_pad = true
            ) =>
                Aten.Call(
                    "avg_pool1d",
                    input,
                    new long[] { kernel_size },
                    stride is { } strideValue ? new long[] { strideValue } : Array.Empty<long>(),
                    padding is { } paddingValue ? new long[] { paddingValue } : new long[] { 0 },
                    ceil_mode,
                    count_include_pad
                );

            public static Tensor avg_pool2d(
                Tensor input,
                (long, long) kernel_size,
                (long, long)? stride = null,
                (long, long)? padding = null,
                bool ceil_mode = false,
                bool count_include_pad = true,
                long? divisor_override = null
            ) =>
                Aten.Call(
                    "avg_pool2d",
                    input,
                    new long[] { kernel_size.Item1, kernel_size.Item2 },
                    stride is { } strideValue
                        ? new long[] { strideValue.Item1, strideValue.Item2 }
                        : Array.Empty<long>(),
                    padding is { } paddingValue
                        ? new long[] { paddingValue.Item1, paddingValue.Item2 }
                        : new long[] { 0 },
                    ceil_mode,
                    count_include_pad,
                    divisor_override
                );

            public static Tensor avg_pool2d(
                Tensor input,
                long kernel_size,
                long? stride = null,
                long padding = 0,
                bool ceil_mode = false,
                bool count_include_pad = true,
                long? divisor_override = null
            ) =>
                Aten.Call(
                    "avg_pool2d",
                    input,
                    new long[] { kernel_size, kernel_size },
                    stride is { } strideValue ? new long[] { strideValue, strideValue } : Array.Empty<long>(),
                    new long[] { padding, padding },
                    ceil_mode,
                    count_include_pad,
                    divisor_override
                );

            public static Tensor avg_pool2d(
                Tensor input,
                long[] kernel_size,
                long[]? stride = null,
                long[]? padding = null,
                bool ceil_mode = false,
                bool count_include_pad = true,
                long? divisor_override = null
            ) =>
                Aten.Call(
                    "avg_pool2d",
                    input,
                    kernel_size,
                    stride ?? Array.Empty<long>(),
                    padding ?? new long[] { 0 },
                    ceil_mode,
                    count_include_pad,
                    divisor_override
                );

            public static Tensor avg_pool3d(
                Tensor input,
                long[] kernel_size,
                long[]? stride = null,
                long[]? padding = null,
                bool ceil_mode = false,
                bool count_include_pad = true,
                long? divisor_override = null
            ) =>
                Aten.Call(
                    "avg_pool3d",
                    input,
                    kernel_size,
                    stride ?? Array.Empty<long>(),
                    padding ?? new long[] { 0 },
                    ceil_mode,
                    count_include_pad,
                    divisor_override
                );

            public static Tensor lp_pool1d(
                Tensor input,
                double norm_type,
                long kernel_size,
                long? stride = null,
                bool ceil_mode = false
            )
            {
                using var powers = input.pow(norm_type);
                using var means = avg_pool1d(powers, kernel_size, stride, 0, ceil_mode);
                return Root(means, kernel_size, norm_type);
            }

            public static Tensor lp_pool2d(
                Tensor input,
                double norm_type,
                long kernel_size,
                long? stride = null,
                bool ceil_mode = false
            ) =>
                lp_pool2d(
                    input,
                    norm_type,
                    [kernel_size, kernel_size],
                    stride is { } s ? [s, s] : null,
                    ceil_mode
                );

            public static Tensor lp_pool2d(
                Tensor input,
                double norm_type,
                long[] kernel_size,
                long[]? stride = null,
                bool ceil_mode = false
            )
            {
                using var powers = input.pow(norm_type);
                using var means = avg_pool2d(powers, kernel_size, stride, null, ceil_mode);
                return Root(means, kernel_size.TotalSize(), norm_type);
            }

            // As PyTorch: sign(mean) relu(|mean|), times the window, to the power 1 / norm_type.
            private static Tensor Root(Tensor means, long window, double norm_type)
            {
                using var sign = means.sign();
                using var size = means.abs();
                using var positive = size.relu();
                using var signed = sign.mul(positive);
                using var sums = signed.mul(window);
                return sums.pow(1.0 / norm_type);
            }
        }
    }
}
