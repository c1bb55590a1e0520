// Modules that rearrange, and distances.

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>Makes one dimension of several.</summary>
        public sealed class Flatten : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal Flatten(long start_dim, long end_dim)
                : base(nameof(Flatten))
            {
                this.start_dim = start_dim;
                this.end_dim = end_dim;
            }

            public long start_dim { get; set; }

            public long end_dim { get; set; }

            public override torch.Tensor forward(torch.Tensor input) =>
                torch.flatten(input, start_dim, end_dim);
        }

        /// <summary>Makes several dimensions of one.</summary>
        public sealed class Unflatten : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal Unflatten(long dim, long[] unflattened_size)
                : base(nameof(Unflatten))
            {
                this.dim = dim;
                this.unflattened_size = unflattened_size;
            }

            public long dim { get; set; }

            public long[] unflattened_size { get; set; }

            public override torch.Tensor forward(torch.Tensor tensor) =>
                tensor.unflatten(dim, unflattened_size);
        }

        /// <summary>(N, C r², H, W) to (N, C, H r, W r).</summary>
        public sealed class PixelShuffle : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal PixelShuffle(long upscale_factor)
                : base(nameof(PixelShuffle))
            {
                this.upscale_factor = upscale_factor;
            }

            public long upscale_factor { get; set; }

            public override torch.Tensor forward(torch.Tensor input) =>
                torch.nn.functional.pixel_shuffle(input, upscale_factor);
        }

        /// <summary>(N, C, H r, W r) to (N, C r², H, W).</summary>
        public sealed class PixelUnshuffle : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal PixelUnshuffle(long downscale_factor)
                : base(nameof(PixelUnshuffle))
            {
                this.downscale_factor = downscale_factor;
            }

            public long downscale_factor { get; set; }

            public override torch.Tensor forward(torch.Tensor input) =>
                torch.nn.functional.pixel_unshuffle(input, downscale_factor);
        }

        /// <summary>Interleaves groups of channels.</summary>
        public sealed class ChannelShuffle : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal ChannelShuffle(long groups)
                : base(nameof(ChannelShuffle))
            {
                this.groups = groups;
            }

            public long groups { get; set; }

            public override torch.Tensor forward(torch.Tensor tensor) => tensor.channel_shuffle(groups);
        }

        /// <summary>Sums sliding blocks into an image.</summary>
        public sealed class Fold : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal Fold(
                (long, long) output_size,
                (long, long) kernel_size,
                (long, long) dilation,
                (long, long) padding,
                (long, long) stride
            )
                : base(nameof(Fold))
            {
                this.output_size = output_size;
                this.kernel_size = kernel_size;
                this.dilation = dilation;
                this.padding = padding;
                this.stride = stride;
            }

            public (long, long) output_size { get; set; }

            public (long, long) kernel_size { get; set; }

            public (long, long) dilation { get; set; }

            public (long, long) padding { get; set; }

            public (long, long) stride { get; set; }

            public override torch.Tensor forward(torch.Tensor tensor) =>
                torch.nn.functional.fold(tensor, output_size, kernel_size, dilation, padding, stride);
        }

        /// <summary>The sliding blocks of an image, as columns.</summary>
        public sealed class Unfold : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal Unfold(
                (long, long) kernel_size,
                (long, long) dilation,
                (long, long) padding,
                (long, long) stride
            )
                : base(nameof(Unfold))
            {
                this.kernel_size = kernel_size;
                this.dilation = dilation;
                this.padding = padding;
                this.stride = stride;
            }

            public (long, long) kernel_size { get; set; }

            public (long, long) dilation { get; set; }

            public (long, long) padding { get; set; }

            public (long, long) stride { get; set; }

            public override torch.Tensor forward(torch.Tensor tensor) =>
                torch.nn.functional.unfold(tensor, kernel_size, dilation, padding, stride);
        }

        /// <summary>The cosine of the angle between two tensors along a dimension.</summary>
        public sealed class CosineSimilarity : ParameterLessModule<torch.Tensor, torch.Tensor, torch.Tensor>
        {
            internal CosineSimilarity(long dim, double eps)
                : base(nameof(CosineSimilarity))
            {
                this.dim = dim;
                this.eps = eps;
            }

            public long dim { get; set; }

            public double eps { get; set; }

            public override torch.Tensor forward(torch.Tensor input1, torch.Tensor input2) =>
                torch.nn.functional.cosine_similarity(input1, input2, dim, eps);
        }

        /// <summary>The p-norm of differences along the last dimension.</summary>
        public sealed class PairwiseDistance : ParameterLessModule<torch.Tensor, torch.Tensor, torch.Tensor>
        {
            internal PairwiseDistance(double norm, double eps, bool keepdim)
                : base(nameof(PairwiseDistance))
            {
                this.norm = norm;
                this.eps = eps;
                this.keepdim = keepdim;
            }

            public double norm { get; set; }

            public double eps { get; set; }

            public bool keepdim { get; set; }

            public override torch.Tensor forward(torch.Tensor input1, torch.Tensor input2) =>
                torch.nn.functional.pairwise_distance(input1, input2, norm, eps, keepdim);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Flatten Flatten(long start_dim = 1, long end_dim = -1) =>
                new(start_dim: start_dim, end_dim: end_dim);

            public static Modules.Unflatten Unflatten(long dim, long[] unflattened_size) =>
                new(dim: dim, unflattened_size: unflattened_size);

            public static Modules.PixelShuffle PixelShuffle(long upscale_factor) =>
                new(upscale_factor: upscale_factor);

            public static Modules.PixelUnshuffle PixelUnshuffle(long downscale_factor) =>
                new(downscale_factor: downscale_factor);

            public static Modules.ChannelShuffle ChannelShuffle(long groups) => new(groups: groups);

            public static Modules.Fold Fold(
                (long, long) output_size,
                (long, long) kernel_size,
                (long, long)? dilation = null,
                (long, long)? padding = null,
                (long, long)? stride = null
            ) =>
                new(
                    output_size: output_size,
                    kernel_size: kernel_size,
                    dilation: dilation ?? (1, 1),
                    padding: padding ?? (0, 0),
                    stride: stride ?? (1, 1)
                );

            public static Modules.Fold Fold(
                long output_size,
                long kernel_size,
                long dilation = 1,
                long padding = 0,
                long stride = 1
            ) =>
                new(
                    output_size: (output_size, output_size),
                    kernel_size: (kernel_size, kernel_size),
                    dilation: (dilation, dilation),
                    padding: (padding, padding),
                    stride: (stride, stride)
                );

            public static Modules.Unfold Unfold(
                (long, long) kernel_size,
                (long, long)? dilation = null,
                (long, long)? padding = null,
                (long, long)? stride = null
            ) =>
                new(
                    kernel_size: kernel_size,
                    dilation: dilation ?? (1, 1),
                    padding: padding ?? (0, 0),
                    stride: stride ?? (1, 1)
                );

            public static Modules.Unfold Unfold(
                long kernel_size,
                long dilation = 1,
                long padding = 0,
                long stride = 1
            ) =>
                new(
                    kernel_size: (kernel_size, kernel_size),
                    dilation: (dilation, dilation),
                    padding: (padding, padding),
                    stride: (stride, stride)
                );

            public static Modules.CosineSimilarity CosineSimilarity(long dim = 1, double eps = 1E-08) =>
                new(dim: dim, eps: eps);

            public static Modules.PairwiseDistance PairwiseDistance(
                double p = 2,
                double eps = 1E-06,
                bool keepdim = false
            ) => new(norm: p, eps: eps, keepdim: keepdim);
        }
    }
}
