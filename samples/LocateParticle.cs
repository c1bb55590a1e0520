#:project ../src/Deeplay.CSharp
#:project ../src/Deeplay.Plots.CSharp
using Deeplay;
using TorchSharp;

// Where is the particle? LocateParticle.cs [--quick] [FOLDER FOR THE RESULTS]. A convolutional network learns it from a few images first,
// then, made anew from the same spec, from images that are simulated while it trains. With --quick all of it is shortened.
var isFull = !args.Contains("--quick");
var folder = args.FirstOrDefault(arg => !arg.StartsWith("--", StringComparison.Ordinal)) is { } given
    ? Directory.CreateDirectory(given).FullName
    : Directory.CreateTempSubdirectory("locate-particle-").FullName;
const int size = 51;

// ---- the model and its training
var pool = Layers.MaxPool2d(2);
var cnn = Layers.Sequential(Convolution(16), pool, Convolution(32), pool, Convolution(64), pool);
var mlp = Components.MultiLayerPerceptron(hiddenFeatures: [32, 32], outFeatures: 2);
var regressor = Applications.Regressor(
    Layers.Sequential(cnn, Layers.Flatten(), mlp),
    loss: Losses.MSELoss(),
    optimizer: Optimizers.Adam(),
    metrics: [Metrics.MeanAbsoluteError()]
);
var annotated = Dataset.Generate(isFull ? 100 : 20, Particle).Keep();
var simulated = Dataset.Generate(isFull ? 10_000 : 640, Particle);
var test = Dataset.Generate(isFull ? 1_000 : 100, Particle, seed: 1).Keep();
using var few = regressor.Fit(annotated, maxEpochs: isFull ? 50 : 5, batchSize: 1);
using var many = regressor.Fit(simulated, maxEpochs: isFull ? 10 : 5, batchSize: 32);

// ---- what they learned
foreach (var (name, trained) in new[] { ("few images", few), ("simulated", many) })
{
    var error = trained.Test(test)["mean_absolute_error"];
    Console.WriteLine($"{name}: mean absolute error {error:F2} pixels");
    var picture = Plot.PredictionError(test.Targets, trained.Predict(test.Inputs));
    picture.Save(Path.Combine(folder, $"{name.Replace(' ', '-')}.png"));
}

Plot.Predictions(test.Inputs[..8], Places(test.Targets), Places(many.Predict(test.Inputs)))
    .Save(Path.Combine(folder, "images.png"));
Console.WriteLine($"The pictures are in {folder}.");

ModuleSpec Convolution(int channels) =>
    Layers.Sequential(Layers.Conv2d(outChannels: channels, kernelSize: 3, padding: 1), Layers.ReLU());

string[] Places(torch.Tensor positions) =>
    [
        .. Enumerable
            .Range(0, 8)
            .Select(i => $"{positions[i, 0].ToSingle():F1}, {positions[i, 1].ToSingle():F1}"),
    ];

// An image of a spot with noise, and the position (x, y) of the spot from the center, in pixels.
(torch.Tensor Input, torch.Tensor Target) Particle(Random random)
{
    var (x, y) = (30 * random.NextDouble() - 15, 30 * random.NextDouble() - 15);
    var pixels = new float[size * size];
    for (var i = 0; i < pixels.Length; i++)
    {
        var (dx, dy) = (i % size - size / 2 - x, i / size - size / 2 - y);
        var normal =
            Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        pixels[i] = (float)(Math.Exp(-(dx * dx + dy * dy) / 18) + 0.3 * normal);
    }
    return (torch.tensor(pixels, [1, size, size]), torch.tensor([(float)x, (float)y]));
}
