using TorchSharp;
using static TorchSharp.torch;

namespace Deeplay.Tests;

/// <summary>What goes wrong in a built model, a training or a file, as a C# user meets it.</summary>
public class FaultTests
{
    private static Dataset Data(Tensor targets) => new(zeros(targets.shape[0], 2), targets);

    private static ModuleSpec Classifier(ModuleSpec? loss = null, ModuleSpec? optimizer = null) =>
        Applications.Classifier(Layers.Linear(2, 2), loss: loss, optimizer: optimizer);

    [Fact]
    public void A_call_that_fails_names_the_layer_its_inputs_and_the_reason()
    {
        using var net = Components.MultiLayerPerceptron(4, [3], 2).Build("cpu");
        using var x = zeros(5, 7);
        var error = Assert.Single(Sample.Failure(() => net.call(x)).Errors);

        Assert.Equal((ErrorKind.CallFailed, "blocks.0.layer"), (error.Kind, error.Tag));
        Assert.StartsWith(
            "blocks.0.layer (Linear) fails on (5, 7) float32: mat1 and mat2 shapes cannot be multiplied",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void So_does_a_single_layer_and_a_part()
    {
        using var linear = Layers.Linear(4, 3).Build("cpu");
        using var net = Layers
            .Sequential(Layers.ReLU(), Components.MultiLayerPerceptron(4, [3], 2))
            .Build("cpu");
        using var x = zeros(5, 7);
        var part = (nn.Module<Tensor, Tensor>)net.named_children().Last().module;

        Assert.Equal("", Sample.Failure(() => linear.call(x)).Errors[0].Tag);
        Assert.Equal("1.blocks.0.layer", Sample.Failure(() => net.call(x)).Errors[0].Tag);
        Assert.Equal("1.blocks.0.layer", Sample.Failure(() => part.call(x)).Errors[0].Tag);
    }

    [Fact]
    public void So_do_named_tensors_and_the_model_of_an_application()
    {
        using var named = Layers
            .Sequential(Layers.Linear(4, 3).InputsFrom(["x"]).OutputsTo(["y"]))
            .Build<Dictionary<string, Tensor>, Dictionary<string, Tensor>>("cpu");
        using var x = zeros(5, 7);
        using var app = Classifier().Fit(Data(zeros(4, dtype: int64)), maxEpochs: 0, device: "cpu");

        Assert.Equal("0", Sample.Failure(() => named.call(new() { ["x"] = x })).Errors[0].Tag);
        Assert.Equal("0", Sample.Failure(() => named.call(new() { ["z"] = x })).Errors[0].Tag);
        Assert.Equal("model", Sample.Failure(() => app.Network.call(x)).Errors[0].Tag);
    }

    [Fact]
    public void What_was_not_logged_is_an_error_of_the_call()
    {
        using var net = Layers.Sequential(Layers.FromLogs("early")).Build("cpu");
        using var x = zeros(5, 7);

        Assert.Equal(ErrorKind.UnknownName, Sample.Failure(() => net.call(x)).Kind);
    }

    [Fact]
    public void Weights_that_no_machine_has_are_an_error_with_the_tag()
    {
        var error = Sample
            .Failure(() => Layers.Sequential(Layers.Linear(2_000_000_000, 2_000_000_000)).Build("cpu"))
            .Errors[0];

        Assert.Equal((ErrorKind.WrongStructure, "0"), (error.Kind, error.Tag));
        Assert.Contains(
            "its weight (2000000000, 2000000000) would take",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Another_kind_as_loss_or_optimizer_names_the_child_and_leaves_nothing_behind()
    {
        using var data = Data(zeros(4, dtype: int64));
        foreach (
            var (spec, child) in new[]
            {
                (Classifier(loss: Layers.ReLU()), "loss"),
                (Classifier(loss: Optimizers.SGD()), "loss"),
                (Classifier(optimizer: Losses.MSELoss()), "optimizer"),
            }
        )
        {
            var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            var error = Sample.Failure(() => spec.Fit(data, device: "cpu")).Errors[0];
            Assert.Equal((ErrorKind.WrongStructure, child), (error.Kind, error.Tag));
            Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }
    }

    [Fact]
    public void Nesterov_without_momentum_names_the_optimizer_and_leaves_nothing_behind()
    {
        using var data = Data(zeros(4, dtype: int64));
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var failure = Sample.Failure(() =>
            Classifier(optimizer: Optimizers.SGD(lr: 0.1, nesterov: true)).Fit(data, device: "cpu")
        );

        Assert.Contains("SGD", failure.Message, StringComparison.Ordinal);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Labels_that_the_loss_does_not_take_are_named_before_the_first_step()
    {
        using var outside = Data(tensor(new long[] { 0, 1, 2, 0 }));
        using var floats = Data(zeros(4));
        using var narrow = Data(zeros(4, dtype: int32));

        Assert.Equal(
            "loss (CrossEntropyLoss): 'targets' must be int64 class indices from 0 to 1 (or -100, which does not "
                + "count), but is 2 in row 2.",
            Sample.Failure(() => Classifier().Fit(outside, device: "cpu")).Message
        );
        Assert.Equal(
            "float32",
            Sample.Failure(() => Classifier().Fit(floats, device: "cpu")).Errors[0].Found
        );
        using var app = Classifier().Fit(narrow, maxEpochs: 1, device: "cpu");
        Assert.Equal(1, app.Steps);
    }

    [Fact]
    public void Inputs_of_another_rank_are_a_typed_error()
    {
        using var app = Classifier().Fit(Data(zeros(4, dtype: int64)), maxEpochs: 0, device: "cpu");
        using var scalar = tensor(1f);
        using var one = zeros(2);

        Assert.Equal("model", Sample.Failure(() => app.Predict(scalar)).Errors[0].Tag);
        Assert.Equal("(2,)", Sample.Failure(() => app.Predict(one)).Errors[0].Found);
    }

    [Fact]
    public void Two_fits_of_two_epochs_are_one_of_four()
    {
        using var data = Data(tensor(new long[] { 0, 1, 1, 0, 1, 0, 0, 1 }));
        var spec = Applications.Classifier(Layers.Sequential(Layers.Dropout(0.5), Layers.Linear(2, 2)));
        using var atOnce = spec.Fit(data, maxEpochs: 4, batchSize: 2, seed: 5, device: "cpu");
        using var inTwo = spec.Fit(data, maxEpochs: 2, batchSize: 2, seed: 5, device: "cpu");
        inTwo.Fit(data, maxEpochs: 2, batchSize: 2, seed: 5);

        Assert.Equal(atOnce.History.Series("train_loss"), inTwo.History.Series("train_loss"));
    }

    [Fact]
    public void Threads_predict_with_one_application_that_keeps_a_log()
    {
        var spec = Applications.Classifier(
            Components.MultiLayerPerceptron(4, [8], 2).Select("blocks", 0).LogOutput("hidden")
        );
        using var data = new Dataset(randn(8, 4), zeros(8, dtype: int64));
        using var app = spec.Fit(data, maxEpochs: 0, device: "cpu");
        using var x = randn(128, 4);
        var threads = Enumerable
            .Range(0, 8)
            .Select(_ => new Thread(() =>
            {
                for (var i = 0; i < 100; i++)
                    app.Predict(x, 64).Dispose();
            }))
            .ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        using var hidden = app.Logs["hidden"];
        Assert.Equal([64, 8], hidden.shape);
    }

    [Fact]
    public void Files_that_cannot_be_saved_or_loaded_are_named_with_the_remedy()
    {
        var own = Module
            .Define("OwnThing")
            .Init(m =>
            {
                var layer = m.Child("layer", Layers.Linear(2, 2));
                return m.Forward(x => layer.Call(x));
            });
        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            var path = Path.Combine(folder, "own.safetensors");
            using var app = Applications
                .Classifier(own.Create())
                .Fit(Data(zeros(4, dtype: int64)), maxEpochs: 0, device: "cpu");
            app.Save(path);
            var missing = Path.Combine(folder, "none");

            Assert.Contains(
                $"no folder '{missing}'",
                Sample.Failure(() => Saved(app, Path.Combine(missing, "m"))).Message,
                StringComparison.Ordinal
            );
            var message = Sample.Failure(() => Application.Load(path, "cpu")).Message;
            Assert.StartsWith(path, message, StringComparison.Ordinal);
            Assert.Contains("'OwnThing'", message, StringComparison.Ordinal);
            Assert.Contains("registry: Registry.Standard.Add(", message, StringComparison.Ordinal);
            using var loaded = Application.Load(path, "cpu", Registry.Standard.Add(own));
            Assert.Equal(app.Spec, loaded.Spec);
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    private static object? Saved(Application app, string path)
    {
        app.Save(path);
        return null;
    }
}
