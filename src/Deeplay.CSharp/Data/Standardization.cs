namespace Deeplay;

/// <summary>Mean and standard deviation of each feature, and the layers that take and give raw units by them. Learn them from the
/// training part alone, or what is tested is no longer unseen.</summary>
public sealed class Standardization
{
    private Standardization(Torch.Standardization inner) => Inner = inner;

    private Torch.Standardization Inner { get; }

    /// <summary>Of each feature of a tensor (N, …), the features along dimension <paramref name="dim"/>, which is not the first:
    /// mean and standard deviation over everything else, computed in float64. The deviation is that of scikit-learn's
    /// StandardScaler: over N and not N − 1, and 1 where a feature is constant. Numbers that are not finite are an
    /// error.</summary>
    public static Standardization Of(Tensor tensor, int dim = 1) =>
        new(Torch.StandardizationModule.ofTensor(dim, tensor.Given()));

    /// <summary>The same of a dataset's inputs. Give it the training part alone. One of several inputs is a tensor of
    /// <see cref="Dataset.AllInputs"/>.</summary>
    public static Standardization OfInputs(Dataset data, int dim = 1) =>
        new(Torch.StandardizationModule.ofInputs(dim, data.Given().Inner));

    /// <summary>The same of a dataset's targets, such as (N, 1) of a regression.</summary>
    public static Standardization OfTargets(Dataset data, int dim = 1) =>
        new(Torch.StandardizationModule.ofTargets(dim, data.Given().Inner));

    /// <summary>One for each feature, in its unit.</summary>
    public IReadOnlyList<double> Mean => Inner.Mean;

    /// <summary>One for each feature, in its unit; 1 where all values are one.</summary>
    public IReadOnlyList<double> Std => Inner.Std;

    /// <summary>The dimension of the features.</summary>
    public int Dim => Inner.Dim;

    /// <summary>The layer <c>Standardize</c> with these numbers, for the beginning of a model: it takes raw units. It is saved with
    /// the model.</summary>
    public ModuleSpec Standardize => new(Torch.StandardizationModule.standardize(Inner));

    /// <summary>The layer <c>Unstandardize</c> with these numbers, for the end of a model: it gives raw units, in which the loss and
    /// the metrics are then measured too.</summary>
    public ModuleSpec Unstandardize => new(Torch.StandardizationModule.unstandardize(Inner));
}
