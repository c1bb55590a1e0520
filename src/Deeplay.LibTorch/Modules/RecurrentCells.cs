using System;
using System.Linq;
using TorchSharp.Interop;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>One step of an Elman network.</summary>
        public sealed class RNNCell : torch.nn.Module<torch.Tensor, torch.Tensor, torch.Tensor>
        {
            private readonly string _op;
            private readonly long _hidden;
            private Parameter? _weight_ih;
            private Parameter? _weight_hh;
            private Parameter? _bias_ih;
            private Parameter? _bias_hh;

            internal RNNCell(
                long inputSize,
                long hiddenSize,
                torch.nn.NonLinearities nonLinearity,
                bool bias,
                torch.Device? device,
                torch.ScalarType? dtype
            )
                : base(nameof(RNNCell))
            {
                _op = nonLinearity == torch.nn.NonLinearities.ReLU ? "rnn_relu_cell" : "rnn_tanh_cell";
                _hidden = hiddenSize;
                Parameter Fresh(params long[] size) => new(torch.empty(size, dtype, device));
                weight_ih = Fresh(1 * hiddenSize, inputSize);
                weight_hh = Fresh(1 * hiddenSize, hiddenSize);
                if (bias)
                {
                    bias_ih = Fresh(1 * hiddenSize);
                    bias_hh = Fresh(1 * hiddenSize);
                }
                var bound = hiddenSize > 0 ? 1 / Math.Sqrt(hiddenSize) : 0;
                foreach (var parameter in parameters())
                    torch.nn.init.uniform_(parameter, -bound, bound);
            }

            public Parameter? weight_ih
            {
                get => _weight_ih;
                set =>
                    Own.Parameter(
                        ref _weight_ih,
                        value,
                        p => ConditionallyRegisterParameter(nameof(weight_ih), p)
                    );
            }

            public Parameter? weight_hh
            {
                get => _weight_hh;
                set =>
                    Own.Parameter(
                        ref _weight_hh,
                        value,
                        p => ConditionallyRegisterParameter(nameof(weight_hh), p)
                    );
            }

            public Parameter? bias_ih
            {
                get => _bias_ih;
                set =>
                    Own.Parameter(
                        ref _bias_ih,
                        value,
                        p => ConditionallyRegisterParameter(nameof(bias_ih), p)
                    );
            }

            public Parameter? bias_hh
            {
                get => _bias_hh;
                set =>
                    Own.Parameter(
                        ref _bias_hh,
                        value,
                        p => ConditionallyRegisterParameter(nameof(bias_hh), p)
                    );
            }

            private torch.Tensor Start(torch.Tensor input) =>
                torch.zeros(
                    input.Dimensions == 1 ? [_hidden] : new[] { input.shape[0], _hidden },
                    input.dtype,
                    input.device
                );

            public override torch.Tensor forward(torch.Tensor input, torch.Tensor? h0 = null)
            {
                using var start = h0 is null ? Start(input) : null;
                return Aten.Call(_op, input, h0 ?? start, _weight_ih, _weight_hh, _bias_ih, _bias_hh);
            }
        }

        /// <summary>One step of a gated recurrent unit.</summary>
        public sealed class GRUCell : torch.nn.Module<torch.Tensor, torch.Tensor, torch.Tensor>
        {
            private readonly long _hidden;
            private Parameter? _weight_ih;
            private Parameter? _weight_hh;
            private Parameter? _bias_ih;
            private Parameter? _bias_hh;

            internal GRUCell(
                long inputSize,
                long hiddenSize,
                bool bias,
                torch.Device? device,
                torch.ScalarType? dtype
            )
                : base(nameof(GRUCell))
            {
                _hidden = hiddenSize;
                Parameter Fresh(params long[] size) => new(torch.empty(size, dtype, device));
                weight_ih = Fresh(3 * hiddenSize, inputSize);
                weight_hh = Fresh(3 * hiddenSize, hiddenSize);
                if (bias)
                {
                    bias_ih = Fresh(3 * hiddenSize);
                    bias_hh = Fresh(3 * hiddenSize);
                }
                var bound = hiddenSize > 0 ? 1 / Math.Sqrt(hiddenSize) : 0;
                foreach (var parameter in parameters())
                    torch.nn.init.uniform_(parameter, -bound, bound);
            }

            public Parameter? weight_ih
            {
                get => _weight_ih;
                set =>
                    Own.Parameter(
                        ref _weight_ih,
                        value,
                        p => ConditionallyRegisterParameter(nameof(weight_ih), p)
                    );
            }

            public Parameter? weight_hh
            {
                get => _weight_hh;
                set =>
                    Own.Parameter(
                        ref _weight_hh,
                        value,
                        p => ConditionallyRegisterParameter(nameof(weight_hh), p)
                    );
            }

            public Parameter? bias_ih
            {
                get => _bias_ih;
                set =>
                    Own.Parameter(
                        ref _bias_ih,
                        value,
                        p => ConditionallyRegisterParameter(nameof(bias_ih), p)
                    );
            }

            public Parameter? bias_hh
            {
                get => _bias_hh;
                set =>
                    Own.Parameter(
                        ref _bias_hh,
                        value,
                        p => ConditionallyRegisterParameter(nameof(bias_hh), p)
                    );
            }

            private torch.Tensor Start(torch.Tensor input) =>
                torch.zeros(
                    input.Dimensions == 1 ? [_hidden] : new[] { input.shape[0], _hidden },
                    input.dtype,
                    input.device
                );

            public override torch.Tensor forward(torch.Tensor input, torch.Tensor? h0 = null)
            {
                using var start = h0 is null ? Start(input) : null;
                return Aten.Call("gru_cell", input, h0 ?? start, _weight_ih, _weight_hh, _bias_ih, _bias_hh);
            }
        }

        /// <summary>One step of a long short-term memory; (hidden state, cell).</summary>
        public sealed class LSTMCell
            : torch.nn.Module<torch.Tensor, (torch.Tensor, torch.Tensor)?, (torch.Tensor, torch.Tensor)>
        {
            private readonly long _hidden;
            private Parameter? _weight_ih;
            private Parameter? _weight_hh;
            private Parameter? _bias_ih;
            private Parameter? _bias_hh;

            internal LSTMCell(
                long inputSize,
                long hiddenSize,
                bool bias,
                torch.Device? device,
                torch.ScalarType? dtype
            )
                : base(nameof(LSTMCell))
            {
                _hidden = hiddenSize;
                Parameter Fresh(params long[] size) => new(torch.empty(size, dtype, device));
                weight_ih = Fresh(4 * hiddenSize, inputSize);
                weight_hh = Fresh(4 * hiddenSize, hiddenSize);
                if (bias)
                {
                    bias_ih = Fresh(4 * hiddenSize);
                    bias_hh = Fresh(4 * hiddenSize);
                }
                var bound = hiddenSize > 0 ? 1 / Math.Sqrt(hiddenSize) : 0;
                foreach (var parameter in parameters())
                    torch.nn.init.uniform_(parameter, -bound, bound);
            }

            public Parameter? weight_ih
            {
                get => _weight_ih;
                set =>
                    Own.Parameter(
                        ref _weight_ih,
                        value,
                        p => ConditionallyRegisterParameter(nameof(weight_ih), p)
                    );
            }

            public Parameter? weight_hh
            {
                get => _weight_hh;
                set =>
                    Own.Parameter(
                        ref _weight_hh,
                        value,
                        p => ConditionallyRegisterParameter(nameof(weight_hh), p)
                    );
            }

            public Parameter? bias_ih
            {
                get => _bias_ih;
                set =>
                    Own.Parameter(
                        ref _bias_ih,
                        value,
                        p => ConditionallyRegisterParameter(nameof(bias_ih), p)
                    );
            }

            public Parameter? bias_hh
            {
                get => _bias_hh;
                set =>
                    Own.Parameter(
                        ref _bias_hh,
                        value,
                        p => ConditionallyRegisterParameter(nameof(bias_hh), p)
                    );
            }

            private torch.Tensor Start(torch.Tensor input) =>
                torch.zeros(
                    input.Dimensions == 1 ? [_hidden] : new[] { input.shape[0], _hidden },
                    input.dtype,
                    input.device
                );

            public override (torch.Tensor, torch.Tensor) forward(
                torch.Tensor input,
                (torch.Tensor, torch.Tensor)? h0_c0
            )
            {
                using var h = h0_c0 is null ? Start(input) : null;
                using var c = h0_c0 is null ? Start(input) : null;
                return Aten.Call2(
                    "lstm_cell",
                    input,
                    new[] { h ?? h0_c0!.Value.Item1, c ?? h0_c0!.Value.Item2 },
                    _weight_ih,
                    _weight_hh,
                    _bias_ih,
                    _bias_hh
                );
            }

            public new (torch.Tensor, torch.Tensor) call(
                torch.Tensor input,
                (torch.Tensor, torch.Tensor)? h0_c0 = null
            ) => base.call(input, h0_c0);
        }
    }
}
