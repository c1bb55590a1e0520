using TorchSharp;

namespace Deeplay.Tests;

public class StateDictTests
{
    private static string Folder() => Directory.CreateTempSubdirectory("deeplay-").FullName;

    private static ModuleSpec Spec(int hidden = 8) =>
        Applications.Classifier(Components.MultiLayerPerceptron(2, [hidden], 2), classes: 2);

    private static Application Trained(int epochs, ModuleSpec? spec = null)
    {
        using var inputs = torch.arange(0, 64, torch.float32).reshape(32, 2).div(64);
        using var data = new Dataset(inputs.clone(), torch.arange(0, 32, torch.int64).remainder(2));
        return (spec ?? Spec()).Fit(data, maxEpochs: epochs, device: "cpu");
    }

    private static float[] Values(torch.nn.Module module) =>
        [.. module.parameters().SelectMany(p => p.data<float>().ToArray())];

    [Fact]
    public void Weights_go_out_and_in_under_other_names_in_shards()
    {
        var folder = Folder();
        var file = Path.Combine(folder, "model.safetensors");
        using var trained = Trained(1);
        using var other = Trained(0);
        StateDict.Save(
            file,
            trained,
            new() { Names = NameMap.Empty.ReplacePrefix("", "net."), MaxShardSize = 100 }
        );
        Assert.True(File.Exists(file + ".index.json"));

        var report = StateDict.Load(file, other, NameMap.Empty.ReplacePrefix("net.", ""));
        Assert.True(report.IsExact);
        Assert.Equal(
            ["blocks.0.layer.weight", "blocks.0.layer.bias", "blocks.1.layer.weight", "blocks.1.layer.bias"],
            report.Loaded
        );
        Assert.Equal(Values(trained.Network), Values(other.Network));

        using var net = Components.MultiLayerPerceptron(2, [8], 2).Build("cpu");
        StateDict.Save(file, trained);
        Assert.Equal(report.Loaded, StateDict.Load(file, net).Loaded);
        Assert.Equal(Values(trained.Network), Values(net));
        Directory.Delete(folder, true);
    }

    [Fact]
    public void What_does_not_fit_is_told_and_nothing_is_loaded()
    {
        var folder = Folder();
        var file = Path.Combine(folder, "model.safetensors");
        using var trained = Trained(0);
        using var net = Components.MultiLayerPerceptron(2, [9], 3).Build("cpu");
        var before = Values(net);
        StateDict.Save(file, trained, NameMap.Empty.Rename("blocks.1.layer.bias", "blocks.1.layer.bais"));

        var report = StateDict.Compare(file, net);
        Assert.False(report.IsExact);
        Assert.Equal(["blocks.1.layer.bias"], report.Missing);
        Assert.Equal(["blocks.1.layer.bais"], report.Unexpected);
        Assert.Equal(
            new TensorDifference("blocks.0.layer.weight", "(9, 2) float32", "(8, 2) float32"),
            report.Mismatched[0]
        );
        Assert.Empty(report.Converted);
        Assert.Contains("blocks.1.layer.bias (near it: blocks.1.layer.bais)", report.ToString());

        Assert.Equal(5, Sample.Failure(() => StateDict.Load(file, net)).Errors.Count);
        Assert.Equal(
            3,
            Sample.Failure(() => StateDict.Load(file, net, new() { Strict = false })).Errors.Count
        );
        Assert.Equal(before, Values(net));
        Directory.Delete(folder, true);
    }

    [Fact]
    public void Rules_are_data()
    {
        var rules = NameMap
            .Empty.Rename("a", "b")
            .ReplacePrefix("module.", "")
            .ReplacePattern("*.gamma", "*.weight")
            .ReplaceRegex(@"layers\.(\d+)", "blocks.$1")
            .Drop("head.*");
        var file = Path.Combine(Folder(), "names.json");
        rules.Save(file);
        Assert.Equal(rules.ToString(), NameMap.Load(file).ToString());
        Assert.Equal(rules.ToJson(), NameMap.FromJson(rules.ToJson()).ToJson());
        Assert.Equal(5, rules.ToString().Split('\n').Length);
        Assert.Equal(ErrorKind.Malformed, Sample.Failure(() => NameMap.FromJson("{}")).Kind);
    }

    [Fact]
    public void Checkpoints_and_state_dicts_are_averaged()
    {
        var folder = Folder();
        string[] files = [Path.Combine(folder, "1"), Path.Combine(folder, "2")];
        using var first = Trained(1);
        using var second = Trained(3);
        first.Save(files[0]);
        second.Save(files[1]);

        using var mean = Application.Average(files, device: "cpu");
        var expected = Values(first.Network).Zip(Values(second.Network), (a, b) => (a + b) / 2);
        Assert.All(expected.Zip(Values(mean.Network)), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
        Assert.Equal(3, mean.History.Count);

        StateDict.Save(files[0], first);
        StateDict.Save(files[1], second);
        StateDict.LoadAverage(files, first);
        Assert.Equal(Values(mean.Network), Values(first.Network));
        Assert.Equal(ErrorKind.Malformed, Sample.Failure(() => Application.Average([])).Kind);
        Directory.Delete(folder, true);
    }

    [Fact]
    public void A_path_that_is_none_is_a_typed_error()
    {
        using var trained = Trained(0);
        object? Save()
        {
            trained.Save("a\0b");
            return null;
        }

        Assert.Equal(ErrorKind.Malformed, Sample.Failure(Save).Kind);
        Assert.Equal(ErrorKind.Malformed, Sample.Failure(() => Application.Load("a\0b")).Kind);
        Assert.Equal(ErrorKind.Malformed, Sample.Failure(() => StateDict.Load("none", trained)).Kind);
    }
}
