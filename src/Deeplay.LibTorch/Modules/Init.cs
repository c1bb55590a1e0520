using System;
using System.Linq;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public enum Reduction : long
        {
            None = 0,
            Mean = 1,
            Sum = 2,
        }

        public enum NonLinearities
        {
            ReLU = 0,
            Tanh = 1,
        }

        public enum Activations
        {
            ReLU = 0,
            GELU = 1,
        }

        /// <summary>First values of parameters; all of them change the tensor in place and give it back.</summary>
        public static class init
        {
            public enum FanInOut
            {
                FanIn = 0,
                FanOut = 1,
            }

            public enum NonlinearityType
            {
                Linear = 0,
                Conv1D = 1,
                Conv2D = 2,
                Conv3D = 3,
                ConvTranspose1D = 4,
                ConvTranspose2D = 5,
                ConvTranspose3D = 6,
                Sigmoid = 7,
                Tanh = 8,
                ReLU = 9,
                LeakyReLU = 10,
            }

            /// <summary>The gain recommended for a nonlinearity (He et al. 2015; PyTorch's table).</summary>
            public static double calculate_gain(NonlinearityType nonlinearity, double param = 0) =>
                nonlinearity switch
                {
                    NonlinearityType.Tanh => 5.0 / 3.0,
                    NonlinearityType.ReLU => Math.Sqrt(2),
                    NonlinearityType.LeakyReLU => Math.Sqrt(2 / (1 + param * param)),
                    _ => 1,
                };

            /// <summary>How many numbers go into, and come out of, one unit of a weight of two or more dimensions.</summary>
            public static (long fanIn, long fanOut) CalculateFanInAndFanOut(Tensor tensor)
            {
                var shape = tensor.shape;
                if (shape.Length < 2)
                    throw new ArgumentException(
                        "Fan in and fan out can not be computed for tensor with fewer than 2 dimensions",
                        nameof(tensor)
                    );
                var field = shape.Skip(2).TotalSize();
                return (shape[1] * field, shape[0] * field);
            }

            private static Tensor Quietly(Tensor tensor, Action<Tensor> change)
            {
                using (no_grad())
                    change(tensor);
                return tensor;
            }

            public static Tensor uniform_(
                Tensor tensor,
                double low = 0,
                double high = 1,
                Generator? generator = null
            ) => Quietly(tensor, t => Aten.Do("uniform_", t, low, high, generator));

            public static Tensor normal_(
                Tensor tensor,
                double mean = 0,
                double std = 1,
                Generator? generator = null
            ) => Quietly(tensor, t => Aten.Do("normal_", t, mean, std, generator));

            public static Tensor constant_(Tensor tensor, Scalar val) => Quietly(tensor, t => t.fill_(val));

            public static Tensor ones_(Tensor tensor) => constant_(tensor, 1);

            public static Tensor zeros_(Tensor tensor) => Quietly(tensor, t => t.zero_());

            /// <summary>The identity matrix, cut or filled with zeros.</summary>
            public static Tensor eye_(Tensor tensor)
            {
                if (tensor.Dimensions != 2)
                    throw new ArgumentException(
                        "Only tensors with 2 dimensions are supported",
                        nameof(tensor)
                    );
                return Quietly(
                    tensor,
                    t =>
                    {
                        using var identity = eye(t.shape[0], t.shape[1], t.dtype, t.device);
                        t.copy_(identity);
                    }
                );
            }

            /// <summary>Convolutions that hand their input on: a Dirac delta for each channel.</summary>
            public static Tensor dirac_(Tensor tensor)
            {
                var shape = tensor.shape;
                if (shape.Length is < 3 or > 5)
                    throw new ArgumentException(
                        "Only tensors with 3, 4, or 5 dimensions are supported",
                        nameof(tensor)
                    );
                return Quietly(
                    tensor,
                    t =>
                    {
                        t.zero_();
                        for (long channel = 0; channel < Math.Min(shape[0], shape[1]); channel++)
                        {
                            var at = new[] { channel, channel }
                                .Concat(shape.Skip(2).Select(length => length / 2))
                                .Select(i => TensorIndex.Single(i))
                                .ToArray();
                            t.index_put_(1, at);
                        }
                    }
                );
            }

            /// <summary>Glorot and Bengio 2010, uniform: ±gain·√(6 / (fan_in + fan_out)).</summary>
            public static Tensor xavier_uniform_(Tensor tensor, double gain = 1)
            {
                var (fanIn, fanOut) = CalculateFanInAndFanOut(tensor);
                var bound = Math.Sqrt(3) * (gain * Math.Sqrt(2.0 / (fanIn + fanOut)));
                return uniform_(tensor, -bound, bound);
            }

            /// <summary>Glorot and Bengio 2010, normal.</summary>
            public static Tensor xavier_normal_(Tensor tensor, double gain = 1)
            {
                var (fanIn, fanOut) = CalculateFanInAndFanOut(tensor);
                return normal_(tensor, 0, gain * Math.Sqrt(2.0 / (fanIn + fanOut)));
            }

            public static Tensor glorot_uniform_(Tensor tensor, double gain = 1) =>
                xavier_uniform_(tensor, gain);

            public static Tensor glorot_normal_(Tensor tensor, double gain = 1) =>
                xavier_normal_(tensor, gain);

            private static double KaimingDeviation(
                Tensor tensor,
                double a,
                FanInOut mode,
                NonlinearityType kind
            )
            {
                var (fanIn, fanOut) = CalculateFanInAndFanOut(tensor);
                return calculate_gain(kind, a) / Math.Sqrt(mode == FanInOut.FanIn ? fanIn : fanOut);
            }

            /// <summary>He et al. 2015, uniform.</summary>
            public static Tensor kaiming_uniform_(
                Tensor tensor,
                double a = 0,
                FanInOut mode = FanInOut.FanIn,
                NonlinearityType nonlinearity = NonlinearityType.LeakyReLU
            )
            {
                var bound = Math.Sqrt(3) * KaimingDeviation(tensor, a, mode, nonlinearity);
                return uniform_(tensor, -bound, bound);
            }

            /// <summary>He et al. 2015, normal.</summary>
            public static Tensor kaiming_normal_(
                Tensor tensor,
                double a = 0,
                FanInOut mode = FanInOut.FanIn,
                NonlinearityType nonlinearity = NonlinearityType.LeakyReLU
            ) => normal_(tensor, 0, KaimingDeviation(tensor, a, mode, nonlinearity));

            /// <summary>A matrix with orthogonal rows or columns (Saxe et al. 2013); further dimensions are flattened.</summary>
            public static Tensor orthogonal_(Tensor tensor, double gain = 1)
            {
                if (tensor.Dimensions < 2)
                    throw new ArgumentException(
                        "Only tensors with 2 or more dimensions are supported",
                        nameof(tensor)
                    );
                using var scope = NewDisposeScope();
                using var quiet = no_grad();
                var rows = tensor.shape[0];
                var columns = tensor.NumberOfElements / rows;
                var flat = randn([rows, columns], tensor.dtype, tensor.device);
                if (rows < columns)
                    flat.transpose_(0, 1);
                var (q, r) = Aten.Call2("linalg_qr", flat);
                q = q.mul(r.diag().sign());
                if (rows < columns)
                    q = q.t();
                tensor.view_as(q).copy_(q);
                tensor.mul_(gain);
                return tensor;
            }

            /// <summary>Normal, with a fraction of every column zero (Martens 2010).</summary>
            public static Tensor sparse_(Tensor tensor, double sparsity, double std = 0.01)
            {
                if (tensor.Dimensions != 2)
                    throw new ArgumentException(
                        "Only tensors with 2 dimensions are supported",
                        nameof(tensor)
                    );
                var rows = tensor.shape[0];
                var zeros = (long)Math.Ceiling(sparsity * rows);
                using var scope = NewDisposeScope();
                normal_(tensor, 0, std);
                using var quiet = no_grad();
                for (long column = 0; column < tensor.shape[1]; column++)
                {
                    var chosen = randperm(rows, device: tensor.device).narrow(0, 0, zeros);
                    tensor.select(1, column).index_fill_(0, chosen, 0);
                }
                return tensor;
            }

            /// <summary>Normal within [a, b], by the inverse of the distribution function.</summary>
            public static Tensor trunc_normal_(
                Tensor tensor,
                double mean = 0,
                double std = 1,
                double a = -2,
                double b = 2,
                Generator? generator = null
            ) =>
                Quietly(
                    tensor,
                    t =>
                    {
                        var low = NormalDistribution((a - mean) / std);
                        var high = NormalDistribution((b - mean) / std);
                        t.uniform_(2 * low - 1, 2 * high - 1, generator);
                        t.erfinv_();
                        t.mul_(std * Math.Sqrt(2));
                        t.add_(mean);
                        t.clamp_(a, b);
                    }
                );

            private static double NormalDistribution(double x)
            {
                using var value = tensor(x / Math.Sqrt(2));
                using var erf = value.erf();
                return (1 + erf.item<double>()) / 2;
            }
        }
    }
}
