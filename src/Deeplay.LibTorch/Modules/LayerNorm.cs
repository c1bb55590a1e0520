using System;
using System.Linq;
using TorchSharp.Interop;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>Normalizes over the last dimensions (Ba et al. 2016).</summary>
        public sealed class LayerNorm : torch.nn.Module<torch.Tensor, torch.Tensor>
        {
            private Parameter? _weight;
            private Parameter? _bias;

            internal LayerNorm(
                long[] normalized_shape,
                double eps,
                bool elementwise_affine,
                bool bias,
                torch.Device? device,
                torch.ScalarType? dtype
            )
                : base(nameof(LayerNorm))
            {
                this.normalized_shape = normalized_shape;
                this.eps = eps;
                this.elementwise_affine = elementwise_affine;
                if (!elementwise_affine)
                    return;
                weight = new Parameter(torch.empty(normalized_shape, dtype, device));
                if (bias)
                    this.bias = new Parameter(torch.empty(normalized_shape, dtype, device));
                reset_parameters();
            }

            public long[] normalized_shape { get; set; }

            public double eps { get; set; }

            public bool elementwise_affine { get; set; }

            public Parameter weight
            {
                get => _weight!;
                set =>
                    Own.Parameter(ref _weight, value, p => ConditionallyRegisterParameter(nameof(weight), p));
            }

            public Parameter? bias
            {
                get => _bias;
                set => Own.Parameter(ref _bias, value, p => ConditionallyRegisterParameter(nameof(bias), p));
            }

            public void reset_parameters()
            {
                if (_weight is not null)
                    torch.nn.init.ones_(_weight);
                if (_bias is not null)
                    torch.nn.init.zeros_(_bias);
            }

            public override torch.Tensor forward(torch.Tensor tensor) =>
                Aten.Call("layer_norm", tensor, normalized_shape, _weight, _bias, eps);
        }

        /// <summary>Normalizes over groups of channels (Wu and He 2018).</summary>
        public sealed class GroupNorm : torch.nn.Module<torch.Tensor, torch.Tensor>
        {
            private Parameter? _weight;
            private Parameter? _bias;

            internal GroupNorm(
                long num_groups,
                long num_channels,
                double eps,
                bool affine,
                torch.Device? device,
                torch.ScalarType? dtype
            )
                : base(nameof(GroupNorm))
            {
                this.num_groups = num_groups;
                this.eps = eps;
                this.affine = affine;
                if (!affine)
                    return;
                weight = new Parameter(torch.ones([num_channels], dtype, device));
                bias = new Parameter(torch.zeros([num_channels], dtype, device));
            }

            public long num_groups { get; set; }

            public double eps { get; set; }

            public bool affine { get; set; }

            public Parameter weight
            {
                get => _weight!;
                set =>
                    Own.Parameter(ref _weight, value, p => ConditionallyRegisterParameter(nameof(weight), p));
            }

            public Parameter? bias
            {
                get => _bias;
                set => Own.Parameter(ref _bias, value, p => ConditionallyRegisterParameter(nameof(bias), p));
            }

            public override torch.Tensor forward(torch.Tensor tensor) =>
                Aten.Call("group_norm", tensor, num_groups, _weight, _bias, eps);
        }

        /// <summary>Divides by the activity of neighbouring channels (Krizhevsky et al. 2012).</summary>
        public sealed class LocalResponseNorm : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal LocalResponseNorm(long size, double alpha, double beta, double k)
                : base(nameof(LocalResponseNorm))
            {
                this.size = size;
                this.alpha = alpha;
                this.beta = beta;
                this.k = k;
            }

            public long size { get; set; }

            public double alpha { get; set; }

            public double beta { get; set; }

            public double k { get; set; }

            public override torch.Tensor forward(torch.Tensor input) =>
                torch.nn.functional.local_response_norm(input, size, alpha, beta, k);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.LayerNorm LayerNorm(
                long[] normalized_shape,
                double eps = 1E-05,
                bool elementwise_affine = true,
                bool bias = true,
                Device? device = null,
                ScalarType? dtype = null
            ) => new(normalized_shape, eps, elementwise_affine, bias, device, dtype);

            public static Modules.LayerNorm LayerNorm(
                long normalized_shape,
                double eps = 1E-05,
                bool elementwise_affine = true,
                bool bias = true,
                Device? device = null,
                ScalarType? dtype = null
            ) => new([normalized_shape], eps, elementwise_affine, bias, device, dtype);

            public static Modules.GroupNorm GroupNorm(
                long num_groups,
                long num_channels,
                double eps = 1E-05,
                bool affine = true,
                Device? device = null,
                ScalarType? dtype = null
            ) => new(num_groups, num_channels, eps, affine, device, dtype);

            public static Modules.LocalResponseNorm LocalResponseNorm(
                long size,
                double alpha = 0.0001,
                double beta = 0.75,
                double k = 1
            ) => new(size, alpha, beta, k);

            public static partial class functional
            {
                public static Tensor batch_norm(
                    Tensor input,
                    Tensor? running_mean,
                    Tensor? running_var,
                    Tensor? weight = null,
                    Tensor? bias = null,
                    bool training = false,
                    double momentum = 0.1,
                    double eps = 1E-05
                ) =>
                    Aten.Call(
                        "batch_norm",
                        input,
                        weight,
                        bias,
                        running_mean,
                        running_var,
                        training,
                        momentum,
                        eps,
                        true
                    );

                public static Tensor instance_norm(
                    Tensor input,
                    Tensor? running_mean = null,
                    Tensor? running_var = null,
                    Tensor? weight = null,
                    Tensor? bias = null,
                    bool use_input_stats = true,
                    double momentum = 0.1,
                    double eps = 1E-05
                ) =>
                    Aten.Call(
                        "instance_norm",
                        input,
                        weight,
                        bias,
                        running_mean,
                        running_var,
                        use_input_stats,
                        momentum,
                        eps,
                        true
                    );

                public static Tensor layer_norm(
                    Tensor input,
                    long[] normalized_shape,
                    Tensor? weight = null,
                    Tensor? bias = null,
                    double eps = 1E-05
                ) => Aten.Call("layer_norm", input, normalized_shape, weight, bias, eps);

                public static Tensor group_norm(
                    Tensor input,
                    long num_groups,
                    Tensor? weight = null,
                    Tensor? bias = null,
                    double eps = 1E-05
                ) => Aten.Call("group_norm", input, num_groups, weight, bias, eps);

                public static Tensor local_response_norm(
                    Tensor input,
                    long size,
                    double alpha = 0.0001,
                    double beta = 0.75,
                    double k = 1
                )
                {
                    if (input.Dimensions < 3)
                        throw new ArgumentException(
                            $"Expected 3D or higher dimensionality input (got {input.Dimensions} dimensions)"
                        );
                    using var scope = NewDisposeScope();
                    var shape = input.shape;
                    // The channels as a spatial dimension, so that a pool averages over neighbours.
                    var squares = input.mul(input).reshape(shape[0], 1, shape[1], shape.Skip(2).TotalSize());
                    var padded = pad(squares, (0, 0, size / 2, (size - 1) / 2));
                    var mean = avg_pool2d(padded, (size, 1), (1, 1)).reshape(shape);
                    return input.div(mean.mul(alpha).add(k).pow(beta)).MoveToOuterDisposeScope();
                }

                /// <summary>Divides by the p-norm along a dimension.</summary>
                public static Tensor normalize(Tensor input, double p = 2, long dim = 1, double eps = 1E-12)
                {
                    using var norm = Aten.Call("norm.ScalarOpt_dim", input, p, new[] { dim }, true);
                    using var divisor = norm.clamp_min(eps);
                    return input.div(divisor);
                }
            }
        }
    }
}
