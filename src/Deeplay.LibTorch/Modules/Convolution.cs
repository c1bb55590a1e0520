using System;
using System.Linq;
using TorchSharp.Interop;

namespace TorchSharp.Modules;

/// <summary>What convolutions have in common: (N, C, …) in and out, weight (out, in / groups, kernel …).</summary>
public abstract class Convolution : torch.nn.Module<torch.Tensor, torch.Tensor>
{
    protected Parameter? _weight;
    protected Parameter? _bias;
    protected long[] _reversed_padding_repeated_twice = [];

    protected Convolution(
        string name,
        long in_channels,
        long out_channels,
        long[] kernel_size,
        long[] stride,
        long[]? padding,
        Padding? padding_type,
        long[] dilation,
        bool transposed,
        long[] output_padding,
        long groups,
        bool bias,
        PaddingModes padding_mode,
        torch.Device? device = null,
        torch.ScalarType? dtype = null
    )
        : base(name)
    {
        if (in_channels % groups != 0 || out_channels % groups != 0)
            throw new ArgumentException(
                $"in_channels ({in_channels}) and out_channels ({out_channels}) must be divisible by groups ({groups})"
            );
        if (transposed && padding_mode != PaddingModes.Zeros)
            throw new ArgumentException("Transposed convolutions pad with zeros only.", nameof(padding_mode));
        this.in_channels = in_channels;
        this.out_channels = out_channels;
        this.kernel_size = kernel_size;
        this.stride = stride;
        this.dilation = dilation;
        this.transposed = transposed;
        this.output_padding = output_padding;
        this.groups = groups;
        this.padding_mode = padding_mode;
        if (padding_type is { } named)
            SetPadding(named);
        else
            SetPadding(padding ?? new long[kernel_size.Length]);
        long[] channels = transposed
            ? [in_channels, out_channels / groups]
            : [out_channels, in_channels / groups];
        weight = new Parameter(torch.empty(channels.Concat(kernel_size).ToArray(), dtype, device));
        if (bias)
            this.bias = new Parameter(torch.empty([out_channels], dtype, device));
        reset_parameters();
    }

    public long in_channels { get; }

    public long out_channels { get; }

    public long[] kernel_size { get; set; }

    public long[] stride { get; set; }

    public long[]? padding { get; private set; }

    public Padding? padding_type { get; private set; }

    public long[] dilation { get; set; }

    public bool transposed { get; }

    public long[] output_padding { get; set; }

    public long groups { get; set; }

    public PaddingModes padding_mode { get; set; }

    public Parameter weight
    {
        get => _weight!;
        set => Own.Parameter(ref _weight, value, p => ConditionallyRegisterParameter(nameof(weight), p));
    }

    public Parameter? bias
    {
        get => _bias;
        set => Own.Parameter(ref _bias, value, p => ConditionallyRegisterParameter(nameof(bias), p));
    }

    /// <summary>PyTorch's first values, drawn anew.</summary>
    public void reset_parameters() => Initial.Uniform(weight, bias);

    public void SetPadding(long[] padding)
    {
        this.padding = padding;
        padding_type = null;
        _reversed_padding_repeated_twice = padding.Reverse().SelectMany(p => new[] { p, p }).ToArray();
    }

    /// <summary>Same keeps the size (strides must be one), Valid pads nothing.</summary>
    public void SetPadding(Padding padding)
    {
        if (padding == Padding.Same && stride.Any(s => s != 1))
            throw new ArgumentException(
                "padding 'same' is not supported for strided convolutions",
                nameof(padding)
            );
        this.padding = null;
        padding_type = padding;
        _reversed_padding_repeated_twice = kernel_size
            .Zip(dilation, (kernel, step) => padding == Padding.Same ? step * (kernel - 1) : 0)
            .Reverse()
            .SelectMany(total => new[] { total / 2, total - total / 2 })
            .ToArray();
    }

    /// <summary>Whether the input has the dimensions wanted, with or without one for the batch.</summary>
    protected bool ValidateShape(torch.Tensor input, long dimensions)
    {
        var count = input.Dimensions;
        return count == dimensions + 1 || count == dimensions + 2;
    }

    internal torch.Tensor Convolve(string op, string opWithNamedPadding, torch.Tensor input)
    {
        if (!ValidateShape(input, kernel_size.Length))
            throw new ArgumentException(
                $"{GetName()} expects a tensor with {kernel_size.Length + 2} dimensions, or {kernel_size.Length + 1} "
                    + $"without a batch, not {input.Dimensions}."
            );
        if (padding_mode != PaddingModes.Zeros)
        {
            using var padded = torch.nn.functional.pad(input, _reversed_padding_repeated_twice, padding_mode);
            return Aten.Call(op, padded, _weight, _bias, stride, new long[stride.Length], dilation, groups);
        }
        return padding_type is { } named
            ? Aten.Call(
                opWithNamedPadding,
                input,
                _weight,
                _bias,
                stride,
                named == Padding.Same ? "same" : "valid",
                dilation,
                groups
            )
            : Aten.Call(op, input, _weight, _bias, stride, padding!, dilation, groups);
    }
}

/// <summary>What transposed convolutions have in common; their weight is (in, out / groups, kernel …).</summary>
public abstract class ConvolutionTranspose : Convolution
{
    protected ConvolutionTranspose(
        string name,
        long in_channels,
        long out_channels,
        long[] kernel_size,
        long[] stride,
        long[]? padding,
        Padding? padding_type,
        long[] dilation,
        bool transposed,
        long[] output_padding,
        long groups,
        bool bias,
        PaddingModes padding_mode,
        torch.Device? device = null,
        torch.ScalarType? dtype = null
    )
        : base(
            name,
            in_channels,
            out_channels,
            kernel_size,
            stride,
            padding,
            padding_type,
            dilation,
            transposed,
            output_padding,
            groups,
            bias,
            padding_mode,
            device,
            dtype
        ) { }

    public override torch.Tensor forward(torch.Tensor input) => forward(input, null);

    /// <summary>With an output_size (the last dimensions) the padding of the output follows from it.</summary>
    public abstract torch.Tensor forward(torch.Tensor input, long[]? output_size);

    internal torch.Tensor Convolve(string op, torch.Tensor input, long[]? output_size)
    {
        var extra = output_size is null
            ? output_padding
            : _output_padding(
                input,
                output_size,
                kernel_size,
                stride,
                padding!,
                dilation,
                kernel_size.Length
            );
        return Aten.Call(op, input, _weight, _bias, stride, padding!, extra, groups, dilation);
    }

    /// <summary>What has to be added at the ends for the wanted size.</summary>
    protected long[] _output_padding(
        torch.Tensor input,
        long[]? output_size,
        long[] kernel_size,
        long[] stride,
        long[] padding,
        long[] dilation,
        long num_spatial_dims
    )
    {
        if (output_size is null)
            return output_padding;
        var wanted = output_size.TakeLast((int)num_spatial_dims).ToArray();
        var sizes = input.shape.TakeLast((int)num_spatial_dims).ToArray();
        var extra = new long[wanted.Length];
        for (var d = 0; d < wanted.Length; d++)
        {
            var least = (sizes[d] - 1) * stride[d] - 2 * padding[d] + dilation[d] * (kernel_size[d] - 1) + 1;
            extra[d] = wanted[d] - least;
            if (extra[d] < 0 || extra[d] >= stride[d])
                throw new ArgumentException(
                    $"An output size of {wanted[d]} in dimension {d} is not between {least} and {least + stride[d] - 1}."
                );
        }
        return extra;
    }
}
