#:project ../src/Deeplay.CSharp
#:project ../src/Deeplay.Plots.CSharp
using Deeplay;
using TorchSharp;

// Which tissue is where? SegmentTissue.cs [--quick] [FOLDER FOR THE RESULTS]. A U-Net tells three classes of pixels apart: after many
// epochs, and, made anew from the same spec, when it no longer gets better. With --quick all of it is shortened.
var isFull = !args.Contains("--quick");
var folder = args.FirstOrDefault(arg => !arg.StartsWith("--", StringComparison.Ordinal)) is { } given
    ? Directory.CreateDirectory(given).FullName
    : Directory.CreateTempSubdirectory("segment-tissue-").FullName;
const int size = 48;
var train = Dataset.Generate(isFull ? 64 : 12, Tissue).Keep();
var validation = Dataset.Generate(8, Tissue, seed: 1).Keep();
var test = Dataset.Generate(8, Tissue, seed: 2).Keep();

// ---- the model and its training
var regressor = Applications.Regressor(
    Components.UNet2d(1, [16, 32, 64, 128], 3, skip: Layers.Cat()),
    loss: Losses.CrossEntropyLoss(),
    metrics: [Metrics.MulticlassJaccardIndex(classes: 3)]
);
var options = new FitOptions
{
    MaxEpochs = isFull ? 100 : 3,
    BatchSize = 2,
    Validation = validation,
};
var logger = new CsvLogger(folder) { Name = "many-epochs" };
using var longest = regressor.Fit(train, options with { Callbacks = [logger] });
var early = new EarlyStopping
{
    Monitor = "val_jaccard_index",
    Mode = MonitorMode.Max,
    Patience = 5,
};
var second = logger with { Name = "until-stagnation" };
using var stopped = regressor.Fit(train, options with { Callbacks = [second, early] });

// ---- what they learned
foreach (var (name, trained) in new[] { ("many-epochs", longest), ("until-stagnation", stopped) })
{
    var log = History.LoadCsv(Path.Combine(trained.LogDirs[0], "metrics.csv"));
    Plot.Curves(log).Save(Path.Combine(folder, $"{name}.png"));
    Console.WriteLine(
        $"{name}: {trained.History.Count} epochs, Jaccard index {trained.Test(test)["jaccard_index"]:F3}"
    );
}

// What is given, what is true, and what was predicted.
var predicted = stopped.Predict(test).argmax(1);
var images = torch.cat(
    [test.Inputs.squeeze(1).clamp(0, 1), test.Targets.div(2.0), predicted.div(2.0)],
    dim: 0
);
string[] names = [.. new[] { "image", "truth", "prediction" }.SelectMany(name => Enumerable.Repeat(name, 8))];
Plot.Predictions(images, names, names).Save(Path.Combine(folder, "images.png"));
Console.WriteLine($"The pictures are in {folder}.");

// An image (1, H, W) with noise of cells on a background, and which class each pixel is of (H, W): 0 around them, 1 in cells that are
// bright, 2 in those that are striped.
(torch.Tensor Input, torch.Tensor Target) Tissue(Random random)
{
    var (pixels, classes) = (new float[size * size], new long[size * size]);
    for (var cell = 0; cell < 8; cell++)
    {
        var (x, y, radius) = (
            size * random.NextDouble(),
            size * random.NextDouble(),
            4 + 5 * random.NextDouble()
        );
        var (stretch, kind) = (1 + random.NextDouble(), 1 + cell % 2);
        for (var i = 0; i < pixels.Length; i++)
        {
            var (dx, dy) = (i % size - x, i / size - y);
            if (dx * dx * stretch + dy * dy / stretch < radius * radius)
                classes[i] = kind;
        }
    }
    for (var i = 0; i < pixels.Length; i++)
    {
        var stripe = i / size % 4 < 2 ? 0.2f : 0.8f;
        var light = classes[i] switch
        {
            0 => 0.25f,
            1 => 0.6f,
            _ => stripe,
        };
        pixels[i] = light + 0.4f * ((float)random.NextDouble() - 0.5f);
    }
    return (torch.tensor(pixels, [1, size, size]), torch.tensor(classes, [size, size]));
}
