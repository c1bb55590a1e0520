using TorchSharp;

namespace Deeplay.Tests;

/// <summary>Tensors put among named ones, as C# says it. What they compute is for the tests in F#.</summary>
[Collection("torch")]
public class AddDictTests
{
    [Fact]
    public void Named_tensors_take_one_more()
    {
        using var built = Module
            .Define("Doubling")
            .Init(m => m.Forward(named => named.Put("double", named["x"] + named["x"])))
            .Create()
            .Build<Dictionary<string, torch.Tensor>, Dictionary<string, torch.Tensor>>("cpu");
        var given = new Dictionary<string, torch.Tensor> { ["x"] = torch.ones(1) };
        var made = built.call(given);

        Assert.Equal(["double", "x"], made.Keys.Order());
        Assert.Equal(2, made["double"].item<float>());
        Assert.Equal(["x"], Components.AddDict(["x"]).Argument<IReadOnlyList<string>>("", "keys"));
    }
}
