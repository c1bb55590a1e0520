#:project ../src/Deeplay.CSharp
using Deeplay;

// A run that goes on where it was, whatever ended it: Resumed.cs FILE EPOCHS. A loss that falls, gradients of two batches for a step,
// clipped, dropout, a schedule in steps: at the end the weights are, to the bit, those of a run that nobody ended.
var isShort = args.Length == 0;
var file = isShort ? Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors") : args[0];
var epochs = isShort ? 2 : int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture);
var digits = Datasets.Digits(Path.Combine("samples", "data", "digits.csv.gz"));
var mlp = Components.MultiLayerPerceptron(inFeatures: 64, hiddenFeatures: [64, 32], outFeatures: 10);
var spec = Applications
    .Classifier(
        mlp.Select("blocks", ..^1).AppendDropout(0.2),
        optimizer: Optimizers.AdamW(lr: 3e-3),
        lrScheduler: Schedules.CosineAnnealingLR(tMax: 1000)
    )
    .Configure("lr_scheduler_interval", "step");
var save = Callback.OnEpochEnd((run, _) => run.Application.Save(file));
var options = new FitOptions
{
    AccumulateBatches = 2,
    GradientClip = GradientClip.ByNorm(1),
    Callbacks = [save],
    Build = "cpu",
};

using var app = File.Exists(file)
    ? Application.Load(file, "cpu")
    : spec.Fit(digits, options with { MaxEpochs = 0 });
app.Fit(digits, options with { MaxEpochs = epochs - app.History.Count });

var state = app.Network.state_dict().OrderBy(tensor => tensor.Key, StringComparer.Ordinal);
var bytes = state.SelectMany(tensor => tensor.Value.bytes.ToArray()).ToArray();
Console.WriteLine(
    $"{app.Steps} steps, weights {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(bytes))}"
);
if (isShort)
    File.Delete(file);
