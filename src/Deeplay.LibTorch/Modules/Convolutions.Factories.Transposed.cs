namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static Modules.ConvTranspose1d ConvTranspose1d(
            long in_channels,
            long out_channels,
            long kernel_size,
            long stride = 1,
            long padding = 0,
            long output_padding = 0,
            long dilation = 1,
            PaddingModes padding_mode = PaddingModes.Zeros,
            long groups = 1,
            bool bias = true,
            Device? device = null,
            ScalarType? dtype = null
        ) =>
            new(
                in_channels,
                out_channels,
                [kernel_size],
                [stride],
                [padding],
                null,
                [dilation],
                [output_padding],
                groups,
                bias,
                padding_mode,
                device,
                dtype
            );

        public static Modules.ConvTranspose2d ConvTranspose2d(
            long in_channels,
            long out_channels,
            (long, long) kernel_size,
            (long, long)? stride = null,
            (long, long)? padding = null,
            (long, long)? output_padding = null,
            (long, long)? dilation = null,
            PaddingModes padding_mode = PaddingModes.Zeros,
            long groups = 1,
            bool bias = true,
            Device? device = null,
            ScalarType? dtype = null
        ) =>
            new(
                in_channels,
                out_channels,
                [kernel_size.Item1, kernel_size.Item2],
                stride is { } strideValue ? [strideValue.Item1, strideValue.Item2] : [1, 1],
                padding is { } paddingValue ? [paddingValue.Item1, paddingValue.Item2] : [0, 0],
                null,
                dilation is { } dilationValue ? [dilationValue.Item1, dilationValue.Item2] : [1, 1],
                output_padding is { } output_paddingValue
                    ? [output_paddingValue.Item1, output_paddingValue.Item2]
                    : [0, 0],
                groups,
                bias,
                padding_mode,
                device,
                dtype
            );

        public static Modules.ConvTranspose2d ConvTranspose2d(
            long in_channels,
            long out_channels,
            long kernel_size,
            long stride = 1,
            long padding = 0,
            long output_padding = 0,
            long dilation = 1,
            PaddingModes padding_mode = PaddingModes.Zeros,
            long groups = 1,
            bool bias = true,
            Device? device = null,
            ScalarType? dtype = null
        ) =>
            new(
                in_channels,
                out_channels,
                [kernel_size, kernel_size],
                [stride, stride],
                [padding, padding],
                null,
                [dilation, dilation],
                [output_padding, output_padding],
                groups,
                bias,
                padding_mode,
                device,
                dtype
            );

        public static Modules.ConvTranspose3d ConvTranspose3d(
            long in_channels,
            long out_channels,
            (long, long, long) kernel_size,
            (long, long, long)? stride = null,
            (long, long, long)? padding = null,
            (long, long, long)? output_padding = null,
            (long, long, long)? dilation = null,
            PaddingModes padding_mode = PaddingModes.Zeros,
            long groups = 1,
            bool bias = true,
            Device? device = null,
            ScalarType? dtype = null
        ) =>
            new(
                in_channels,
                out_channels,
                [kernel_size.Item1, kernel_size.Item2, kernel_size.Item3],
                stride is { } strideValue
                    ? [strideValue.Item1, strideValue.Item2, strideValue.Item3]
                    : [1, 1, 1],
                padding is { } paddingValue
                    ? [paddingValue.Item1, paddingValue.Item2, paddingValue.Item3]
                    : [0, 0, 0],
                null,
                dilation is { } dilationValue
                    ? [dilationValue.Item1, dilationValue.Item2, dilationValue.Item3]
                    : [1, 1, 1],
                output_padding is { } output_paddingValue
                    ? [output_paddingValue.Item1, output_paddingValue.Item2, output_paddingValue.Item3]
                    : [0, 0, 0],
                groups,
                bias,
                padding_mode,
                device,
                dtype
            );

        public static Modules.ConvTranspose3d ConvTranspose3d(
            long in_channels,
            long out_channels,
            long kernel_size,
            long stride = 1,
            long padding = 0,
            long output_padding = 0,
            long dilation = 1,
            PaddingModes padding_mode = PaddingModes.Zeros,
            long groups = 1,
            bool bias = true,
            Device? device = null,
            ScalarType? dtype = null
        ) =>
            new(
                in_channels,
                out_channels,
                [kernel_size, kernel_size, kernel_size],
                [stride, stride, stride],
                [padding, padding, padding],
                null,
                [dilation, dilation, dilation],
                [output_padding, output_padding, output_padding],
                groups,
                bias,
                padding_mode,
                device,
                dtype
            );
    }
}
