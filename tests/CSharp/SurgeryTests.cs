using TorchSharp;

namespace Deeplay.Tests;

/// <summary>Edits of weights and branches, in C#.</summary>
public class SurgeryTests
{
    private static readonly ModuleSpec Mlp = Components.MultiLayerPerceptron(3, [4], 2);

    private static IEnumerable<string> Trained(torch.nn.Module built) =>
        built.named_parameters().Where(p => p.parameter.requires_grad).Select(p => p.name);

    [Fact]
    public void LoRA_trains_what_it_adds_alone()
    {
        var adapted = Mlp.Frozen().Select(".../layer").Lora(rank: 2, alpha: 4.0);
        using var built = adapted.Build("cpu");
        Assert.Equal(
            [
                "blocks.0.layer.lora_A",
                "blocks.0.layer.lora_B",
                "blocks.1.layer.lora_A",
                "blocks.1.layer.lora_B",
            ],
            Trained(built)
        );
        Assert.Contains("lora(alpha=4.0, rank=2)", adapted.ToString());
        Assert.Equal(Mlp, adapted.Undo().Undo());
    }

    [Fact]
    public void What_it_learned_is_merged()
    {
        var adapted = Mlp.Select(".../layer").Lora(rank: 2).Select("blocks", 0, "layer").SpectralNorm();
        using var built = adapted.Build("cpu");
        built.eval();
        foreach (var p in built.parameters())
            torch.nn.init.uniform_(p, -1, 1);
        var (plain, merged) = adapted.Merge(built, "cpu");
        using (merged)
        {
            using var x = torch.randn(5, 3);
            using var expected = built.call(x);
            using var found = ((torch.nn.Module<torch.Tensor, torch.Tensor>)merged).call(x);
            Assert.True(expected.allclose(found, rtol: 1e-4, atol: 1e-5));
        }
        Assert.Equal(Mlp.ToString(), plain.ToString());
    }

    [Fact]
    public void All_but_one_part_are_frozen()
    {
        using var built = Mlp.Frozen().Select("blocks", ^1).Frozen(false).Build("cpu");
        Assert.Equal(["blocks.1.layer.weight", "blocks.1.layer.bias"], Trained(built));
    }

    [Fact]
    public void Branches_are_edited()
    {
        var block = Blocks.Conv2dBlock(4, 8).Residual();
        var edited = block.DropPath(0.1).SqueezeExcitation(reduction: 4);
        Assert.Equal(
            "shortcut_start blocks drop_path squeeze_excitation shortcut_end",
            string.Join(" ", edited.Children.Select(child => child.Name))
        );
        Assert.Equal(0.1, edited.Argument<double>("drop_path", "p"));
        Assert.Equal(block, edited.Undo().Undo());
        Assert.Contains("weight_norm", Layers.Linear(3, 4).WeightNorm().ToString());
        Assert.Throws<DeeplayException>(() => Layers.ReLU().Lora());
    }
}
