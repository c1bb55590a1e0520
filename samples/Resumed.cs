#:project ../src/Deeplay.CSharp
using Deeplay;

// A run that goes on where it was, whatever ended it: Resumed.cs FILE EPOCHS [plain]. A schedule in steps, averages of the weights,
// gradients of two batches for a step, clipped, dropout, images that are others in each epoch; `plain`: the classifier of Seeds.cs, with
// none of it. At the end the weights are, to the bit, those of a run that nobody ended, and so is all else that the file holds in numbers.
var isShort = args.Length < 2;
var file = isShort ? Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors") : args[0];
var epochs = isShort ? 2 : int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture);
var isPlain = args.Contains("plain");

var digits = Datasets.Digits(Path.Combine("samples", "data", "digits.csv.gz"));
var images = new Dataset(digits.Inputs.reshape(-1, 1, 8, 8), digits.Targets);
var mlp = Components.MultiLayerPerceptron(inFeatures: 64, hiddenFeatures: [64, 32], outFeatures: 10);
var plain = Applications.Classifier(mlp, classes: 10);
var all = Applications
    .Classifier(
        mlp.Select("blocks", ..^1).AppendDropout(0.2),
        optimizer: Optimizers.AdamW(lr: 3e-3),
        lrScheduler: Schedules.CosineAnnealingLR(tMax: 1000)
    )
    .Configure("lr_scheduler_interval", "step");
var data = isPlain
    ? digits
    : images.Augment(new RandomCrop(8, 8, Padding: 1), new RandomRotation(10), new GaussianNoise());
var options = new FitOptions
{
    AccumulateBatches = isPlain ? 1 : 2,
    GradientClip = isPlain ? null : GradientClip.ByNorm(1),
    WeightAveraging = isPlain ? null : new() { Decay = 0.99 },
    Build = "cpu",
    Callbacks =
    [
        // Within an epoch too, between two steps.
        Callback.OnBatchEnd(
            (run, batch) =>
            {
                if (batch.Number % 20 == 19)
                    run.Application.Save(file);
            }
        ),
        Callback.OnEpochEnd((run, _) => run.Application.Save(file)),
    ],
};

using var app = File.Exists(file)
    ? Application.Load(file, "cpu")
    : (isPlain ? plain : all).Fit(data, options with { MaxEpochs = 0 });
app.Fit(data, options with { MaxEpochs = epochs - app.History.Count });

var state = app.Network.state_dict().OrderBy(tensor => tensor.Key, StringComparer.Ordinal);
var weights = state.SelectMany(tensor => tensor.Value.bytes.ToArray()).ToArray();

// What stands behind the header: the weights, their averages, what the optimizer keeps.
var saved = File.ReadAllBytes(file);
var tensors = saved[(8 + (int)BitConverter.ToInt64(saved))..];
Console.WriteLine($"{app.Steps} steps, weights {Hash(weights)}, all that is kept {Hash(tensors)}");
if (isShort)
    File.Delete(file);

static string Hash(byte[] bytes) =>
    Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(bytes))[..32];
