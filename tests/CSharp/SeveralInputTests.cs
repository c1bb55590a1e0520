using TorchSharp;

namespace Deeplay.Tests;

/// <summary>Models of several inputs, as a C# user trains them.</summary>
public class SeveralInputTests
{
    // The sum of two linear layers, of three numbers and of two.
    private static readonly ModuleDefinition Sum = Module
        .Define("Both")
        .Init(m =>
        {
            var wide = m.Child("wide", Layers.Linear(3, 2));
            var narrow = m.Child("narrow", Layers.Linear(2, 2));
            return m.Forward((left, right) => wide.Call(left) + narrow.Call(right));
        });

    private static ModuleSpec Spec =>
        Applications.Regressor(Sum.Create(), loss: Losses.MSELoss(), optimizer: Optimizers.SGD(lr: 0.05));

    private static torch.Tensor Filled(params long[] shape) =>
        torch.arange(shape.Aggregate(1L, (a, b) => a * b), dtype: torch.float32).sin().reshape(shape);

    private static torch.Tensor Left => Filled(10, 3);
    private static torch.Tensor Right => Filled(10, 2).cos();
    private static torch.Tensor Targets => Filled(10, 2);

    private static readonly FitOptions Options = new()
    {
        MaxEpochs = 2,
        BatchSize = 4,
        Build = "cpu",
    };

    private static float[][] Weights(Application app) =>
        [.. app.Module.parameters().Select(p => p.data<float>().ToArray())];

    private static float[] Numbers(torch.Tensor tensor) => tensor.contiguous().data<float>().ToArray();

    [Fact]
    public void Two_inputs_train_as_a_loop_by_hand()
    {
        using var scope = torch.NewDisposeScope();
        using var data = new Dataset([Left, Right], Targets);
        using var trained = Spec.Fit(data, Options with { Shuffle = false });
        using var start = Spec.Fit(data, Options with { MaxEpochs = 0 });
        var net = (torch.nn.Module<torch.Tensor, torch.Tensor, torch.Tensor>)start.Module;
        var own = torch.optim.SGD(net.parameters(), 0.05);

        for (var epoch = 0; epoch < 2; epoch++)
        {
            foreach (var (first, count) in new[] { (0L, 4L), (4L, 4L), (8L, 2L) })
            {
                torch.Tensor Rows(torch.Tensor x) => x.narrow(0, first, count);
                own.zero_grad();
                torch.nn.functional.mse_loss(net.call(Rows(Left), Rows(Right)), Rows(Targets)).backward();
                own.step();
            }
        }

        Assert.Equal(Weights(start), Weights(trained));
    }

    [Fact]
    public void Inputs_go_by_place_or_by_name_and_in_any_form()
    {
        using var places = new Dataset([Left, Right], Targets);
        using var trained = Spec.Fit(places, Options);
        var expected = Weights(trained);
        torch.Tensor[] several = [Left, Right];
        Dictionary<string, torch.Tensor> ByName() => new() { ["right"] = Right, ["left"] = Left };

        foreach (
            var inputs in new Inputs[] { several, ByName(), Inputs.Named(("right", Right), ("left", Left)) }
        )
        {
            using var data = new Dataset(inputs, Targets);
            using var same = Spec.Fit(data, Options);
            Assert.Equal(expected, Weights(same));
        }

        Assert.Equal([("left", new Shape(3)), ("right", new Shape(2))], trained.InputShapes);
        using var outputs = trained.Predict(places);
        Assert.Equal(Numbers(outputs), Numbers(trained.Predict([Left, Right])));
        Assert.Equal(Numbers(outputs), Numbers(trained.Predict(ByName(), batchSize: 3)));

        Inputs both = Inputs.Named(("right", Right), ("left", Left));
        Assert.Equal(["right", "left"], both.Names);
        Assert.Equal(Numbers(Left), Numbers(both["left"]));
        Assert.Equal(2, both.ToArray().Length);
        Assert.Equal([10, 2], both[0].shape);
    }

    [Fact]
    public void Examples_of_several_inputs_are_made_or_come()
    {
        using var kept = new Dataset([Left, Right], Targets);
        (Inputs, torch.Tensor) At(long i) => (Inputs.Several(Left[i], Right[i]), Targets[i]);

        using var indexed = Dataset.Indexed(10, place => ([Left[place], Right[place]], Targets[place]));
        using var a = Spec.Fit(kept, Options);
        using var b = Spec.Fit(indexed, Options);
        Assert.Equal(Weights(a), Weights(b));

        using var streamed = Dataset.Stream(Enumerable.Range(0, 10).Select(i => At(i)));
        Assert.Equal(Numbers(a.Predict(kept)), Numbers(a.Predict(streamed)));

        async IAsyncEnumerable<(Inputs, torch.Tensor)> Coming()
        {
            for (var i = 0; i < 3; i++)
            {
                await Task.Yield();
                yield return At(i);
            }
        }

        using var coming = Dataset.Stream(Coming()).Keep(3);
        Assert.Equal(Numbers(Left[..3]), Numbers(coming.AllInputs[0]));

        using var made = Dataset
            .Generate(
                4,
                random => (Inputs.Named(("x", torch.tensor((float)random.NextDouble()))), torch.tensor(1f))
            )
            .Keep();
        Assert.Equal([4], made.AllInputs["x"].shape);
    }

