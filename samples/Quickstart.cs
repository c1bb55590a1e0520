#:project ../src/Deeplay.CSharp
using Deeplay;
using static Deeplay.Selector;

// A model is a value. Nothing is allocated yet.
var mlp = Components.MultiLayerPerceptron(inFeatures: 64, hiddenFeatures: [64, 32], outFeatures: 10);
Console.WriteLine(mlp);

// Any property of any part may still change. `mlp` stays what it was.
// csharpier-ignore
var model = mlp
    .Configure("hidden_features", [128, 64])
    .Select("blocks", ..^1, "activation").Configure(Layers.GELU())   // another kind of layer
    .Select("blocks", ..^1).Normalized(Layers.BatchNorm1d())         // a structural edit
    .Select(Any, "layer").First.Configure("bias", false);            // a parameter of one layer

Console.WriteLine(model); // the tree, before anything is built
Console.WriteLine(model.Explain("blocks.0.layer", "bias")); // value, source, who lost, which line set it
Console.WriteLine(Diff.Between(mlp, model));
Console.WriteLine(model.Summarize(32, 64)); // shapes and parameters

// Train it on real digits, on the GPU if there is one.
var (train, test) = Datasets.Digits(Path.Combine("samples", "data", "digits.csv.gz")).Split(0.8, seed: 1);
var classifier = Applications.Classifier(model, classes: 10, optimizer: Optimizers.Adam(lr: 1e-3));

using var trained = classifier.Fit(
    train,
    validation: test,
    maxEpochs: 30,
    batchSize: 32,
    device: Devices.Best,
    progress: Console.WriteLine // one line an epoch
);
Console.WriteLine($"trained on {trained.Device} by {Native.Description}");
Console.WriteLine($"accuracy {trained.Test(test)["accuracy"]:P1}");

// One file: the unbuilt spec and the weights. Loading runs no code.
var file = Path.Combine(Path.GetTempPath(), "digits.safetensors");
trained.Save(file);
using var restored = Application.Load(file);
Console.WriteLine(restored.Predict(test.Inputs).allclose(trained.Predict(test.Inputs)));
File.Delete(file);

// The torch module itself, for everything else TorchSharp can do.
TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor> net = model.Build("cpu");
Console.WriteLine(string.Join(", ", net.named_parameters().Select(parameter => parameter.name)));
