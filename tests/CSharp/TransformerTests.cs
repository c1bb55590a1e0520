using TorchSharp;

namespace Deeplay.Tests;

/// <summary>Transformers in C#: factories, published sizes, and tables of sines.</summary>
public class TransformerTests
{
    private sealed record Length(int Rows);

    // Source: torchvision, models/vision_transformer.py; Radford et al., 2019, by the state dict of Hugging Face.
    [Fact]
    public void Published_sizes_have_the_published_numbers_of_parameters()
    {
        Assert.Equal(86_567_656, Models.ViTB16().Summarize(1, 3, 224, 224).Parameters);
        Assert.Equal(124_439_808, Models.CausalLanguageModel().Summarize(1, 16).Parameters);
    }

    [Fact]
    public void Widths_of_blocks_may_differ()
    {
        Assert.Equal(new Shape(2, 3), Models.ViT(1, 16, 4, [16, 32], 3, 4).InferShape(2, 1, 16, 16));
        Assert.Equal(
            new Shape(2, 5),
            Models.VisionTransformer(8, 4, 2, 2, 8, 16, classes: 5).InferShape(2, 3, 8, 8)
        );
        var encoder = Components.TransformerEncoderLayer(4, [4, 16], 4, 2, isCausal: true, normFirst: true);
        Assert.Equal(new Shape(5, 2, 4), encoder.InferShape(5, 2, 4));
    }

    [Fact]
    public void A_model_like_Llama_by_configuration()
    {
        var llama = Models
            .CausalLanguageModel(vocabSize: 11, features: 8, numLayers: 2, numHeads: 4)
            .Configure("num_kv_heads", 2)
            .Configure("positions", "rotary")
            .Configure("normalization", Layers.RMSNorm(8))
            .Configure("activation", Layers.SiLU())
            .Configure("gated", true)
            .Configure("bias", false)
            .Configure("tie_weights", false);
        Assert.Equal(new Shape(3, 7, 11), llama.InferShape(3, 7));
    }

    [Fact]
    public void A_table_of_ones_own_starts_from_sines_and_cosines()
    {
        var table = Module
            .Define<Length>(
                "Table",
                (m, a) =>
                {
                    var table = m.Buffer("table", [a.Rows, 2], Initial.Sinusoidal);
                    return m.Forward(x => x + table);
                }
            )
            .Create(new(2));
        using var built = table.Build("cpu");
        using var zeros = torch.zeros(2, 2);
        using var found = built.call(zeros);
        float[] expected = [0, 1, (float)Math.Sin(1), (float)Math.Cos(1)];
        Assert.Equal(expected, found.data<float>().ToArray());
    }
}
