using System;
using System.Collections.Generic;
using TorchSharp.Interop;

namespace TorchSharp;

// Functions of tensors: arithmetic, bits and running sums.

public static partial class torch
{
    public static Tensor add(Tensor left, Scalar right) => left.add(right);

    public static Tensor add(Tensor left, Scalar right, Scalar alpha) => left.add(right, alpha);

    public static Tensor add(Tensor left, Tensor right) => left.add(right);

    public static Tensor add(Tensor left, Tensor right, Scalar alpha) => left.add(right, alpha);

    public static Tensor add_(Tensor left, Scalar right) => left.add_(right);

    public static Tensor add_(Tensor left, Scalar right, Scalar alpha) => left.add_(right, alpha);

    public static Tensor add_(Tensor left, Tensor right) => left.add_(right);

    public static Tensor add_(Tensor left, Tensor right, Scalar alpha) => left.add_(right, alpha);

    public static Tensor addcdiv(Tensor input, Tensor tensor1, Tensor tensor2, Scalar value) =>
        input.addcdiv(tensor1, tensor2, value);

    public static Tensor addcdiv_(Tensor input, Tensor tensor1, Tensor tensor2, Scalar value) =>
        input.addcdiv_(tensor1, tensor2, value);

    public static Tensor addcmul(Tensor input, Tensor tensor1, Tensor tensor2, Scalar value) =>
        input.addcmul(tensor1, tensor2, value);

    public static Tensor addcmul_(Tensor input, Tensor tensor1, Tensor tensor2, Scalar value) =>
        input.addcmul_(tensor1, tensor2, value);

    public static Tensor bitwise_and(Tensor left, Tensor right) => left.bitwise_and(right);

    public static Tensor bitwise_and_(Tensor left, Tensor right) => left.bitwise_and_(right);

    public static Tensor bitwise_left_shift(Tensor left, Tensor right) => left.bitwise_left_shift(right);

    public static Tensor bitwise_left_shift_(Tensor left, Tensor right) => left.bitwise_left_shift_(right);

    public static Tensor bitwise_not(Tensor input) => input.bitwise_not();

    public static Tensor bitwise_not_(Tensor input) => input.bitwise_not_();

    public static Tensor bitwise_or(Tensor left, Tensor right) => left.bitwise_or(right);

    public static Tensor bitwise_or_(Tensor left, Tensor right) => left.bitwise_or_(right);

    public static Tensor bitwise_right_shift(Tensor left, Tensor right) => left.bitwise_right_shift(right);

    public static Tensor bitwise_right_shift_(Tensor left, Tensor right) => left.bitwise_right_shift_(right);

    public static Tensor bitwise_xor(Tensor left, Tensor right) => left.bitwise_xor(right);

    public static Tensor bitwise_xor_(Tensor left, Tensor right) => left.bitwise_xor_(right);

    public static (Tensor values, Tensor indices) cummax(Tensor input, long dim) => input.cummax(dim);

    public static (Tensor values, Tensor indices) cummin(Tensor input, long dim) => input.cummin(dim);

    public static Tensor cumprod(Tensor input, long dim, ScalarType? dtype = null) =>
        input.cumprod(dim, dtype);

    public static Tensor cumsum(Tensor input, long dim, ScalarType? type = null) => input.cumsum(dim, type);

    public static Tensor cumulative_trapezoid(Tensor y, Tensor x, long dim = -1) =>
        y.cumulative_trapezoid(x, dim);

    public static Tensor cumulative_trapezoid(Tensor y, double dx = 1, long dim = -1) =>
        y.cumulative_trapezoid(dx, dim);

    public static Tensor diff(
        Tensor input,
        long n = 1,
        long dim = -1,
        Tensor? prepend = null,
        Tensor? append = null
    ) => input.diff(n, dim, prepend, append);

    public static Tensor div(Tensor left, Scalar right, RoundingMode rounding_mode = RoundingMode.None) =>
        left.div(right, rounding_mode);

