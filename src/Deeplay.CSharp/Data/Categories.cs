namespace Deeplay;

/// <summary>The names of classes, each with the number that stands for it: its place among them, from 0.</summary>
public sealed class Categories : ReadOnlyCollection<string>
{
    /// <summary>These, in this order. None, an empty one or one that comes twice is an error.</summary>
    public Categories(params IEnumerable<string> names)
        : this(Torch.CategoriesModule.ofNames(names.Given())) { }

    internal Categories(Torch.Categories inner)
        : base([.. inner.Names]) => Inner = inner;

    internal Torch.Categories Inner { get; }

    /// <summary>The different ones among labels: sorted as numbers where all of them are, else by their characters' codes, as
    /// scikit-learn's LabelEncoder sorts.</summary>
    public static Categories Learn(IEnumerable<string> labels) =>
        new(Torch.CategoriesModule.learn(labels.Given()));

    /// <summary>The numbers of labels, as int64 (N,): targets of a classifier. A label that is none of the categories is an
    /// error.</summary>
    public Tensor Encode(IEnumerable<string> labels) => Torch.CategoriesModule.encode(labels.Given(), Inner);

    /// <summary>The names that numbers (N,) stand for. A number that stands for none is an error.</summary>
    public IReadOnlyList<string> Decode(Tensor numbers) =>
        Torch.CategoriesModule.decode(numbers.Given(), Inner);
}
