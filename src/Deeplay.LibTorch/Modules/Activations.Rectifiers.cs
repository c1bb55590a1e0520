// Activations that bend at a point, and their like.

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>max(0, x).</summary>
        public sealed class ReLU : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal ReLU(bool inplace)
                : base(nameof(ReLU))
            {
                this.inplace = inplace;
            }

            public bool inplace { get; set; }

            public override torch.Tensor forward(torch.Tensor tensor) =>
                torch.nn.functional.relu(tensor, inplace);
        }

        /// <summary>min(max(0, x), 6).</summary>
        public sealed class ReLU6 : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal ReLU6(bool inplace)
                : base(nameof(ReLU6))
            {
                this.inplace = inplace;
            }

            public bool inplace { get; set; }

            public override torch.Tensor forward(torch.Tensor tensor) =>
                torch.nn.functional.relu6(tensor, inplace);
        }

        /// <summary>x, times negative_slope below zero.</summary>
        public sealed class LeakyReLU : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal LeakyReLU(double negative_slope, bool inplace)
                : base(nameof(LeakyReLU))
            {
                this.negative_slope = negative_slope;
                this.inplace = inplace;
            }

            public double negative_slope { get; set; }

            public bool inplace { get; set; }

            public override torch.Tensor forward(torch.Tensor tensor) =>
                torch.nn.functional.leaky_relu(tensor, negative_slope, inplace);
        }

        /// <summary>x, or alpha (exp x - 1) below zero.</summary>
        public sealed class ELU : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal ELU(double alpha, bool inplace)
                : base(nameof(ELU))
            {
                this.alpha = alpha;
                this.inplace = inplace;
            }

            public double alpha { get; set; }

            public bool inplace { get; set; }

            public override torch.Tensor forward(torch.Tensor tensor) =>
                torch.nn.functional.elu(tensor, alpha, inplace);
        }

        /// <summary>x, or alpha (exp(x / alpha) - 1) below zero.</summary>
        public sealed class CELU : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal CELU(double alpha, bool inplace)
                : base(nameof(CELU))
            {
                this.alpha = alpha;
                this.inplace = inplace;
            }

            public double alpha { get; set; }

            public bool inplace { get; set; }

            public override torch.Tensor forward(torch.Tensor tensor) =>
                torch.nn.functional.celu(tensor, alpha, inplace);
        }

        /// <summary>ELU scaled so that activations normalize themselves.</summary>
        public sealed class SELU : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal SELU(bool inplace)
                : base(nameof(SELU))
            {
                this.inplace = inplace;
            }

            public bool inplace { get; set; }

            public override torch.Tensor forward(torch.Tensor tensor) =>
                torch.nn.functional.selu(tensor, inplace);
        }

        /// <summary>The first half of a dimension, times the sigmoid of the second.</summary>
        public sealed class GLU : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal GLU(long dim)
                : base(nameof(GLU))
            {
                this.dim = dim;
            }

            public long dim { get; set; }

            public override torch.Tensor forward(torch.Tensor tensor) => torch.nn.functional.glu(tensor, dim);
        }

        /// <summary>x sigmoid(x).</summary>
        public sealed class SiLU : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal SiLU(bool inplace)
                : base(nameof(SiLU))
            {
                this.inplace = inplace;
            }

            public bool inplace { get; set; }

            public override torch.Tensor forward(torch.Tensor tensor) =>
                torch.nn.functional.silu(tensor, inplace);
        }

        /// <summary>x tanh(softplus(x)).</summary>
        public sealed class Mish : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal Mish(bool inplace)
                : base(nameof(Mish))
            {
                this.inplace = inplace;
            }

            public bool inplace { get; set; }

            public override torch.Tensor forward(torch.Tensor tensor) =>
                torch.nn.functional.mish(tensor, inplace);
        }

        /// <summary>x, zero within ±lambda.</summary>
        public sealed class Hardshrink : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal Hardshrink(double lambda)
                : base(nameof(Hardshrink))
            {
                this.lambda = lambda;
            }

            public double lambda { get; set; }

            public override torch.Tensor forward(torch.Tensor tensor) =>
                torch.nn.functional.hardshrink(tensor, lambda);
        }

        /// <summary>min(max(0, x + 3), 6) / 6.</summary>
        public sealed class Hardsigmoid : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal Hardsigmoid(bool inplace)
                : base(nameof(Hardsigmoid))
            {
                this.inplace = inplace;
            }

            public bool inplace { get; set; }

            public override torch.Tensor forward(torch.Tensor tensor) =>
                torch.nn.functional.hardsigmoid(tensor, inplace);
        }

        /// <summary>x hardsigmoid(x).</summary>
        public sealed class Hardswish : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal Hardswish(bool inplace)
                : base(nameof(Hardswish))
            {
                this.inplace = inplace;
            }

            public bool inplace { get; set; }

            public override torch.Tensor forward(torch.Tensor tensor) =>
                torch.nn.functional.hardswish(tensor, inplace);
        }

        /// <summary>x between two bounds.</summary>
        public sealed class Hardtanh : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal Hardtanh(double min_val, double max_val, bool inplace)
                : base(nameof(Hardtanh))
            {
                this.min_val = min_val;
                this.max_val = max_val;
                this.inplace = inplace;
            }

            public double min_val { get; set; }

            public double max_val { get; set; }

            public bool inplace { get; set; }

            public override torch.Tensor forward(torch.Tensor tensor) =>
                torch.nn.functional.hardtanh(tensor, min_val, max_val, inplace);
        }

        /// <summary>LeakyReLU with the mean of two slopes, as in evaluation.</summary>
        public sealed class RReLU : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal RReLU(double lower, double upper, bool inplace)
                : base(nameof(RReLU))
            {
                this.lower = lower;
                this.upper = upper;
                this.inplace = inplace;
            }

            public double lower { get; set; }

            public double upper { get; set; }

            public bool inplace { get; set; }

            public override torch.Tensor forward(torch.Tensor tensor) =>
                torch.nn.functional.rrelu(tensor, lower, upper, inplace);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.ReLU ReLU(bool inplace = false) => new(inplace: inplace);

            public static Modules.ReLU6 ReLU6(bool inplace = false) => new(inplace: inplace);

            public static Modules.LeakyReLU LeakyReLU(double negative_slope = 0.01, bool inplace = false) =>
                new(negative_slope: negative_slope, inplace: inplace);

            public static Modules.ELU ELU(double alpha = 1, bool inplace = false) =>
                new(alpha: alpha, inplace: inplace);

            public static Modules.CELU CELU(double alpha = 1, bool inplace = false) =>
                new(alpha: alpha, inplace: inplace);

            public static Modules.SELU SELU(bool inplace = false) => new(inplace: inplace);

            public static Modules.GLU GLU(long dim = -1) => new(dim: dim);

            public static Modules.SiLU SiLU() => new(inplace: false);

            public static Modules.SiLU SiLU(bool inplace) => new(inplace: inplace);

            public static Modules.Mish Mish() => new(inplace: false);

            public static Modules.Mish Mish(bool inplace) => new(inplace: inplace);

            public static Modules.Hardshrink Hardshrink(double lambda = 0.5) => new(lambda: lambda);

            public static Modules.Hardsigmoid Hardsigmoid(bool inplace = false) => new(inplace: inplace);

            public static Modules.Hardswish Hardswish(bool inplace = false) => new(inplace: inplace);

            public static Modules.Hardtanh Hardtanh(
                double min_val = -1,
                double max_val = 1,
                bool inplace = false
            ) => new(min_val: min_val, max_val: max_val, inplace: inplace);

            public static Modules.RReLU RReLU(
                double lower = 0.125,
                double upper = 0.3333333333333333,
                bool inplace = false
            ) => new(lower: lower, upper: upper, inplace: inplace);
        }
    }
}
