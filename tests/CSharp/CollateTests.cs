using TorchSharp;

namespace Deeplay.Tests;

/// <summary>Batches in a way of one's own, replaced examples and callbacks that save, as C# says it. What they do is for the tests
/// in F#.</summary>
[Collection("torch")]
public class CollateTests
{
    private static float[] Numbers(torch.Tensor tensor) =>
        tensor.to(torch.ScalarType.Float32).contiguous().data<float>().ToArray();

    private static Dataset Growing() =>
        Dataset.Indexed(3, i => (torch.arange(1, i + 2), torch.tensor((float)i)));

    [Fact]
    public void Sequences_are_filled_up()
    {
        using var padded = Growing().Collate(new PadOptions { Value = -1, Mask = "mask" }).Keep();
        Assert.Equal([1, -1, -1, 1, 2, -1, 1, 2, 3], Numbers(padded.AllInputs[0]));
        Assert.Equal([0, 1, 1, 0, 0, 1, 0, 0, 0], Numbers(padded.AllInputs[1]));

        torch.Tensor[] sequences = [torch.ones(2), torch.ones(1)];
        Assert.Equal([1, 1, 1, 7], Numbers(Collate.PadSequence(sequences, 7)));
        Assert.Equal([0, 0, 0, 1], Numbers(Collate.PaddingMask(sequences)));
        Assert.Throws<DeeplayException>(() => Collate.PadSequence([]));
        Assert.Equal(
            (0, 0, null),
            (new PadOptions().Value, new PadOptions().TargetValue, new PadOptions().Mask)
        );
    }

    [Fact]
    public void A_function_makes_batches()
    {
        var counts = new List<int>();
        using var first = Growing()
            .Collate(examples =>
            {
                counts.Add(examples.Count);
                var inputs = examples.Select(example => example.Inputs[0].narrow(0, 0, 1));
                return (torch.stack(inputs), torch.stack(examples.Select(example => example.Target)));
            })
            .Keep();

        Assert.Equal([1, 1, 1], Numbers(first.Inputs));
        Assert.Equal([0, 1, 2], Numbers(first.Targets));
        Assert.Contains(3, counts);
    }

    [Fact]
    public void A_share_of_the_examples_is_replaced()
    {
        var made = 0;
        using var data = Dataset.Generate(8, Draw, replace: 0);
        using var trained = Applications
            .Regressor(Layers.Linear(1, 1))
            .Fit(data, maxEpochs: 3, batchSize: 4, device: "cpu");

        // Those of the run, and the one that shows the shapes.
        Assert.Equal(9, made);
        Assert.Throws<DeeplayException>(() => Dataset.Generate(8, Draw, replace: 2));

        (torch.Tensor, torch.Tensor) Draw(Random random)
        {
            Interlocked.Increment(ref made);
            return (torch.tensor([random.NextSingle()]), torch.zeros(1));
        }
    }

    [Fact]
    public void What_saves_is_told_last()
    {
        var told = new List<string>();
        using var data = new Dataset(torch.zeros(4, 1), torch.zeros(4, 1));
        Applications
            .Regressor(Layers.Linear(1, 1))
            .Fit(
                data,
                maxEpochs: 1,
                device: "cpu",
                callbacks:
                [
                    Callback.CreateSaving(_ => new() { EpochEnd = _ => told.Add("saves") }),
                    Callback.Create(_ => new() { EpochEnd = _ => told.Add("watches") }),
                ]
            )
            .Dispose();

        Assert.Equal(["watches", "saves"], told);
    }

    [Fact]
    public void A_diffusion_model_makes_images_of_classes()
    {
        using var images = new Dataset(torch.zeros(4, 1, 4, 4), torch.tensor(new long[] { 0, 1, 2, 1 }));
        var unet = Components.AttentionUNet(channels: [2, 4], baseChannels: [4], classes: 3);
        using var trained = Applications
            .Diffusion(unet, numTimesteps: 4, betaSchedule: "cosine", classConditional: true)
            .Fit(images, maxEpochs: 1, batchSize: 2, device: "cpu");
        using var classes = torch.tensor(new long[] { 2, 0 });

        Assert.Equal([2L, 1L, 4L, 4L], trained.Sample(classes).shape);
        Assert.Equal([2L, 1L, 4L, 4L], trained.Sample(classes, seed: 1, sampler: Sampler.DDIM(2)).shape);
        Assert.Throws<DeeplayException>(() => trained.Sample(2));
    }

    [Fact]
    public void The_kinds_of_children_are_known_before_they_are_made()
    {
        var kinds = Array.Empty<string>();
        var definition = Module
            .Define("Asking")
            .Init(m =>
            {
                var list = m.Child("list", Layers.Sequential(Layers.Linear(2, 2), Layers.ReLU()));
                kinds = [.. list.Kinds().Select(child => $"{child.Name} {child.Kind.Id}")];
                return m.Forward(x => list.Call(x));
            });
        definition.Create().Build("cpu").Dispose();
        Assert.Equal(["0 Linear", "1 ReLU"], kinds);
    }
}
