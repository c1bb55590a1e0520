using System;
using System.Collections.Generic;
using TorchSharp.Interop;

namespace TorchSharp;

// Tensors: functions of each element. Each calls the ATen operator of its name.

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor abs() => Aten.Call("abs", this);

        public Tensor abs_()
        {
            Aten.Do("abs_", this);
            return this;
        }

        public Tensor absolute() => Aten.Call("absolute", this);

        public Tensor absolute_()
        {
            Aten.Do("absolute_", this);
            return this;
        }

        public Tensor acos() => Aten.Call("acos", this);

        public Tensor acos_()
        {
            Aten.Do("acos_", this);
            return this;
        }

        public Tensor acosh() => Aten.Call("acosh", this);

        public Tensor acosh_()
        {
            Aten.Do("acosh_", this);
            return this;
        }

        public Tensor angle() => Aten.Call("angle", this);

        public Tensor arccos() => Aten.Call("arccos", this);

        public Tensor arccos_()
        {
            Aten.Do("arccos_", this);
            return this;
        }

        public Tensor arccosh() => Aten.Call("arccosh", this);

        public Tensor arccosh_()
        {
            Aten.Do("arccosh_", this);
            return this;
        }

        public Tensor arcsin() => Aten.Call("arcsin", this);

        public Tensor arcsin_()
        {
            Aten.Do("arcsin_", this);
            return this;
        }

        public Tensor arcsinh() => Aten.Call("arcsinh", this);

        public Tensor arcsinh_()
        {
            Aten.Do("arcsinh_", this);
            return this;
        }

        public Tensor arctan() => Aten.Call("arctan", this);

        public Tensor arctan2(Tensor other) => Aten.Call("arctan2", this, other);

        public Tensor arctan2_(Tensor other)
        {
            Aten.Do("arctan2_", this, other);
            return this;
        }

        public Tensor arctan_()
        {
            Aten.Do("arctan_", this);
            return this;
        }

        public Tensor arctanh() => Aten.Call("arctanh", this);

        public Tensor arctanh_()
        {
            Aten.Do("arctanh_", this);
            return this;
        }

        public Tensor asin() => Aten.Call("asin", this);

        public Tensor asin_()
        {
            Aten.Do("asin_", this);
            return this;
        }

        public Tensor asinh() => Aten.Call("asinh", this);

        public Tensor asinh_()
        {
            Aten.Do("asinh_", this);
            return this;
        }

        public Tensor atan() => Aten.Call("atan", this);

        public Tensor atan2(Tensor other) => Aten.Call("atan2", this, other);

        public Tensor atan2_(Tensor other)
        {
            Aten.Do("atan2_", this, other);
            return this;
        }

        public Tensor atan_()
        {
            Aten.Do("atan_", this);
            return this;
        }

        public Tensor atanh() => Aten.Call("atanh", this);

        public Tensor atanh_()
        {
            Aten.Do("atanh_", this);
            return this;
        }

        public Tensor ceil() => Aten.Call("ceil", this);

        public Tensor ceil_()
        {
            Aten.Do("ceil_", this);
            return this;
        }

        public Tensor clamp(Scalar? min = null, Scalar? max = null) => Aten.Call("clamp", this, min, max);

        public Tensor clamp(Tensor? min = null, Tensor? max = null) =>
            Aten.Call("clamp.Tensor", this, min, max);

        public Tensor clamp_(Scalar? min = null, Scalar? max = null)
        {
            Aten.Do("clamp_", this, min, max);
            return this;
        }

        public Tensor clamp_(Tensor? min = null, Tensor? max = null)
        {
            Aten.Do("clamp_.Tensor", this, min, max);
            return this;
        }

        public Tensor clamp_max(Scalar max) => Aten.Call("clamp_max", this, max);

        public Tensor clamp_max_(Scalar max)
        {
            Aten.Do("clamp_max_", this, max);
            return this;
        }

        public Tensor clamp_min(Scalar min) => Aten.Call("clamp_min", this, min);

        public Tensor clamp_min_(Scalar min)
        {
            Aten.Do("clamp_min_", this, min);
            return this;
        }

        public Tensor clip(Scalar? min = null, Scalar? max = null) => Aten.Call("clip", this, min, max);

        public Tensor conj() => Aten.Call("conj", this);

        public Tensor conj_physical() => Aten.Call("conj_physical", this);

        public Tensor conj_physical_()
        {
            Aten.Do("conj_physical_", this);
            return this;
        }

        public Tensor copysign(Tensor other) => Aten.Call("copysign.Tensor", this, other);

        public Tensor copysign_(Tensor other)
        {
            Aten.Do("copysign_.Tensor", this, other);
            return this;
        }

        public Tensor cos() => Aten.Call("cos", this);

        public Tensor cos_()
        {
            Aten.Do("cos_", this);
            return this;
        }

        public Tensor cosh() => Aten.Call("cosh", this);

        public Tensor cosh_()
        {
            Aten.Do("cosh_", this);
            return this;
        }

        public Tensor deg2rad() => Aten.Call("deg2rad", this);

        public Tensor deg2rad_()
        {
            Aten.Do("deg2rad_", this);
            return this;
        }

        public Tensor digamma() => Aten.Call("digamma", this);

        public Tensor digamma_()
        {
            Aten.Do("digamma_", this);
            return this;
        }

        public Tensor erf() => Aten.Call("erf", this);

        public Tensor erf_()
        {
            Aten.Do("erf_", this);
            return this;
        }

        public Tensor erfc() => Aten.Call("erfc", this);

        public Tensor erfc_()
        {
            Aten.Do("erfc_", this);
            return this;
        }

        public Tensor erfinv() => Aten.Call("erfinv", this);

        public Tensor erfinv_()
        {
            Aten.Do("erfinv_", this);
            return this;
        }

        public Tensor exp() => Aten.Call("exp", this);

        public Tensor exp2() => Aten.Call("exp2", this);

        public Tensor exp2_()
        {
            Aten.Do("exp2_", this);
            return this;
        }

        public Tensor exp_()
        {
            Aten.Do("exp_", this);
            return this;
        }

        public Tensor expm1() => Aten.Call("expm1", this);

        public Tensor expm1_()
        {
            Aten.Do("expm1_", this);
            return this;
        }

        public Tensor fix() => Aten.Call("fix", this);

        public Tensor fix_()
        {
            Aten.Do("fix_", this);
            return this;
        }

        public Tensor float_power(Tensor target) => Aten.Call("float_power.Tensor_Tensor", this, target);

        public Tensor float_power_(Tensor target)
        {
            Aten.Do("float_power_.Tensor", this, target);
            return this;
        }

        public Tensor floor() => Aten.Call("floor", this);

        public Tensor floor_()
        {
            Aten.Do("floor_", this);
            return this;
        }

        public Tensor fmax(Tensor other) => Aten.Call("fmax", this, other);

        public Tensor fmin(Tensor other) => Aten.Call("fmin", this, other);

        public Tensor frac() => Aten.Call("frac", this);
    }
}
