namespace Deeplay;

/// <summary>How a text file of separated values is read.</summary>
public sealed record CsvOptions
{
    /// <summary>What stands between the fields of a line.</summary>
    public char Separator { get; init; } = Torch.Csv.defaults.Separator;

    /// <summary>Whether the first line holds the names of the columns. Where it does not, they are called "0", "1" and so
    /// on.</summary>
    public bool HasHeader { get; init; } = Torch.Csv.defaults.HasHeader;

    /// <summary>The texts that say that a value is missing: none, and what pandas takes for that.</summary>
    public IReadOnlyList<string> MissingValues
    {
        get;
        init => field = value.Given();
    } = Torch.Csv.defaults.MissingValues;

    internal Torch.CsvOptions Inner => new(Separator, HasHeader, Interop.List(MissingValues));
}

/// <summary>Reading text files of separated values (RFC 4180), in UTF-8, gzipped where the name ends in
/// <c>.gz</c>.</summary>
public static class Csv
{
    /// <summary>Reads some columns of a file, whole. Blanks around fields don't count, nor do empty lines. Numbers are held as
    /// float32. What is wrong is an error with file, line and column: a column that is not there, a line with more or fewer
    /// fields, what is no finite number, a missing value that nobody said what becomes of, a category that is none of those
    /// given.</summary>
    public static Table Read(string path, IEnumerable<Column> columns, CsvOptions? options = null) =>
        new(
            Torch.Csv.read(
                (options ?? new()).Inner,
                Interop.List(columns.Given().Select(column => column.Given().Inner)),
                path.Given()
            )
        );

    /// <summary>The names of the columns of a file.</summary>
    public static IReadOnlyList<string> Names(string path, CsvOptions? options = null) =>
        Torch.Csv.names((options ?? new()).Inner, path.Given());
}
