using TorchSharp;

namespace Deeplay.Tests;

/// <summary>Autoencoders and diffusion as a C# user has them.</summary>
[Collection("torch")]
public class GenerativeTests
{
    private static readonly Dataset images = new(
        torch.full([6, 1, 8, 8], 0.5),
        torch.full([6, 1, 8, 8], 0.5)
    );

    private static Application Fit(ModuleSpec spec) =>
        spec.Fit(images, maxEpochs: 1, batchSize: 3, device: "cpu");

    private static bool Same(torch.Tensor a, torch.Tensor b) =>
        a.data<float>().ToArray().SequenceEqual(b.data<float>().ToArray());

    [Fact]
    public void Autoencoders_encode_decode_and_sample()
    {
        using var vae = Fit(Applications.VariationalAutoEncoder(2, inputSize: [8, 8], channels: [2, 4]));
        using var wae = Fit(
            Applications.WassersteinAutoEncoder(
                3,
                inputSize: [8, 8],
                channels: [2, 4],
                reconstructionLoss: Losses.L1Loss()
            )
        );
        var (mean, logVariance) = vae.EncodeDistribution(images.Inputs);
        Assert.Equal([6L, 2L], logVariance.shape);
        Assert.True(Same(mean, vae.Encode(images.Inputs)));
        Assert.True(Same(vae.Predict(images.Inputs), vae.Decode(mean)));
        Assert.Equal([6L, 3L], wae.Encode(images.Inputs).shape);
        Assert.Equal([4L, 1L, 8L, 8L], wae.Sample(4).shape);
        Assert.True(Same(vae.Sample(4, seed: 2), vae.Sample(4, seed: 2)));
        Assert.Single(wae.History.Series("train_mmd_loss"));
        var failure = Sample.Failure(() => vae.Sample(4, sampler: Sampler.DDPM));
        Assert.Contains("Diffusion", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_diffusion_model_samples_by_DDPM_and_DDIM()
    {
        var unet = Components.AttentionUNet(
            channels: [2, 4],
            baseChannels: [4],
            channelAttention: [false, true]
        );
        using var trained = Fit(Applications.Diffusion(unet, numTimesteps: 6, betaSchedule: "cosine"));
        Assert.Equal([2L, 1L, 8L, 8L], trained.Sample(2).shape);
        Assert.True(Same(trained.Sample(2), trained.Sample(2, sampler: Sampler.DDPM)));
        Assert.False(Same(trained.Sample(2), trained.Sample(2, sampler: Sampler.DDIM(3))));
    }

    [Fact]
    public void A_step_knows_the_arguments_of_its_application()
    {
        var own = Module
            .Define("Told")
            .Parameter<double>("weight")
            .Application(m =>
            {
                m.Child("layer", Layers.Linear(8, 1));
                m.Child("optimizer", Optimizers.Adam());
            });
        double? weight = null;
        var lowerings = Lowerings.Standard.AddTraining(
            own,
            step => weight = step.Arguments.Get<double>("weight")
        );
        own.Create(new { weight = 0.25 })
            .Fit(images, maxEpochs: 1, device: "cpu", lowerings: lowerings)
            .Dispose();
        Assert.Equal(0.25, weight);
    }
}