    [Fact]
    public void One_input_is_changed_by_its_name_or_all_together()
    {
        using var data = new Dataset(Inputs.Named(("left", Left), ("right", Right)), Targets);
        using var doubled = data.Transform("left", (_, x) => x.mul(2)).Keep();
        Assert.Equal(Numbers(Left.mul(2)), Numbers(doubled.AllInputs["left"]));
        Assert.Equal(Numbers(Right), Numbers(doubled.AllInputs["right"]));

        using var swapped = data.TransformInputs((_, all) => Inputs.Several(all["right"], all["left"]))
            .Keep();
        Assert.Equal(Numbers(Right), Numbers(swapped.AllInputs[0]));

        using var pictures = new Dataset(
            Inputs.Named(("image", Filled(2, 1, 2, 2)), ("age", Filled(2, 1))),
            Filled(2, 1)
        );
        using var flipped = pictures.Augment("image", new RandomHorizontalFlip(P: 1)).Keep();
        Assert.Equal(Numbers(Filled(2, 1, 2, 2).flip(3)), Numbers(flipped.AllInputs["image"]));
    }

    [Fact]
    public void Applications_are_created_and_loaded_for_several_inputs()
    {
        using var data = new Dataset([Left, Right], Targets);
        using var forData = Spec.CreateApplication(data, "cpu");
        using var forShapes = Spec.CreateApplication(
            new()
            {
                Device = "cpu",
                InputShapes =
                [
                    [8, 3],
                    [8, 2],
                ],
            }
        );
        var names = new Dictionary<string, long[]> { ["right"] = [8, 2], ["left"] = [8, 3] };
        using var forNames = Spec.CreateApplication(new() { Device = "cpu", NamedShapes = names });
        Assert.All([forShapes, forNames], app => Assert.Equal(forData.InputShapes, app.InputShapes));
        Assert.Equal(0, forData.Steps);
        forData.Fit(data, Options);

        var path = Path.Combine(Path.GetTempPath(), $"deeplay-{Guid.NewGuid():N}.safetensors");

        try
        {
            forData.Save(path);
            using var loaded = Application.Load(path, "cpu", Registry.Standard.Add(Sum));
            Assert.Equal(Numbers(forData.Predict(data)), Numbers(loaded.Predict(data)));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_training_step_of_ones_own_has_all_inputs()
    {
        var kind = Module
            .Define("OwnOfTwo")
            .Application(m =>
            {
                m.Child("model", Sum.Create());
                m.Child("loss", Losses.MSELoss());
                m.Child("optimizer", Optimizers.SGD(lr: 0.05));
            });
        var lowerings = Lowerings.Standard.AddTraining(
            kind,
            step =>
            {
                var loss = step.Call("loss", step.Call("model", step.AllInputs), step.Targets);
                step.Minimize("optimizer", loss);
            }
        );
        using var data = new Dataset(Inputs.Named(("right", Right), ("left", Left)), Targets);
        using var own = kind.Create()
            .Fit(
                data,
                Options with
                {
                    Build = new() { Device = "cpu", Lowerings = lowerings },
                }
            );
        using var same = Spec.Fit(data, Options);
        Assert.Equal(Weights(same), Weights(own));
    }

    [Fact]
    public void Columns_in_groups_are_several_inputs()
    {
        var path = Path.Combine(Path.GetTempPath(), $"deeplay-{Guid.NewGuid():N}.csv");

        try
        {
            File.WriteAllText(path, "a,b,y\n1,2,3\n4,5,6\n");
            var table = Csv.Read(path, Column.Numbers("a", "b", "y"));
            using var data = table.Dataset([("left", ["b", "a"]), ("right", ["b"])], "y");
            Assert.Equal([2, 1, 5, 4], Numbers(data.AllInputs["left"]));
            Assert.Equal([2, 5], Numbers(data.AllInputs["right"]));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private sealed class Items : torch.utils.data.Dataset
    {
        public override long Count => 10;

        public override Dictionary<string, torch.Tensor> GetTensor(long index) =>
            new()
            {
                ["left"] = Left[index],
                ["right"] = Right[index],
                ["y"] = Targets[index],
            };
    }

    [Fact]
    public void Files_and_the_datasets_of_TorchSharp_give_inputs_by_their_names()
    {
        using var items = new Items();
        using var data = Datasets.Of(items, ["right", "left"], "y");
        Assert.Equal(["right", "left"], data.AllInputs.Names);
        Assert.Equal(Numbers(Left), Numbers(data.AllInputs["left"]));

        var path = Path.Combine(Path.GetTempPath(), $"deeplay-{Guid.NewGuid():N}.safetensors");

        try
        {
            using var linear = torch.nn.Linear(3, 2);
            StateDict.Save(path, linear);
            using var read = Datasets.Safetensors(path, ["weight", "bias"], "bias");
            Assert.Equal(Numbers(linear.weight), Numbers(read.AllInputs["weight"]));
        }
        finally
        {
            File.Delete(path);
        }

        var missing = Sample.Failure(() => Datasets.Npz(path, ["left", "right"], "y"));
        Assert.Contains("expected a file", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        using var data = new Dataset(Inputs.Named(("left", Left), ("rigth", Right)), Targets);
        var failure = Sample.Failure(() => Spec.Fit(data, Options));
        Assert.Equal((ErrorKind.UnknownName, "model"), (failure.Kind, failure.Errors[0].Tag));
        Assert.Contains("Did you mean 'right'?", failure.Message);
        Assert.Contains("of several `AllInputs` has each", Sample.Failure(() => data.Inputs).Message);
        Assert.Equal(
            ErrorKind.Malformed,
            Sample.Failure(() => new Dataset([Left, Right[..4]], Targets)).Kind
        );
        Assert.Equal(ErrorKind.Malformed, Sample.Failure(() => Inputs.Several()).Kind);

        using var one = new Dataset(Left, Targets);
        Assert.Equal(ErrorKind.WrongShape, Sample.Failure(() => Spec.Fit(one, Options)).Kind);
    }
}
