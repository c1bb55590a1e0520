using TorchSharp;

namespace Deeplay.Tests;

/// <summary>Applications of the library that are more than a model with targets, as a C# user has them.</summary>
public class ApplicationKindTests
{
    [Fact]
    public void ALanguageModelIsTrainedAndGoesOn()
    {
        const string text = "the cat sat on the mat. ";
        var vocabulary = Vocabulary.OfText(text);
        var model = Models.CausalLanguageModel(
            vocabSize: vocabulary.Size,
            maxLength: 6,
            features: 8,
            numLayers: 1,
            numHeads: 2
        );
        using var data = Texts.Windows(text, vocabulary, length: 6);
        using var trained = Applications.CausalLanguageModeling(model).Fit(data, maxEpochs: 1);
        var options = new GenerationOptions
        {
            MaxNewTokens = 5,
            DoSample = true,
            Temperature = 0.9,
            TopK = 3,
        };
        var written = trained.Generate("the", vocabulary, options);
        Assert.Equal(8, written.Length);
        Assert.StartsWith("the", written, StringComparison.Ordinal);
        Assert.Equal(written, trained.Generate("the", vocabulary, options));
        Assert.Equal([1, 8], trained.Generate(vocabulary.Encode("the").unsqueeze(0), options).shape);
        Assert.True(trained.Test(data)["perplexity"] > 1);
    }

    [Fact]
    public void RowsOfTokensBecomeExamples()
    {
        using var data = Texts.NextTokens(torch.tensor([1L, 2, 0, 3, 4, 5], [2, 3]), padding: 0);
        Assert.Equal([2L, -100, 4, 5], data.Targets.flatten().data<long>().ToArray());
    }

    [Fact]
    public void NamesMaySplitAndTranspose()
    {
        var names = NameMap
            .Empty.DropIfAny("*.mask")
            .Transpose("*.w")
            .Unsqueeze("wpe", 0)
            .Split("*.w", 0, ["*.q", "*.k"]);
        Assert.Equal(names.ToString(), NameMap.FromJson(names.ToJson()).ToString());
        Assert.Contains("split '*.w' along 0", names.ToString(), StringComparison.Ordinal);
        Assert.Contains("'*.c_attn.weight'", HuggingFaceNames.GPT2.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ALodeSTARFindsObjects()
    {
        var model = Components.ConvolutionalNeuralNetwork(inChannels: 1, hiddenChannels: [4], outChannels: 3);
        using var data = new Dataset(torch.rand(4, 1, 12, 12), torch.zeros(4));
        using var trained = Applications.LodeSTAR(model, nTransforms: 3).Fit(data, maxEpochs: 1);
        Assert.Equal([4, 2], trained.Pooled(data.Inputs).shape);
        Assert.Equal([4, 2], trained.Pooled(data.Inputs, torch.ones(4, 1, 12, 12)).shape);
        var options = new DetectionOptions { Cutoff = 0.5, Mode = CutoffMode.Ratio };
        var found = trained.Detect(data.Inputs, options);
        Assert.Equal(4, found.Count);
        Assert.All(found, each => Assert.Equal(2, each.shape[1]));
    }

    [Fact]
    public void AdversariesMakeImages()
    {
        long[] noise = [3];
        var generator = Layers.Sequential(Layers.Linear(3, 4), Layers.Sigmoid());
        var discriminator = Layers.Sequential(Layers.Linear(4, 1), Layers.Sigmoid());
        using var data = new Dataset(torch.rand(4, 4), torch.zeros(4));
        using var gan = Applications
            .GAN(generator, discriminator, latentShape: noise)
            .Fit(data, maxEpochs: 1);
        Assert.Equal([5, 4], gan.Generate(5).shape);

        using var pairs = new Dataset([torch.rand(4, 4), torch.rand(4, 4)], torch.zeros(4));
        var translator = Layers.Linear(4, 4);
        using var cycle = Applications
            .CycleGAN(translator, translator, discriminator, discriminator)
            .Fit(pairs, maxEpochs: 1);
        Assert.Equal([2, 4], cycle.ToSecond(torch.rand(2, 4)).shape);
        Assert.Equal([2, 4], cycle.ToFirst(torch.rand(2, 4)).shape);
    }
}
