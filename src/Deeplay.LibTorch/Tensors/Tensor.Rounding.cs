using TorchSharp.Interop;

namespace TorchSharp;

// Quotients, rounding and equality.

public static partial class torch
{
    public partial class Tensor
    {
        private static Arg Mode(RoundingMode mode) => mode == RoundingMode.None ? Arg.None : mode.ToString();

        /// <summary>True, as a tensor, when shapes and elements are equal.</summary>
        public Tensor equal(Tensor target) => torch.tensor(Aten.CallBool("equal", this, target));

        public bool allclose(
            Tensor target,
            double rtol = 1E-05,
            double atol = 1E-08,
            bool equal_nan = false
        ) => Aten.CallBool("allclose", this, target, rtol, atol, equal_nan);

        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            Aten.Call("div.Tensor_mode", this, target, Mode(rounding_mode));

        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            Aten.Call("div.Scalar_mode", this, target, Mode(rounding_mode));

        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None)
        {
            Aten.Do("div_.Tensor_mode", this, target, Mode(rounding_mode));
            return this;
        }

        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None)
        {
            Aten.Do("div_.Scalar_mode", this, target, Mode(rounding_mode));
            return this;
        }

        public Tensor divide(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            div(target, rounding_mode);

        public Tensor divide(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            div(target, rounding_mode);

        public Tensor divide_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            div_(target, rounding_mode);

        public Tensor divide_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            div_(target, rounding_mode);

        public Tensor round(long decimals = 0) =>
            decimals == 0 ? Aten.Call("round", this) : Aten.Call("round.decimals", this, decimals);

        public Tensor round_(long decimals = 0)
        {
            Aten.Do("round_.decimals", this, decimals);
            return this;
        }
    }
}
