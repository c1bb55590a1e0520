using TorchSharp;

namespace Deeplay.Tests;

/// <summary>Models and datasets of graphs, as a C# user has them.</summary>
public class GraphTests
{
    private static torch.Tensor Filled(params long[] shape) =>
        torch.arange(shape.Aggregate(1L, (a, b) => a * b), dtype: torch.float32).sin().reshape(shape);

    private static torch.Tensor Line(long nodes) =>
        torch.stack([torch.arange(nodes - 1), torch.arange(1, nodes)]);

    private static (Inputs, torch.Tensor) Graph(long nodes) =>
        (
            Inputs.Graph(
                ("x", Filled(nodes, 3)),
                ("edge_index", Line(nodes)),
                ("edge_attr", Filled(nodes - 1, 2))
            ),
            Filled(1, 1)
        );

    [Fact]
    public void Graphs_are_put_together_and_learned_from()
    {
        using var scope = torch.NewDisposeScope();
        var both = Inputs.Graphs(Graph(3).Item1, Graph(2).Item1);
        Assert.True(both.IsGraph);
        Assert.Equal([0L, 1, 3, 1, 2, 4], both["edge_index"].data<long>().ToArray());
        Assert.Equal([0L, 0, 0, 1, 1], both["batch"].data<long>().ToArray());

        using var data = Dataset.OfGraphs(Graph(3), Graph(2), Graph(5), Graph(4));
        using var app = Applications
            .Regressor(Models.GraphToGlobalMPM([8, 8], 1))
            .Fit(data, maxEpochs: 20, batchSize: 2);
        var losses = app.History.Select(epoch => epoch.Metrics["train_loss"]).ToList();
        Assert.True(losses[^1] < losses[0]);
        Assert.Equal([4L, 1], app.Predict(data).shape);
        Assert.Equal([2L, 1], app.Predict(both).shape);
    }

    [Fact]
    public void A_part_of_message_passing_is_changed_like_any_other()
    {
        var model = Models
            .GraphToNodeMPM([16, 16], 2)
            .Select("backbone")
            .Configure("propagate", Components.Mean())
            .Select("backbone/blocks/:/transform/activation")
            .Configure(Layers.GELU());
        Assert.Equal(2, model.ToString().Split("GELU").Length - 1);
        Assert.Equal(2, model.ToString().Split("(propagate): Mean()").Length - 1);
        Dictionary<string, long[]> shapes = new()
        {
            ["x"] = [7, 3],
            ["edge_index"] = [2, 11],
            ["edge_attr"] = [11, 4],
        };
        Assert.Equal("(7, 2)", model.InferShapes(shapes)[""].ToString());
    }

    [Fact]
    public void What_is_no_graph_is_refused()
    {
        using var scope = torch.NewDisposeScope();
        var error = Assert.Throws<DeeplayException>(() =>
            Inputs.Graph(("x", Filled(2, 3)), ("edge_index", Line(4)))
        );
        Assert.Contains("'edge_index': expected numbers of nodes from 0 to 1, found 3", error.Message);
    }
}
