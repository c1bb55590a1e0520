using TorchSharp;

namespace Deeplay.Tests;

public class BuildTests
{
    [Fact]
    public void A_module_is_built_with_PyTorchs_names()
    {
        using var net = Blocks.LinearBlock(3, 4).Normalized().Build("cpu");

        Assert.Equal(
            ["layer.weight", "layer.bias", "normalization.weight", "normalization.bias"],
            net.named_parameters().Select(parameter => parameter.name)
        );
        using var input = torch.zeros(2, 3);
        using var output = net.call(input);
        Assert.Equal([2, 4], output.shape);
    }

    [Fact]
    public void Widths_are_inferred_from_the_shape_of_an_input()
    {
        var lazy = Layers.Sequential(Layers.Linear(null, 4), Layers.Linear(null, 2));
        using var net = lazy.Build("cpu", 8, 3);

        Assert.Equal([4, 3], net.get_parameter("0.weight")!.shape);
        Assert.Equal(ErrorKind.Missing, Sample.Failure(() => lazy.Build("cpu")).Kind);
    }

    [Fact]
    public void A_module_of_ones_own_computes_what_its_forward_says()
    {
        var definition = Module
            .Define("Halved")
            .Init(m =>
            {
                var layer = m.Child("layer", Layers.Linear(2, 2, bias: false));
                return m.Forward(x => (layer.Call(x) - layer.Call(x) * 0.5) / 2);
            });
        using var net = definition.Create().Build("cpu");
        using var input = torch.ones(1, 2);
        using var expected = net.get_parameter("layer.weight")!.sum(1).div(4).unsqueeze(0);
        using var output = net.call(input);

        Assert.True(output.allclose(expected));
    }

    [Fact]
    public void What_takes_several_tensors_is_built_without_a_cast()
    {
        using var add = Layers.Add().Build<torch.Tensor, torch.Tensor, torch.Tensor>("cpu");
        using var one = torch.tensor([1f, 2f]);
        using var sum = add.call(one, one);

        Assert.Equal([2f, 4f], sum.data<float>().ToArray());
    }

    [Fact]
    public void What_does_not_have_the_inputs_asked_for_says_how_it_is_built()
    {
        var failure = Sample.Failure(() => Layers.Add().Build("cpu"));

        Assert.Equal(ErrorKind.WrongStructure, failure.Kind);
        Assert.Contains(
            "not a Module<Tensor, Tensor>, but a Module<Tensor, Tensor, Tensor>",
            failure.Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "BuildModule()",
            Sample.Failure(() => Layers.LayerList(Layers.ReLU()).Build("cpu")).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Options_combine()
    {
        BuildOptions cpu = "cpu";
        using var logs = new Logs();
        var logged = cpu with
        {
            Logs = logs,
            InputShapes =
            [
                [2, 3],
            ],
        };
        using var net = Layers.Linear(null, 4).LogOutput("y").Build(logged);
        using var input = torch.ones(2, 3);
        using var output = net.call(input);

        Assert.Equal([2, 4], logs["y"].shape);
        Assert.Equal("cpu", ((BuildOptions)torch.device("cpu")).Device);
        var both = logged with { NamedShapes = new Dictionary<string, long[]> { ["x"] = [2, 3] } };
        Assert.Equal(ErrorKind.Malformed, Sample.Failure(() => Layers.ReLU().Build(both)).Kind);
    }

    [Fact]
    public void Hooks_run_when_it_is_built()
    {
        var seen = new List<string>();
        var module = Blocks
            .LinearBlock(3, 4)
            .Select("layer")
            .AfterBuild("note", built => seen.Add(built.GetName()))
            .Select("layer")
            .BeforeBuild("unbias", node => node.WithArgument("bias", false));
        using var net = module.Build("cpu");

        Assert.Equal(["Linear"], seen);
        Assert.Equal(["layer.weight"], net.named_parameters().Select(parameter => parameter.name));
        Assert.True(module.Argument<bool>("layer", "bias"));
    }

    [Fact]
    public void Settings_that_nothing_reads_stop_a_build_unless_they_are_allowed()
    {
        var module = Blocks
            .LinearBlock(3, 4, activation: Layers.LeakyReLU())
            .Select("activation")
            .Configure("negative_slope", 0.3)
            .Select("activation")
            .Configure(Layers.Tanh());

        Assert.Equal(ErrorKind.UnusedSettings, Sample.Failure(() => module.Build("cpu")).Kind);
        using var net = module.Build(new() { Device = "cpu", AllowUnused = true });
        Assert.NotNull(net);
    }

    [Fact]
    public void A_device_that_is_not_there_is_an_error_that_says_what_is_missing()
    {
        Assert.Equal(ErrorKind.Malformed, Sample.Failure(() => Layers.ReLU().Build("tpu")).Kind);
        if (!Devices.HasCuda)
            Assert.Contains(
                "no CUDA",
                Sample.Failure(() => Layers.ReLU().Build("cuda")).Message,
                StringComparison.Ordinal
            );
    }
}
