#:project ../src/Deeplay.CSharp
#:project ../src/Deeplay.Plots.CSharp
using Deeplay;

// Digits with a perceptron: sigmoids, squared errors and one example for a step, as it was done once; then the same template with other
// activations, another optimizer and batches. DigitsPerceptron.cs [--quick] [FOLDER FOR THE PICTURES]
var isQuick = args.Contains("--quick");
var folder =
    args.FirstOrDefault(arg => arg != "--quick") ?? Directory.CreateTempSubdirectory("digits-").FullName;
var (train, test) = Datasets
    .Digits(Path.Combine("samples", "data", "digits.csv.gz"))
    .SplitStratified(0.8, seed: 1);

// These digits are a fortieth of MNIST: with 40 times the epochs there are as many steps.
var times = isQuick ? 1 : 40;

// ---- the model and its training
var template = Applications.Classifier(
    Components
        .MultiLayerPerceptron(inFeatures: 64, hiddenFeatures: [32, 32], outFeatures: 10)
        .Select("blocks/*/activation")
        .Configure(Layers.Sigmoid()),
    classes: 10,
    makeTargetsOneHot: true,
    loss: Losses.MSELoss(),
    optimizer: Optimizers.SGD(lr: 0.1)
);

using var first = template.Fit(train, maxEpochs: times, batchSize: 1);
Show("sigmoids", first);

var changed = template
    .Select("model/blocks/-1/activation")
    .Configure(Layers.Softmax(dim: -1))
    .Select("model/blocks/:-1/activation")
    .Configure(Layers.ReLU())
    .Configure("optimizer", Optimizers.RMSprop(lr: 0.001));
using var second = changed.Fit(train, maxEpochs: 10 * times, batchSize: 32);
Show("relus", second);

// ---- its pictures
void Show(string name, Application trained)
{
    var digits = new Categories(Enumerable.Range(0, 10).Select(digit => $"{digit}"));
    var into = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
    trained.History.SavePlot(Path.Combine(into, "curves.png"));
    using var matrix = trained.Measure(Metrics.MulticlassConfusionMatrix(), test);
    Plot.ConfusionMatrix(matrix, digits).Save(Path.Combine(into, "confusion.png"));

    using var predicted = trained.Predict(test).argmax(1);
    using var wrong = predicted.ne(test.Targets).nonzero().flatten();
    Console.WriteLine(
        $"{name}: test accuracy {trained.Test(test)["accuracy"]:P1}, {wrong.shape[0]} of {test.Count} wrong, see {into}"
    );
    using var some = wrong.narrow(0, 0, Math.Min(40, wrong.shape[0]));
    if (some.shape[0] > 0)
        Plot.Predictions(
                test.Inputs[some].reshape(-1, 8, 8),
                digits.Decode(test.Targets[some]),
                digits.Decode(predicted[some])
            )
            .Save(Path.Combine(into, "misclassified.png"));
}
