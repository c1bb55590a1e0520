using System;
using System.Collections.Generic;
using TorchSharp.Interop;

namespace TorchSharp;

// Tensors: activations. Each calls the ATen operator of its name.

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor celu() => Aten.Call("celu", this);

        public Tensor celu(Scalar alpha) => Aten.Call("celu", this, alpha);

        public Tensor celu_()
        {
            Aten.Do("celu_", this);
            return this;
        }

        public Tensor celu_(Scalar alpha)
        {
            Aten.Do("celu_", this, alpha);
            return this;
        }

        public Tensor glu(long dim = -1) => Aten.Call("glu", this, dim);

        public Tensor hardsigmoid() => Aten.Call("hardsigmoid", this);

        public Tensor hardsigmoid_()
        {
            Aten.Do("hardsigmoid_", this);
            return this;
        }

        public Tensor hardswish() => Aten.Call("hardswish", this);

        public Tensor hardswish_()
        {
            Aten.Do("hardswish_", this);
            return this;
        }

        public Tensor leaky_relu(Scalar negative_slope) => Aten.Call("leaky_relu", this, negative_slope);

        public Tensor leaky_relu_(Scalar negative_slope)
        {
            Aten.Do("leaky_relu_", this, negative_slope);
            return this;
        }

        public Tensor log_sigmoid() => Aten.Call("log_sigmoid", this);

        public Tensor log_softmax(long dim, ScalarType? dtype = null) =>
            Aten.Call("log_softmax.int", this, dim, dtype);

        public Tensor prelu(Tensor target) => Aten.Call("prelu", this, target);

        public Tensor relu() => Aten.Call("relu", this);

        public Tensor relu6() => Aten.Call("relu6", this);

        public Tensor relu6_()
        {
            Aten.Do("relu6_", this);
            return this;
        }

        public Tensor relu_()
        {
            Aten.Do("relu_", this);
            return this;
        }

        public Tensor selu() => Aten.Call("selu", this);

        public Tensor selu_()
        {
            Aten.Do("selu_", this);
            return this;
        }

        public Tensor silu() => Aten.Call("silu", this);

        public Tensor silu_()
        {
            Aten.Do("silu_", this);
            return this;
        }

        public Tensor softmax(long dim, ScalarType? dtype = null) =>
            Aten.Call("softmax.int", this, dim, dtype);

        public Tensor softplus(double beta = 1, double threshold = 20) =>
            Aten.Call("softplus", this, beta, threshold);

        public Tensor threshold(Scalar threshold, Scalar value) =>
            Aten.Call("threshold", this, threshold, value);

        public Tensor threshold_(Scalar threshold, Scalar value)
        {
            Aten.Do("threshold_", this, threshold, value);
            return this;
        }

        public Tensor gelu() => Aten.Call("gelu", this);

        public Tensor gelu(Modules.GELU.Approximate approximate) =>
            Aten.Call("gelu", this, approximate.ToString());

        public Tensor gelu_()
        {
            Aten.Do("gelu_", this);
            return this;
        }

        public Tensor gelu_(Modules.GELU.Approximate approximate)
        {
            Aten.Do("gelu_", this, approximate.ToString());
            return this;
        }

        public Tensor elu(double alpha = 1) => Aten.Call("elu", this, alpha);

        public Tensor elu(Scalar alpha, Scalar scale, Scalar input_scale) =>
            Aten.Call("elu", this, alpha, scale, input_scale);

        public Tensor elu_(Scalar alpha, Scalar scale, Scalar input_scale)
        {
            Aten.Do("elu_", this, alpha, scale, input_scale);
            return this;
        }

        public Tensor elu_(double alpha = 1)
        {
            Aten.Do("elu_", this, alpha);
            return this;
        }

        public Tensor hardtanh(Scalar min, Scalar max) => Aten.Call("hardtanh", this, min, max);

        public Tensor hardtanh_(Scalar min, Scalar max)
        {
            Aten.Do("hardtanh_", this, min, max);
            return this;
        }
    }
}
