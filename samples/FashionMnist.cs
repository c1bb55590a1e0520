#:project ../src/Deeplay.CSharp
#:project ../src/Deeplay.Plots.CSharp
using Deeplay;

// Ten kinds of clothes by a perceptron and by two convolutions: FashionMnist.cs [--quick] [FOLDER FOR THE RESULTS]. `--quick` trains on
// small digits instead, which need no package.
var isQuick = args.Contains("--quick");
var output =
    args.FirstOrDefault(arg => arg != "--quick")
    ?? Directory.CreateTempSubdirectory("fashion-mnist-").FullName;

// Where Debian's package has its files.
const string folder = "/usr/share/datasets/fashion-mnist";
if (!isQuick && !Directory.Exists(folder))
{
    Console.Error.WriteLine(
        $"Fashion-MNIST is not in {folder}: install it by `apt install dataset-fashion-mnist`, or run with --quick."
    );
    return 1;
}

// Images (N, 1, H, W), a test part that nothing is chosen by, and the names of the classes.
var (all, test) = isQuick ? Digits().Split(0.8, seed: 1) : (Part("train"), Part("t10k"));
var (train, validation) = all.Split(11 / 12.0, seed: 1);
string[] classes = isQuick
    ? [.. Enumerable.Range(0, 10).Select(digit => $"{digit}")]
    : "T-shirt trousers pullover dress coat sandal shirt sneaker bag boot".Split(' ');

var perceptron = Components.MultiLayerPerceptron(hiddenFeatures: [256, 128], outFeatures: 10);
var convolutional = Layers.Sequential(
    Convolution(32),
    Convolution(64),
    Components
        .MultiLayerPerceptron(hiddenFeatures: [128], outFeatures: 10)
        .Select("blocks/0")
        .AppendDropout(0.3)
);
bool[] results =
[
    Shows("perceptron", perceptron, epochs: 8, wanted: 0.88),
    Shows("convolutions", convolutional, epochs: 5, wanted: 0.91),
];
return results.All(isGood => isGood) ? 0 : 1;

ModuleSpec Convolution(int channels) =>
    Layers.Sequential(
        Layers.Conv2d(outChannels: channels, kernelSize: 3, padding: 1),
        Layers.BatchNorm2d(),
        Layers.ReLU(),
        Layers.MaxPool2d(2)
    );

// Trains a model, leaves its pictures and a page in a folder, and tells whether it is as good as it should be.
bool Shows(string name, ModuleSpec model, int epochs, double wanted)
{
    var options = new FitOptions
    {
        MaxEpochs = isQuick ? 5 : epochs,
        BatchSize = isQuick ? 32 : 128,
        Validation = validation,
        Callbacks = [new ProgressBar()],
    };
    using var trained = Applications
        .Classifier(model, lrScheduler: Schedules.CosineAnnealingLR(tMax: options.MaxEpochs))
        .Fit(train, options);

    var into = Directory.CreateDirectory(Path.Combine(output, name)).FullName;
    var tested = trained.Test(test);
    using var matrix = trained.Measure(Metrics.MulticlassConfusionMatrix(), test);
    var confusion = Plot.ConfusionMatrix(matrix, classes);
    trained.History.SavePlot(Path.Combine(into, "curves.png"));
    confusion.Save(Path.Combine(into, "confusion.png"));
    var page = new RunPage
    {
        Title = $"{name} on {test.Count} test images",
        Options = options,
        Test = tested,
        Pictures = [("The test part", confusion)],
    };
    trained.SavePage(Path.Combine(into, "run.html"), page);
    trained.Save(Path.Combine(into, "model.safetensors"));
    var accuracy = tested["accuracy"];
    Console.WriteLine(
        $"{name}: test accuracy {accuracy:F4} (wanted on Fashion-MNIST: {wanted}), see {Path.Combine(into, "run.html")}"
    );
    return isQuick || accuracy >= wanted;
}

Dataset Part(string name) =>
    Datasets.Idx(
        Path.Combine(folder, $"{name}-images-idx3-ubyte.gz"),
        Path.Combine(folder, $"{name}-labels-idx1-ubyte.gz")
    );

Dataset Digits()
{
    var digits = Datasets.Digits(Path.Combine("samples", "data", "digits.csv.gz"));
    return new(digits.Inputs.reshape(-1, 1, 8, 8), digits.Targets);
}
