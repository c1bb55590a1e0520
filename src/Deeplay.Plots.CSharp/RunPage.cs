namespace Deeplay;

/// <summary>A page of a run: one HTML file that shows without a network and without scripts what was trained, how, and what came of
/// it. This is what it tells besides what the application knows: <c>trained.SavePage("run.html", new() { Options = options })</c>.</summary>
public sealed record RunPage
{
    /// <summary>Its heading; null for the kind of the application.</summary>
    public string? Title { get; init; }

    /// <summary>The options that it was trained with.</summary>
    public FitOptions? Options { get; init; }

    /// <summary>What a test gave, such as <see cref="Application.Test"/>.</summary>
    public IReadOnlyDictionary<string, double> Test
    {
        get;
        init => field = value.Given();
    } = new Dictionary<string, double>();

    /// <summary>Pictures with what stands below them, such as a confusion matrix.</summary>
    public IReadOnlyList<(string Caption, Picture Picture)> Pictures
    {
        get;
        init => field = value.Given();
    } = [];

    /// <summary>The page as HTML: results, learning curves, pictures, loss and optimizer, options, the model's tree with shapes and
    /// numbers of parameters, the history as a table, versions.</summary>
    public string ToHtml(Application application) =>
        Plots.RunPageModule.toHtml(Inner, application.Given().Inner);

    internal Plots.RunPage Inner =>
        new(
            Interop.Option(Title),
            Interop.Option(Options?.Inner),
            new FSharpMap<string, double>(Test.Select(test => Tuple.Create(test.Key, test.Value))),
            Interop.List(
                Pictures.Select(picture =>
                    Tuple.Create(picture.Caption.Given(), picture.Picture.Given().Inner)
                )
            )
        );
}

/// <summary>Pages of runs.</summary>
public static class RunPages
{
    /// <summary>Writes a page of the run as an HTML file, which appears whole or not at all.</summary>
    public static void SavePage(this Application application, string path, RunPage? page = null) =>
        Plots.RunPageModule.saveWith((page ?? new()).Inner, path.Given(), application.Given().Inner);
}
