#:project ../src/Deeplay.CSharp
#:project ../src/Deeplay.Plots.CSharp
using Deeplay;
using TorchSharp;

// A vision transformer on clothes: ViTCutMix.cs [--quick] [FOLDER FOR THE RESULTS]. It learns from images as they are, and, by a training
// step of its own, from images with a part of another one; where its last attention looks is shown. `--quick` trains on small digits instead,
// which need no package. The book's program has 40,000 images in colour, seven layers of 384, and up to 700 epochs; here are few images, a
// small network, and epochs enough to see the plain one learn its images by heart, which is what mixing them prevents.
var isFull = !args.Contains("--quick");
var output = args.FirstOrDefault(arg => !arg.StartsWith("--", StringComparison.Ordinal)) is { } given
    ? Directory.CreateDirectory(given).FullName
    : Directory.CreateTempSubdirectory("vit-cutmix-").FullName;

// Where Debian's package has its files.
const string folder = "/usr/share/datasets/fashion-mnist";
if (isFull && !Directory.Exists(folder))
{
    Console.Error.WriteLine(
        $"Fashion-MNIST is not in {folder}: install it by `apt install dataset-fashion-mnist`, or run with --quick."
    );
    return 1;
}
var (all, test) = isFull ? (Part("train", 3_000), Part("t10k", 10_000)) : Digits().Split(0.8, seed: 1);
var (train, validation) = all.Split(0.9, seed: 1);
var (size, patch) = isFull ? (28, 4) : (8, 2);
var side = size / patch;

// ---- the model and its training
var vit = Models
    .ViT(1, size, patch, hiddenFeatures: [48, 48, 48], outFeatures: 10, numHeads: 4)
    .Select(".../attention#-1")
    .Configure("need_weights", true)
    .Select(".../attention#-1")
    .LogOutput("attention");
var epochs = isFull ? 100 : 2;
var warmUp = Schedules.LinearLR(startFactor: 0.2, totalIters: 3);
var cosine = Schedules.CosineAnnealingLR(tMax: epochs, etaMin: 1e-5);
var classifier = Applications.Classifier(
    vit,
    classes: 10,
    optimizer: Optimizers.Adam(lr: 1e-3, weightDecay: 5e-5),
    lrScheduler: Schedules.SequentialLR([warmUp, cosine], milestones: [3])
);
var lowerings = Lowerings.Standard.AddTraining(classifier.Tree.Definition, CutMix);
var options = new FitOptions
{
    MaxEpochs = epochs,
    BatchSize = 64,
    Validation = validation,
};
using var plain = classifier.Fit(train, options);
using var mixed = classifier.Fit(train, options with { Build = new() { Lowerings = lowerings } });

void CutMix(StepContext step)
{
    // The box has the share 1 − λ of the image, λ drawn from a uniform distribution, which is Beta(1, 1).
    var random = new Random((int)(step.Epoch * 1_000 + step.Batch));
    var half = (int)(size * Math.Sqrt(1 - random.NextDouble())) / 2;
    var (x, y) = (random.Next(size), random.Next(size));
    var (left, right) = (Math.Max(x - half, 0), Math.Min(x + half, size));
    var (top, bottom) = (Math.Max(y - half, 0), Math.Min(y + half, size));
    var others = torch.randperm(step.Inputs.shape[0]);
    var (images, share) = (step.Inputs.clone(), 1 - (right - left) * (bottom - top) / (double)(size * size));
    images[.., .., top..bottom, left..right] = step.Inputs[others][.., .., top..bottom, left..right];
    var scores = step.Call("model", images);
    var (own, other) = (
        step.Call("loss", scores, step.Targets),
        step.Call("loss", scores, step.Targets[others])
    );
    var loss = share * own + (1 - share) * other;
    step.Minimize("optimizer", loss);
    step.Measure(loss, scores);
}

// ---- what they learned
foreach (var (name, trained) in new[] { ("plain", plain), ("cutmix", mixed) })
{
    Console.WriteLine($"{name}: accuracy {trained.Test(test)["accuracy"]:F3}");
    trained.History.SavePlot(Path.Combine(output, $"{name}.png"));
}

// Where the last attention looks for the class token: its weights, the mean over the heads, for each patch, in red over the image.
var images = test.Inputs[..8];
var predicted = mixed.Predict(images).argmax(1);
using var weights = mixed.Logs["attention.1"];
var patches = weights[.., 0, 1..].reshape(8, 1, side, side).cpu();
var maps = torch.nn.functional.interpolate(
    patches / patches.amax([1, 2, 3], keepdim: true),
    [size, size],
    mode: torch.InterpolationMode.Bilinear,
    align_corners: false
);
var looks = torch.cat([images.maximum(maps), images * (1 - maps), images * (1 - maps)], dim: 1);
Plot.Predictions(torch.cat([images.expand(-1, 3, -1, -1), looks]), Names(test.Targets), Names(predicted))
    .Save(Path.Combine(output, "attention.png"));
Console.WriteLine($"The pictures are in {output}.");
return 0;

string[] Names(torch.Tensor labels)
{
    string[] clothes = "T-shirt trousers pullover dress coat sandal shirt sneaker bag boot".Split(' ');
    var names = labels[..8].data<long>().ToArray().Select(label => isFull ? clothes[label] : $"{label}");
    return [.. names, .. names];
}

// The first images of one of the package's files.
Dataset Part(string name, int count) =>
    Datasets
        .Idx(
            Path.Combine(folder, $"{name}-images-idx3-ubyte.gz"),
            Path.Combine(folder, $"{name}-labels-idx1-ubyte.gz")
        )
        .Keep(count);

Dataset Digits()
{
    var digits = Datasets.Digits(Path.Combine("samples", "data", "digits.csv.gz"));
    return new(digits.Inputs.reshape(-1, 1, 8, 8), digits.Targets);
}
