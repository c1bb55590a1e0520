#:project ../src/Deeplay.CSharp
using Deeplay;

// How well a small perceptron reads digits it has not seen: three random splits, 80 % to train on.
var digits = Datasets.Digits(Path.Combine("samples", "data", "digits.csv.gz"));
var mlp = Components.MultiLayerPerceptron(inFeatures: 64, hiddenFeatures: [64, 32], outFeatures: 10);
var accuracies = new List<double>();

foreach (var seed in (int[])[1, 2, 3])
{
    var (train, test) = digits.Split(0.8, seed);
    using var trained = Applications
        .Classifier(mlp, classes: 10)
        .Fit(train, maxEpochs: 30, batchSize: 32, seed: seed);
    accuracies.Add(trained.Test(test)["accuracy"]);
    Console.WriteLine($"seed {seed}: accuracy {accuracies[^1]:P1}");
}

Console.WriteLine($"mean accuracy {accuracies.Average():P1} (wanted: at least 96 %)");
return accuracies.Average() >= 0.96 ? 0 : 1;
