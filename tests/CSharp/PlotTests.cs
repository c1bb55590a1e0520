using System.Text.RegularExpressions;
using TorchSharp;

namespace Deeplay.Tests;

/// <summary>Pictures and pages as a C# user makes them.</summary>
[Collection("torch")]
public sealed class PlotTests : IDisposable
{
    private readonly Dataset data = new(torch.rand(9, 2), torch.arange(9).remainder(3));
    private readonly Application trained;
    private readonly string folder = Directory.CreateTempSubdirectory("deeplay-").FullName;
    private static readonly string[] names = ["a", "b", "c"];

    public PlotTests() =>
        trained = Applications
            .Classifier(Layers.Linear(2, 3), classes: 3)
            .Fit(data, validation: data, maxEpochs: 2, device: "cpu");

    public void Dispose()
    {
        trained.Dispose();
        data.Dispose();
        Directory.Delete(folder, true);
    }

    [Fact]
    public void Pictures_are_drawn_and_saved()
    {
        using var matrix = trained.Measure(Metrics.MulticlassConfusionMatrix(), data);
        using var scores = trained.Predict(data.Inputs);
        using var images = torch.rand(3, 4, 4);
        var pictures = new[]
        {
            Plot.Curves(trained.History),
            Plot.Lines("forces", "x", "y", ("theory", [(0, 1), (1, 2)]), ("predicted", [(0, 1.5)])),
            Plot.ConfusionMatrix(matrix, names, ConfusionCells.CountsAndShares),
            Plot.LearningRateFinder([0.01, 0.1], [1, 2], suggested: 0.01),
            Plot.Roc(scores, data.Targets, names),
            Plot.Roc(scores.select(1, 0), data.Targets.eq(0)),
            Plot.PredictionError(data.Inputs, data.Inputs),
            Plot.Weights(trained.Network),
            Plot.Predictions(images, names, ["a", "c", "b"]),
            Plot.Detections(images, [.. names.Select(_ => torch.ones(2, 2))]),
        };
        Assert.All(
            pictures,
            picture =>
            {
                Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], picture.ToPng()[..4]);
                Assert.Contains("<svg ", picture.ToSvg(), StringComparison.Ordinal);
            }
        );
        Assert.Equal((300, 200), (pictures[0].Sized(300, 200).Width, pictures[0].Sized(300, 200).Height));
        Assert.Equal(2 * pictures[0].Width, pictures[0].Scaled(2).Width);

        var path = Path.Combine(folder, "curves.svg");
        trained.History.SavePlot(path);
        Assert.Equal(pictures[0].ToSvg(), File.ReadAllText(path));
        pictures[2].Save(Path.Combine(folder, "matrix.png"));
        Assert.Equal(pictures[2].ToPng(), File.ReadAllBytes(Path.Combine(folder, "matrix.png")));
        var error = Assert.Throws<DeeplayException>(() => trained.History.SavePlot("curves.gif"));
        Assert.Contains(".png or .svg", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_has_a_page()
    {
        var path = Path.Combine(folder, "run.html");
        var page = new RunPage
        {
            Title = "Three <classes>",
            Options = new() { MaxEpochs = 2 },
            Test = trained.Test(data),
            Pictures = [("The weights", Plot.Weights(trained.Network))],
        };
        trained.SavePage(path, page);
        var html = File.ReadAllText(path);
        Assert.Equal(page.ToHtml(trained), html);
        Assert.Contains("<h1>Three &lt;classes&gt;</h1>", html, StringComparison.Ordinal);
        Assert.Contains("<dt>epochs at most</dt><dd>2</dd>", html, StringComparison.Ordinal);
        Assert.Contains("<figcaption>The weights</figcaption>", html, StringComparison.Ordinal);
        Assert.Equal(3, Regex.Count(html, "<svg "));
        trained.SavePage(path);
        Assert.Contains("<h1>Classifier</h1>", File.ReadAllText(path), StringComparison.Ordinal);
    }
}
