using System;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>Convolution over sequences.</summary>
        public sealed class Conv1d : Convolution
        {
            internal Conv1d(
                long in_channels,
                long out_channels,
                long[] kernel_size,
                long[] stride,
                long[]? padding,
                Padding? padding_type,
                long[] dilation,
                long[] output_padding,
                long groups,
                bool bias,
                PaddingModes padding_mode,
                torch.Device? device,
                torch.ScalarType? dtype
            )
                : base(
                    nameof(Conv1d),
                    in_channels,
                    out_channels,
                    kernel_size,
                    stride,
                    padding,
                    padding_type,
                    dilation,
                    false,
                    output_padding,
                    groups,
                    bias,
                    padding_mode,
                    device,
                    dtype
                ) { }

            public override torch.Tensor forward(torch.Tensor input) =>
                Convolve("conv1d", "conv1d.padding", input);
        }

        /// <summary>Transposed convolution over sequences.</summary>
        public sealed class ConvTranspose1d : ConvolutionTranspose
        {
            internal ConvTranspose1d(
                long in_channels,
                long out_channels,
                long[] kernel_size,
                long[] stride,
                long[]? padding,
                Padding? padding_type,
                long[] dilation,
                long[] output_padding,
                long groups,
                bool bias,
                PaddingModes padding_mode,
                torch.Device? device,
                torch.ScalarType? dtype
            )
                : base(
                    nameof(ConvTranspose1d),
                    in_channels,
                    out_channels,
                    kernel_size,
                    stride,
                    padding,
                    padding_type,
                    dilation,
                    true,
                    output_padding,
                    groups,
                    bias,
                    padding_mode,
                    device,
                    dtype
                ) { }

            public override torch.Tensor forward(torch.Tensor input, long[]? output_size) =>
                Convolve("conv_transpose1d", input, output_size);
        }

        /// <summary>Convolution over images.</summary>
        public sealed class Conv2d : Convolution
        {
            internal Conv2d(
                long in_channels,
                long out_channels,
                long[] kernel_size,
                long[] stride,
                long[]? padding,
                Padding? padding_type,
                long[] dilation,
                long[] output_padding,
                long groups,
                bool bias,
                PaddingModes padding_mode,
                torch.Device? device,
                torch.ScalarType? dtype
            )
                : base(
                    nameof(Conv2d),
                    in_channels,
                    out_channels,
                    kernel_size,
                    stride,
                    padding,
                    padding_type,
                    dilation,
                    false,
                    output_padding,
                    groups,
                    bias,
                    padding_mode,
                    device,
                    dtype
                ) { }

            public override torch.Tensor forward(torch.Tensor input) =>
                Convolve("conv2d", "conv2d.padding", input);
        }

        /// <summary>Transposed convolution over images.</summary>
        public sealed class ConvTranspose2d : ConvolutionTranspose
        {
            internal ConvTranspose2d(
                long in_channels,
                long out_channels,
                long[] kernel_size,
                long[] stride,
                long[]? padding,
                Padding? padding_type,
                long[] dilation,
                long[] output_padding,
                long groups,
                bool bias,
                PaddingModes padding_mode,
                torch.Device? device,
                torch.ScalarType? dtype
            )
                : base(
                    nameof(ConvTranspose2d),
                    in_channels,
                    out_channels,
                    kernel_size,
                    stride,
                    padding,
                    padding_type,
                    dilation,
                    true,
                    output_padding,
                    groups,
                    bias,
                    padding_mode,
                    device,
                    dtype
                ) { }

            public override torch.Tensor forward(torch.Tensor input, long[]? output_size) =>
                Convolve("conv_transpose2d.input", input, output_size);
        }

        /// <summary>Convolution over volumes.</summary>
        public sealed class Conv3d : Convolution
        {
            internal Conv3d(
                long in_channels,
                long out_channels,
                long[] kernel_size,
                long[] stride,
                long[]? padding,
                Padding? padding_type,
                long[] dilation,
                long[] output_padding,
                long groups,
                bool bias,
                PaddingModes padding_mode,
                torch.Device? device,
                torch.ScalarType? dtype
            )
                : base(
                    nameof(Conv3d),
                    in_channels,
                    out_channels,
                    kernel_size,
                    stride,
                    padding,
                    padding_type,
                    dilation,
                    false,
                    output_padding,
                    groups,
                    bias,
                    padding_mode,
                    device,
                    dtype
                ) { }

            public override torch.Tensor forward(torch.Tensor input) =>
                Convolve("conv3d", "conv3d.padding", input);
        }

        /// <summary>Transposed convolution over volumes.</summary>
        public sealed class ConvTranspose3d : ConvolutionTranspose
        {
            internal ConvTranspose3d(
                long in_channels,
                long out_channels,
                long[] kernel_size,
                long[] stride,
                long[]? padding,
                Padding? padding_type,
                long[] dilation,
                long[] output_padding,
                long groups,
                bool bias,
                PaddingModes padding_mode,
                torch.Device? device,
                torch.ScalarType? dtype
            )
                : base(
                    nameof(ConvTranspose3d),
                    in_channels,
                    out_channels,
                    kernel_size,
                    stride,
                    padding,
                    padding_type,
                    dilation,
                    true,
                    output_padding,
                    groups,
                    bias,
                    padding_mode,
                    device,
                    dtype
                ) { }

            public override torch.Tensor forward(torch.Tensor input, long[]? output_size) =>
                Convolve("conv_transpose3d.input", input, output_size);
        }
    }
}
