using System;
using System.Collections.Generic;
using TorchSharp.Interop;

namespace TorchSharp;

// Tensors: arithmetic, bits and running sums. Each calls the ATen operator of its name.

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor add(Scalar scalar) => Aten.Call("add.Scalar", this, scalar);

        public Tensor add(Scalar scalar, Scalar alpha) => Aten.Call("add.Scalar", this, scalar, alpha);

        public Tensor add(Tensor target) => Aten.Call("add.Tensor", this, target);

        public Tensor add(Tensor target, Scalar alpha) => Aten.Call("add.Tensor", this, target, alpha);

        public Tensor add_(Scalar scalar)
        {
            Aten.Do("add_.Scalar", this, scalar);
            return this;
        }

        public Tensor add_(Scalar scalar, Scalar alpha)
        {
            Aten.Do("add_.Scalar", this, scalar, alpha);
            return this;
        }

        public Tensor add_(Tensor target)
        {
            Aten.Do("add_.Tensor", this, target);
            return this;
        }

        public Tensor add_(Tensor target, Scalar alpha)
        {
            Aten.Do("add_.Tensor", this, target, alpha);
            return this;
        }

        public Tensor addcdiv(Tensor tensor1, Tensor tensor2) => Aten.Call("addcdiv", this, tensor1, tensor2);

        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value) =>
            Aten.Call("addcdiv", this, tensor1, tensor2, value);

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2)
        {
            Aten.Do("addcdiv_", this, tensor1, tensor2);
            return this;
        }

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value)
        {
            Aten.Do("addcdiv_", this, tensor1, tensor2, value);
            return this;
        }

        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value) =>
            Aten.Call("addcmul", this, tensor1, tensor2, value);

        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value)
        {
            Aten.Do("addcmul_", this, tensor1, tensor2, value);
            return this;
        }

        public Tensor bitwise_and(Tensor other) => Aten.Call("bitwise_and.Tensor", this, other);

        public Tensor bitwise_and_(Tensor other)
        {
            Aten.Do("bitwise_and_.Tensor", this, other);
            return this;
        }

        public Tensor bitwise_left_shift(Tensor other) => Aten.Call("bitwise_left_shift.Tensor", this, other);

        public Tensor bitwise_left_shift_(Tensor other)
        {
            Aten.Do("bitwise_left_shift_.Tensor", this, other);
            return this;
        }

        public Tensor bitwise_not() => Aten.Call("bitwise_not", this);

        public Tensor bitwise_not_()
        {
            Aten.Do("bitwise_not_", this);
            return this;
        }

        public Tensor bitwise_or(Tensor other) => Aten.Call("bitwise_or.Tensor", this, other);

        public Tensor bitwise_or_(Tensor other)
        {
            Aten.Do("bitwise_or_.Tensor", this, other);
            return this;
        }

        public Tensor bitwise_right_shift(Tensor other) =>
            Aten.Call("bitwise_right_shift.Tensor", this, other);

        public Tensor bitwise_right_shift_(Tensor other)
        {
            Aten.Do("bitwise_right_shift_.Tensor", this, other);
            return this;
        }

        public Tensor bitwise_xor(Tensor other) => Aten.Call("bitwise_xor.Tensor", this, other);

        public Tensor bitwise_xor_(Tensor other)
        {
            Aten.Do("bitwise_xor_.Tensor", this, other);
            return this;
        }

        public (Tensor values, Tensor indexes) cummax(long dim) => Aten.Call2("cummax", this, dim);

        public (Tensor values, Tensor indexes) cummin(long dim) => Aten.Call2("cummin", this, dim);

        public Tensor cumprod(long dim, ScalarType? type = null) => Aten.Call("cumprod", this, dim, type);

        public Tensor cumsum(long dim, ScalarType? type = null) => Aten.Call("cumsum", this, dim, type);

        public Tensor cumulative_trapezoid(Tensor x, long dim = -1) =>
            Aten.Call("cumulative_trapezoid.x", this, x, dim);

        public Tensor cumulative_trapezoid(double dx = 1, long dim = -1) =>
            Aten.Call("cumulative_trapezoid.dx", this, dx, dim);

        public Tensor diff(long n = 1, long dim = -1, Tensor? prepend = null, Tensor? append = null) =>
            Aten.Call("diff", this, n, dim, prepend, append);

        public Tensor floor_divide(Scalar other) => Aten.Call("floor_divide.Scalar", this, other);

        public Tensor floor_divide(Tensor other) => Aten.Call("floor_divide", this, other);

        public Tensor floor_divide_(Scalar other)
        {
            Aten.Do("floor_divide_.Scalar", this, other);
            return this;
        }

        public Tensor floor_divide_(Tensor other)
        {
            Aten.Do("floor_divide_.Tensor", this, other);
            return this;
        }

        public Tensor fmod(Scalar scalar) => Aten.Call("fmod.Scalar", this, scalar);

        public Tensor fmod(Tensor target) => Aten.Call("fmod.Tensor", this, target);

        public Tensor fmod_(Scalar scalar)
        {
            Aten.Do("fmod_.Scalar", this, scalar);
            return this;
        }

        public Tensor fmod_(Tensor target)
        {
            Aten.Do("fmod_.Tensor", this, target);
            return this;
        }

        public Tensor gcd(Tensor other) => Aten.Call("gcd", this, other);

        public Tensor gcd_(Tensor other)
        {
            Aten.Do("gcd_", this, other);
            return this;
        }

        public Tensor lcm(Tensor other) => Aten.Call("lcm", this, other);

        public Tensor lcm_(Tensor other)
        {
            Aten.Do("lcm_", this, other);
            return this;
        }

        public Tensor logcumsumexp(long dim) => Aten.Call("logcumsumexp", this, dim);

        public Tensor mul(Scalar target) => Aten.Call("mul.Scalar", this, target);

        public Tensor mul(Tensor target) => Aten.Call("mul.Tensor", this, target);

        public Tensor mul_(Scalar target)
        {
            Aten.Do("mul_.Scalar", this, target);
            return this;
        }

        public Tensor mul_(Tensor target)
        {
            Aten.Do("mul_.Tensor", this, target);
            return this;
        }

        public Tensor multiply(Scalar target) => Aten.Call("multiply.Scalar", this, target);

        public Tensor multiply(Tensor target) => Aten.Call("multiply.Tensor", this, target);

        public Tensor remainder(Scalar scalar) => Aten.Call("remainder.Scalar", this, scalar);

        public Tensor remainder(Tensor target) => Aten.Call("remainder.Tensor", this, target);

        public Tensor remainder_(Scalar scalar)
        {
            Aten.Do("remainder_.Scalar", this, scalar);
            return this;
        }

        public Tensor remainder_(Tensor target)
        {
            Aten.Do("remainder_.Tensor", this, target);
            return this;
        }

        public Tensor sub(Scalar target) => Aten.Call("sub.Scalar", this, target);

        public Tensor sub(Tensor target) => Aten.Call("sub.Tensor", this, target);

        public Tensor sub_(Scalar target)
        {
            Aten.Do("sub_.Scalar", this, target);
            return this;
        }

        public Tensor sub_(Tensor target)
        {
            Aten.Do("sub_.Tensor", this, target);
            return this;
        }

        public Tensor subtract(Scalar target) => Aten.Call("subtract.Scalar", this, target);

        public Tensor subtract(Tensor target) => Aten.Call("subtract.Tensor", this, target);

        public Tensor subtract_(Scalar target)
        {
            Aten.Do("subtract_.Scalar", this, target);
            return this;
        }

        public Tensor subtract_(Tensor target)
        {
            Aten.Do("subtract_.Tensor", this, target);
            return this;
        }

        public Tensor trapezoid(Tensor x, long dim = -1) => Aten.Call("trapezoid.x", this, x, dim);

        public Tensor trapezoid(double dx = 1, long dim = -1) => Aten.Call("trapezoid.dx", this, dx, dim);

        public Tensor true_divide(Scalar other) => Aten.Call("true_divide.Scalar", this, other);

        public Tensor true_divide(Tensor other) => Aten.Call("true_divide.Tensor", this, other);

        public Tensor true_divide_(Scalar other)
        {
            Aten.Do("true_divide_.Scalar", this, other);
            return this;
        }

        public Tensor true_divide_(Tensor other)
        {
            Aten.Do("true_divide_.Tensor", this, other);
            return this;
        }
    }
}
