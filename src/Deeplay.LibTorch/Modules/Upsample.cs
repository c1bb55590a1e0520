using System;
using System.Linq;
using TorchSharp.Interop;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>Resizes the last dimensions, to a size or by factors.</summary>
        public sealed class Upsample : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            private readonly long[]? _size;
            private readonly double[]? _factor;

            internal Upsample(
                long[]? size,
                double[]? scale_factor,
                torch.UpsampleMode mode,
                bool? align_corners,
                bool? recompute_scale_factor
            )
                : base(nameof(Upsample))
            {
                _size = size;
                _factor = scale_factor;
                this.mode = mode;
                this.align_corners = align_corners;
                this.recompute_scale_factor = recompute_scale_factor;
            }

            public ReadOnlySpan<long> size => _size;

            public ReadOnlySpan<double> scale_factor => _factor;

            public torch.UpsampleMode mode { get; }

            public bool? align_corners { get; }

            public bool? recompute_scale_factor { get; set; }

            public override torch.Tensor forward(torch.Tensor input) =>
                torch.nn.functional.interpolate(
                    input,
                    _size,
                    _factor,
                    (torch.InterpolationMode)mode,
                    align_corners,
                    recompute_scale_factor ?? false
                );
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Upsample Upsample(
                long[]? size = null,
                double[]? scale_factor = null,
                UpsampleMode mode = UpsampleMode.Nearest,
                bool? align_corners = null,
                bool? recompute_scale_factor = null
            ) => new(size, scale_factor, mode, align_corners, recompute_scale_factor);

            public static partial class functional
            {
                public static Tensor upsample(
                    Tensor input,
                    long[]? size = null,
                    double[]? scale_factor = null,
                    UpsampleMode mode = UpsampleMode.Nearest,
                    bool align_corners = false
                ) =>
                    interpolate(
                        input,
                        size,
                        scale_factor,
                        (InterpolationMode)mode,
                        mode == UpsampleMode.Nearest ? null : align_corners
                    );

                /// <summary>Resizes (N, C, …); a single size or factor stands for all dimensions.</summary>
                public static Tensor interpolate(
                    Tensor x,
                    long[]? size = null,
                    double[]? scale_factor = null,
                    InterpolationMode mode = InterpolationMode.Nearest,
                    bool? align_corners = null,
                    bool recompute_scale_factor = false,
                    bool antialias = false
                )
                {
                    var dims = (int)x.Dimensions - 2;
                    if ((size is null) == (scale_factor is null))
                        throw new ArgumentException("Give either size or scale_factor.");
                    if (size?.Length == 1)
                        size = Enumerable.Repeat(size[0], dims).ToArray();
                    if (scale_factor?.Length == 1)
                        scale_factor = Enumerable.Repeat(scale_factor[0], dims).ToArray();
                    if ((size?.Length ?? scale_factor!.Length) != dims)
                        throw new ArgumentException($"The input has {dims} dimensions to resize.");
                    if (
                        scale_factor is not null
                        && (recompute_scale_factor || mode == InterpolationMode.Area)
                    )
                    {
                        size = x.shape.Skip(2).Zip(scale_factor, (n, f) => (long)Math.Floor(n * f)).ToArray();
                        scale_factor = null;
                    }
                    var corners = align_corners ?? false;
                    return (mode, dims) switch
                    {
                        (InterpolationMode.Nearest, 1 or 2 or 3) => Aten.Call(
                            $"upsample_nearest{dims}d.vec",
                            x,
                            size,
                            scale_factor
                        ),
                        (InterpolationMode.NearestExact, 1 or 2 or 3) => Aten.Call(
                            $"_upsample_nearest_exact{dims}d.vec",
                            x,
                            size,
                            scale_factor
                        ),
                        (InterpolationMode.Area, 1) => Aten.Call("adaptive_avg_pool1d", x, size!),
                        (InterpolationMode.Area, 2) => Aten.Call("adaptive_avg_pool2d", x, size!),
                        (InterpolationMode.Area, 3) => Aten.Call("adaptive_avg_pool3d", x, size!),
                        (InterpolationMode.Linear, 1) => Aten.Call(
                            "upsample_linear1d.vec",
                            x,
                            size,
                            corners,
                            scale_factor
                        ),
                        (InterpolationMode.Bilinear, 2) => Aten.Call(
                            antialias ? "_upsample_bilinear2d_aa.vec" : "upsample_bilinear2d.vec",
                            x,
                            size,
                            corners,
                            scale_factor
                        ),
                        (InterpolationMode.Bicubic, 2) => Aten.Call(
                            antialias ? "_upsample_bicubic2d_aa.vec" : "upsample_bicubic2d.vec",
                            x,
                            size,
                            corners,
                            scale_factor
                        ),
                        (InterpolationMode.Trilinear, 3) => Aten.Call(
                            "upsample_trilinear3d.vec",
                            x,
                            size,
                            corners,
                            scale_factor
                        ),
                        _ => throw new ArgumentException(
                            $"{mode} does not resize tensors of {dims + 2} dimensions.",
                            nameof(mode)
                        ),
                    };
                }

                public static Tensor grid_sample(
                    Tensor input,
                    Tensor grid,
                    GridSampleMode mode = GridSampleMode.Bilinear,
                    GridSamplePaddingMode padding_mode = GridSamplePaddingMode.Zeros,
                    bool? align_corners = null
                ) =>
                    Aten.Call(
                        "grid_sampler",
                        input,
                        grid,
                        mode == GridSampleMode.Bilinear ? 0L : 1L,
                        padding_mode switch
                        {
                            GridSamplePaddingMode.Border => 1L,
                            GridSamplePaddingMode.Reflection => 2L,
                            _ => 0L,
                        },
                        align_corners ?? false
                    );

                public static Tensor affine_grid(
                    Tensor theta,
                    long[]? size = null,
                    bool align_corners = false
                ) => Aten.Call("affine_grid_generator", theta, size, align_corners);
            }
        }
    }
}
