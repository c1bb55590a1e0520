using TorchSharp;

namespace Deeplay.Tests;

public class ValidationTests
{
    [Fact]
    public void Validation_is_run_within_epochs()
    {
        using var data = new Dataset(torch.ones(8, 2), torch.ones(8, 1));
        var spec = Applications.Regressor(Layers.Linear(2, 1));

        List<(int, long, string)> Validated(ValidationInterval? interval)
        {
            var seen = new List<(int, long, string)>();
            using var trained = spec.Fit(
                data,
                new FitOptions
                {
                    MaxEpochs = 2,
                    BatchSize = 2,
                    Validation = data,
                    ValidateWithin = interval,
                    Build = new() { Device = "cpu" },
                    Callbacks =
                    [
                        Callback.OnValidationEnd(
                            (_, told) =>
                                seen.Add((told.Number, told.Step, string.Join(",", told.Metrics.Keys)))
                        ),
                    ],
                }
            );
            Assert.Equal(2, trained.History.Count);
            return seen;
        }

        Assert.Equal([(0, 4, "val_loss"), (1, 8, "val_loss")], Validated(null));
        Assert.Equal([2L, 4, 6, 8], Validated(ValidationInterval.EpochPart(0.5)).Select(told => told.Item2));
        Assert.Equal([3L, 7], Validated(ValidationInterval.Batches(3)).Select(told => told.Item2));
        Assert.Equal([3L, 6], Validated(ValidationInterval.RunBatches(3)).Select(told => told.Item2));
        Assert.Throws<ArgumentNullException>(() => Callback.OnValidationEnd(null!));
    }
}
