using System;
using System.Collections.Generic;
using TorchSharp.Interop;

namespace TorchSharp;

// Tensors: comparisons, logic and tests. Each calls the ATen operator of its name.

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor eq(Scalar target) => Aten.Call("eq.Scalar", this, target);

        public Tensor eq(Tensor target) => Aten.Call("eq.Tensor", this, target);

        public Tensor eq_(Scalar target)
        {
            Aten.Do("eq_.Scalar", this, target);
            return this;
        }

        public Tensor eq_(Tensor target)
        {
            Aten.Do("eq_.Tensor", this, target);
            return this;
        }

        public Tensor ge(Scalar target) => Aten.Call("ge.Scalar", this, target);

        public Tensor ge(Tensor target) => Aten.Call("ge.Tensor", this, target);

        public Tensor ge_(Scalar target)
        {
            Aten.Do("ge_.Scalar", this, target);
            return this;
        }

        public Tensor ge_(Tensor target)
        {
            Aten.Do("ge_.Tensor", this, target);
            return this;
        }

        public Tensor greater(Tensor target) => Aten.Call("greater.Tensor", this, target);

        public Tensor greater_equal(Tensor target) => Aten.Call("greater_equal.Tensor", this, target);

        public Tensor gt(Scalar target) => Aten.Call("gt.Scalar", this, target);

        public Tensor gt(Tensor target) => Aten.Call("gt.Tensor", this, target);

        public Tensor gt_(Scalar target)
        {
            Aten.Do("gt_.Scalar", this, target);
            return this;
        }

        public Tensor gt_(Tensor target)
        {
            Aten.Do("gt_.Tensor", this, target);
            return this;
        }

        public Tensor isclose(
            Tensor other,
            double rtol = 1E-05,
            double atol = 1E-08,
            bool nanEqual = false
        ) => Aten.Call("isclose", this, other, rtol, atol, nanEqual);

        public Tensor isfinite() => Aten.Call("isfinite", this);

        public Tensor isin(Tensor test_elements, bool assumeUnique = false, bool invert = false) =>
            Aten.Call("isin.Tensor_Tensor", this, test_elements, assumeUnique, invert);

        public Tensor isinf() => Aten.Call("isinf", this);

        public Tensor isnan() => Aten.Call("isnan", this);

        public Tensor isneginf() => Aten.Call("isneginf", this);

        public Tensor isposinf() => Aten.Call("isposinf", this);

        public Tensor isreal() => Aten.Call("isreal", this);

        public Tensor le(Scalar target) => Aten.Call("le.Scalar", this, target);

        public Tensor le(Tensor target) => Aten.Call("le.Tensor", this, target);

        public Tensor le_(Scalar target)
        {
            Aten.Do("le_.Scalar", this, target);
            return this;
        }

        public Tensor le_(Tensor target)
        {
            Aten.Do("le_.Tensor", this, target);
            return this;
        }

        public Tensor less(Tensor target) => Aten.Call("less.Tensor", this, target);

        public Tensor less_equal(Tensor target) => Aten.Call("less_equal.Tensor", this, target);

        public Tensor less_equal_(Tensor target)
        {
            Aten.Do("less_equal_.Tensor", this, target);
            return this;
        }

        public Tensor logical_and(Tensor other) => Aten.Call("logical_and", this, other);

        public Tensor logical_and_(Tensor other)
        {
            Aten.Do("logical_and_", this, other);
            return this;
        }

        public Tensor logical_not() => Aten.Call("logical_not", this);

        public Tensor logical_not_()
        {
            Aten.Do("logical_not_", this);
            return this;
        }

        public Tensor logical_or(Tensor other) => Aten.Call("logical_or", this, other);

        public Tensor logical_or_(Tensor other)
        {
            Aten.Do("logical_or_", this, other);
            return this;
        }

        public Tensor logical_xor(Tensor other) => Aten.Call("logical_xor", this, other);

        public Tensor logical_xor_(Tensor other)
        {
            Aten.Do("logical_xor_", this, other);
            return this;
        }

        public Tensor lt(Scalar target) => Aten.Call("lt.Scalar", this, target);

        public Tensor lt(Tensor target) => Aten.Call("lt.Tensor", this, target);

        public Tensor lt_(Scalar target)
        {
            Aten.Do("lt_.Scalar", this, target);
            return this;
        }

        public Tensor lt_(Tensor target)
        {
            Aten.Do("lt_.Tensor", this, target);
            return this;
        }

        public Tensor ne(Scalar target) => Aten.Call("ne.Scalar", this, target);

        public Tensor ne(Tensor target) => Aten.Call("ne.Tensor", this, target);

        public Tensor ne_(Scalar target)
        {
            Aten.Do("ne_.Scalar", this, target);
            return this;
        }

        public Tensor ne_(Tensor target)
        {
            Aten.Do("ne_.Tensor", this, target);
            return this;
        }

        public Tensor not_equal(Tensor target) => Aten.Call("not_equal.Tensor", this, target);

        public Tensor not_equal_(Tensor target)
        {
            Aten.Do("not_equal_.Tensor", this, target);
            return this;
        }
    }
}
