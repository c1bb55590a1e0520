using System;
using TorchSharp.Interop;

// Max pooling, as functions.

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor max_pool1d(
                Tensor input,
                long kernel_size,
                long? stride = null,
                long? padding = null,
                long? dilation = null,
                bool ceil_mode = false
            ) =>
                Aten.Call(
                    "max_pool1d",
                    input,
                    new long[] { kernel_size },
                    stride is { } strideValue ? new long[] { strideValue } : Array.Empty<long>(),
                    padding is { } paddingValue ? new long[] { paddingValue } : new long[] { 0 },
                    dilation is { } dilationValue ? new long[] { dilationValue } : new long[] { 1 },
                    ceil_mode
                );

            public static (Tensor output, Tensor indices) max_pool1d_with_indices(
                Tensor input,
                long kernel_size,
                long? stride = null,
                long? padding = null,
                long? dilation = null,
                bool ceil_mode = false
            ) =>
                Aten.Call2(
                    "max_pool1d_with_indices",
                    input,
                    new long[] { kernel_size },
                    stride is { } strideValue ? new long[] { strideValue } : Array.Empty<long>(),
                    padding is { } paddingValue ? new long[] { paddingValue } : new long[] { 0 },
                    dilation is { } dilationValue ? new long[] { dilationValue } : new long[] { 1 },
                    ceil_mode
                );

            public static Tensor max_pool2d(
                Tensor input,
                (long, long) kernel_size,
                (long, long)? stride = null,
                (long, long)? padding = null,
                (long, long)? dilation = null,
                bool ceil_mode = false
            ) =>
                Aten.Call(
                    "max_pool2d",
                    input,
                    new long[] { kernel_size.Item1, kernel_size.Item2 },
                    stride is { } strideValue
                        ? new long[] { strideValue.Item1, strideValue.Item2 }
                        : Array.Empty<long>(),
                    padding is { } paddingValue
                        ? new long[] { paddingValue.Item1, paddingValue.Item2 }
                        : new long[] { 0 },
                    dilation is { } dilationValue
                        ? new long[] { dilationValue.Item1, dilationValue.Item2 }
                        : new long[] { 1 },
                    ceil_mode
                );

            public static Tensor max_pool2d(
                Tensor input,
                long kernel_size,
                long? stride = null,
                long? padding = null,
                long? dilation = null,
                bool ceil_mode = false
            ) =>
                Aten.Call(
                    "max_pool2d",
                    input,
                    new long[] { kernel_size, kernel_size },
                    stride is { } strideValue ? new long[] { strideValue, strideValue } : Array.Empty<long>(),
                    padding is { } paddingValue
                        ? new long[] { paddingValue, paddingValue }
                        : new long[] { 0 },
                    dilation is { } dilationValue
                        ? new long[] { dilationValue, dilationValue }
                        : new long[] { 1 },
                    ceil_mode
                );

            public static Tensor max_pool2d(
                Tensor input,
                long[] kernel_size,
                long[]? strides = null,
                long[]? padding = null,
                long[]? dilation = null,
                bool ceil_mode = false
            ) =>
                Aten.Call(
                    "max_pool2d",
                    input,
                    kernel_size,
                    strides ?? Array.Empty<long>(),
                    padding ?? new long[] { 0 },
                    dilation ?? new long[] { 1 },
                    ceil_mode
                );

            public static (Tensor output, Tensor indices) max_pool2d_with_indices(
                Tensor input,
                long[] kernel_size,
                long[]? strides = null,
                long[]? padding = null,
                long[]? dilation = null,
                bool ceil_mode = false
            ) =>
                Aten.Call2(
                    "max_pool2d_with_indices",
                    input,
                    kernel_size,
                    strides ?? Array.Empty<long>(),
                    padding ?? new long[] { 0 },
                    dilation ?? new long[] { 1 },
                    ceil_mode
                );

            public static Tensor max_pool3d(
                Tensor input,
                long[] kernel_size,
                long[]? strides = null,
                long[]? padding = null,
                long[]? dilation = null,
                bool ceil_mode = false
            ) =>
                Aten.Call(
                    "max_pool3d",
                    input,
                    kernel_size,
                    strides ?? Array.Empty<long>(),
                    padding ?? new long[] { 0 },
                    dilation ?? new long[] { 1 },
                    ceil_mode
                );

            public static (Tensor output, Tensor indices) max_pool3d_with_indices(
                Tensor input,
                long[] kernel_size,
                long[]? strides = null,
                long[]? padding = null,
                long[]? dilation = null,
                bool ceil_mode = false
            ) =>
                Aten.Call2(
                    "max_pool3d_with_indices",
                    input,
                    kernel_size,
                    strides ?? Array.Empty<long>(),
                    padding ?? new long[] { 0 },
                    dilation ?? new long[] { 1 },
                    ceil_mode
                );
        }
    }
}
