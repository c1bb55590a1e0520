using Spectre.Console;
using TorchSharp;

namespace Deeplay.Tests;

/// <summary>Histories, logs and progress as a C# user has them.</summary>
[Collection("torch")]
public class LoggerTests
{
    private static Application Fitted(params Callback[] callbacks)
    {
        using var data = new Dataset(torch.ones(8, 2), torch.zeros(8, torch.int64));
        return Applications
            .Classifier(Layers.Linear(2, 2), classes: 2)
            .Fit(
                data,
                new()
                {
                    MaxEpochs = 2,
                    BatchSize = 4,
                    Build = "cpu",
                    Callbacks = callbacks,
                }
            );
    }

    [Fact]
    public void A_history_is_written_and_read()
    {
        using var trained = Fitted();
        var folder = Directory.CreateTempSubdirectory("deeplay-").FullName;
        try
        {
            var (csv, json) = (Path.Combine(folder, "h.csv"), Path.Combine(folder, "h.json"));
            trained.History.SaveCsv(csv);
            trained.History.SaveJson(json);
            foreach (var read in new[] { History.LoadCsv(csv), History.LoadJson(json) })
            {
                Assert.Equal(trained.History.ToCsv(), read.ToCsv());
                Assert.Equal(trained.History.Series("train_loss"), read.Series("train_loss"));
            }

            Assert.Equal(trained.History.ToJson(), History.FromJson(trained.History.ToJson()).ToJson());
            Assert.Equal(trained.History.ToCsv(), History.FromCsv(File.ReadAllText(csv)).ToCsv());
            Assert.Throws<DeeplayException>(() => History.LoadJson(csv));
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    [Fact]
    public void Logs_have_rows_of_steps_and_epochs()
    {
        var folder = Directory.CreateTempSubdirectory("deeplay-").FullName;
        try
        {
            using var trained = Fitted(
                new CsvLogger(folder) { LogEveryNSteps = 1, Name = "csv" },
                new TensorBoardLogger(folder) { LogEveryNSteps = 1, Version = 7 },
                new LearningRateMonitor { LoggingInterval = LoggingInterval.Epoch }
            );
            var lines = File.ReadAllLines(Path.Combine(folder, "csv", "version_0", "metrics.csv"));
            Assert.Equal("epoch,step,train_loss_step,lr-Adam,train_accuracy,train_loss", lines[0]);
            Assert.Equal(
                ["0,0,", "0,1,", "0,1,", "1,2,", "1,3,", "1,3,"],
                lines[1..].Select(line => line[..4])
            );
            Assert.StartsWith("1,3,,0.001,", lines[^1], StringComparison.Ordinal);
            Assert.Single(Directory.GetFiles(Path.Combine(folder, "lightning_logs", "version_7")));
            Assert.Equal(
                [
                    Path.Combine(folder, "csv", "version_0"),
                    Path.Combine(folder, "lightning_logs", "version_7"),
                ],
                trained.LogDirs
            );
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    [Fact]
    public void Progress_is_a_plain_line_where_there_is_no_terminal()
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(
            new()
            {
                Ansi = AnsiSupport.No,
                Interactive = InteractionSupport.No,
                Out = new AnsiConsoleOutput(text),
            }
        );
        (long? Batches, long Epochs, bool HasValidation) plan = default;
        using var trained = Fitted(
            new ProgressBar { Console = console },
            Callback.OnEpochEnd((run, _) => plan = (run.Batches, run.Epochs, run.HasValidation))
        );
        Assert.Equal((2L, 2L, false), plan);
        var lines = text.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("epoch 2/2  2 batches in 0:0", lines[1], StringComparison.Ordinal);
    }
}
