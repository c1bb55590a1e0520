// Average and power-average pooling.

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>The mean of each window.</summary>
        public sealed class AvgPool1d : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal AvgPool1d(
                long kernel_size,
                long? stride,
                long? padding,
                bool ceil_mode,
                bool count_include_pad
            )
                : base(nameof(AvgPool1d))
            {
                this.kernel_size = kernel_size;
                this.stride = stride;
                this.padding = padding;
                this.ceil_mode = ceil_mode;
                this.count_include_pad = count_include_pad;
            }

            public long kernel_size { get; set; }

            public long? stride { get; set; }

            public long? padding { get; set; }

            public bool ceil_mode { get; set; }

            public bool count_include_pad { get; set; }

            public override torch.Tensor forward(torch.Tensor input) =>
                torch.nn.functional.avg_pool1d(
                    input,
                    kernel_size,
                    stride,
                    padding,
                    ceil_mode,
                    count_include_pad
                );
        }

        /// <summary>The mean of each window.</summary>
        public sealed class AvgPool2d : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal AvgPool2d(
                long[] kernel_size,
                long[]? stride,
                long[]? padding,
                bool ceil_mode,
                bool count_include_pad,
                long? divisor_override
            )
                : base(nameof(AvgPool2d))
            {
                this.kernel_size = kernel_size;
                this.stride = stride;
                this.padding = padding;
                this.ceil_mode = ceil_mode;
                this.count_include_pad = count_include_pad;
                this.divisor_override = divisor_override;
            }

            public long[] kernel_size { get; set; }

            public long[]? stride { get; set; }

            public long[]? padding { get; set; }

            public bool ceil_mode { get; set; }

            public bool count_include_pad { get; set; }

            public long? divisor_override { get; set; }

            public override torch.Tensor forward(torch.Tensor input) =>
                torch.nn.functional.avg_pool2d(
                    input,
                    kernel_size,
                    stride,
                    padding,
                    ceil_mode,
                    count_include_pad,
                    divisor_override
                );
        }

        /// <summary>The mean of each window.</summary>
        public sealed class AvgPool3d : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal AvgPool3d(
                long[] kernel_size,
                long[]? stride,
                long[]? padding,
                bool ceil_mode,
                bool count_include_pad,
                long? divisor_override
            )
                : base(nameof(AvgPool3d))
            {
                this.kernel_size = kernel_size;
                this.stride = stride;
                this.padding = padding;
                this.ceil_mode = ceil_mode;
                this.count_include_pad = count_include_pad;
                this.divisor_override = divisor_override;
            }

            public long[] kernel_size { get; set; }

            public long[]? stride { get; set; }

            public long[]? padding { get; set; }

            public bool ceil_mode { get; set; }

            public bool count_include_pad { get; set; }

            public long? divisor_override { get; set; }

            public override torch.Tensor forward(torch.Tensor input) =>
                torch.nn.functional.avg_pool3d(
                    input,
                    kernel_size,
                    stride,
                    padding,
                    ceil_mode,
                    count_include_pad,
                    divisor_override
                );
        }

        /// <summary>The p-norm of each window.</summary>
        public sealed class LPPool1d : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal LPPool1d(double norm_type, long kernel_size, long? stride, bool ceil_mode)
                : base(nameof(LPPool1d))
            {
                this.norm_type = norm_type;
                this.kernel_size = kernel_size;
                this.stride = stride;
                this.ceil_mode = ceil_mode;
            }

            public double norm_type { get; set; }

            public long kernel_size { get; set; }

            public long? stride { get; set; }

            public bool ceil_mode { get; set; }

            public override torch.Tensor forward(torch.Tensor input) =>
                torch.nn.functional.lp_pool1d(input, norm_type, kernel_size, stride, ceil_mode);
        }

        /// <summary>The p-norm of each window.</summary>
        public sealed class LPPool2d : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal LPPool2d(double norm_type, long[] kernel_size, long[]? stride, bool ceil_mode)
                : base(nameof(LPPool2d))
            {
                this.norm_type = norm_type;
                this.kernel_size = kernel_size;
                this.stride = stride;
                this.ceil_mode = ceil_mode;
            }

            public double norm_type { get; set; }

            public long[] kernel_size { get; set; }

            public long[]? stride { get; set; }

            public bool ceil_mode { get; set; }

            public override torch.Tensor forward(torch.Tensor input) =>
                torch.nn.functional.lp_pool2d(input, norm_type, kernel_size, stride, ceil_mode);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.AvgPool1d AvgPool1d(
                long kernel_size,
                long? stride = null,
                long padding = 0,
                bool ceil_mode = false,
                bool count_include_pad = true
            ) =>
                new(
                    kernel_size: kernel_size,
                    stride: stride,
                    padding: padding,
                    ceil_mode: ceil_mode,
                    count_include_pad: count_include_pad
                );

            public static Modules.AvgPool2d AvgPool2d(
                (long, long) kernel_size,
                (long, long)? stride = null,
                (long, long)? padding = null,
                bool ceil_mode = false,
                bool count_include_pad = true,
                long? divisor_override = null
            ) =>
                new(
                    kernel_size: [kernel_size.Item1, kernel_size.Item2],
                    stride: stride is { } strideValue ? [strideValue.Item1, strideValue.Item2] : null,
                    padding: padding is { } paddingValue ? [paddingValue.Item1, paddingValue.Item2] : null,
                    ceil_mode: ceil_mode,
                    count_include_pad: count_include_pad,
                    divisor_override: divisor_override
                );

            public static Modules.AvgPool2d AvgPool2d(
                long kernel_size,
                long? stride = null,
                long? padding = null,
                bool ceil_mode = false,
                bool count_include_pad = true,
                long? divisor_override = null
            ) =>
                new(
                    kernel_size: [kernel_size, kernel_size],
                    stride: stride is { } strideValue ? [strideValue, strideValue] : null,
                    padding: padding is { } paddingValue ? [paddingValue, paddingValue] : null,
                    ceil_mode: ceil_mode,
                    count_include_pad: count_include_pad,
                    divisor_override: divisor_override
                );

            public static Modules.AvgPool2d AvgPool2d(
                long[] kernel_size,
                long[]? stride = null,
                long[]? padding = null,
                bool ceil_mode = false,
                bool count_include_pad = true,
                long? divisor_override = null
            ) =>
                new(
                    kernel_size: kernel_size,
                    stride: stride,
                    padding: padding,
                    ceil_mode: ceil_mode,
                    count_include_pad: count_include_pad,
                    divisor_override: divisor_override
                );

            public static Modules.AvgPool3d AvgPool3d(
                (long, long, long) kernel_size,
                (long, long, long)? stride = null,
                (long, long, long)? padding = null,
                bool ceil_mode = false,
                bool count_include_pad = true,
                long? divisor_override = null
            ) =>
                new(
                    kernel_size: [kernel_size.Item1, kernel_size.Item2, kernel_size.Item3],
                    stride: stride is { } strideValue
                        ? [strideValue.Item1, strideValue.Item2, strideValue.Item3]
                        : null,
                    padding: padding is { } paddingValue
                        ? [paddingValue.Item1, paddingValue.Item2, paddingValue.Item3]
                        : null,
                    ceil_mode: ceil_mode,
                    count_include_pad: count_include_pad,
                    divisor_override: divisor_override
                );

            public static Modules.AvgPool3d AvgPool3d(
                long kernel_size,
                long? stride = null,
                long? padding = null,
                bool ceil_mode = false,
                bool count_include_pad = true,
                long? divisor_override = null
            ) =>
                new(
                    kernel_size: [kernel_size, kernel_size, kernel_size],
                    stride: stride is { } strideValue ? [strideValue, strideValue, strideValue] : null,
                    padding: padding is { } paddingValue ? [paddingValue, paddingValue, paddingValue] : null,
                    ceil_mode: ceil_mode,
                    count_include_pad: count_include_pad,
                    divisor_override: divisor_override
                );

            public static Modules.AvgPool3d AvgPool3d(
                long[] kernel_size,
                long[]? stride = null,
                long[]? padding = null,
                bool ceil_mode = false,
                bool count_include_pad = true,
                long? divisor_override = null
            ) =>
                new(
                    kernel_size: kernel_size,
                    stride: stride,
                    padding: padding,
                    ceil_mode: ceil_mode,
                    count_include_pad: count_include_pad,
                    divisor_override: divisor_override
                );

            public static Modules.LPPool1d LPPool1d(
                double norm_type,
                long kernel_size,
                long? stride = null,
                bool ceil_mode = false
            ) => new(norm_type: norm_type, kernel_size: kernel_size, stride: stride, ceil_mode: ceil_mode);

            public static Modules.LPPool2d LPPool2d(
                double norm_type,
                long kernel_size,
                long? stride = null,
                bool ceil_mode = false
            ) =>
                new(
                    norm_type: norm_type,
                    kernel_size: [kernel_size, kernel_size],
                    stride: stride is { } strideValue ? [strideValue, strideValue] : null,
                    ceil_mode: ceil_mode
                );

            public static Modules.LPPool2d LPPool2d(
                double norm_type,
                long[] kernel_size,
                long[]? stride = null,
                bool ceil_mode = false
            ) => new(norm_type: norm_type, kernel_size: kernel_size, stride: stride, ceil_mode: ceil_mode);
        }
    }
}
