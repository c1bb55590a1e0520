using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp.Interop;

namespace TorchSharp.Modules;

/// <summary>The weights of a recurrent network: for each layer and direction weight_ih, weight_hh and their biases.</summary>
internal sealed class RecurrentWeights
{
    internal readonly bool Bias;
    internal readonly bool BatchFirst;
    internal readonly bool Bidirectional;
    internal readonly long Layers;
    internal readonly long Hidden;
    internal readonly double Dropout;
    private readonly Func<string, Parameter?> _find;
    private readonly List<string> _names = [];

    internal RecurrentWeights(
        long gates,
        long inputSize,
        long hiddenSize,
        long numLayers,
        bool bias,
        bool batchFirst,
        double dropout,
        bool bidirectional,
        torch.Device? device,
        torch.ScalarType? dtype,
        Action<string, Parameter> register,
        Func<string, Parameter?> find
    )
    {
        (Bias, BatchFirst, Bidirectional, Layers, Hidden, Dropout) = (
            bias,
            batchFirst,
            bidirectional,
            numLayers,
            hiddenSize,
            dropout
        );
        _find = find;
        var directions = bidirectional ? 2 : 1;
        var bound = hiddenSize > 0 ? 1 / Math.Sqrt(hiddenSize) : 0;
        for (long layer = 0; layer < numLayers; layer++)
        for (var direction = 0; direction < directions; direction++)
        {
            var suffix = $"_l{layer}" + (direction == 1 ? "_reverse" : "");
            Add("weight_ih" + suffix, gates * hiddenSize, layer == 0 ? inputSize : hiddenSize * directions);
            Add("weight_hh" + suffix, gates * hiddenSize, hiddenSize);
            if (!bias)
                continue;
            Add("bias_ih" + suffix, gates * hiddenSize);
            Add("bias_hh" + suffix, gates * hiddenSize);
        }

        void Add(string name, params long[] size)
        {
            var parameter = new Parameter(torch.empty(size, dtype, device));
            parameter.DetachFromDisposeScope();
            torch.nn.init.uniform_(parameter, -bound, bound);
            register(name, parameter);
            _names.Add(name);
        }
    }

    internal torch.Tensor[] All => _names.Select(name => (torch.Tensor)_find(name)!).ToArray();

    /// <summary>Zeros of the size of a hidden state for this input.</summary>
    internal torch.Tensor Start(torch.Tensor input)
    {
        var count = Layers * (Bidirectional ? 2 : 1);
        long[] size =
            input.Dimensions == 2 ? [count, Hidden] : [count, input.shape[BatchFirst ? 0 : 1], Hidden];
        return torch.zeros(size, input.dtype, input.device);
    }

    // libtorch's recurrent operators want a batch.
    internal torch.Tensor[] Run(string op, torch.Tensor input, torch.Tensor[] states, bool training)
    {
        using var scope = torch.NewDisposeScope();
        var single = input.Dimensions == 2;
        var batch = single ? input.unsqueeze(BatchFirst ? 0 : 1) : input;
        var start = states.Select(s => single ? s.unsqueeze(1) : s).ToArray();
        Arg state = start.Length == 1 ? start[0] : start;
        torch.Tensor[] results;
        if (start.Length == 2)
        {
            var (y, h, c) = Aten.Call3(
                op,
                batch,
                state,
                All,
                Bias,
                Layers,
                Dropout,
                training,
                Bidirectional,
                BatchFirst
            );
            results = [y, h, c];
        }
        else
        {
            var (y, h) = Aten.Call2(
                op,
                batch,
                state,
                All,
                Bias,
                Layers,
                Dropout,
                training,
                Bidirectional,
                BatchFirst
            );
            results = [y, h];
        }
        if (single)
            results = results.Select((r, k) => r.squeeze(k == 0 && BatchFirst ? 0 : 1)).ToArray();
        foreach (var result in results)
            result.MoveToOuterDisposeScope();
        return results;
    }
}

/// <summary>Elman's recurrent network; (output, last hidden states).</summary>
public sealed class RNN : torch.nn.Module<torch.Tensor, torch.Tensor, (torch.Tensor, torch.Tensor)>
{
    private readonly RecurrentWeights _weights;
    private readonly string _op;

