using System;
using System.Linq;
using TorchSharp.Interop;

namespace TorchSharp.Modules;

/// <summary>Attention of several heads (Vaswani et al. 2017); (length, batch, width) in and out.</summary>
public sealed class MultiheadAttention
    : torch.nn.Module<
        torch.Tensor,
        torch.Tensor,
        torch.Tensor,
        torch.Tensor,
        bool,
        torch.Tensor,
        Tuple<torch.Tensor, torch.Tensor>
    >
{
    private readonly long _width;
    private readonly long _heads;
    private readonly double _dropout;
    private readonly bool _addZeroAttention;

    internal MultiheadAttention(
        long embedded_dim,
        long num_heads,
        double dropout,
        bool bias,
        bool add_bias_kv,
        bool add_zero_attn,
        long? kdim,
        long? vdim
    )
        : base(nameof(MultiheadAttention))
    {
        if (embedded_dim % num_heads != 0)
            throw new ArgumentException("embed_dim must be divisible by num_heads");
        (_width, _heads, _dropout, _addZeroAttention) = (embedded_dim, num_heads, dropout, add_zero_attn);
        if ((kdim ?? embedded_dim) == embedded_dim && (vdim ?? embedded_dim) == embedded_dim)
            Add("in_proj_weight", 3 * embedded_dim, embedded_dim);
        else
        {
            Add("q_proj_weight", embedded_dim, embedded_dim);
            Add("k_proj_weight", embedded_dim, kdim ?? embedded_dim);
            Add("v_proj_weight", embedded_dim, vdim ?? embedded_dim);
        }
        if (bias)
            Add("in_proj_bias", 3 * embedded_dim);
        register_module("out_proj", new Linear(embedded_dim, embedded_dim, bias, null, null));
        if (add_bias_kv)
        {
            Add("bias_k", 1, 1, embedded_dim);
            Add("bias_v", 1, 1, embedded_dim);
        }
        foreach (var name in new[] { "in_proj_weight", "q_proj_weight", "k_proj_weight", "v_proj_weight" })
            if (get_parameter(name) is { } weight)
                torch.nn.init.xavier_uniform_(weight);
        if (bias)
        {
            torch.nn.init.zeros_(get_parameter("in_proj_bias")!);
            torch.nn.init.zeros_(get_parameter("out_proj.bias")!);
        }
        foreach (var name in new[] { "bias_k", "bias_v" })
            if (get_parameter(name) is { } extra)
                torch.nn.init.xavier_normal_(extra);
    }

    private void Add(string name, params long[] size)
    {
        var parameter = new Parameter(torch.empty(size));
        parameter.DetachFromDisposeScope();
        register_parameter(name, parameter);
    }

    public new Tuple<torch.Tensor, torch.Tensor> call(
        torch.Tensor query,
        torch.Tensor key,
        torch.Tensor value,
        torch.Tensor? key_padding_mask = null,
        bool need_weights = true,
        torch.Tensor? attn_mask = null
    ) => base.call(query, key, value, key_padding_mask!, need_weights, attn_mask!);

    /// <summary>
    /// The attended values, and the weights averaged over the heads (batch, target, source), null when not needed. Masks
    /// hold booleans that forbid, or numbers that are added.
    /// </summary>
    public override Tuple<torch.Tensor, torch.Tensor> forward(
        torch.Tensor query,
        torch.Tensor key,
        torch.Tensor value,
        torch.Tensor? key_padding_mask,
        bool need_weights,
        torch.Tensor? attn_mask
    )
    {
        using var scope = torch.NewDisposeScope();
        var (target, batch) = (query.shape[0], query.shape[1]);
        var bias = get_parameter("in_proj_bias")?.chunk(3);
        var weights =
            get_parameter("in_proj_weight")?.chunk(3)
            ?? new[] { "q_proj_weight", "k_proj_weight", "v_proj_weight" }
                .Select(name => (torch.Tensor)get_parameter(name)!)
                .ToArray();
        var q = Aten.Call("linear", query, weights[0], bias?[0]);
        var k = Aten.Call("linear", key, weights[1], bias?[1]);
        var v = Aten.Call("linear", value, weights[2], bias?[2]);
        if (get_parameter("bias_k") is { } extraKey && get_parameter("bias_v") is { } extraValue)
        {
            k = torch.cat(new[] { k, extraKey.repeat(1, batch, 1) });
            v = torch.cat(new[] { v, extraValue.repeat(1, batch, 1) });
        }
        if (_addZeroAttention)
        {
            k = torch.cat(new[] { k, torch.zeros([1, batch, _width], k.dtype, k.device) });
            v = torch.cat(new[] { v, torch.zeros([1, batch, _width], v.dtype, v.device) });
        }
        var source = k.shape[0];
        var added = source - key.shape[0];
        var size = _width / _heads;
        q = q.mul(1 / Math.Sqrt(size)).reshape(target, batch * _heads, size).transpose(0, 1);
        k = k.reshape(source, batch * _heads, size).transpose(0, 1);
        v = v.reshape(source, batch * _heads, size).transpose(0, 1);
        var scores = q.bmm(k.transpose(1, 2));
        if (attn_mask is not null)
            scores = Masked(scores, Padded(attn_mask, added));
        if (key_padding_mask is not null)
            scores = Masked(
                    scores.view(batch, _heads, target, source),
                    Padded(key_padding_mask, added).unsqueeze(1).unsqueeze(2)
                )
                .view(batch * _heads, target, source);
        var attention = scores.softmax(-1);
        var dropped = Aten.Call("dropout", attention, _dropout, training);
        var result = dropped.bmm(v).transpose(0, 1).reshape(target, batch, _width);
        var output = Aten.Call(
            "linear",
            result,
            get_parameter("out_proj.weight"),
            get_parameter("out_proj.bias")
        );
        var average = need_weights
            ? attention.view(batch, _heads, target, source).mean([1]).MoveToOuterDisposeScope()
            : null;
        return Tuple.Create(output.MoveToOuterDisposeScope(), average!);
    }

    private static torch.Tensor Padded(torch.Tensor mask, long columns) =>
        columns == 0
            ? mask
            : torch
                .nn.functional.pad(mask.dtype == torch.ScalarType.Bool ? mask.@byte() : mask, (0, columns))
                .to(mask.dtype);

    private static torch.Tensor Masked(torch.Tensor scores, torch.Tensor mask) =>
        mask.dtype == torch.ScalarType.Bool
            ? scores.masked_fill(mask, double.NegativeInfinity)
            : scores.add(mask);
}
