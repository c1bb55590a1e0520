#:project ../src/Deeplay.CSharp
#:project ../src/Deeplay.Plots.CSharp
using Deeplay;
using TorchSharp;

// Which images are worth a label? ActiveLearning.cs [--quick] [FOLDER FOR THE RESULTS]. Three strategies ask for labels, round by round, each
// time with a model made anew from one template. `--quick` takes small digits, which need no package. All is smaller than the book's 60,000
// images, 64 channels and five trials, so that it takes minutes; the steps are larger at first, and more, so that a model learns the
// labels it has. What it is unsure of is the better question from about 600 labels on, not before, and not for long: a hundredth or two, which
// two trials barely tell from chance.
var isFull = !args.Contains("--quick");
var output = args.FirstOrDefault(arg => !arg.StartsWith("--", StringComparison.Ordinal)) is { } given
    ? Directory.CreateDirectory(given).FullName
    : Directory.CreateTempSubdirectory("active-learning-").FullName;

// Where Debian's package has its files.
const string folder = "/usr/share/datasets/fashion-mnist";
if (isFull && !Directory.Exists(folder))
{
    Console.Error.WriteLine(
        $"Fashion-MNIST is not in {folder}: install it by `apt install dataset-fashion-mnist`, or run with --quick."
    );
    return 1;
}
var (pool, test) = isFull ? (Part("train", 5_000), Part("t10k", 5_000)) : Digits().Split(0.7, seed: 1);
var (trials, rounds, budget, epochs) = isFull ? (2, 10, 100, 30) : (1, 2, 50, 2);

// ---- the model, its training, and three ways to ask
var backbone = Components.ConvolutionalNeuralNetwork(1, [16, 16, 16, 16], 32);
backbone = backbone.Select("blocks", 1..).Pooled(Layers.MaxPool2d(2));
backbone = backbone.Select("blocks", ^1).Append(Layers.AdaptiveAvgPool2d(1), name: "average");
backbone = backbone.Select("blocks", ^1).Append(Layers.Flatten(), name: "flatten");
var head = Components.MultiLayerPerceptron(32, [], 10);
var template = Applications.CategoricalClassifier(
    Layers.Sequential(backbone, head),
    classes: 10,
    optimizer: Optimizers.Adam(lr: 4e-3),
    lrScheduler: Schedules.CosineAnnealingLR(tMax: epochs)
);
var discriminator = Applications.BinaryClassifier(
    Components
        .MultiLayerPerceptron(32, [64, 64], 1, Layers.Sigmoid())
        .Select(".../layer")
        .Hook(Registry.Standard.Actions["initialize_kaiming_normal"])
);

double[] Accuracies(int trial, Func<Application, torch.Tensor, torch.Tensor, torch.Tensor> worth)
{
    var (order, accuracies) = (
        torch.randperm(pool.Count, generator: new torch.Generator((ulong)trial)),
        new List<double>()
    );
    for (var round = 1; round <= rounds; round++)
    {
        var (known, others) = (order[..(round * budget)], order[(round * budget)..]);
        var labelled = new Dataset(pool.Inputs[known], pool.Targets[known]);
        using var trained = template.Fit(labelled, maxEpochs: epochs, batchSize: 16, seed: trial);
        accuracies.Add(trained.Test(test)["accuracy"]);
        var ranks = worth(trained, pool.Inputs[known], pool.Inputs[others]).argsort(descending: true);
        order = torch.cat([known, others[ranks]]);
    }
    return [.. accuracies];
}

// As good as any other; between two classes; between two classes, and unlike what has a label.
torch.Tensor Uniform(Application trained, torch.Tensor known, torch.Tensor others) =>
    torch.rand(others.shape[0], generator: new torch.Generator((ulong)known.shape[0]));
torch.Tensor Margin(Application trained, torch.Tensor known, torch.Tensor others)
{
    var (largest, _) = trained.Predict(others).softmax(-1).topk(2, -1);
    return 1 - (largest[.., 0] - largest[.., 1]);
}
torch.Tensor Adversarial(Application trained, torch.Tensor known, torch.Tensor others)
{
    var (ours, theirs) = (trained.PredictPart("model.0", known), trained.PredictPart("model.0", others));
    var isOther = torch.cat([torch.zeros(ours.shape[0], 1), torch.ones(theirs.shape[0], 1)]);
    using var judge = discriminator.Fit(new Dataset(torch.cat([ours, theirs]), isOther), maxEpochs: 2);
    return Margin(trained, known, others) * judge.Predict(theirs).squeeze(1);
}

// ---- what the labels were worth
using var full = template.Fit(pool, maxEpochs: epochs);
var best = full.Test(test)["accuracy"];
Console.WriteLine($"all {pool.Count} labels: accuracy {best:F3}");
var lines = new List<(string, IEnumerable<(double, double)>)>();
foreach (
    var (name, worth) in new (string, Func<Application, torch.Tensor, torch.Tensor, torch.Tensor>)[]
    {
        ("uniform", Uniform),
        ("uncertainty", Margin),
        ("adversarial", Adversarial),
    }
)
{
    double[][] all = [.. Enumerable.Range(1, trials).Select(trial => Accuracies(trial, worth))];
    double[] means =
    [
        .. Enumerable.Range(0, rounds).Select(round => all.Average(accuracies => accuracies[round])),
    ];
    Console.WriteLine($"{name}: {string.Join(", ", means.Select(mean => $"{mean:F3}"))}");
    lines.Add((name, means.Select((mean, round) => ((round + 1.0) * budget, mean))));
}
lines.Add(("all labels", [(budget, best), (rounds * budget, best)]));
Plot.Lines("labels by three strategies", "labels", "accuracy", lines)
    .Save(Path.Combine(output, "accuracy.png"));
Console.WriteLine($"The picture is in {output}.");
return 0;

// The first images of one of the package's files.
Dataset Part(string name, int count) =>
    Datasets
        .Idx(
            Path.Combine(folder, $"{name}-images-idx3-ubyte.gz"),
            Path.Combine(folder, $"{name}-labels-idx1-ubyte.gz")
        )
        .Keep(count);

// Twice as large, for there are four pools.
Dataset Digits()
{
    var digits = Datasets.Digits(Path.Combine("samples", "data", "digits.csv.gz"));
    var images = digits.Inputs.reshape(-1, 1, 8, 8);
    return new(torch.nn.functional.interpolate(images, [16, 16]), digits.Targets);
}
