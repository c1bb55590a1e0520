namespace Deeplay;

/// <content>Batches that are made in another way.</content>
public sealed partial class Dataset
{
    /// <summary>The same with batches that are made of single examples by a function of one's own, which gets the inputs and the
    /// targets of each and gives those of the batch, (N, …). It is called on several threads at once, and what it makes is freed. As
    /// the <c>collate_fn</c> of PyTorch's DataLoader.</summary>
    public Dataset Collate(
        Func<IReadOnlyList<(Inputs Inputs, Tensor Target)>, (Inputs Inputs, Tensor Targets)> collate
    )
    {
        collate.Given();
        return new(
            Inner.Collate(
                Interop.Fun<FSharpList<ValueTuple<Torch.Inputs, Tensor>>, ValueTuple<Torch.Inputs, Tensor>>(
                    examples => OfCore(collate([.. examples.Select(OfFace)]))
                )
            )
        );
    }

    /// <summary>The same with batches of sequences (L, …): each input and the targets are filled up to the longest of the batch. What
    /// has no dimension, such as a class, stays as it is. Sequences that differ in more than their length are an error.</summary>
    public Dataset Collate(PadOptions padding)
    {
        var options = padding.Given().Inner;
        return new(
            Inner.Collate(
                Interop.Fun<FSharpList<ValueTuple<Torch.Inputs, Tensor>>, ValueTuple<Torch.Inputs, Tensor>>(
                    examples => Torch.Collate.pad(options, examples)
                )
            )
        );
    }

    private static (Inputs, Tensor) OfFace(ValueTuple<Torch.Inputs, Tensor> example) =>
        (new(example.Item1), example.Item2);
}