    public static Tensor div(Tensor left, Tensor right, RoundingMode rounding_mode = RoundingMode.None) =>
        left.div(right, rounding_mode);

    public static Tensor div_(Tensor left, Scalar right, RoundingMode rounding_mode = RoundingMode.None) =>
        left.div_(right, rounding_mode);

    public static Tensor div_(Tensor left, Tensor right, RoundingMode rounding_mode = RoundingMode.None) =>
        left.div_(right, rounding_mode);

    public static Tensor divide(Tensor left, Scalar right, RoundingMode rounding_mode = RoundingMode.None) =>
        left.divide(right, rounding_mode);

    public static Tensor divide(Tensor left, Tensor right, RoundingMode rounding_mode = RoundingMode.None) =>
        left.divide(right, rounding_mode);

    public static Tensor divide_(Tensor left, Tensor right, RoundingMode rounding_mode = RoundingMode.None) =>
        left.divide_(right, rounding_mode);

    public static Tensor floor_divide(Tensor input, Tensor other) => input.floor_divide(other);

    public static Tensor floor_divide_(Tensor input, Tensor other) => input.floor_divide_(other);

    public static Tensor fmod(Tensor left, Scalar right) => left.fmod(right);

    public static Tensor fmod(Tensor left, Tensor right) => left.fmod(right);

    public static Tensor fmod_(Tensor left, Scalar right) => left.fmod_(right);

    public static Tensor fmod_(Tensor left, Tensor right) => left.fmod_(right);

    public static Tensor gcd(Tensor left, Tensor right) => left.gcd(right);

    public static Tensor gcd_(Tensor left, Tensor right) => left.gcd_(right);

    public static Tensor lcm(Tensor input, Tensor other) => input.lcm(other);

    public static Tensor lcm_(Tensor input, Tensor other) => input.lcm_(other);

    public static Tensor logcumsumexp(Tensor input, long dim) => input.logcumsumexp(dim);

    public static Tensor mul(Tensor left, Scalar right) => left.mul(right);

    public static Tensor mul(Tensor left, Tensor right) => left.mul(right);

    public static Tensor mul_(Tensor left, Scalar right) => left.mul_(right);

    public static Tensor mul_(Tensor left, Tensor right) => left.mul_(right);

    public static Tensor multiply(Tensor left, Scalar right) => left.multiply(right);

    public static Tensor multiply(Tensor left, Tensor right) => left.multiply(right);

    public static Tensor remainder(Tensor left, Scalar right) => left.remainder(right);

    public static Tensor remainder(Tensor left, Tensor right) => left.remainder(right);

    public static Tensor remainder_(Tensor left, Scalar right) => left.remainder_(right);

    public static Tensor remainder_(Tensor left, Tensor right) => left.remainder_(right);

    public static Tensor sub(Tensor left, Scalar right) => left.sub(right);

    public static Tensor sub(Tensor left, Tensor right) => left.sub(right);

    public static Tensor sub_(Tensor left, Scalar right) => left.sub_(right);

    public static Tensor sub_(Tensor left, Tensor right) => left.sub_(right);

    public static Tensor subtract(Tensor left, Scalar right) => left.subtract(right);

    public static Tensor subtract(Tensor left, Tensor right) => left.subtract(right);

    public static Tensor subtract_(Tensor left, Scalar right) => left.subtract_(right);

    public static Tensor subtract_(Tensor left, Tensor right) => left.subtract_(right);

    public static Tensor trapezoid(Tensor y, Tensor x, long dim = -1) => y.trapezoid(x, dim);

    public static Tensor trapezoid(Tensor y, double dx = 1, long dim = -1) => y.trapezoid(dx, dim);

    public static Tensor true_divide(Tensor dividend, Tensor divisor) => dividend.true_divide(divisor);

    public static Tensor true_divide_(Tensor dividend, Tensor divisor) => dividend.true_divide_(divisor);
}
