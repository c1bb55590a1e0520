using TorchSharp.Interop;

// Activations that bend at a point, as functions.

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor relu(Tensor x, bool inplace = false) => Changed(inplace, "relu", "relu_", x);

            public static Tensor relu6(Tensor x, bool inplace = false) =>
                Changed(inplace, "relu6", "relu6_", x);

            public static Tensor leaky_relu(
                Tensor input,
                double negative_slope = 0.01,
                bool inplace = false
            ) => Changed(inplace, "leaky_relu", "leaky_relu_", input, negative_slope);

            public static Tensor elu(Tensor x, double alpha, bool inplace = false) =>
                Changed(inplace, "elu", "elu_", x, alpha);

            public static Tensor celu(Tensor x, double alpha, bool inplace = false) =>
                Changed(inplace, "celu", "celu_", x, alpha);

            public static Tensor selu(Tensor x, bool inplace = false) => Changed(inplace, "selu", "selu_", x);

            public static Tensor glu(Tensor input, long dim = -1) => Aten.Call("glu", input, dim);

            public static Tensor silu(Tensor x, bool inplace = false) => Changed(inplace, "silu", "silu_", x);

            public static Tensor mish(Tensor x, bool inplace = false) => Changed(inplace, "mish", "mish_", x);

            public static Tensor hardshrink(Tensor x, double lambda = 0.5) =>
                Aten.Call("hardshrink", x, lambda);

            public static Tensor hardsigmoid(Tensor input, bool inplace = false) =>
                Changed(inplace, "hardsigmoid", "hardsigmoid_", input);

            public static Tensor hardswish(Tensor input, bool inplace = false) =>
                Changed(inplace, "hardswish", "hardswish_", input);

            public static Tensor hardtanh(
                Tensor x,
                double min_val = -1,
                double max_val = 1,
                bool inplace = false
            ) => Changed(inplace, "hardtanh", "hardtanh_", x, min_val, max_val);

            public static Tensor rrelu(
                Tensor x,
                double lower = 0.125,
                double upper = 0.3333333333333333,
                bool inplace = false
            ) => Changed(inplace, "rrelu", "rrelu_", x, lower, upper);

            // In place, the result is another .NET object for the changed tensor, so that both may be disposed of.
            private static Tensor Changed(bool inplace, string op, string inPlaceOp, Tensor x) =>
                Aten.Call(inplace ? inPlaceOp : op, x);

            private static Tensor Changed(bool inplace, string op, string inPlaceOp, Tensor x, Arg first) =>
                Aten.Call(inplace ? inPlaceOp : op, x, first);

            private static Tensor Changed(
                bool inplace,
                string op,
                string inPlaceOp,
                Tensor x,
                Arg first,
                Arg second
            ) => Aten.Call(inplace ? inPlaceOp : op, x, first, second);
        }
    }
}
