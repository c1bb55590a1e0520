using System;
using System.Collections.Generic;
using TorchSharp.Interop;

namespace TorchSharp;

// Functions of tensors: functions of each element.

public static partial class torch
{
    public static (Tensor Mantissa, Tensor Exponent) frexp(Tensor input) => input.frexp();

    public static Tensor heaviside(Tensor input, Tensor values) => input.heaviside(values);

    public static Tensor heaviside_(Tensor input, Tensor values) => input.heaviside_(values);

    public static Tensor hypot(Tensor left, Tensor right) => left.hypot(right);

    public static Tensor i0(Tensor input) => input.i0();

    public static Tensor i0_(Tensor input) => input.i0_();

    public static Tensor igamma(Tensor input, Tensor other) => input.igamma(other);

    public static Tensor igammac(Tensor input, Tensor other) => input.igammac(other);

    public static Tensor imag(Tensor input) => Aten.Call("imag", input);

    public static Tensor ldexp(Tensor input, Tensor other) => input.ldexp(other);

    public static Tensor ldexp_(Tensor input, Tensor other) => input.ldexp_(other);

    public static Tensor lerp(Tensor input, Tensor end, Tensor weight) => input.lerp(end, weight);

    public static Tensor lgamma(Tensor input) => input.lgamma();

    public static Tensor lgamma_(Tensor input) => input.lgamma_();

    public static Tensor log(Tensor input) => input.log();

    public static Tensor log10(Tensor input) => input.log10();

    public static Tensor log10_(Tensor input) => input.log10_();

    public static Tensor log1p(Tensor input) => input.log1p();

    public static Tensor log1p_(Tensor input) => input.log1p_();

    public static Tensor log2(Tensor input) => input.log2();

    public static Tensor log2_(Tensor input) => input.log2_();

    public static Tensor log_(Tensor input) => input.log_();

    public static Tensor logaddexp(Tensor left, Tensor right) => left.logaddexp(right);

    public static Tensor logaddexp2(Tensor left, Tensor right) => left.logaddexp2(right);

    public static Tensor logit(Tensor input, double? eps = null) => input.logit(eps);

    public static Tensor logit_(Tensor input, double? eps = null) => input.logit_(eps);

    public static Tensor maximum(Tensor input, Tensor other) => input.maximum(other);

    public static Tensor minimum(Tensor input, Tensor other) => input.minimum(other);

    public static Tensor mvlgamma(Tensor input, long p) => input.mvlgamma(p);

    public static Tensor mvlgamma_(Tensor input, long p) => input.mvlgamma_(p);

    public static Tensor nan_to_num(
        Tensor input,
        double nan = 0,
        double? posinf = null,
        double? neginf = null
    ) => input.nan_to_num(nan, posinf, neginf);

    public static Tensor nan_to_num_(
        Tensor input,
        double nan = 0,
        double? posinf = null,
        double? neginf = null
    ) => input.nan_to_num_(nan, posinf, neginf);

    public static Tensor neg(Tensor input) => input.neg();

    public static Tensor neg_(Tensor input) => input.neg_();

    public static Tensor negative(Tensor input) => input.negative();

    public static Tensor nextafter(Tensor input, Tensor other) => input.nextafter(other);

    public static Tensor nextafter_(Tensor input, Tensor other) => input.nextafter_(other);

    public static Tensor polygamma_(Tensor input, long p) => input.polygamma_(p);

    public static Tensor positive(Tensor input) => input.positive();

    public static Tensor pow(Tensor left, Scalar exponent) => left.pow(exponent);

    public static Tensor pow(Tensor left, Tensor exponent) => left.pow(exponent);

    public static Tensor pow_(Tensor left, Scalar exponent) => left.pow_(exponent);

    public static Tensor pow_(Tensor left, Tensor exponent) => left.pow_(exponent);

    public static Tensor rad2deg(Tensor input) => input.rad2deg();

    public static Tensor rad2deg_(Tensor input) => input.rad2deg_();

    public static Tensor real(Tensor input) => Aten.Call("real", input);

    public static Tensor reciprocal(Tensor input) => input.reciprocal();

    public static Tensor reciprocal_(Tensor input) => input.reciprocal_();

    public static Tensor resolve_conj(Tensor input) => input.resolve_conj();

    public static Tensor resolve_neg(Tensor input) => input.resolve_neg();

    public static Tensor round(Tensor input, long decimals = 0) => input.round(decimals);

    public static Tensor round_(Tensor input, long decimals = 0) => input.round_(decimals);

    public static Tensor rsqrt(Tensor input) => input.rsqrt();

    public static Tensor rsqrt_(Tensor input) => input.rsqrt_();

    public static Tensor sgn(Tensor input) => input.sgn();

    public static Tensor sgn_(Tensor input) => input.sgn_();

    public static Tensor sigmoid(Tensor input) => input.sigmoid();

    public static Tensor sigmoid_(Tensor input) => input.sigmoid_();

    public static Tensor sign(Tensor input) => input.sign();

    public static Tensor sign_(Tensor input) => input.sign_();

    public static Tensor signbit(Tensor input) => input.signbit();

    public static Tensor sin(Tensor input) => input.sin();

    public static Tensor sin_(Tensor input) => input.sin_();

    public static Tensor sinc(Tensor input) => input.sinc();

    public static Tensor sinc_(Tensor input) => input.sinc_();

    public static Tensor sinh(Tensor input) => input.sinh();

    public static Tensor sinh_(Tensor input) => input.sinh_();

    public static Tensor sqrt(Tensor input) => input.sqrt();

    public static Tensor sqrt_(Tensor input) => input.sqrt_();

    public static Tensor square(Tensor input) => input.square();

    public static Tensor tan(Tensor input) => input.tan();

    public static Tensor tan_(Tensor input) => input.tan_();

    public static Tensor tanh(Tensor input) => input.tanh();

    public static Tensor tanh_(Tensor input) => input.tanh_();

    public static Tensor trunc(Tensor input) => input.trunc();

    public static Tensor trunc_(Tensor input) => input.trunc_();

    public static Tensor xlogy(Tensor x, Scalar y) => x.xlogy(y);

    public static Tensor xlogy(Tensor x, Tensor y) => x.xlogy(y);

    public static Tensor xlogy_(Tensor x, Scalar y) => x.xlogy_(y);

    public static Tensor xlogy_(Tensor x, Tensor y) => x.xlogy_(y);
}
