using System;
using TorchSharp.Interop;

// Smooth activations and those over a dimension.

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>1 / (1 + exp -x).</summary>
        public sealed class Sigmoid : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal Sigmoid(bool inplace)
                : base(nameof(Sigmoid))
            {
                this.inplace = inplace;
            }

            public bool inplace { get; set; }

            public override torch.Tensor forward(torch.Tensor tensor) =>
                torch.nn.functional.sigmoid(tensor, inplace);
        }

        /// <summary>log sigmoid(x).</summary>
        public sealed class LogSigmoid : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal LogSigmoid()
                : base(nameof(LogSigmoid)) { }

            public override torch.Tensor forward(torch.Tensor tensor) =>
                torch.nn.functional.logsigmoid(tensor);
        }

        /// <summary>exp x over its sum along a dimension.</summary>
        public sealed class Softmax : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal Softmax(long dim)
                : base(nameof(Softmax))
            {
                this.dim = dim;
            }

            public long dim { get; set; }

            public override torch.Tensor forward(torch.Tensor tensor) =>
                torch.nn.functional.softmax(tensor, dim);
        }

        /// <summary>log softmax(x).</summary>
        public sealed class LogSoftmax : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal LogSoftmax(long dim)
                : base(nameof(LogSoftmax))
            {
                this.dim = dim;
            }

            public long dim { get; set; }

            public override torch.Tensor forward(torch.Tensor tensor) =>
                torch.nn.functional.log_softmax(tensor, dim);
        }

        /// <summary>softmax(-x).</summary>
        public sealed class Softmin : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal Softmin(long dim)
                : base(nameof(Softmin))
            {
                this.dim = dim;
            }

            public long dim { get; set; }

            public override torch.Tensor forward(torch.Tensor tensor) =>
                torch.nn.functional.softmin(tensor, dim);
        }

        /// <summary>Softmax over the channels of images.</summary>
        public sealed class Softmax2d : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal Softmax2d()
                : base(nameof(Softmax2d)) { }

            public override torch.Tensor forward(torch.Tensor tensor) =>
                torch.nn.functional.softmax2d(tensor);
        }

        /// <summary>log(1 + exp(beta x)) / beta.</summary>
        public sealed class Softplus : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal Softplus(double beta, double threshold)
                : base(nameof(Softplus))
            {
                this.beta = beta;
                this.threshold = threshold;
            }

            public double beta { get; set; }

            public double threshold { get; set; }

            public override torch.Tensor forward(torch.Tensor tensor) =>
                torch.nn.functional.softplus(tensor, beta, threshold);
        }

        /// <summary>x drawn towards zero by lambda.</summary>
        public sealed class Softshrink : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal Softshrink(double lambda)
                : base(nameof(Softshrink))
            {
                this.lambda = lambda;
            }

            public double lambda { get; set; }

            public override torch.Tensor forward(torch.Tensor tensor) =>
                torch.nn.functional.softshrink(tensor, lambda);
        }

        /// <summary>x / (1 + |x|).</summary>
        public sealed class Softsign : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal Softsign(bool inplace)
                : base(nameof(Softsign))
            {
                this.inplace = inplace;
            }

            public bool inplace { get; set; }

            public override torch.Tensor forward(torch.Tensor tensor) =>
                torch.nn.functional.softsign(tensor, inplace);
        }

        /// <summary>tanh x.</summary>
        public sealed class Tanh : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal Tanh(bool inplace)
                : base(nameof(Tanh))
            {
                this.inplace = inplace;
            }

            public bool inplace { get; set; }

            public override torch.Tensor forward(torch.Tensor tensor) =>
                torch.nn.functional.tanh(tensor, inplace);
        }

        /// <summary>x - tanh x.</summary>
        public sealed class Tanhshrink : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal Tanhshrink(bool inplace)
                : base(nameof(Tanhshrink))
            {
                this.inplace = inplace;
            }

            public bool inplace { get; set; }

            public override torch.Tensor forward(torch.Tensor tensor) =>
                torch.nn.functional.tanhshrink(tensor, inplace);
        }

        /// <summary>x above the threshold, else the value.</summary>
        public sealed class Threshold : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal Threshold(double threshold, double value, bool inplace)
                : base(nameof(Threshold))
            {
                this.threshold = threshold;
                this.value = value;
                this.inplace = inplace;
            }

            public double threshold { get; set; }

            public double value { get; set; }

            public bool inplace { get; set; }

            public override torch.Tensor forward(torch.Tensor tensor) =>
                torch.nn.functional.threshold(tensor, threshold, value, inplace);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Sigmoid Sigmoid() => new(inplace: false);

            public static Modules.Sigmoid Sigmoid(bool inplace) => new(inplace: inplace);

            public static Modules.LogSigmoid LogSigmoid() => new();

            public static Modules.Softmax Softmax(long dim) => new(dim: dim);

            public static Modules.LogSoftmax LogSoftmax(long dim) => new(dim: dim);

            public static Modules.Softmin Softmin(long dim) => new(dim: dim);

            public static Modules.Softmax2d Softmax2d() => new();

            public static Modules.Softplus Softplus(double beta = 1, double threshold = 20) =>
                new(beta: beta, threshold: threshold);

            public static Modules.Softshrink Softshrink(double lambda = 0.5) => new(lambda: lambda);

            public static Modules.Softsign Softsign() => new(inplace: false);

            public static Modules.Softsign Softsign(bool inplace) => new(inplace: inplace);

            public static Modules.Tanh Tanh() => new(inplace: false);

            public static Modules.Tanh Tanh(bool inplace = false) => new(inplace: inplace);

            public static Modules.Tanhshrink Tanhshrink() => new(inplace: false);

            public static Modules.Tanhshrink Tanhshrink(bool inplace = false) => new(inplace: inplace);

            public static Modules.Threshold Threshold(double threshold, double value, bool inplace = false) =>
                new(threshold: threshold, value: value, inplace: inplace);

            public static partial class functional
            {
                public static Tensor sigmoid(Tensor x) => Aten.Call("sigmoid", x);

                public static Tensor sigmoid(Tensor x, bool inplace) =>
                    Changed(inplace, "sigmoid", "sigmoid_", x);

                public static Tensor logsigmoid(Tensor x) => Aten.Call("log_sigmoid", x);

                public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) =>
                    Aten.Call("softmax.int", input, dim, dtype);

                public static Tensor log_softmax(Tensor x, long dim) => Aten.Call("log_softmax.int", x, dim);

                public static Tensor softmax2d(Tensor x) => Aten.Call("softmax.int", x, -3);

                public static Tensor softplus(Tensor x, double beta = 1, double threshold = 20) =>
                    Aten.Call("softplus", x, beta, threshold);

                public static Tensor softshrink(Tensor x, double lambda = 0.5) =>
                    Aten.Call("softshrink", x, lambda);

                public static Tensor tanh(Tensor x, bool inplace = false) =>
                    Changed(inplace, "tanh", "tanh_", x);

                public static Tensor threshold(
                    Tensor x,
                    double threshold,
                    double value,
                    bool inplace = false
                ) => Changed(inplace, "threshold", "threshold_", x, threshold, value);

                public static Tensor prelu(Tensor input, Tensor weight) => Aten.Call("prelu", input, weight);

                public static Tensor softmin(Tensor x, long dim)
                {
                    using var negative = x.neg();
                    return negative.softmax(dim);
                }

                public static Tensor softsign(Tensor x, bool inplace = false)
                {
                    using var size = x.abs();
                    using var divisor = size.add(1);
                    return inplace ? Aten.Call("div_.Tensor", x, divisor) : x.div(divisor);
                }

                public static Tensor tanhshrink(Tensor x, bool inplace = false)
                {
                    using var tanh = x.tanh();
                    return inplace ? Aten.Call("sub_.Tensor", x, tanh) : x.sub(tanh);
                }
            }
        }
    }
}
