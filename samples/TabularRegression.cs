#:project ../src/Deeplay.CSharp
#:project ../src/Deeplay.Plots.CSharp
using Deeplay;

// The heating of flats from a table: TabularRegression.cs [--quick] [FOLDER FOR THE RESULTS]. The table comes from a formula with noise,
// so that one knows how good a prediction can be.
var isQuick = args.Contains("--quick");
var folder = Directory
    .CreateDirectory(
        args.FirstOrDefault(arg => arg != "--quick") ?? Directory.CreateTempSubdirectory("tabular-").FullName
    )
    .FullName;
const double noise = 500; // kWh, the standard deviation
string[] heatings = ["gas", "oil", "pump"];
string[] inputs = ["area", "built", "temperature", "heating"];
var trainCsv = WriteTable("train.csv", isQuick ? 2_000 : 10_000, seed: 1, withMissing: true);
var testCsv = WriteTable("test.csv", 2_000, seed: 2, withMissing: false);

// The test part is read by what was learned from the other: the number that is filled in, the categories.
var table = Csv.Read(
    trainCsv,
    [
        .. Column.Numbers("area", "temperature"),
        Column.Number("built").FillMedian(),
        Column.OneHot("heating").WithCategories(heatings),
        Column.Number("energy").DropMissing(),
    ]
);
var (train, validation) = table.Dataset(inputs, "energy").Split(0.85, seed: 1);
var test = Csv.Read(testCsv, table.Columns).Dataset(inputs, "energy");
Console.WriteLine(
    $"{table.Count} rows of {string.Join(", ", table.Features(inputs))}, without those that have no energy"
);

// It takes and gives raw units: both standardizations are layers, learned from the training part alone.
var model = Layers.Sequential(
    Standardization.OfInputs(train).Standardize,
    Components.MultiLayerPerceptron(hiddenFeatures: [64, 64], outFeatures: 1),
    Standardization.OfTargets(train).Unstandardize
);
var options = new FitOptions
{
    MaxEpochs = isQuick ? 15 : 100,
    Validation = validation,
    WeightAveraging = new() { Decay = 0.99 },
    Callbacks = [new ProgressBar(), new EarlyStopping { Monitor = "val_loss", Patience = 15 }],
};
using var trained = Applications
    .Regressor(
        model,
        optimizer: Optimizers.Adam(lr: 3e-3),
        lrScheduler: Schedules.CosineAnnealingLR(tMax: options.MaxEpochs),
        metrics: [Metrics.MeanSquaredError(squared: false), Metrics.R2Score()]
    )
    .Fit(train, options);

var file = Path.Combine(folder, "heating.safetensors");
trained.Save(file);
using var restored = Application.Load(file);
using var predicted = restored.Predict(test);
var picture = Plot.PredictionError(test.Targets, predicted);
picture.Save(Path.Combine(folder, "predicted.png"));
trained.History.SavePlot(Path.Combine(folder, "curves.png"));
var tested = restored.Test(test);
trained.SavePage(
    Path.Combine(folder, "run.html"),
    new()
    {
        Title = "Heating of flats",
        Options = options,
        Test = tested,
        Pictures = [("Energy of the test part, kWh a year", picture)],
    }
);

using var flat = Arrays.Tensor(
    new double[,]
    {
        { 80, 1960, 4, 0, 1, 0 },
    }
);
Console.WriteLine(
    $"80 m² of 1960 at 4 °C by oil: {restored.Predict(flat).item<float>():F0} kWh a year, by the formula {Energy(80, 1960, 4, "oil"):F0}"
);
var error = tested["mean_squared_error"];
Console.WriteLine(
    $"root mean square error {error:F0} kWh, {error / noise:F2} times the noise of {noise} kWh; R² {tested["r2_score"]:F4}; see {folder}"
);
return isQuick || error < 1.1 * noise ? 0 : 1;

// kWh a year for a flat of so many m², by the year it was built, the mean temperature of its winters in °C, and its heating.
static double Energy(double area, double built, double temperature, string heating)
{
    var losses = 0.4 + 1.1 / (1 + Math.Exp((built - 1975) / 12));
    var efficiency =
        heating == "gas" ? 0.92
        : heating == "oil" ? 0.85
        : 3.0;
    return 10 * area * losses * (20 - temperature) / efficiency;
}

string WriteTable(string name, int count, int seed, bool withMissing)
{
    var random = new Random(seed);
    var path = Path.Combine(folder, name);
    using var csv = new StreamWriter(path);
    csv.WriteLine("area,built,temperature,heating,energy");
    for (var row = 0; row < count; row++)
    {
        double Within(double from, double to) => from + (to - from) * random.NextDouble();
        var (area, built) = (Math.Round(Within(30, 150)), Math.Round(Within(1900, 2020)));
        var (temperature, heating) = (Math.Round(Within(-5, 10), 1), heatings[random.Next(3)]);
        // A normal number, by Box and Muller.
        var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Within(0, 2 * Math.PI));
        var energy = Math.Round(Energy(area, built, temperature, heating) + noise * normal);
        bool IsMissing(double share) => withMissing && random.NextDouble() < share;
        csv.WriteLine(
            FormattableString.Invariant(
                $"{area},{(IsMissing(0.02) ? "" : built)},{temperature},{heating},{(IsMissing(0.01) ? "" : energy)}"
            )
        );
    }
    return path;
}
