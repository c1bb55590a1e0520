#:project ../src/Deeplay.CSharp
#:project ../src/Deeplay.Plots.CSharp
using Deeplay;
using TorchSharp;

// Digits as two numbers each, by a variational autoencoder: where the test part lies in the plane, and what each place in it is decoded
// as. DigitsAutoEncoder.cs [--quick] [FOLDER FOR THE PICTURES]. With --quick the training is shortened.
var isQuick = args.Contains("--quick");
var folder =
    args.FirstOrDefault(arg => arg != "--quick")
    ?? Directory.CreateTempSubdirectory("digits-autoencoder-").FullName;
Directory.CreateDirectory(folder);
var (train, test) = Datasets.Digits(Path.Combine("samples", "data", "digits.csv.gz")).Split(0.8, seed: 1);
torch.Tensor Images(Dataset digits) => digits.Inputs.reshape(-1, 1, 8, 8);

// ---- the model and its training. These digits are a fortieth of MNIST: more epochs make up for some of it.
var vae = Applications.VariationalAutoEncoder(
    latentDim: 2,
    inputSize: [8, 8],
    channels: [32, 64],
    reconstructionLoss: Losses.BCELoss(reduction: "sum"),
    beta: 1
);
var images = new Dataset(Images(train), Images(train));
using var trained = vae.Fit(images, maxEpochs: isQuick ? 3 : 100, batchSize: 64);

// ---- what it learned: a grid of the normal distribution's quantiles, and the codes of digits it has not seen
var quantiles = torch.linspace(0.001, 0.999, 21).mul(2).sub(1).erfinv().mul(Math.Sqrt(2));
var grid = torch.stack([quantiles.repeat(21), quantiles.repeat_interleave(21)], dim: 1);
Plot.Images(trained.Decode(grid), columns: 21).Save(Path.Combine(folder, "grid.png"));
var codes = trained.Encode(Images(test));
var classes = Enumerable.Range(0, 10).Select(digit => $"{digit}");
Plot.Scatter(codes, test.Targets, classes, "codes of the test part", "z0", "z1")
    .Save(Path.Combine(folder, "codes.png"));
var losses = trained.History.Series("train_total_loss");
Console.WriteLine($"loss {losses[0]:F0} → {losses[^1]:F0} a batch; the pictures are in {folder}.");
