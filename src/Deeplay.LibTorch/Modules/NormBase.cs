using System;
using TorchSharp.Interop;

namespace TorchSharp.Modules;

/// <summary>What batch and instance normalization have in common: weight, bias and running statistics.</summary>
public abstract class NormBase : torch.nn.Module<torch.Tensor, torch.Tensor>
{
    private Parameter? _weight;
    private Parameter? _bias;
    private torch.Tensor? _runningMean;
    private torch.Tensor? _runningVar;
    private torch.Tensor? _batches;

    public NormBase(
        long num_features,
        double eps,
        double? momentum,
        bool affine,
        bool track_running_stats,
        torch.Device? device,
        torch.ScalarType? dtype,
        string name
    )
        : base(name)
    {
        this.num_features = num_features;
        this.eps = eps;
        this.momentum = momentum;
        this.affine = affine;
        this.track_running_stats = track_running_stats;
        if (affine)
        {
            weight = new Parameter(torch.empty([num_features], dtype, device));
            bias = new Parameter(torch.empty([num_features], dtype, device));
        }
        if (track_running_stats)
        {
            running_mean = torch.zeros([num_features], dtype, device);
            running_var = torch.ones([num_features], dtype, device);
            num_batches_tracked = torch.zeros([], torch.ScalarType.Int64, device);
        }
        reset_parameters();
    }

    public long num_features { get; }

    public double eps { get; set; }

    public double? momentum { get; set; }

    public bool affine { get; }

    public bool track_running_stats { get; }

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

    public torch.Tensor? running_mean
    {
        get => _runningMean;
        set => Buffer(ref _runningMean, value, nameof(running_mean));
    }

    public torch.Tensor? running_var
    {
        get => _runningVar;
        set => Buffer(ref _runningVar, value, nameof(running_var));
    }

    public torch.Tensor? num_batches_tracked
    {
        get => _batches;
        set => Buffer(ref _batches, value, nameof(num_batches_tracked));
    }

    private void Buffer(ref torch.Tensor? field, torch.Tensor? value, string name)
    {
        if (ReferenceEquals(field, value))
            return;
        field?.Dispose();
        field = value?.DetachFromDisposeScope();
        ConditionallyRegisterBuffer(name, field);
    }

    public void reset_running_stats()
    {
        if (!track_running_stats)
            return;
        _runningMean!.zero_();
        _runningVar!.fill_(1);
        _batches!.zero_();
    }

    public void reset_parameters()
    {
        reset_running_stats();
        if (!affine)
            return;
        torch.nn.init.ones_(_weight!);
        torch.nn.init.zeros_(_bias!);
    }

    protected abstract void ValidateInputDimensions(torch.Tensor input);
}

/// <summary>Normalizes each channel over the batch (Ioffe and Szegedy 2015).</summary>
public abstract class BatchNorm : NormBase
{
    public BatchNorm(
        long num_features,
        double eps,
        double momentum,
        bool affine,
        bool track_running_stats,
        torch.Device? device,
        torch.ScalarType? dtype,
        string name
    )
        : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, name) { }

    public override torch.Tensor forward(torch.Tensor input)
    {
        ValidateInputDimensions(input);
        var factor = momentum ?? 0;
        if (training && track_running_stats && num_batches_tracked is { } batches)
        {
            using (torch.no_grad())
                batches.add_(1);
            // Without a momentum the average is over all batches seen.
            factor = momentum ?? 1.0 / batches.ToDouble();
        }
        return Aten.Call(
            "batch_norm",
            input,
            affine ? weight : null,
            bias,
            running_mean,
            running_var,
            training || running_mean is null,
            factor,
            eps,
            true
        );
    }
}

/// <summary>Normalizes each channel of each example (Ulyanov et al. 2016).</summary>
public abstract class InstanceNorm : NormBase
{
    public InstanceNorm(
        long num_features,
        double eps,
        double? momentum,
        bool affine,
        bool track_running_stats,
        torch.Device? device,
        torch.ScalarType? dtype,
        string name
    )
        : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, name) { }

    /// <summary>How many dimensions an example without a batch has.</summary>
    protected abstract long GetNumberOfBatchDimensions();

    public override torch.Tensor forward(torch.Tensor input)
    {
        ValidateInputDimensions(input);
        if (input.Dimensions != GetNumberOfBatchDimensions())
            return Normalize(input);
        using var batch = input.unsqueeze(0);
        using var result = Normalize(batch);
        return result.squeeze(0);
    }

    private torch.Tensor Normalize(torch.Tensor input) =>
        Aten.Call(
            "instance_norm",
            input,
            affine ? weight : null,
            bias,
            running_mean,
            running_var,
            training || !track_running_stats,
            momentum ?? 0,
            eps,
            true
        );
}
