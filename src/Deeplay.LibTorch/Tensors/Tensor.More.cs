using System;
using System.Collections.Generic;
using TorchSharp.Interop;

namespace TorchSharp;

// Tensors: the rest. Each calls the ATen operator of its name.

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor copy_(Tensor source, bool nonBlocking = false)
        {
            Aten.Do("copy_", this, source, nonBlocking);
            return this;
        }

        public Tensor dequantize() => Aten.Call("dequantize.self", this);

        public Tensor fill_(Scalar value)
        {
            Aten.Do("fill_.Scalar", this, value);
            return this;
        }

        public (Tensor a, Tensor tau) geqrf() => Aten.Call2("geqrf", this);

        public Tensor int_repr() => Aten.Call("int_repr", this);

        public Tensor ormqr(Tensor tau, Tensor other, bool left = true, bool transpose = false) =>
            Aten.Call("ormqr", this, tau, other, left, transpose);

        public Tensor q_per_channel_scales() => Aten.Call("q_per_channel_scales", this);

        public Tensor q_per_channel_zero_points() => Aten.Call("q_per_channel_zero_points", this);

        public Tensor vander(long N = -1, bool increasing = false) =>
            Aten.Call("vander", this, N, increasing);

        public Tensor zero_()
        {
            Aten.Do("zero_", this);
            return this;
        }
    }
}
