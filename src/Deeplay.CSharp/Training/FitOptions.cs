namespace Deeplay;

/// <summary>How an application is trained, as F# takes it.</summary>
internal static class FitOptions
{
    public static Torch.FitOptions From(
        Dataset? validation,
        int maxEpochs,
        long batchSize,
        long seed,
        bool shuffle,
        Action<Epoch>? progress,
        BuildOptions build
    ) =>
        new(
            maxEpochs,
            batchSize,
            Interop.Option(validation?.Inner),
            seed,
            shuffle,
            FuncConvert.FromAction<Torch.EpochRecord>(record => progress?.Invoke(new Epoch(record))),
            build.Inner
        );
}
