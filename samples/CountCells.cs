#:project ../src/Deeplay.CSharp
#:project ../src/Deeplay.Plots.CSharp
using Deeplay;
using TorchSharp;

// How many cells are there? CountCells.cs [--quick] [FOLDER FOR THE RESULTS]. A U-Net learns from simulated images where the insides of cells
// are; those that touch are then apart, and counted. With --quick all of it is shortened.
var isFull = !args.Contains("--quick");
var folder = args.FirstOrDefault(arg => !arg.StartsWith("--", StringComparison.Ordinal)) is { } given
    ? Directory.CreateDirectory(given).FullName
    : Directory.CreateTempSubdirectory("count-cells-").FullName;
const int size = 64;

// ---- the model and its training
var unet = Components.UNet2d(inChannels: 1, encoderChannels: [16, 32, 64], outChannels: 1);
var regressor = Applications.Regressor(unet, loss: Losses.BCEWithLogitsLoss());
var simulated = Dataset.Generate(isFull ? 160 : 32, Cells);
using var trained = regressor.Fit(simulated, maxEpochs: isFull ? 40 : 2, batchSize: 8);

// ---- what it counts
var test = Dataset.Generate(isFull ? 64 : 8, Cells, seed: 1).Keep();
var insides = trained.Predict(test).sigmoid();
int[] counted = [.. Each(insides).Select(Count)];
int[] actual = [.. Each(test.Targets).Select(Count)];
var (found, real) = (torch.tensor(counted).to(torch.float32), torch.tensor(actual).to(torch.float32));
Console.WriteLine($"{actual.Sum()} cells, {counted.Sum()} counted");
Console.WriteLine(
    $"mean absolute error {(found - real).abs().mean().ToDouble():F2} of {actual.Average():F1} cells an image"
);
Plot.PredictionError(real, found).Save(Path.Combine(folder, "counts.png"));
var images = torch.cat([test.Inputs[..8], insides[..8]], dim: 0);
Plot.Predictions(images, Twice(actual), Twice(counted)).Save(Path.Combine(folder, "images.png"));
Console.WriteLine($"The pictures are in {folder}.");

string[] Twice(int[] counts) => [.. counts[..8].Concat(counts[..8]).Select(count => $"{count}")];

// The pixels of each image (N, 1, H, W).
IEnumerable<float[]> Each(torch.Tensor images) =>
    Enumerable.Range(0, (int)images.shape[0]).Select(i => images[i].data<float>().ToArray());

// How many parts are brighter than a half, of pixels that touch at their sides.
int Count(float[] pixels)
{
    var (isSeen, count) = (new bool[pixels.Length], 0);
    for (var start = 0; start < pixels.Length; start++)
    {
        if (isSeen[start] || pixels[start] <= 0.5f)
            continue;
        count++;
        var open = new Stack<int>([start]);
        while (open.TryPop(out var at))
        {
            if (isSeen[at] || pixels[at] <= 0.5f)
                continue;
            isSeen[at] = true;
            if (at % size > 0)
                open.Push(at - 1);
            if (at % size < size - 1)
                open.Push(at + 1);
            if (at >= size)
                open.Push(at - size);
            if (at < pixels.Length - size)
                open.Push(at + size);
        }
    }
    return count;
}

// An image of discs that overlap a little, with noise, and its insides: 1 well within a disc, else 0.
(torch.Tensor Input, torch.Tensor Target) Cells(Random random)
{
    var cells = new List<(double X, double Y, double Radius)>();
    for (var attempts = 12 + random.Next(30); attempts > 0; attempts--)
    {
        var (x, y, radius) = (
            size * random.NextDouble(),
            size * random.NextDouble(),
            4 + 3 * random.NextDouble()
        );
        if (cells.All(cell => double.Hypot(cell.X - x, cell.Y - y) > 0.85 * (cell.Radius + radius)))
            cells.Add((x, y, radius));
    }
    var (pixels, insides) = (new float[size * size], new float[size * size]);
    for (var i = 0; i < pixels.Length; i++)
    {
        foreach (var (x, y, radius) in cells)
        {
            var away = double.Hypot(i % size - x, i / size - y);
            pixels[i] += away < radius ? 0.4f : 0;
            insides[i] = Math.Max(insides[i], away < 0.7 * radius ? 1 : 0);
        }
        pixels[i] = Math.Clamp(pixels[i] + 0.1f + 0.3f * ((float)random.NextDouble() - 0.5f), 0, 1);
    }
    return (torch.tensor(pixels, [1, size, size]), torch.tensor(insides, [1, size, size]));
}