    internal RNN(
        long inputSize,
        long hiddenSize,
        long numLayers,
        torch.nn.NonLinearities nonLinearity,
        bool bias,
        bool batchFirst,
        double dropout,
        bool bidirectional,
        torch.Device? device,
        torch.ScalarType? dtype
    )
        : base(nameof(RNN))
    {
        _op = nonLinearity == torch.nn.NonLinearities.ReLU ? "rnn_relu.input" : "rnn_tanh.input";
        _weights = new(
            1,
            inputSize,
            hiddenSize,
            numLayers,
            bias,
            batchFirst,
            dropout,
            bidirectional,
            device,
            dtype,
            register_parameter,
            get_parameter
        );
    }

    public override (torch.Tensor, torch.Tensor) forward(torch.Tensor input, torch.Tensor? h0)
    {
        using var start = h0 is null ? _weights.Start(input) : null;
        var results = _weights.Run(_op, input, [h0 ?? start!], training);
        return (results[0], results[1]);
    }

    public new (torch.Tensor, torch.Tensor) call(torch.Tensor input, torch.Tensor? h0 = null) =>
        base.call(input, h0!);

    public Parameter? get_weight_ih(long idx) => get_parameter($"weight_ih_l{idx}");

    public Parameter? get_weight_hh(long idx) => get_parameter($"weight_hh_l{idx}");

    public Parameter? get_bias_ih(long idx) => get_parameter($"bias_ih_l{idx}");

    public Parameter? get_bias_hh(long idx) => get_parameter($"bias_hh_l{idx}");

    /// <summary>Does nothing: the weights are handed over as they are.</summary>
    public void flatten_parameters() { }
}

/// <summary>Gated recurrent units (Cho et al. 2014); (output, last hidden states).</summary>
public sealed class GRU : torch.nn.Module<torch.Tensor, torch.Tensor, (torch.Tensor, torch.Tensor)>
{
    private readonly RecurrentWeights _weights;

    internal GRU(
        long inputSize,
        long hiddenSize,
        long numLayers,
        bool bias,
        bool batchFirst,
        double dropout,
        bool bidirectional,
        torch.Device? device,
        torch.ScalarType? dtype
    )
        : base(nameof(GRU)) =>
        _weights = new(
            3,
            inputSize,
            hiddenSize,
            numLayers,
            bias,
            batchFirst,
            dropout,
            bidirectional,
            device,
            dtype,
            register_parameter,
            get_parameter
        );

    public override (torch.Tensor, torch.Tensor) forward(torch.Tensor input, torch.Tensor? h0 = null)
    {
        using var start = h0 is null ? _weights.Start(input) : null;
        var results = _weights.Run("gru.input", input, [h0 ?? start!], training);
        return (results[0], results[1]);
    }

    public new (torch.Tensor, torch.Tensor) call(torch.Tensor input, torch.Tensor? h0 = null) =>
        base.call(input, h0!);

    /// <summary>Does nothing: the weights are handed over as they are.</summary>
    public void flatten_parameters() { }
}

/// <summary>Long short-term memory (Hochreiter and Schmidhuber 1997); (output, last hidden states, last cells).</summary>
public sealed class LSTM
    : torch.nn.Module<torch.Tensor, (torch.Tensor, torch.Tensor)?, (torch.Tensor, torch.Tensor, torch.Tensor)>
{
    private readonly RecurrentWeights _weights;

    internal LSTM(
        long inputSize,
        long hiddenSize,
        long numLayers,
        bool bias,
        bool batchFirst,
        double dropout,
        bool bidirectional,
        torch.Device? device,
        torch.ScalarType? dtype
    )
        : base(nameof(LSTM)) =>
        _weights = new(
            4,
            inputSize,
            hiddenSize,
            numLayers,
            bias,
            batchFirst,
            dropout,
            bidirectional,
            device,
            dtype,
            register_parameter,
            get_parameter
        );

    public override (torch.Tensor, torch.Tensor, torch.Tensor) forward(
        torch.Tensor input,
        (torch.Tensor, torch.Tensor)? h0_c0 = null
    )
    {
        using var h = h0_c0 is null ? _weights.Start(input) : null;
        using var c = h0_c0 is null ? _weights.Start(input) : null;
        var results = _weights.Run(
            "lstm.input",
            input,
            [h ?? h0_c0!.Value.Item1, c ?? h0_c0!.Value.Item2],
            training
        );
        return (results[0], results[1], results[2]);
    }

    public new (torch.Tensor, torch.Tensor, torch.Tensor) call(
        torch.Tensor input,
        (torch.Tensor, torch.Tensor)? h0_c0 = null
    ) => base.call(input, h0_c0);

    /// <summary>Does nothing: the weights are handed over as they are.</summary>
    public void flatten_parameters() { }
}
