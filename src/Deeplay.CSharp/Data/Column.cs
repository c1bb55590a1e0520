namespace Deeplay;

/// <summary>One column of a table: its name, how it is read, and what becomes of values that are missing, which are an error
/// unless it says otherwise.</summary>
public sealed class Column
{
    internal Column(Torch.Column inner) => Inner = inner;

    internal Torch.Column Inner { get; }

    /// <summary>Its name.</summary>
    public string Name => Inner.Name;

    /// <summary>A column of numbers.</summary>
    public static Column Number(string name) => new(Torch.ColumnModule.number(name.Given()));

    /// <summary>Columns of numbers, by their names.</summary>
    public static IReadOnlyList<Column> Numbers(params IEnumerable<string> names) =>
        [.. names.Given().Select(Number)];

    /// <summary>A column of categories, each as its number: those that are in the file.</summary>
    public static Column Index(string name) => new(Torch.ColumnModule.index(name.Given()));

    /// <summary>A column of categories, each as as many numbers as there are, 1 at its place, else 0: those that are in the
    /// file.</summary>
    public static Column OneHot(string name) => new(Torch.ColumnModule.oneHot(name.Given()));

    /// <summary>The same with these categories, in this order. Another one in the file is an error.</summary>
    public Column WithCategories(params IEnumerable<string> names) =>
        new(Torch.ColumnModule.withCategories(names.Given(), Inner));

    /// <summary>The same, without the rows in which its value is missing.</summary>
    public Column DropMissing() => new(Torch.ColumnModule.dropMissing(Inner));

    /// <summary>The same, the mean of the other values for those that are missing. Fill a test set with what was learned from the
    /// training set: <see cref="Table.Columns"/>.</summary>
    public Column FillMean() => new(Torch.ColumnModule.fillMean(Inner));

    /// <summary>The same, the median of the other values for those that are missing.</summary>
    public Column FillMedian() => new(Torch.ColumnModule.fillMedian(Inner));

    /// <summary>The same, this number for values that are missing.</summary>
    public Column Fill(double value) => new(Torch.ColumnModule.fill(value, Inner));

    /// <summary>The same, this category for values that are missing.</summary>
    public Column Fill(string category) => new(Torch.ColumnModule.fillCategory(category.Given(), Inner));
}
