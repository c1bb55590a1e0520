namespace Deeplay;

/// <summary>What stands in the cells of a confusion matrix.</summary>
public enum ConfusionCells
{
    /// <summary>How many examples.</summary>
    Counts,

    /// <summary>Which share of the examples of the true class, as scikit-learn's <c>normalize="true"</c>.</summary>
    Shares,

    /// <summary>Both, where there is room.</summary>
    CountsAndShares,
}

/// <summary>Pictures of what was trained: <c>Plot.Curves(trained.History).Save("curves.png")</c>. Tensors may be on any device; a picture
/// keeps what it needs of them.</summary>
public static class Plot
{
    /// <summary>Learning curves: a panel for each metric, with its course in training and in validation by the epoch, and one for the
    /// learning rate where the history has it. A curve ends where a number is not finite; epochs in which it was not measured are
    /// passed over. The scale of a metric that is positive and falls by more than a hundred times is logarithmic. Of a history with
    /// several rows for an epoch, such as the log of a <see cref="CsvLogger"/>, the course is that by the step.</summary>
    public static Picture Curves(History history) => new(Plots.Plot.curves(history.Given().Inner));

    /// <summary>Lines through points by their names, such as predictions beside a theory: the first solid, the others dashed. A line
    /// ends where a y is not finite.</summary>
    public static Picture Lines(
        string title,
        string xLabel,
        string yLabel,
        params IEnumerable<(string Name, IEnumerable<(double X, double Y)> Points)> lines
    ) =>
        new(
            Plots.Plot.lines(
                title.Given(),
                xLabel.Given(),
                yLabel.Given(),
                Interop.List(
                    lines
                        .Given()
                        .Select(line =>
                            Tuple.Create(
                                line.Name.Given(),
                                Interop.List(
                                    line.Points.Given().Select(point => Tuple.Create(point.X, point.Y))
                                )
                            )
                        )
                )
            )
        );

    /// <summary>Writes the learning curves of a history as PNG or SVG, as the extension says.</summary>
    public static void SavePlot(this History history, string path) => Curves(history).Save(path);

    /// <summary>A confusion matrix, such as <c>trained.Measure(Metrics.MulticlassConfusionMatrix(), test)</c> gives: counts (C, C), a row
    /// for each true class and a column for each predicted one, and the names of the classes. The colour is the share of the true
    /// class's examples.</summary>
    public static Picture ConfusionMatrix(
        Tensor matrix,
        IEnumerable<string> classes,
        ConfusionCells cells = ConfusionCells.Counts
    ) => new(Plots.Plot.confusionMatrixOf(Of(cells), Interop.List(classes.Given()), matrix.Given()));

    /// <summary>What a learning-rate finder found: the loss by the learning rate, on a logarithmic scale, and the rate that it suggests.
    /// A loss that grows without limit leaves the picture at its upper edge.</summary>
    public static Picture LearningRateFinder(
        IEnumerable<double> rates,
        IEnumerable<double> losses,
        double? suggested = null
    ) =>
        new(
            Plots.Plot.learningRateFinder(
                Interop.Option(suggested),
                Interop.List(rates.Given()),
                Interop.List(losses.Given())
            )
        );

    /// <summary>The ROC curve of scores (N), logits or probabilities, for targets 0 and 1, with the area below it.</summary>
    public static Picture Roc(Tensor scores, Tensor targets) =>
        new(Plots.Plot.roc(scores.Given(), targets.Given()));

    /// <summary>ROC curves of scores (N, C), each class against the others, or each label: for targets that are classes (N), or (N, C) of
    /// 0 and 1. A class without examples has no curve.</summary>
    public static Picture Roc(Tensor scores, Tensor targets, IEnumerable<string> classes) =>
        new(Plots.Plot.rocOf(Interop.List(classes.Given()), scores.Given(), targets.Given()));

    /// <summary>Predicted numbers against the true ones, with R². Tensors of as many numbers.</summary>
    public static Picture PredictionError(Tensor actual, Tensor predicted) =>
        new(Plots.Plot.predictionError(actual.Given(), predicted.Given()));

    /// <summary>A histogram of each parameter of a module, by their names.</summary>
    public static Picture Weights(torch.nn.Module network) => new(Plots.Plot.weights(network.Given()));

    /// <summary>A grid of images (N, H, W), (N, 1, H, W) or (N, 3, H, W) with what was predicted for each, and what it is where that is
    /// something else. Pixels are bytes, or numbers from 0 to 1; others are scaled by the least and the largest of all images.</summary>
    public static Picture Predictions(
        Tensor images,
        IEnumerable<string> actual,
        IEnumerable<string> predicted
    ) =>
        new(
            Plots.Plot.predictions(
                images.Given(),
                Interop.List(actual.Given()),
                Interop.List(predicted.Given())
            )
        );

    /// <summary>Images (N, H, W), (N, 1, H, W) or (N, 3, H, W) beside one another, with a mark where something was found in each: places
    /// (D, 2) or more, a row and a column in pixels first, as <see cref="Detection.Detect"/> gives them.</summary>
    public static Picture Detections(Tensor images, IEnumerable<Tensor> found) =>
        new(Plots.Plot.detections(images.Given(), Interop.List(found.Given())));

    /// <summary>A grid of images (N, H, W), (N, 1, H, W) or (N, 3, H, W), so many in a row. Pixels are as those of
    /// <see cref="Predictions"/>.</summary>
    public static Picture Images(Tensor images, int columns) =>
        new(Plots.Plot.images(columns, images.Given()));

    /// <summary>Points (N, 2) in the colours of their classes (N), such as codes of images. Classes are counted from 0; those without
    /// points are not named.</summary>
    public static Picture Scatter(
        Tensor points,
        Tensor labels,
        IEnumerable<string> classes,
        string title = "",
        string xLabel = "",
        string yLabel = ""
    ) =>
        new(
            Plots.Plot.scatter(
                title.Given(),
                xLabel.Given(),
                yLabel.Given(),
                Interop.List(classes.Given()),
                points.Given(),
                labels.Given()
            )
        );

    private static Plots.ConfusionCells Of(ConfusionCells cells) =>
        cells switch
        {
            ConfusionCells.Counts => Plots.ConfusionCells.Counts,
            ConfusionCells.Shares => Plots.ConfusionCells.Shares,
            _ => Plots.ConfusionCells.CountsAndShares,
        };
}
