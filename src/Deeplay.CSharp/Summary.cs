namespace Deeplay;

/// <summary>A table of a model's modules with shapes and numbers of parameters.</summary>
public sealed class Summary
{
    private readonly Core.Summary inner;

    internal Summary(Core.Summary inner) => this.inner = inner;

    /// <summary>The number of all numbers that are trained.</summary>
    public long Parameters => inner.Parameters;

    /// <summary>A line for each module, in tree order.</summary>
    public IReadOnlyList<SummaryRow> Rows =>
        [
            .. inner.Rows.Select(row => new SummaryRow(
                row.Tag.ToString(),
                row.Kind,
                [.. row.Inputs.Select(shape => shape.ToString())],
                [.. row.Outputs.Select(shape => shape.ToString())],
                row.Parameters,
                row.Calls
            )),
        ];

    /// <summary>The table.</summary>
    public override string ToString() => inner.ToString();
}

/// <summary>One line of a summary.</summary>
/// <param name="Tag">The tag of the module.</param>
/// <param name="Kind">The id of its kind.</param>
/// <param name="Inputs">The shapes it is called with; none where it is never called.</param>
/// <param name="Outputs">The shapes it gives.</param>
/// <param name="Parameters">The numbers that the module itself trains, without its children; a shared module counts
/// once.</param>
/// <param name="Calls">How often it is called in one forward pass.</param>
public sealed record SummaryRow(
    string Tag,
    string Kind,
    IReadOnlyList<string> Inputs,
    IReadOnlyList<string> Outputs,
    long Parameters,
    int Calls
);
