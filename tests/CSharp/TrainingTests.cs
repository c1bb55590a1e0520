using TorchSharp;

namespace Deeplay.Tests;

public class TrainingTests
{
    private static Dataset Stripes()
    {
        using var scope = torch.NewDisposeScope();
        var inputs = torch.arange(0, 64, torch.float32).reshape(32, 2).div(64);
        var targets = torch.arange(0, 32, torch.int64).remainder(2);
        return new Dataset(inputs.MoveToOuterDisposeScope(), targets.MoveToOuterDisposeScope());
    }

    private static ModuleSpec Classifier() =>
        Applications.Classifier(
            Components.MultiLayerPerceptron(2, [8], 2),
            classes: 2,
            optimizer: Optimizers.SGD(lr: 0.1)
        );

    [Fact]
    public void A_classifier_is_configured_like_any_module()
    {
        var classifier = Classifier().Select("optimizer").Configure("lr", 0.5);

        Assert.Equal(0.5, classifier.Argument<double>("optimizer", "lr"));
        Assert.Equal("CrossEntropyLoss", classifier.Tree["loss"].Kind);
        Assert.Equal(classifier, ModuleSpec.FromJson(classifier.ToJson()));
    }

    [Fact]
    public void A_dataset_is_split_alike_by_the_same_seed()
    {
        using var data = Stripes();
        var (a, rest) = data.Split(0.75, seed: 3);
        var (b, _) = data.Split(0.75, seed: 3);

        Assert.Equal((24, 8), (a.Count, rest.Count));
        Assert.True(a.Inputs.allclose(b.Inputs));
        Assert.Equal(ErrorKind.Malformed, Sample.Failure(() => data.Split(1.5)).Kind);
    }

    [Fact]
    public void A_regressor_learns_numbers()
    {
        using var inputs = torch.linspace(-1, 1, 32, dtype: torch.float32).reshape(32, 1);
        using var data = new Dataset(inputs.clone(), inputs.mul(3));
        using var trained = Applications
            .Regressor(Layers.Linear(1, 1), loss: Losses.MSELoss(), optimizer: Optimizers.Adam(lr: 0.05))
            .Fit(data, maxEpochs: 100, batchSize: 8, device: "cpu");
        Assert.True(trained.Test(data)["loss"] < 0.01);
        Assert.DoesNotContain("accuracy", trained.Test(data).Keys);
    }

    private sealed record Autoencoder(ModuleSpec Encoder, ModuleSpec Decoder, double Rate = 0.05);

    [Fact]
    public void An_optimizer_steps_a_module_in_a_loop_of_ones_own()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(1);
        using var net = Components.MultiLayerPerceptron(1, [8], 1).Build("cpu");
        using var optimizer = Optimizers
            .SGD(lr: 0.1, paramGroups: [Optimizers.ParameterGroup("blocks/0", frozen: true)])
            .CreateOptimizer(net);
        var before = net.state_dict().ToDictionary(pair => pair.Key, pair => pair.Value.clone());
        var (x, y) = (torch.ones(4, 1), torch.full([4, 1], 3f));
        var losses = new List<float>();
        for (var step = 0; step < 10; step++)
            optimizer.Step(() =>
            {
                var loss = torch.nn.functional.mse_loss(net.call(x), y);
                losses.Add(loss.item<float>());
                return loss;
            });

