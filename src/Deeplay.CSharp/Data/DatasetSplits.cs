namespace Deeplay;

/// <summary>Parts of a dataset, drawn at random: the same seed gives the same parts. Every example is in one of
/// them.</summary>
public static class DatasetSplits
{
    /// <summary>Two parts with the same share of each class: <paramref name="fraction"/> of the examples in the first, rounded, of
    /// each class in proportion (the largest remainders first, as scikit-learn's StratifiedShuffleSplit does). Targets are classes:
    /// (N,), or (N, 1). A class of one example, or a part that can't have each class, is an error.</summary>
    public static (Dataset First, Dataset Second) SplitStratified(
        this Dataset data,
        double fraction,
        long seed = 0
    ) => Both(Torch.Split.stratified(fraction, seed, data.Given().Inner));

    /// <summary>For each of <paramref name="k"/> folds the training part and the validation part. Each example is in one validation
    /// part, whose sizes differ by at most one: the first ones are the larger, as scikit-learn's KFold has them. Datasets are made
    /// when the sequence comes to them, anew each time.</summary>
    public static IEnumerable<(Dataset Train, Dataset Validation)> KFold(
        this Dataset data,
        int k,
        long seed = 0
    ) => Torch.Split.kFold(k, seed, data.Given().Inner).Select(Both);

    /// <summary>The same, with the same share of each class in every fold: their numbers differ by at most one from fold to fold, as
    /// scikit-learn's StratifiedKFold has them. Targets are classes: (N,), or (N, 1). A class with fewer examples than folds is an
    /// error.</summary>
    public static IEnumerable<(Dataset Train, Dataset Validation)> StratifiedKFold(
        this Dataset data,
        int k,
        long seed = 0
    ) => Torch.Split.stratifiedKFold(k, seed, data.Given().Inner).Select(Both);

    private static (Dataset, Dataset) Both((Torch.Dataset First, Torch.Dataset Second) parts) =>
        (new(parts.First), new(parts.Second));
}
