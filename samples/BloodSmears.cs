#:project ../src/Deeplay.CSharp
#:project ../src/Deeplay.Plots.CSharp
using Deeplay;
using TorchSharp;

// Is there a parasite in the blood cell? BloodSmears.cs [--quick] [FOLDER FOR THE RESULTS]. A perceptron and convolutions tell, and what the
// convolutions see is shown. With --quick all of it is shortened.
var isFull = !args.Contains("--quick");
var folder = args.FirstOrDefault(arg => !arg.StartsWith("--", StringComparison.Ordinal)) is { } given
    ? Directory.CreateDirectory(given).FullName
    : Directory.CreateTempSubdirectory("blood-smears-").FullName;
const int size = 28;
var train = Dataset.Generate(isFull ? 8_000 : 200, Cell).Keep();
var test = Dataset.Generate(isFull ? 1_000 : 100, Cell, seed: 1).Keep();

// ---- the models and their training
var dnn = Components.MultiLayerPerceptron(size * size * 3, [128, 128], 1, Layers.Sigmoid());
var convolutions = Components
    .ConvolutionalNeuralNetwork(inChannels: 3, hiddenChannels: [16, 16, 32], outChannels: 32)
    .Select("blocks/2")
    .Pooled(Layers.MaxPool2d(2));
var top = Components.MultiLayerPerceptron(32, [], 1, Layers.Sigmoid());
var cnn = Layers.Sequential(convolutions, Layers.AdaptiveAvgPool2d(1), top);
using var dense = Trained(dnn);
using var convolved = Trained(cnn);
Application Trained(ModuleSpec model) =>
    Applications
        .BinaryClassifier(model, optimizer: Optimizers.RMSprop(lr: 0.001))
        .Fit(train, maxEpochs: isFull ? 5 : 1);

// ---- what they learned
foreach (var (name, trained) in new[] { ("perceptron", dense), ("convolutions", convolved) })
{
    Console.WriteLine($"{name}: accuracy {trained.Test(test)["accuracy"]:F3}");
    Plot.Roc(trained.Predict(test).squeeze(1), test.Targets.squeeze(1))
        .Save(Path.Combine(folder, $"{name}.png"));
}

// The filters of the first layer, in colour, and what each layer makes of an infected cell.
var filters = convolved.Module.get_parameter("model.0.blocks.0.layer.weight")!.cpu();
Save("filters", filters.detach());
Save("cells", test.Inputs[..8]);
var infected = test.Inputs.narrow(0, test.Targets.argmax().item<long>(), 1);
for (var block = 0; block < 4; block++)
    Save($"layer-{block}", convolved.PredictPart($"model.0.blocks.{block}.layer", infected).squeeze(0));
Console.WriteLine($"The pictures are in {folder}.");

void Save(string name, torch.Tensor images)
{
    string[] numbers = [.. Enumerable.Range(0, (int)images.shape[0]).Select(i => $"{i}")];
    Plot.Predictions(images, numbers, numbers).Save(Path.Combine(folder, $"{name}.png"));
}

// An image (3, H, W) of a red cell on a light ground, and whether it has a dark spot in it: 0 or 1.
(torch.Tensor Input, torch.Tensor Target) Cell(Random random)
{
    double Near(double value, double by) => value + by * (2 * random.NextDouble() - 1);
    var (x, y, radius, squeeze) = (Near(14, 1.5), Near(14, 1.5), Near(10, 1.5), Near(1, 0.15));
    var (angle, away) = (2 * Math.PI * random.NextDouble(), 6 * random.NextDouble());
    var (spotX, spotY, spot) = (x + away * Math.Cos(angle), y + away * Math.Sin(angle), Near(2.2, 0.5));
    var isInfected = random.Next(2);
    double[] ground = [0.95, 0.92, 0.9],
        cell = [Near(0.85, 0.06), Near(0.55, 0.06), Near(0.6, 0.06)],
        dark = [0.45, 0.2, 0.5];
    var pixels = new float[3 * size * size];
    for (var i = 0; i < pixels.Length; i++)
    {
        var (channel, dx, dy) = (i / (size * size), i % size - x, i / size % size - y);
        var (toSpotX, toSpotY) = (i % size - spotX, i / size % size - spotY);
        var inCell = dx * dx * squeeze + dy * dy / squeeze < radius * radius ? 1.0 : 0.0;
        var inSpot = isInfected * Math.Exp(-(toSpotX * toSpotX + toSpotY * toSpotY) / (2 * spot * spot));
        var colour = ground[channel] + inCell * (cell[channel] - ground[channel]);
        pixels[i] = (float)Math.Clamp(Near(colour + inSpot * (dark[channel] - colour), 0.05), 0, 1);
    }
    return (torch.tensor(pixels, [3, size, size]), torch.tensor([(float)isInfected]));
}
