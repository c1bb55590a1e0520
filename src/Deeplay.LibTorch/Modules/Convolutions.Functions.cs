using System;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor conv1d(
                Tensor input,
                Tensor weight,
                Tensor? bias = null,
                long? stride = null,
                long? padding = null,
                long? dilation = null,
                long groups = 1
            ) =>
                Aten.Call(
                    "conv1d",
                    input,
                    weight,
                    bias,
                    new long[] { stride ?? 1 },
                    new long[] { padding ?? 0 },
                    new long[] { dilation ?? 1 },
                    groups
                );

            public static Tensor conv1d_padding(
                Tensor input,
                Tensor weight,
                Tensor? bias = null,
                long? stride = null,
                Padding padding = Padding.Valid,
                long? dilation = null,
                long groups = 1
            ) =>
                Aten.Call(
                    "conv1d.padding",
                    input,
                    weight,
                    bias,
                    new long[] { stride ?? 1 },
                    padding == Padding.Same ? "same" : "valid",
                    new long[] { dilation ?? 1 },
                    groups
                );

            public static Tensor conv_transpose1d(
                Tensor input,
                Tensor weight,
                Tensor? bias = null,
                long? stride = null,
                long? padding = null,
                long? output_padding = null,
                long? dilation = null,
                long groups = 1
            ) =>
                Aten.Call(
                    "conv_transpose1d",
                    input,
                    weight,
                    bias,
                    new long[] { stride ?? 1 },
                    new long[] { padding ?? 0 },
                    new long[] { output_padding ?? 0 },
                    groups,
                    new long[] { dilation ?? 1 }
                );

            public static Tensor conv2d(
                Tensor input,
                Tensor weight,
                Tensor? bias = null,
                long[]? strides = null,
                long[]? padding = null,
                long[]? dilation = null,
                long groups = 1
            ) =>
                Aten.Call(
                    "conv2d",
                    input,
                    weight,
                    bias,
                    strides ?? new long[] { 1, 1 },
                    padding ?? new long[] { 0, 0 },
                    dilation ?? new long[] { 1, 1 },
                    groups
                );

            public static Tensor conv2d_padding(
                Tensor input,
                Tensor weight,
                Tensor? bias = null,
                long[]? strides = null,
                Padding padding = Padding.Valid,
                long[]? dilation = null,
                long groups = 1
            ) =>
                Aten.Call(
                    "conv2d.padding",
                    input,
                    weight,
                    bias,
                    strides ?? new long[] { 1, 1 },
                    padding == Padding.Same ? "same" : "valid",
                    dilation ?? new long[] { 1, 1 },
                    groups
                );

            public static Tensor conv_transpose2d(
                Tensor input,
                Tensor weight,
                Tensor? bias = null,
                long[]? strides = null,
                long[]? padding = null,
                long[]? output_padding = null,
                long[]? dilation = null,
                long groups = 1
            ) =>
                Aten.Call(
                    "conv_transpose2d.input",
                    input,
                    weight,
                    bias,
                    strides ?? new long[] { 1, 1 },
                    padding ?? new long[] { 0, 0 },
                    output_padding ?? new long[] { 0, 0 },
                    groups,
                    dilation ?? new long[] { 1, 1 }
                );

            public static Tensor conv3d(
                Tensor input,
                Tensor weight,
                Tensor? bias = null,
                long[]? strides = null,
                long[]? padding = null,
                long[]? dilation = null,
                long groups = 1
            ) =>
                Aten.Call(
                    "conv3d",
                    input,
                    weight,
                    bias,
                    strides ?? new long[] { 1, 1, 1 },
                    padding ?? new long[] { 0, 0, 0 },
                    dilation ?? new long[] { 1, 1, 1 },
                    groups
                );

            public static Tensor conv3d_padding(
                Tensor input,
                Tensor weight,
                Tensor? bias = null,
                long[]? strides = null,
                Padding padding = Padding.Valid,
                long[]? dilation = null,
                long groups = 1
            ) =>
                Aten.Call(
                    "conv3d.padding",
                    input,
                    weight,
                    bias,
                    strides ?? new long[] { 1, 1, 1 },
                    padding == Padding.Same ? "same" : "valid",
                    dilation ?? new long[] { 1, 1, 1 },
                    groups
                );

            public static Tensor conv_transpose3d(
                Tensor input,
                Tensor weight,
                Tensor? bias = null,
                long[]? strides = null,
                long[]? padding = null,
                long[]? output_padding = null,
                long[]? dilation = null,
                long groups = 1
            ) =>
                Aten.Call(
                    "conv_transpose3d.input",
                    input,
                    weight,
                    bias,
                    strides ?? new long[] { 1, 1, 1 },
                    padding ?? new long[] { 0, 0, 0 },
                    output_padding ?? new long[] { 0, 0, 0 },
                    groups,
                    dilation ?? new long[] { 1, 1, 1 }
                );
        }
    }
}
