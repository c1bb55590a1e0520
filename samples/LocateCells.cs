#:project ../src/Deeplay.CSharp
#:project ../src/Deeplay.Plots.CSharp
using Deeplay;
using TorchSharp;
using static TorchSharp.torch;

// Finds all cells in large images after seeing one of them. LocateCells.cs [--quick] [FOLDER FOR THE RESULTS]. A LodeSTAR learns from a
// single crop, without labels. With --quick it is a smaller one, shortened.
var isFull = !args.Contains("--quick");
var folder = args.FirstOrDefault(arg => !arg.StartsWith("--", StringComparison.Ordinal)) is { } given
    ? Directory.CreateDirectory(given).FullName
    : Directory.CreateTempSubdirectory("locate-cells-").FullName;
const int height = 220,
    width = 160,
    cell = 40;
var scenes = Enumerable.Range(0, 3).Select(seed => Scene(new Random(seed), 14)).ToArray();
var large = stack(scenes.Select(scene => scene.Image));
var one = Scene(new Random(9), 1, cell, cell);

// ---- the model and its training
var train = Dataset.Generate(
    isFull ? 400 : 120,
    random => (one.Image * (0.9 + 0.2 * random.NextDouble()) + (0.2 * random.NextDouble() - 0.1), zeros(1))
);
var small = Components
    .ConvolutionalNeuralNetwork(inChannels: 1, hiddenChannels: [8, 16, 16, 16, 16], outChannels: 3)
    .Select("blocks", 2)
    .Pooled();
var lodestar = Applications.LodeSTAR(
    isFull ? null : small,
    nTransforms: 4,
    optimizer: Optimizers.Adam(lr: isFull ? 5e-4 : 2e-3)
);
using var trained = lodestar.Fit(train, maxEpochs: isFull ? 30 : 25, batchSize: 8);

// ---- what it finds
var options = new DetectionOptions
{
    Alpha = 0.2,
    Beta = 0.8,
    Cutoff = 0.2,
    Mode = CutoffMode.Constant,
};
var found = trained.Detect(large, options);
Plot.Detections(large, found).Save(Path.Combine(folder, "detections.png"));
var weights = trained.Predict(large).select(1, -1);
Plot.Detections(weights, weights.unbind().Select(_ => zeros(0, 2))).Save(Path.Combine(folder, "weights.png"));

// An object is found where a detection is within ten pixels of it, the nearest first, each once.
var (right, all, there) = (0, 0, 0);
foreach (var (scene, detections) in scenes.Zip(found))
{
    var pairs =
        from i in Enumerable.Range(0, (int)detections.shape[0])
        from j in Enumerable.Range(0, scene.Places.Count)
        let row = detections[i, 0].ToDouble() - scene.Places[j].Row
        let column = detections[i, 1].ToDouble() - scene.Places[j].Column
        let distance = Math.Sqrt(row * row + column * column)
        where distance < 10
        orderby distance
        select (i, j);
    var (seen, known) = (new HashSet<int>(), new HashSet<int>());
    right += pairs.Count(pair =>
        !seen.Contains(pair.i) && !known.Contains(pair.j) && seen.Add(pair.i) && known.Add(pair.j)
    );
    (all, there) = (all + (int)detections.shape[0], there + scene.Places.Count);
}
Console.WriteLine(
    $"{right} of {there} cells found, {all - right} detections of none, F1 {2.0 * right / (all + there):F2}."
);
Console.WriteLine($"The pictures are in {folder}.");

// An image of cells, a dark rim around a bright middle, with noise: apart from one another, or one in the middle.
static (Tensor Image, List<(double Row, double Column)> Places) Scene(
    Random random,
    int count,
    int high = height,
    int wide = width
)
{
    var places = new List<(double Row, double Column)>();
    double Within(int size) => count == 1 ? (size - 1) / 2.0 : 16 + (size - 32) * random.NextDouble();
    while (places.Count < count)
    {
        var (row, column) = (Within(high), Within(wide));
        if (places.All(other => Math.Pow(other.Row - row, 2) + Math.Pow(other.Column - column, 2) > 26 * 26))
            places.Add((row, column));
    }
    var pixels = new float[high * wide];
    for (var i = 0; i < pixels.Length; i++)
    {
        var noise =
            Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        var value = 0.5 + 0.03 * noise;
        foreach (var (row, column) in places)
        {
            var distance = Math.Sqrt(Math.Pow(i / wide - row, 2) + Math.Pow(i % wide - column, 2));
            value +=
                0.4 * Math.Exp(-distance * distance / 18) - 0.3 * Math.Exp(-Math.Pow(distance - 8, 2) / 6);
        }
        pixels[i] = (float)value;
    }
    return (tensor(pixels, [1, high, wide]), places);
}
