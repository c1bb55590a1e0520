using TorchSharp.Interop;

// Functions that rearrange, and distances.

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor fold(
                Tensor input,
                (long, long) output_size,
                (long, long) kernel_size,
                (long, long)? dilation = null,
                (long, long)? padding = null,
                (long, long)? stride = null
            ) =>
                Aten.Call(
                    "col2im",
                    input,
                    new long[] { output_size.Item1, output_size.Item2 },
                    new long[] { kernel_size.Item1, kernel_size.Item2 },
                    new long[] { dilation?.Item1 ?? 1, dilation?.Item2 ?? 1 },
                    new long[] { padding?.Item1 ?? 0, padding?.Item2 ?? 0 },
                    new long[] { stride?.Item1 ?? 1, stride?.Item2 ?? 1 }
                );

            public static Tensor fold(
                Tensor input,
                long output_size,
                long kernel_size,
                long dilation = 1,
                long padding = 0,
                long stride = 1
            ) =>
                Aten.Call(
                    "col2im",
                    input,
                    new long[] { output_size, output_size },
                    new long[] { kernel_size, kernel_size },
                    new long[] { dilation, dilation },
                    new long[] { padding, padding },
                    new long[] { stride, stride }
                );

            public static Tensor unfold(
                Tensor input,
                (long, long) kernel_size,
                (long, long)? dilation = null,
                (long, long)? padding = null,
                (long, long)? stride = null
            ) =>
                Aten.Call(
                    "im2col",
                    input,
                    new long[] { kernel_size.Item1, kernel_size.Item2 },
                    new long[] { dilation?.Item1 ?? 1, dilation?.Item2 ?? 1 },
                    new long[] { padding?.Item1 ?? 0, padding?.Item2 ?? 0 },
                    new long[] { stride?.Item1 ?? 1, stride?.Item2 ?? 1 }
                );

            public static Tensor unfold(
                Tensor input,
                long kernel_size,
                long dilation = 1,
                long padding = 0,
                long stride = 1
            ) =>
                Aten.Call(
                    "im2col",
                    input,
                    new long[] { kernel_size, kernel_size },
                    new long[] { dilation, dilation },
                    new long[] { padding, padding },
                    new long[] { stride, stride }
                );

            public static Tensor pixel_shuffle(Tensor input, long upscale_factor) =>
                Aten.Call("pixel_shuffle", input, upscale_factor);

            public static Tensor pixel_unshuffle(Tensor input, long downscale_factor) =>
                Aten.Call("pixel_unshuffle", input, downscale_factor);

            public static Tensor cosine_similarity(Tensor x1, Tensor x2, long dim = 1, double eps = 1E-08) =>
                Aten.Call("cosine_similarity", x1, x2, dim, eps);

            public static Tensor pairwise_distance(
                Tensor input1,
                Tensor input2,
                double p = 2,
                double eps = 1E-06,
                bool keepdim = false
            ) => Aten.Call("pairwise_distance", input1, input2, p, eps, keepdim);

            public static Tensor one_hot(Tensor x, long num_classes = -1) =>
                Aten.Call("one_hot", x, num_classes);
        }
    }
}
