using TorchSharp;
using NamedTensors = System.Collections.Generic.Dictionary<string, TorchSharp.torch.Tensor>;

namespace Deeplay.Tests;

[Collection("engine")]
public class NamedTensorTests
{
    private static readonly ModuleDefinition Times = Module
        .Define("Times")
        .Parameter<double>("by")
        .Init(m => m.Forward(x => x * m.Get<double>("by")));

    private static readonly ModuleDefinition Minus = Module
        .Define("Minus")
        .Init(m => m.Forward((a, b) => a - b));

    private static readonly ModuleDefinition Fork = Module
        .Define("Fork")
        .Init(m => m.ForwardMany(["x"], inputs => [inputs[0] + 1, inputs[0] * 10]));

    private static ModuleSpec By(double by) => Times.Create(new { by });

    private static float[] Numbers(torch.Tensor tensor) => tensor.data<float>().ToArray();

    [Fact]
    public void A_built_module_is_called_with_a_dictionary_and_gives_one()
    {
        var model = Layers.Sequential(
            By(2).InputsFrom(["x"]).OutputsTo(["h"]),
            By(3).InputsFrom(["h"]).OutputsTo(["y"])
        );
        using var built = model.BuildModule("cpu");
        var net = Assert.IsType<torch.nn.Module<NamedTensors, NamedTensors>>(built, exactMatch: false);
        using var x = torch.tensor([1f, 2f]);
        var results = net.call(new NamedTensors { ["x"] = x });

        Assert.Equal(["h", "x", "y"], results.Keys.Order(StringComparer.Ordinal));
        Assert.Equal([6f, 12f], Numbers(results["y"]));
        Assert.Same(x, results["x"]);
        Assert.Equal(ErrorKind.WrongStructure, Sample.Failure(() => model.Build("cpu")).Kind);
    }

    [Fact]
    public void Inputs_go_by_order_or_by_name_and_outputs_by_order_or_by_place()
    {
        using var p = torch.tensor([10f]);
        using var q = torch.tensor([1f]);
        float Minus(ModuleSpec minus)
        {
            using var net = minus.Build<NamedTensors, torch.Tensor>("cpu");
            return Numbers(net.call(new NamedTensors { ["p"] = p, ["q"] = q }))[0];
        }
        NamedTensors Forked(ModuleSpec fork)
        {
            using var net = fork.Build<torch.Tensor, NamedTensors>("cpu");
            return net.call(p);
        }
        var minus = NamedTensorTests.Minus.Create();

        Assert.Equal(9, Minus(minus.InputsFrom(["p", "q"])));
        Assert.Equal(-9, Minus(minus.InputsFrom(["b=p", "a=q"])));
        Assert.Equal([100f], Numbers(Forked(Fork.Create().OutputsTo(["plus", "times"]))["times"]));
        Assert.Equal(["times"], Forked(Fork.Create().OutputsTo(["times=1"])).Keys);
        Assert.Equal([100f], Numbers(Forked(Fork.Create().OutputsTo(["times=1"]))["times"]));
    }

    [Fact]
    public void Parallel_modules_give_tensors_under_keys()
    {
        var model = Registry
            .Standard.Definitions["Parallel"]
            .Create(
                new
                {
                    layers = new List<ModuleSpec> { By(2).InputsFrom(["p"]), By(3).InputsFrom(["q"]) },
                    keys = new List<string> { "twice", "thrice" },
                }
            );
        using var net = model.Build<NamedTensors, NamedTensors>("cpu");
        using var p = torch.tensor([1f]);
        using var q = torch.tensor([2f]);
        var results = net.call(new NamedTensors { ["p"] = p, ["q"] = q });

        Assert.Equal([2f], Numbers(results["twice"]));
        Assert.Equal([6f], Numbers(results["thrice"]));
    }

    [Fact]
    public void Shapes_widths_and_summaries_go_by_keys()
    {
        var model = Layers.Sequential(
            Layers.Linear(null, 4).InputsFrom(["x"]).OutputsTo(["h"]),
            Layers.Linear(null, 2).InputsFrom(["h"]).OutputsTo(["y"])
        );
        var inputs = new Dictionary<string, long[]> { ["x"] = [5, 3] };
        using var net = model.BuildModule(new() { Device = "cpu", NamedShapes = inputs });

        Assert.Equal(new Shape(5, 2), model.InferShapes(inputs)["y"]);
        Assert.Equal([2, 4], net.get_parameter("1.weight")!.shape);
        Assert.Equal((3 * 4) + 4 + (4 * 2) + 2, model.Summarize(inputs).Parameters);
        var failure = Sample.Failure(() =>
            model.InferShapes(new Dictionary<string, long[]> { ["xs"] = [5, 3] })
        );
        Assert.Equal(
            "0 (Linear) expects a tensor named 'x' (near it: xs), but gets {xs: (5, 3)}.",
            failure.Message
        );
    }

    [Fact]
    public void Shapes_of_several_inputs_and_outputs_come_in_order()
    {
        Assert.Equal([new Shape(5, 2)], Minus.Create().InferShapes([5, 2], [2]));
        Assert.Equal([new Shape(5), new Shape(5)], Fork.Create().InferShapes([5]));
        Assert.Equal(
            ErrorKind.WrongShape,
            Sample.Failure(() => Minus.Create().InferShapes([5, 2], [3])).Kind
        );
        Assert.Equal(
            0,
            Minus
                .Create()
                .Summarize([
                    [5, 2],
                    [2],
                ])
                .Parameters
        );
    }

    [Fact]
    public void Maps_are_explained_and_saved()
    {
        var model = By(2).InputsFrom(["x"]).InputsFrom(["input=z"]).OutputsTo(["y"]);

        Assert.Equal(new object[] { "input=z" }, model.ExplainInputs("").Value);
        Assert.Equal([Origin.User, Origin.User], model.ExplainInputs("").Candidates.Select(c => c.Origin));
        Assert.Equal(new object[] { "y=0" }, model.ExplainOutputs("").Value);
        Assert.Equal(Unset.Value, By(2).ExplainOutputs("").Value);
        Assert.Equal(model, ModuleSpec.FromJson(model.ToJson(), Registry.Empty.Add(Times)));
        Assert.Equal(
            "~ the root: plain tensors → inputs from input=z; outputs to y",
            Diff.Between(By(2), model).ToString()
        );
    }
}
