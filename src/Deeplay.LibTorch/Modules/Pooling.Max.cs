// Max pooling.

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>The largest element of each window.</summary>
        public sealed class MaxPool1d : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal MaxPool1d(long kernel_size, long? stride, long? padding, long? dilation, bool ceil_mode)
                : base(nameof(MaxPool1d))
            {
                this.kernel_size = kernel_size;
                this.stride = stride;
                this.padding = padding;
                this.dilation = dilation;
                this.ceil_mode = ceil_mode;
            }

            public long kernel_size { get; set; }

            public long? stride { get; set; }

            public long? padding { get; set; }

            public long? dilation { get; set; }

            public bool ceil_mode { get; set; }

            public override torch.Tensor forward(torch.Tensor input) =>
                torch.nn.functional.max_pool1d(input, kernel_size, stride, padding, dilation, ceil_mode);

            /// <summary>The result, and where in the input each element was found.</summary>
            public (torch.Tensor Values, torch.Tensor Indices) forward_with_indices(torch.Tensor input) =>
                torch.nn.functional.max_pool1d_with_indices(
                    input,
                    kernel_size,
                    stride,
                    padding,
                    dilation,
                    ceil_mode
                );
        }

        /// <summary>The largest element of each window.</summary>
        public sealed class MaxPool2d : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal MaxPool2d(
                long[] kernel_size,
                long[]? stride,
                long[]? padding,
                long[]? dilation,
                bool ceil_mode
            )
                : base(nameof(MaxPool2d))
            {
                this.kernel_size = kernel_size;
                this.stride = stride;
                this.padding = padding;
                this.dilation = dilation;
                this.ceil_mode = ceil_mode;
            }

            public long[] kernel_size { get; set; }

            public long[]? stride { get; set; }

            public long[]? padding { get; set; }

            public long[]? dilation { get; set; }

            public bool ceil_mode { get; set; }

            public override torch.Tensor forward(torch.Tensor input) =>
                torch.nn.functional.max_pool2d(input, kernel_size, stride, padding, dilation, ceil_mode);

            /// <summary>The result, and where in the input each element was found.</summary>
            public (torch.Tensor Values, torch.Tensor Indices) forward_with_indices(torch.Tensor input) =>
                torch.nn.functional.max_pool2d_with_indices(
                    input,
                    kernel_size,
                    stride,
                    padding,
                    dilation,
                    ceil_mode
                );
        }

        /// <summary>The largest element of each window.</summary>
        public sealed class MaxPool3d : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal MaxPool3d(
                long[] kernel_size,
                long[]? stride,
                long[]? padding,
                long[]? dilation,
                bool ceil_mode
            )
                : base(nameof(MaxPool3d))
            {
                this.kernel_size = kernel_size;
                this.stride = stride;
                this.padding = padding;
                this.dilation = dilation;
                this.ceil_mode = ceil_mode;
            }

            public long[] kernel_size { get; set; }

            public long[]? stride { get; set; }

            public long[]? padding { get; set; }

            public long[]? dilation { get; set; }

            public bool ceil_mode { get; set; }

            public override torch.Tensor forward(torch.Tensor input) =>
                torch.nn.functional.max_pool3d(input, kernel_size, stride, padding, dilation, ceil_mode);

            /// <summary>The result, and where in the input each element was found.</summary>
            public (torch.Tensor Values, torch.Tensor Indices) forward_with_indices(torch.Tensor input) =>
                torch.nn.functional.max_pool3d_with_indices(
                    input,
                    kernel_size,
                    stride,
                    padding,
                    dilation,
                    ceil_mode
                );
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.MaxPool1d MaxPool1d(
                long kernel_size,
                long? stride = null,
                long? padding = null,
                long? dilation = null,
                bool ceil_mode = false
            ) =>
                new(
                    kernel_size: kernel_size,
                    stride: stride,
                    padding: padding,
                    dilation: dilation,
                    ceil_mode: ceil_mode
                );

            public static Modules.MaxPool2d MaxPool2d(
                (long, long) kernel_size,
                (long, long)? stride = null,
                (long, long)? padding = null,
                (long, long)? dilation = null,
                bool ceil_mode = false
            ) =>
                new(
                    kernel_size: [kernel_size.Item1, kernel_size.Item2],
                    stride: stride is { } strideValue ? [strideValue.Item1, strideValue.Item2] : null,
                    padding: padding is { } paddingValue ? [paddingValue.Item1, paddingValue.Item2] : null,
                    dilation: dilation is { } dilationValue
                        ? [dilationValue.Item1, dilationValue.Item2]
                        : null,
                    ceil_mode: ceil_mode
                );

            public static Modules.MaxPool2d MaxPool2d(
                long kernel_size,
                long? stride = null,
                long? padding = null,
                long? dilation = null,
                bool ceil_mode = false
            ) =>
                new(
                    kernel_size: [kernel_size, kernel_size],
                    stride: stride is { } strideValue ? [strideValue, strideValue] : null,
                    padding: padding is { } paddingValue ? [paddingValue, paddingValue] : null,
                    dilation: dilation is { } dilationValue ? [dilationValue, dilationValue] : null,
                    ceil_mode: ceil_mode
                );

            public static Modules.MaxPool2d MaxPool2d(
                long[] kernel_size,
                long[]? stride = null,
                long[]? padding = null,
                long[]? dilation = null,
                bool ceil_mode = false
            ) =>
                new(
                    kernel_size: kernel_size,
                    stride: stride,
                    padding: padding,
                    dilation: dilation,
                    ceil_mode: ceil_mode
                );

            public static Modules.MaxPool3d MaxPool3d(
                (long, long, long) kernel_size,
                (long, long, long)? stride = null,
                (long, long, long)? padding = null,
                (long, long, long)? dilation = null,
                bool ceil_mode = false
            ) =>
                new(
                    kernel_size: [kernel_size.Item1, kernel_size.Item2, kernel_size.Item3],
                    stride: stride is { } strideValue
                        ? [strideValue.Item1, strideValue.Item2, strideValue.Item3]
                        : null,
                    padding: padding is { } paddingValue
                        ? [paddingValue.Item1, paddingValue.Item2, paddingValue.Item3]
                        : null,
                    dilation: dilation is { } dilationValue
                        ? [dilationValue.Item1, dilationValue.Item2, dilationValue.Item3]
                        : null,
                    ceil_mode: ceil_mode
                );

            public static Modules.MaxPool3d MaxPool3d(
                long kernel_size,
                long? stride = null,
                long? padding = null,
                long? dilation = null,
                bool ceil_mode = false
            ) =>
                new(
                    kernel_size: [kernel_size, kernel_size, kernel_size],
                    stride: stride is { } strideValue ? [strideValue, strideValue, strideValue] : null,
                    padding: padding is { } paddingValue ? [paddingValue, paddingValue, paddingValue] : null,
                    dilation: dilation is { } dilationValue
                        ? [dilationValue, dilationValue, dilationValue]
                        : null,
                    ceil_mode: ceil_mode
                );

            public static Modules.MaxPool3d MaxPool3d(
                long[] kernel_size,
                long[]? stride = null,
                long[]? padding = null,
                long[]? dilation = null,
                bool ceil_mode = false
            ) =>
                new(
                    kernel_size: kernel_size,
                    stride: stride,
                    padding: padding,
                    dilation: dilation,
                    ceil_mode: ceil_mode
                );
        }
    }
}
