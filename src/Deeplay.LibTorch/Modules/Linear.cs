using System;
using TorchSharp.Interop;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>y = x Aᵀ + b; the last dimension goes from in_features to out_features.</summary>
        public sealed class Linear : torch.nn.Module<torch.Tensor, torch.Tensor>
        {
            private Parameter? _weight;
            private Parameter? _bias;

            internal Linear(
                long inputSize,
                long outputSize,
                bool hasBias,
                torch.Device? device,
                torch.ScalarType? dtype
            )
                : base(nameof(Linear))
            {
                in_features = inputSize;
                out_features = outputSize;
                weight = new Parameter(torch.empty([outputSize, inputSize], dtype, device));
                if (hasBias)
                    bias = new Parameter(torch.empty([outputSize], dtype, device));
                Initial.Uniform(weight, bias);
            }

            internal Linear(Parameter weight, Parameter? bias)
                : base(nameof(Linear))
            {
                in_features = weight.shape[1];
                out_features = weight.shape[0];
                this.weight = weight;
                this.bias = bias;
            }

            public long in_features { get; set; }

            public long out_features { get; set; }

            public Parameter weight
            {
                get => _weight!;
                set =>
                    Own.Parameter(ref _weight, value, p => ConditionallyRegisterParameter(nameof(weight), p));
            }

            public Parameter? bias
            {
                get => _bias;
                set => Own.Parameter(ref _bias, value, p => ConditionallyRegisterParameter(nameof(bias), p));
            }

            public override torch.Tensor forward(torch.Tensor tensor) =>
                Aten.Call("linear", tensor, _weight, _bias);
        }

        /// <summary>What the properties of parameters have in common.</summary>
        internal static class Own
        {
            /// <summary>Replaces the parameter, disposes of the one before and takes the new one out of its scope.</summary>
            internal static void Parameter(
                ref Parameter? field,
                Parameter? value,
                Action<Parameter?> register
            )
            {
                if (ReferenceEquals(field, value))
                    return;
                field?.Dispose();
                value?.DetachFromDisposeScope();
                field = value;
                register(value);
            }
        }

        /// <summary>PyTorch's first values of linear and convolutional layers, drawn in PyTorch's order.</summary>
        internal static class Initial
        {
            /// <summary>Weight and bias uniform within 1/√fan_in.</summary>
            internal static void Uniform(Parameter weight, Parameter? bias)
            {
                torch.nn.init.kaiming_uniform_(weight, Math.Sqrt(5));
                if (bias is null)
                    return;
                var (fanIn, _) = torch.nn.init.CalculateFanInAndFanOut(weight);
                var bound = fanIn > 0 ? 1 / Math.Sqrt(fanIn) : 0;
                torch.nn.init.uniform_(bias, -bound, bound);
            }
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Linear Linear(
                long inputSize,
                long outputSize,
                bool hasBias = true,
                Device? device = null,
                ScalarType? dtype = null
            ) => new(inputSize, outputSize, hasBias, device, dtype);

            public static Modules.Linear Linear(Modules.Parameter weight, Modules.Parameter? bias = null) =>
                new(weight, bias);

            public static Modules.Identity Identity() => new();

            public static Modules.Bilinear Bilinear(
                long in1_features,
                long in2_features,
                long out_features,
                bool hasBias = true,
                Device? device = null,
                ScalarType? dtype = null
            ) => new(in1_features, in2_features, out_features, hasBias, device, dtype);

            public static partial class functional
            {
                public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) =>
                    Aten.Call("linear", input, weights, bias);

                public static Tensor bilinear(
                    Tensor input1,
                    Tensor input2,
                    Tensor weight,
                    Tensor? bias = null
                ) => Aten.Call("bilinear", input1, input2, weight, bias);
            }
        }
    }

    namespace Modules
    {
        /// <summary>Gives back what it is given, as another .NET object.</summary>
        public sealed class Identity : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal Identity()
                : base(nameof(Identity)) { }

            public override torch.Tensor forward(torch.Tensor tensor) => Aten.Call("alias", tensor);
        }

        /// <summary>y = x₁ᵀ A x₂ + b.</summary>
        public sealed class Bilinear : torch.nn.Module<torch.Tensor, torch.Tensor, torch.Tensor>
        {
            private Parameter? _weight;
            private Parameter? _bias;

            internal Bilinear(
                long in1_features,
                long in2_features,
                long out_features,
                bool hasBias,
                torch.Device? device,
                torch.ScalarType? dtype
            )
                : base(nameof(Bilinear))
            {
                this.in1_features = in1_features;
                this.in2_features = in2_features;
                this.out_features = out_features;
                weight = new Parameter(
                    torch.empty([out_features, in1_features, in2_features], dtype, device)
                );
                var bound = 1 / Math.Sqrt(in1_features);
                torch.nn.init.uniform_(weight, -bound, bound);
                if (!hasBias)
                    return;
                bias = new Parameter(torch.empty([out_features], dtype, device));
                torch.nn.init.uniform_(bias, -bound, bound);
            }

            public long in1_features { get; set; }

            public long in2_features { get; set; }

            public long out_features { get; set; }

            public Parameter weight
            {
                get => _weight!;
                set =>
                    Own.Parameter(ref _weight, value, p => ConditionallyRegisterParameter(nameof(weight), p));
            }

            public Parameter? bias
            {
                get => _bias;
                set => Own.Parameter(ref _bias, value, p => ConditionallyRegisterParameter(nameof(bias), p));
            }

            public override torch.Tensor forward(torch.Tensor input1, torch.Tensor input2) =>
                Aten.Call("bilinear", input1, input2, _weight, _bias);
        }
    }
}
