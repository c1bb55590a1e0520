using System;
using TorchSharp.Interop;

// Pooling to a given size.

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>Means over as many windows as the output has elements.</summary>
        public sealed class AdaptiveAvgPool1d : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal AdaptiveAvgPool1d(long output_size)
                : base(nameof(AdaptiveAvgPool1d))
            {
                this.output_size = output_size;
            }

            public long output_size { get; set; }

            public override torch.Tensor forward(torch.Tensor input) =>
                torch.nn.functional.adaptive_avg_pool1d(input, output_size);
        }

        /// <summary>Means over as many windows as the output has elements.</summary>
        public sealed class AdaptiveAvgPool2d : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal AdaptiveAvgPool2d(long[] output_size)
                : base(nameof(AdaptiveAvgPool2d))
            {
                this.output_size = output_size;
            }

            public long[] output_size { get; set; }

            public override torch.Tensor forward(torch.Tensor input) =>
                torch.nn.functional.adaptive_avg_pool2d(input, output_size);
        }

        /// <summary>Means over as many windows as the output has elements.</summary>
        public sealed class AdaptiveAvgPool3d : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal AdaptiveAvgPool3d(long[] output_size)
                : base(nameof(AdaptiveAvgPool3d))
            {
                this.output_size = output_size;
            }

            public long[] output_size { get; set; }

            public override torch.Tensor forward(torch.Tensor input) =>
                torch.nn.functional.adaptive_avg_pool3d(input, output_size);
        }

        /// <summary>Maxima over as many windows as the output has elements.</summary>
        public sealed class AdaptiveMaxPool1d : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal AdaptiveMaxPool1d(long output_size)
                : base(nameof(AdaptiveMaxPool1d))
            {
                this.output_size = output_size;
            }

            public long output_size { get; set; }

            public override torch.Tensor forward(torch.Tensor input) =>
                torch.nn.functional.adaptive_max_pool1d(input, output_size);

            public (torch.Tensor Values, torch.Tensor Indices) forward_with_indices(torch.Tensor input) =>
                torch.nn.functional.adaptive_max_pool1d_with_indices(input, output_size);
        }

        /// <summary>Maxima over as many windows as the output has elements.</summary>
        public sealed class AdaptiveMaxPool2d : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal AdaptiveMaxPool2d(long[] output_size)
                : base(nameof(AdaptiveMaxPool2d))
            {
                this.output_size = output_size;
            }

            public long[] output_size { get; set; }

            public override torch.Tensor forward(torch.Tensor input) =>
                torch.nn.functional.adaptive_max_pool2d(input, output_size);

            public (torch.Tensor output, torch.Tensor indices) forward_with_indices(torch.Tensor input) =>
                torch.nn.functional.adaptive_max_pool2d_with_indices(input, output_size);
        }

        /// <summary>Maxima over as many windows as the output has elements.</summary>
        public sealed class AdaptiveMaxPool3d : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal AdaptiveMaxPool3d(long[] output_size)
                : base(nameof(AdaptiveMaxPool3d))
            {
                this.output_size = output_size;
            }

            public long[] output_size { get; set; }

            public override torch.Tensor forward(torch.Tensor input) =>
                torch.nn.functional.adaptive_max_pool3d(input, output_size);

            public (torch.Tensor output, torch.Tensor indices) forward_with_indices(torch.Tensor input) =>
                torch.nn.functional.adaptive_max_pool3d_with_indices(input, output_size);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.AdaptiveAvgPool1d AdaptiveAvgPool1d(long output_size) =>
                new(output_size: output_size);

            public static Modules.AdaptiveAvgPool2d AdaptiveAvgPool2d((long, long) output_size) =>
                new(output_size: [output_size.Item1, output_size.Item2]);

            public static Modules.AdaptiveAvgPool2d AdaptiveAvgPool2d(long output_size) =>
                new(output_size: [output_size, output_size]);

            public static Modules.AdaptiveAvgPool2d AdaptiveAvgPool2d(long[] output_size) =>
                new(output_size: output_size);

            public static Modules.AdaptiveAvgPool3d AdaptiveAvgPool3d((long, long, long) output_size) =>
                new(output_size: [output_size.Item1, output_size.Item2, output_size.Item3]);

            public static Modules.AdaptiveAvgPool3d AdaptiveAvgPool3d(long output_size) =>
                new(output_size: [output_size, output_size, output_size]);

            public static Modules.AdaptiveAvgPool3d AdaptiveAvgPool3d(long[] output_size) =>
                new(output_size: output_size);

            public static Modules.AdaptiveMaxPool1d AdaptiveMaxPool1d(long output_size) =>
                new(output_size: output_size);

            public static Modules.AdaptiveMaxPool2d AdaptiveMaxPool2d(long[] output_size) =>
                new(output_size: output_size);

            public static Modules.AdaptiveMaxPool3d AdaptiveMaxPool3d(long[] output_size) =>
                new(output_size: output_size);

            public static partial class functional
            {
                public static Tensor adaptive_avg_pool1d(Tensor input, long output_size) =>
                    Aten.Call("adaptive_avg_pool1d", input, new long[] { output_size });

                public static Tensor adaptive_avg_pool2d(Tensor input, (long, long) output_size) =>
                    Aten.Call(
                        "adaptive_avg_pool2d",
                        input,
                        new long[] { output_size.Item1, output_size.Item2 }
                    );

                public static Tensor adaptive_avg_pool2d(Tensor input, long output_size) =>
                    Aten.Call("adaptive_avg_pool2d", input, new long[] { output_size, output_size });

                public static Tensor adaptive_avg_pool2d(Tensor input, long[] output_size) =>
                    Aten.Call("adaptive_avg_pool2d", input, output_size);

                public static Tensor adaptive_avg_pool3d(Tensor input, (long, long, long) output_size) =>
                    Aten.Call(
                        "adaptive_avg_pool3d",
                        input,
                        new long[] { output_size.Item1, output_size.Item2, output_size.Item3 }
                    );

                public static Tensor adaptive_avg_pool3d(Tensor input, long output_size) =>
                    Aten.Call(
                        "adaptive_avg_pool3d",
                        input,
                        new long[] { output_size, output_size, output_size }
                    );

                public static Tensor adaptive_avg_pool3d(Tensor input, long[] output_size) =>
                    Aten.Call("adaptive_avg_pool3d", input, output_size);

                public static (Tensor Values, Tensor Indices) adaptive_max_pool1d_with_indices(
                    Tensor input,
                    long output_size
                ) => Aten.Call2("adaptive_max_pool1d", input, new long[] { output_size });

                public static Tensor adaptive_max_pool1d(Tensor input, long output_size) =>
                    First(adaptive_max_pool1d_with_indices(input, output_size));

                public static (Tensor Values, Tensor Indices) adaptive_max_pool2d_with_indices(
                    Tensor input,
                    long[] output_size
                ) => Aten.Call2("adaptive_max_pool2d", input, output_size);

                public static Tensor adaptive_max_pool2d(Tensor input, long[] output_size) =>
                    First(adaptive_max_pool2d_with_indices(input, output_size));

                public static (Tensor Values, Tensor Indices) adaptive_max_pool3d_with_indices(
                    Tensor input,
                    long[] output_size
                ) => Aten.Call2("adaptive_max_pool3d", input, output_size);

                public static Tensor adaptive_max_pool3d(Tensor input, long[] output_size) =>
                    First(adaptive_max_pool3d_with_indices(input, output_size));

                private static Tensor First((Tensor, Tensor) pair)
                {
                    pair.Item2.Dispose();
                    return pair.Item1;
                }
            }
        }
    }
}
