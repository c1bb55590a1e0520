using System;
using System.Collections.Generic;
using TorchSharp.Interop;

namespace TorchSharp;

// Tensors: functions of each element. Each calls the ATen operator of its name.

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor frac_()
        {
            Aten.Do("frac_", this);
            return this;
        }

        public (Tensor Mantissa, Tensor Exponent) frexp() => Aten.Call2("frexp.Tensor", this);

        public Tensor heaviside(Tensor other) => Aten.Call("heaviside", this, other);

        public Tensor heaviside_(Tensor other)
        {
            Aten.Do("heaviside_", this, other);
            return this;
        }

        public Tensor hypot(Tensor other) => Aten.Call("hypot", this, other);

        public Tensor i0() => Aten.Call("i0", this);

        public Tensor i0_()
        {
            Aten.Do("i0_", this);
            return this;
        }

        public Tensor igamma(Tensor other) => Aten.Call("igamma", this, other);

        public Tensor igammac(Tensor other) => Aten.Call("igammac", this, other);

        public Tensor ldexp(Tensor other) => Aten.Call("ldexp.Tensor", this, other);

        public Tensor ldexp_(Tensor other)
        {
            Aten.Do("ldexp_", this, other);
            return this;
        }

        public Tensor lerp(Tensor end, Tensor weight) => Aten.Call("lerp.Tensor", this, end, weight);

        public Tensor lerp_(Tensor end, Tensor weight)
        {
            Aten.Do("lerp_.Tensor", this, end, weight);
            return this;
        }

        public Tensor lgamma() => Aten.Call("lgamma", this);

        public Tensor lgamma_()
        {
            Aten.Do("lgamma_", this);
            return this;
        }

        public Tensor log() => Aten.Call("log", this);

        public Tensor log10() => Aten.Call("log10", this);

        public Tensor log10_()
        {
            Aten.Do("log10_", this);
            return this;
        }

        public Tensor log1p() => Aten.Call("log1p", this);

        public Tensor log1p_()
        {
            Aten.Do("log1p_", this);
            return this;
        }

        public Tensor log2() => Aten.Call("log2", this);

        public Tensor log2_()
        {
            Aten.Do("log2_", this);
            return this;
        }

        public Tensor log_()
        {
            Aten.Do("log_", this);
            return this;
        }

        public Tensor logaddexp(Tensor other) => Aten.Call("logaddexp", this, other);

        public Tensor logaddexp2(Tensor other) => Aten.Call("logaddexp2", this, other);

        public Tensor logit(double? eps = null) => Aten.Call("logit", this, eps);

        public Tensor logit_(double? eps = null)
        {
            Aten.Do("logit_", this, eps);
            return this;
        }

        public Tensor maximum(Tensor other) => Aten.Call("maximum", this, other);

        public Tensor minimum(Tensor other) => Aten.Call("minimum", this, other);

        public Tensor mvlgamma(long p) => Aten.Call("mvlgamma", this, p);

        public Tensor mvlgamma_(long p)
        {
            Aten.Do("mvlgamma_", this, p);
            return this;
        }

        public Tensor nan_to_num(double nan = 0, double? posinf = null, double? neginf = null) =>
            Aten.Call("nan_to_num", this, nan, posinf, neginf);

        public Tensor nan_to_num_(double nan = 0, double? posinf = null, double? neginf = null)
        {
            Aten.Do("nan_to_num_", this, nan, posinf, neginf);
            return this;
        }

        public Tensor neg() => Aten.Call("neg", this);

        public Tensor neg_()
        {
            Aten.Do("neg_", this);
            return this;
        }

        public Tensor negative() => Aten.Call("negative", this);

        public Tensor nextafter(Tensor other) => Aten.Call("nextafter", this, other);

        public Tensor nextafter_(Tensor other)
        {
            Aten.Do("nextafter_", this, other);
            return this;
        }

        public Tensor polygamma_(long p)
        {
            Aten.Do("polygamma_", this, p);
            return this;
        }

        public Tensor positive() => Aten.Call("positive", this);

        public Tensor pow(Scalar exponent) => Aten.Call("pow.Tensor_Scalar", this, exponent);

        public Tensor pow(Tensor exponent) => Aten.Call("pow.Tensor_Tensor", this, exponent);

        public Tensor pow_(Scalar exponent)
        {
            Aten.Do("pow_.Scalar", this, exponent);
            return this;
        }

        public Tensor pow_(Tensor exponent)
        {
            Aten.Do("pow_.Tensor", this, exponent);
            return this;
        }

        public Tensor rad2deg() => Aten.Call("rad2deg", this);

        public Tensor rad2deg_()
        {
            Aten.Do("rad2deg_", this);
            return this;
        }

        public Tensor reciprocal() => Aten.Call("reciprocal", this);

        public Tensor reciprocal_()
        {
            Aten.Do("reciprocal_", this);
            return this;
        }

        public Tensor resolve_conj() => Aten.Call("resolve_conj", this);

        public Tensor resolve_neg() => Aten.Call("resolve_neg", this);

        public Tensor rsqrt() => Aten.Call("rsqrt", this);

        public Tensor rsqrt_()
        {
            Aten.Do("rsqrt_", this);
            return this;
        }

        public Tensor sgn() => Aten.Call("sgn", this);

        public Tensor sgn_()
        {
            Aten.Do("sgn_", this);
            return this;
        }

        public Tensor sigmoid() => Aten.Call("sigmoid", this);

        public Tensor sigmoid_()
        {
            Aten.Do("sigmoid_", this);
            return this;
        }

        public Tensor sign() => Aten.Call("sign", this);

        public Tensor sign_()
        {
            Aten.Do("sign_", this);
            return this;
        }

        public Tensor signbit() => Aten.Call("signbit", this);

        public Tensor sin() => Aten.Call("sin", this);

        public Tensor sin_()
        {
            Aten.Do("sin_", this);
            return this;
        }

        public Tensor sinc() => Aten.Call("sinc", this);

        public Tensor sinc_()
        {
            Aten.Do("sinc_", this);
            return this;
        }

        public Tensor sinh() => Aten.Call("sinh", this);

        public Tensor sinh_()
        {
            Aten.Do("sinh_", this);
            return this;
        }

        public Tensor sqrt() => Aten.Call("sqrt", this);

        public Tensor sqrt_()
        {
            Aten.Do("sqrt_", this);
            return this;
        }

        public Tensor square() => Aten.Call("square", this);

        public Tensor tan() => Aten.Call("tan", this);

        public Tensor tan_()
        {
            Aten.Do("tan_", this);
            return this;
        }

        public Tensor tanh() => Aten.Call("tanh", this);

        public Tensor tanh_()
        {
            Aten.Do("tanh_", this);
            return this;
        }

        public Tensor trunc() => Aten.Call("trunc", this);

        public Tensor trunc_()
        {
            Aten.Do("trunc_", this);
            return this;
        }

        public Tensor xlogy(Scalar y) => Aten.Call("xlogy.Scalar_Other", this, y);

        public Tensor xlogy(Tensor y) => Aten.Call("xlogy.Tensor", this, y);

        public Tensor xlogy_(Scalar y)
        {
            Aten.Do("xlogy_.Scalar_Other", this, y);
            return this;
        }

        public Tensor xlogy_(Tensor y)
        {
            Aten.Do("xlogy_.Tensor", this, y);
            return this;
        }
    }
}
