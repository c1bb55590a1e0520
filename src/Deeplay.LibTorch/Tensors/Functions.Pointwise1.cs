using System;
using System.Collections.Generic;
using TorchSharp.Interop;

namespace TorchSharp;

// Functions of tensors: functions of each element.

public static partial class torch
{
    public static Tensor abs(Tensor input) => input.abs();

    public static Tensor abs_(Tensor input) => input.abs_();

    public static Tensor absolute(Tensor input) => input.absolute();

    public static Tensor absolute_(Tensor input) => input.absolute_();

    public static Tensor acos(Tensor input) => input.acos();

    public static Tensor acos_(Tensor input) => input.acos_();

    public static Tensor acosh(Tensor input) => input.acosh();

    public static Tensor acosh_(Tensor input) => input.acosh_();

    public static Tensor angle(Tensor input) => input.angle();

    public static Tensor arccos(Tensor input) => input.arccos();

    public static Tensor arccos_(Tensor input) => input.arccos_();

    public static Tensor arccosh(Tensor input) => input.arccosh();

    public static Tensor arccosh_(Tensor input) => input.arccosh_();

    public static Tensor arcsin(Tensor input) => input.arcsin();

    public static Tensor arcsin_(Tensor input) => input.arcsin_();

    public static Tensor arcsinh(Tensor input) => input.arcsinh();

    public static Tensor arcsinh_(Tensor input) => input.arcsinh_();

    public static Tensor arctan(Tensor input) => input.arctan();

    public static Tensor arctan2(Tensor input, Tensor other) => input.arctan2(other);

    public static Tensor arctan2_(Tensor input, Tensor other) => input.arctan2_(other);

    public static Tensor arctan_(Tensor input) => input.arctan_();

    public static Tensor arctanh(Tensor input) => input.arctanh();

    public static Tensor arctanh_(Tensor input) => input.arctanh_();

    public static Tensor asin(Tensor input) => input.asin();

    public static Tensor asin_(Tensor input) => input.asin_();

    public static Tensor asinh(Tensor input) => input.asinh();

    public static Tensor asinh_(Tensor input) => input.asinh_();

    public static Tensor atan(Tensor input) => input.atan();

    public static Tensor atan2(Tensor input, Tensor other) => input.atan2(other);

    public static Tensor atan2_(Tensor input, Tensor other) => input.atan2_(other);

    public static Tensor atan_(Tensor input) => input.atan_();

    public static Tensor atanh(Tensor input) => input.atanh();

    public static Tensor atanh_(Tensor input) => input.atanh_();

    public static Tensor ceil(Tensor input) => input.ceil();

    public static Tensor ceil_(Tensor input) => input.ceil_();

    public static Tensor clamp(Tensor input, Scalar? min = null, Scalar? max = null) => input.clamp(min, max);

    public static Tensor clamp(Tensor input, Tensor? min = null, Tensor? max = null) => input.clamp(min, max);

    public static Tensor clamp_(Tensor input, Scalar? min = null, Scalar? max = null) =>
        input.clamp_(min, max);

    public static Tensor clamp_(Tensor input, Tensor? min = null, Tensor? max = null) =>
        input.clamp_(min, max);

    public static Tensor clamp_max(Tensor input, Scalar max) => input.clamp_max(max);

    public static Tensor clamp_max_(Tensor input, Scalar max) => input.clamp_max_(max);

    public static Tensor clamp_min(Tensor input, Scalar min) => input.clamp_min(min);

    public static Tensor clamp_min_(Tensor input, Scalar min) => input.clamp_min_(min);

    public static Tensor clip(Tensor input, Scalar? min = null, Scalar? max = null) => input.clip(min, max);

    public static Tensor conj(Tensor input) => input.conj();

    public static Tensor conj_physical(Tensor input) => input.conj_physical();

    public static Tensor conj_physical_(Tensor input) => input.conj_physical_();

    public static Tensor copysign(Tensor input, Tensor other) => input.copysign(other);

    public static Tensor copysign_(Tensor input, Tensor other) => input.copysign_(other);

    public static Tensor cos(Tensor input) => input.cos();

    public static Tensor cos_(Tensor input) => input.cos_();

    public static Tensor cosh(Tensor input) => input.cosh();

    public static Tensor cosh_(Tensor input) => input.cosh_();

    public static Tensor deg2rad(Tensor input) => input.deg2rad();

    public static Tensor deg2rad_(Tensor input) => input.deg2rad_();

    public static Tensor digamma(Tensor input) => input.digamma();

    public static Tensor digamma_(Tensor input) => input.digamma_();

    public static Tensor erf(Tensor input) => input.erf();

    public static Tensor erf_(Tensor input) => input.erf_();

    public static Tensor erfc(Tensor input) => input.erfc();

    public static Tensor erfc_(Tensor input) => input.erfc_();

    public static Tensor erfinv(Tensor input) => input.erfinv();

    public static Tensor erfinv_(Tensor input) => input.erfinv_();

    public static Tensor exp(Tensor input) => input.exp();

    public static Tensor exp2(Tensor input) => input.exp2();

    public static Tensor exp2_(Tensor input) => input.exp2_();

    public static Tensor exp_(Tensor input) => input.exp_();

    public static Tensor expm1(Tensor input) => input.expm1();

    public static Tensor expm1_(Tensor input) => input.expm1_();

    public static Tensor fix(Tensor input) => input.fix();

    public static Tensor fix_(Tensor input) => input.fix_();

    public static Tensor float_power(Tensor input, Tensor target) => input.float_power(target);

    public static Tensor float_power_(Tensor input, Tensor target) => input.float_power_(target);

    public static Tensor floor(Tensor input) => input.floor();

    public static Tensor floor_(Tensor input) => input.floor_();

    public static Tensor fmax(Tensor input, Tensor other) => input.fmax(other);

    public static Tensor fmin(Tensor input, Tensor other) => input.fmin(other);

    public static Tensor frac(Tensor input) => input.frac();

    public static Tensor frac_(Tensor input) => input.frac_();
}
