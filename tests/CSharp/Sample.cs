namespace Deeplay.Tests;

/// <summary>What most tests start from.</summary>
internal static class Sample
{
    public static ModuleSpec Mlp { get; } =
        Components.MultiLayerPerceptron(inFeatures: 64, hiddenFeatures: [64, 32], outFeatures: 10);

    /// <summary>The file of handwritten digits that the samples train on.</summary>
    public static string Digits { get; } =
        Path.Combine(Path.GetDirectoryName(Place())!, "..", "..", "samples", "data", "digits.csv.gz");

    private static string Place([System.Runtime.CompilerServices.CallerFilePath] string file = "") => file;

    /// <summary>The error that some code must stop with.</summary>
    public static DeeplayException Failure(Func<object?> work) =>
        Assert.Throws<DeeplayException>(() => work());
}
