namespace Deeplay;

/// <summary>How metrics are made: what <see cref="Lowerings.Add(ModuleDefinition, Func{ModuleArguments, torch.nn.Module})"/> takes
/// for a kind that is based on <c>Metric</c>.</summary>
public static class Metric
{
    /// <summary>A metric that follows from sums over examples.</summary>
    /// <param name="ofBatch">What the outputs and targets of a batch, (N, …) on the model's device, add to each sum. It must not
    /// depend on how examples come in batches.</param>
    /// <param name="result">The metric from the sums, in float64 on the CPU: one number, or several.</param>
    public static torch.nn.Module OfSums(
        Func<Tensor, Tensor, IReadOnlyList<Tensor>> ofBatch,
        Func<IReadOnlyList<Tensor>, Tensor> result
    )
    {
        ofBatch.Given();
        result.Given();

        return Torch.Metric.ofSums(
            Interop.Fun<Tensor, Tensor, FSharpList<Tensor>>(
                (outputs, targets) => Interop.List(ofBatch(outputs, targets).Gave())
            ),
            Interop.Fun<FSharpList<Tensor>, Tensor>(sums => result([.. sums]).Gave())
        );
    }

    /// <summary>A metric that follows from all outputs and targets, (N, …) on the CPU, which are kept until then.</summary>
    public static torch.nn.Module OfAll(Func<Tensor, Tensor, Tensor> result)
    {
        result.Given();
        return Torch.Metric.ofAll(
            Interop.Fun<Tensor, Tensor, Tensor>((outputs, targets) => result(outputs, targets).Gave())
        );
    }
}
