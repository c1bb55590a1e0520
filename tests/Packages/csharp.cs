using Deeplay;
using static TorchSharp.torch;

// TorchSharp comes first: the package sees to its natives before anything of Deeplay runs.
random.manual_seed(1);
var inputs = randn(256, 2);
var targets = inputs.select(1, 0).gt(inputs.select(1, 1)).to(int64);

var mlp = Components
    .MultiLayerPerceptron(inFeatures: 2, hiddenFeatures: [8], outFeatures: 2)
    .Select("blocks/0/activation")
    .Configure(Layers.GELU());

using var trained = Applications
    .Classifier(mlp, classes: 2, optimizer: Optimizers.Adam(lr: 0.05))
    .Fit(new Dataset(inputs, targets), maxEpochs: 5, device: "cpu");

trained.Save("model.safetensors");
using var restored = Application.Load("model.safetensors", device: "cpu");

Console.WriteLine(Native.Description);
Console.WriteLine($"learned: {trained.Test(new Dataset(inputs, targets))["accuracy"] > 0.9}");
Console.WriteLine($"restored: {restored.Predict(inputs).allclose(trained.Predict(inputs))}");
