#:project ../src/Deeplay.CSharp
#:project ../src/Deeplay.Plots.CSharp
using Deeplay;
using TorchSharp;

// Which tissue is where? SegmentTissue.cs [--quick] [FOLDER FOR THE RESULTS]. A U-Net tells three classes of pixels apart: for many epochs,
// and, made anew from the same spec, until it stops getting better. With --quick all of it is shortened.
var isFull = !args.Contains("--quick");
var folder = args.FirstOrDefault(arg => !arg.StartsWith("--", StringComparison.Ordinal)) is { } given
    ? Directory.CreateDirectory(given).FullName
    : Directory.CreateTempSubdirectory("segment-tissue-").FullName;
var size = isFull ? 64 : 32;
var train = Dataset.Generate(isFull ? 64 : 16, Tissue).Keep();
var validation = Dataset.Generate(8, Tissue, seed: 1).Keep();
var test = Dataset.Generate(8, Tissue, seed: 2).Keep();

// ---- the model and its training
var regressor = Applications.Regressor(
    Components.UNet2d(1, [16, 32, 64, 128], 3, skip: Layers.Cat()),
    loss: Losses.CrossEntropyLoss(),
    metrics: [Metrics.MulticlassJaccardIndex(classes: 3)],
    optimizer: Optimizers.Adam()
);
var options = new FitOptions
{
    MaxEpochs = isFull ? 100 : 4,
    BatchSize = 2,
    Validation = validation,
    Callbacks = [new CsvLogger(folder) { Name = "many-epochs" }],
};
var early = new EarlyStopping
{
    Monitor = "val_jaccard_index",
    Mode = MonitorMode.Max,
    Patience = 5,
};
using var long_ = regressor.Fit(train, options);
using var short_ = regressor.Fit(train, options with { Callbacks = [new CsvLogger(folder) { Name = "until-stagnation" }, early] });

// ---- what they learned