        Assert.Equal(10, losses.Count);
        Assert.True(losses[^1] < losses[0] / 2);
        var after = net.state_dict();
        Assert.True(after["blocks.0.layer.weight"].Equals(before["blocks.0.layer.weight"]));
        Assert.False(after["blocks.1.layer.bias"].Equals(before["blocks.1.layer.bias"]));
        Assert.Throws<DeeplayException>(() => Layers.ReLU().CreateOptimizer(net));
        Assert.Throws<ArgumentNullException>(() => Optimizers.Adam().CreateOptimizer(null!));
    }

    [Fact]
    public void An_application_of_ones_own_says_how_it_learns()
    {
        var kind = Module
            .Define<Autoencoder>("Autoencoder")
            .Application(
                (m, a) =>
                {
                    var encoder = m.Child("encoder", a.Encoder);
                    var decoder = m.Child("decoder", a.Decoder);
                    m.Child("loss", Losses.MSELoss());
                    m.Child(
                        "optimizer",
                        Optimizers.Adam(
                            lr: a.Rate,
                            paramGroups: [Optimizers.ParameterGroup("encoder/.../bias", frozen: true)]
                        )
                    );
                    return m.Forward(x => decoder.Call(encoder.Call(x)));
                }
            );
        var lowerings = Lowerings.Standard.AddTraining(
            kind,
            step =>
            {
                var made = step.Call("decoder", step.Call("encoder", step.Inputs));
                var loss = step.Call("loss", made, step.Inputs);
                step.Minimize("optimizer", loss);
                step.Log("loss", loss);
            },
            step => step.Log("rows", torch.tensor((double)step.Inputs.shape[0]))
        );
        using var data = Stripes();
        var spec = kind.Create(new(Layers.Sequential([Layers.Linear(2, 1)]), Layers.Linear(1, 2)));
        using var trained = spec.Fit(
            data,
            new FitOptions
            {
                MaxEpochs = 20,
                BatchSize = 8,
                Validation = data,
                WeightAveraging = new() { Decay = 0.5 },
                Build = new() { Device = "cpu", Lowerings = lowerings },
            }
        );

        var losses = trained.History.Series("train_loss");
        Assert.True(losses[^1] < losses[0] / 4);
        Assert.Equal(32, trained.Test(data)["rows"]);
        Assert.Equal(80, trained.Steps);
        Assert.False(trained.Module.get_parameter("encoder.0.bias")!.requires_grad);
        Assert.Equal(["optimizer"], trained.Optimizers.Keys);
        Assert.Equal([32, 2], trained.Predict(data).shape);
    }

    [Fact]
    public void Examples_are_made_or_come_one_after_another()
    {
        static (torch.Tensor, torch.Tensor) Pair(double x) =>
            (torch.tensor(new[] { (float)x }), torch.tensor(new[] { (float)(3 * x) }));

        using var made = Dataset.Generate(64, random => Pair(random.NextDouble()));
        using var trained = Applications
            .Regressor(Layers.Linear(1, 1), loss: Losses.MSELoss(), optimizer: Optimizers.Adam(lr: 0.05))
            .Fit(made, maxEpochs: 40, batchSize: 8, device: "cpu");
        Assert.True(trained.Test(made)["loss"] < 0.01);

        static async IAsyncEnumerable<(torch.Tensor, torch.Tensor)> Coming()
        {
            for (var i = 1; i <= 3; i++)
            {
                await Task.Yield();
                yield return Pair(i);
            }
        }

        using var streamed = Dataset.Stream(Coming());
        using var kept = streamed.Keep(3);
        Assert.Equal([1f, 2f, 3f], kept.Inputs.data<float>().ToArray());
        Assert.Equal([3, 1], trained.Predict(streamed).shape);
        using var doubled = kept.Transform((_, inputs) => inputs.mul(2)).Keep();
        Assert.Equal([2f, 4f, 6f], doubled.Inputs.data<float>().ToArray());
    }

    [Fact]
    public void Metrics_are_configured_like_any_module()
    {
        using var data = Stripes();
        var spec = Classifier()
            .Configure(
                "metrics",
                new[] { Metrics.MulticlassAccuracy(average: "micro"), Metrics.MulticlassF1Score() }
            )
            .Select("test_metrics/MulticlassF1Score")
            .Configure(MulticlassF1Score.Average, "none");
        using var trained = spec.Fit(data, validation: data, maxEpochs: 1, device: "cpu");

        Assert.Equal(
            ["train_accuracy", "train_f1_score", "train_loss", "val_accuracy", "val_f1_score", "val_loss"],
            trained.History[0].Metrics.Keys.Order(StringComparer.Ordinal)
        );
        Assert.Equal(
            ["accuracy", "f1_score_0", "f1_score_1", "loss"],
            trained.Test(data).Keys.Order(StringComparer.Ordinal)
        );

        using var matrix = trained.Measure(Metrics.MulticlassConfusionMatrix(), data, batchSize: 5);
        Assert.Equal([2, 2], matrix.shape);
        Assert.Equal(trained.Test(data)["accuracy"], matrix.diagonal().sum().item<double>() / 32);
    }

    [Fact]
    public void Callbacks_watch_a_run_and_stop_it()
    {
        using var data = Stripes();
        using var folder = new TemporaryFolder();
        var epochs = new List<int>();
        var options = new FitOptions
        {
            MaxEpochs = 20,
            BatchSize = 16,
            Validation = data,
            GradientClip = GradientClip.ByNorm(1),
            Build = "cpu",
            Callbacks =
            [
                Callback.OnEpochEnd((_, epoch) => epochs.Add(epoch.Number)),
                new EarlyStopping
                {
                    Monitor = "val_accuracy",
                    Mode = MonitorMode.Max,
                    MinDelta = 1,
                    Patience = 2,
                },
                new ModelCheckpoint(folder.Path) { Monitor = "val_loss", SaveLast = true },
            ],
        };
        using var trained = Classifier().Fit(data, options);

        Assert.Equal([0, 1, 2], epochs);
        Assert.StartsWith("val_accuracy was no better than", trained.Stopped, StringComparison.Ordinal);
        var best = Assert.Single(trained.Saved);
        Assert.Equal(trained.History[best.Epoch].Metrics["val_loss"], best.Score);
        using var loaded = Application.Load(best.Path, "cpu");
        Assert.Equal(best.Score!.Value, loaded.Test(data)["loss"], 1e-6);

        using var source = new CancellationTokenSource();
        var cancel = Callback.OnBatchEnd((_, batch) => source.Cancel());
        trained.Fit(data, options with { Callbacks = [cancel], Cancellation = source.Token });
        Assert.Equal((7L, "It was cancelled."), (trained.Steps, trained.Stopped));

        var counted = 0L;
        var counting = Callback.Create(run =>
        {
            var losses = new List<double>();
            return new()
            {
                BatchEnd = batch => losses.Add(batch.Loss),
                End = () => counted = losses.Count + run.Application.Steps,
            };
        });
        trained.Fit(data, maxEpochs: 1, batchSize: 16, callbacks: [counting]);
        Assert.Equal(8 + 1, counted);
    }

    [Fact]
    public void A_callback_remembers_beyond_a_run_and_a_file()
    {
        using var data = Stripes();
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "model.safetensors");
        var seen = new List<string?>();
        var remembering = Callback.OnEpochEnd(
            (run, epoch) =>
            {
                seen.Add(run.Recall("mine"));
                run.Remember("mine", $"\"{epoch.Number}\"");
            }
        );
        using (
            var trained = Classifier()
                .Fit(data, maxEpochs: 1, batchSize: 16, device: "cpu", callbacks: [remembering])
        )
        {
            trained.Fit(data, maxEpochs: 1, batchSize: 16, callbacks: [remembering]);
            trained.Save(path);
        }
        using var loaded = Application.Load(path, "cpu");
        loaded.Fit(data, maxEpochs: 1, batchSize: 16, callbacks: [remembering]);

        Assert.Equal([null, "\"0\"", "\"1\""], seen);
    }

    [Fact]
    public void What_fails_beside_a_run_does_not_lose_it()
    {
        using var data = Stripes();
        var stopped = Assert.Throws<TrainingStoppedException>(() =>
            Classifier()
                .Fit(data, batchSize: 16, device: "cpu", progress: _ => throw new FormatException("no"))
        );
        using var trained = stopped.Application;

        Assert.IsType<FormatException>(stopped.InnerException);
        Assert.Equal(2, trained.Steps);
        Assert.Throws<FormatException>(() =>
            trained.Fit(data, progress: _ => throw new FormatException("no"))
        );
    }

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("deeplay-").FullName;

        public void Dispose() => Directory.Delete(Path, true);
    }

    private sealed record Quantile(double Share = 0.5);

    [Fact]
    public void A_metric_of_ones_own_is_a_definition_and_two_functions()
    {
        var mean = Module.Define("MeanError").Metric();
        var quantile = Module.Define<Quantile>("QuantileError").Metric();
        var lowerings = Lowerings
            .Standard.Add(
                mean,
                _ =>
                    Metric.OfSums(
                        (outputs, targets) => [(outputs - targets).sum(), torch.tensor(outputs.numel())],
                        sums => sums[0] / sums[1]
                    )
            )
            .Add(
                quantile,
                a =>
                    Metric.OfAll(
                        (outputs, targets) => (outputs - targets).quantile(torch.tensor((float)a.Share))
                    )
            );
        using var data = new Dataset(
            torch.zeros(3, 2),
            torch.tensor(
                new float[,]
                {
                    { 1 },
                    { 2 },
                    { 6 },
                }
            )
        );
        var spec = Applications.Regressor(
            Layers.Linear(2, 1, bias: false),
            metrics: [mean.Create(), quantile.Create(new(0.25))]
        );
        using var trained = spec.Fit(data, maxEpochs: 0, device: "cpu", lowerings: lowerings);
        var tested = trained.Test(data, batchSize: 2);

        // Of no bias and inputs of 0, outputs are 0: the errors are -1, -2 and -6.
        Assert.Equal(-3, tested["mean_error"], 1e-6);
        Assert.Equal(-4, tested["quantile_error"], 1e-6);

        // A model with it is saved, and loaded where it is known.
        var json = spec.ToJson();
        Assert.Equal(spec, ModuleSpec.FromJson(json, Registry.Standard.Add(mean).Add(quantile)));
        Assert.Contains(
            "MeanError",
            Sample.Failure(() => ModuleSpec.FromJson(json)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_same_seed_trains_alike_and_what_is_saved_predicts_alike()
    {
        using var data = Stripes();
        var epochs = new List<int>();
        using var trained = Classifier()
            .Fit(
                data,
                data,
                maxEpochs: 2,
                batchSize: 8,
                seed: 5,
                progress: e => epochs.Add(e.Number),
                device: "cpu"
            );
        using var again = Classifier().Fit(data, maxEpochs: 2, batchSize: 8, seed: 5, device: "cpu");
        using var outputs = trained.Predict(data.Inputs);

        Assert.Equal([0, 1], epochs);
        Assert.Equal((2, 8L), (trained.History.Count, trained.Steps));
        Assert.Equal(again.History.Series("train_loss"), trained.History.Series("train_loss"));
        Assert.Equal(2, trained.History.Series("val_accuracy").Count);
        Assert.Equal(["accuracy", "loss"], trained.Test(data).Keys.Order(StringComparer.Ordinal));
        Assert.StartsWith("epoch,step", trained.History.ToCsv(), StringComparison.Ordinal);

        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.safetensors");
        try
        {
            trained.Save(path);
            using var restored = Application.Load(path, "cpu");
            using var same = restored.Predict(data.Inputs);
            Assert.True(same.equal(outputs).all().item<bool>());
            Assert.Equal(trained.Spec, restored.Spec);
            Assert.Equal(2, restored.History.Count);
            restored.Fit(data, maxEpochs: 1, batchSize: 8);
            Assert.Equal(3, restored.History.Count);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Settings_that_nothing_reads_stop_a_training_unless_they_are_allowed()
    {
        using var data = Stripes();
        var application = Applications
            .Classifier(Layers.Sequential(Layers.Linear(outFeatures: 2), Layers.LeakyReLU()))
            .Select("model/1")
            .Configure("negative_slope", 0.3)
            .Select("model/1")
            .Configure(Layers.Tanh());
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");

        Application Fit(bool allowUnused) =>
            application.Fit(data, maxEpochs: 1, device: "cpu", allowUnused: allowUnused);

        Assert.Equal(ErrorKind.UnusedSettings, Sample.Failure(() => Fit(false)).Kind);
        using var trained = Fit(true);
        trained.Save(path);
        Assert.Equal(ErrorKind.UnusedSettings, Sample.Failure(() => Application.Load(path, "cpu")).Kind);
        using var loaded = Application.Load(path, "cpu", allowUnused: true);
        Assert.Equal(trained.Steps, loaded.Steps);
        File.Delete(path);
    }

    [Fact]
    public void Only_applications_are_trained()
    {
        using var data = Stripes();

        Assert.Equal(
            ErrorKind.Malformed,
            Sample.Failure(() => Layers.Linear(2, 2).Fit(data, device: "cpu")).Kind
        );
        Assert.Equal(ErrorKind.Malformed, Sample.Failure(() => Application.Load("nothing.safetensors")).Kind);
    }

    [Fact]
    public void A_librarys_step_written_out_learns_the_same_and_parts_are_seen()
    {
        var model = Layers.Sequential(Layers.Linear(2, 4), Layers.ReLU(), Layers.Linear(4, 2));
        var classifier = Applications.Classifier(model, classes: 2);
        using var data = new Dataset(
            torch.arange(32.0f).reshape(16, 2),
            torch.arange(16, torch.int64).remainder(2)
        );
        var lowerings = Lowerings.Standard.AddTraining(
            classifier.Tree.Definition,
            step =>
            {
                var outputs = step.Call("model", step.Inputs);
                var loss = step.Call("loss", outputs, step.Targets);
                step.Minimize("optimizer", loss);
                step.Measure(loss, outputs);
            }
        );
        using var usual = classifier.Fit(data, maxEpochs: 2, device: "cpu");
        using var own = classifier.Fit(data, maxEpochs: 2, device: "cpu", lowerings: lowerings);
        Assert.Equal(usual.History.Series("train_loss"), own.History.Series("train_loss"));
        Assert.Equal(usual.History.Series("train_accuracy"), own.History.Series("train_accuracy"));
        using var hidden = own.PredictPart("model.1", data.Inputs, batchSize: 5);
        using var weight = own.Module.get_parameter("model.2.weight")!.detach();
        using var outputs = torch.nn.functional.linear(
            hidden,
            weight,
            own.Module.get_parameter("model.2.bias")
        );
        Assert.True(outputs.allclose(own.Predict([data.Inputs]), rtol: 1e-5));
        Assert.Throws<DeeplayException>(() => own.PredictPart("model.9", [data.Inputs]));
        Assert.Equal([16L, 4L], hidden.shape);
    }
}
