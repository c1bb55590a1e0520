namespace Deeplay;

/// <summary>A table that was read: columns by name, all of one length.</summary>
public sealed class Table
{
    internal Table(Torch.Table inner) => Inner = inner;

    internal Torch.Table Inner { get; }

    /// <summary>The file that it was read from.</summary>
    public string Path => Inner.Path;

    /// <summary>The number of rows.</summary>
    public int Count => Inner.Count;

    /// <summary>The columns, with what was learned from the file: categories, and the numbers that were filled in. By these
    /// another file, such as the test set, is read alike.</summary>
    public IReadOnlyList<Column> Columns => [.. Inner.Columns.Select(column => new Column(column))];

    /// <summary>The categories of a column, whose places are the numbers that stand for them.</summary>
    public Categories Categories(string name) => new(Torch.TableModule.categories(name.Given(), Inner));

    /// <summary>The names of the features of some columns, in order: that of each column of numbers or indices, and
    /// <c>name=category</c> for each category of a one-hot column.</summary>
    public IReadOnlyList<string> Features(params IEnumerable<string> columns) =>
        Torch.TableModule.features(columns.Given(), Inner);

    /// <summary>Some columns as a tensor (N, features): int64 where all of them are indices, else float32.</summary>
    public Tensor Tensor(params IEnumerable<string> columns) =>
        Torch.TableModule.tensor(columns.Given(), Inner);

    /// <summary>A dataset: some columns as inputs (N, features), others as targets. One column of indices makes targets (N,) of
    /// int64, as a classifier takes them; others make (N, features).</summary>
    public Dataset Dataset(IEnumerable<string> inputs, params IEnumerable<string> targets) =>
        new(Torch.TableModule.dataset(inputs.Given(), targets.Given(), Inner));

    /// <summary>The same for a model of several inputs, by its names for them: each of some columns (N, features).</summary>
    public Dataset Dataset(
        IEnumerable<(string Name, IEnumerable<string> Columns)> inputs,
        params IEnumerable<string> targets
    ) =>
        new(
            Torch.TableModule.datasetNamed(
                Interop.List(
                    inputs
                        .Given()
                        .Select(input => Tuple.Create(input.Name, Interop.List(input.Columns.Given())))
                ),
                targets.Given(),
                Inner
            )
        );
}
