namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static Modules.RNN RNN(
            long inputSize,
            long hiddenSize,
            long numLayers = 1,
            NonLinearities nonLinearity = NonLinearities.Tanh,
            bool bias = true,
            bool batchFirst = false,
            double dropout = 0,
            bool bidirectional = false,
            Device? device = null,
            ScalarType? dtype = null
        ) =>
            new(
                inputSize,
                hiddenSize,
                numLayers,
                nonLinearity,
                bias,
                batchFirst,
                dropout,
                bidirectional,
                device,
                dtype
            );

        public static Modules.GRU GRU(
            long inputSize,
            long hiddenSize,
            long numLayers = 1,
            bool bias = true,
            bool batchFirst = false,
            double dropout = 0,
            bool bidirectional = false,
            Device? device = null,
            ScalarType? dtype = null
        ) => new(inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional, device, dtype);

        public static Modules.LSTM LSTM(
            long inputSize,
            long hiddenSize,
            long numLayers = 1,
            bool bias = true,
            bool batchFirst = false,
            double dropout = 0,
            bool bidirectional = false,
            Device? device = null,
            ScalarType? dtype = null
        ) => new(inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional, device, dtype);

        public static Modules.RNNCell RNNCell(
            long inputSize,
            long hiddenSize,
            NonLinearities nonLinearity = NonLinearities.Tanh,
            bool bias = true,
            Device? device = null,
            ScalarType? dtype = null
        ) => new(inputSize, hiddenSize, nonLinearity, bias, device, dtype);

        public static Modules.GRUCell GRUCell(
            long inputSize,
            long hiddenSize,
            bool bias = true,
            Device? device = null,
            ScalarType? dtype = null
        ) => new(inputSize, hiddenSize, bias, device, dtype);

        public static Modules.LSTMCell LSTMCell(
            long inputSize,
            long hiddenSize,
            bool bias = true,
            Device? device = null,
            ScalarType? dtype = null
        ) => new(inputSize, hiddenSize, bias, device, dtype);

        public static Modules.MultiheadAttention MultiheadAttention(
            long embedded_dim,
            long num_heads,
            double dropout = 0,
            bool bias = true,
            bool add_bias_kv = false,
            bool add_zero_attn = false,
            long? kdim = null,
            long? vdim = null
        ) => new(embedded_dim, num_heads, dropout, bias, add_bias_kv, add_zero_attn, kdim, vdim);
    }
}
