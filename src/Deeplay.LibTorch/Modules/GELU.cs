using TorchSharp.Interop;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>x Φ(x), with the normal distribution's Φ or its approximation by tanh.</summary>
        public sealed class GELU : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            public enum Approximate
            {
                none = 0,
                tanh = 1,
            }

            internal GELU(Approximate approximate, bool inplace)
                : base(nameof(GELU))
            {
                this.approximate = approximate;
                this.inplace = inplace;
            }

            public Approximate approximate { get; set; }

            public bool inplace { get; set; }

            public override torch.Tensor forward(torch.Tensor tensor) =>
                torch.nn.functional.gelu(tensor, approximate, inplace);
        }

        /// <summary>x, times a learned slope below zero.</summary>
        public sealed class PReLU : torch.nn.Module<torch.Tensor, torch.Tensor>
        {
            private Parameter? _weight;

            internal PReLU(long num_parameters, double init, torch.Device? device, torch.ScalarType? dtype)
                : base(nameof(PReLU))
            {
                this.num_parameters = num_parameters;
                this.init = init;
                weight = new Parameter(torch.full([num_parameters], init, dtype, device));
            }

            public long num_parameters { get; }

            public double init { get; }

            public Parameter weight
            {
                get => _weight!;
                set =>
                    Own.Parameter(ref _weight, value, p => ConditionallyRegisterParameter(nameof(weight), p));
            }

            public override torch.Tensor forward(torch.Tensor tensor) => Aten.Call("prelu", tensor, _weight);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.GELU GELU() => new(Modules.GELU.Approximate.none, false);

            public static Modules.GELU GELU(bool inplace) => new(Modules.GELU.Approximate.none, inplace);

            public static Modules.GELU GELU(Modules.GELU.Approximate approximate, bool inplace = false) =>
                new(approximate, inplace);

            public static Modules.PReLU PReLU(
                long num_parameters,
                double init = 0.25,
                Device? device = null,
                ScalarType? dtype = null
            ) => new(num_parameters, init, device, dtype);

            public static partial class functional
            {
                public static Tensor gelu(Tensor x) => x.gelu();

                public static Tensor gelu(Tensor x, bool inplace) =>
                    gelu(x, Modules.GELU.Approximate.none, inplace);

                public static Tensor gelu(
                    Tensor x,
                    Modules.GELU.Approximate approximate,
                    bool inplace = false
                ) => Aten.Call(inplace ? "gelu_" : "gelu", x, approximate.ToString());
            }
        }
    }
}
