using System.Runtime.InteropServices;
using System.Text.Json;

namespace TorchSharpTests;

/// <summary>TorchSharp: every case against the numbers that PyTorch gave (reference/make.py says how they were made).</summary>
public class NumbersTests
{
    private static readonly Dictionary<string, double[]> Reference = JsonSerializer.Deserialize<
        Dictionary<string, double[]>
    >(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "TorchSharp", "reference", "numbers.json")))!;

    public static IEnumerable<TheoryDataRow<string>> Names =>
        Reference.Keys.Select(name => new TheoryDataRow<string>(name));

    // What TorchSharp 0.107.0 does otherwise than PyTorch. These cases must differ: one that no longer does is taken off
    // the list.
    private static readonly Dictionary<string, string> Other = new()
    {
        ["nn.RNN.single"] = "an input without a batch is refused",
        ["nn.GRU.single"] = "an input without a batch is refused",
        ["nn.LSTM.single"] = "an input without a batch is refused",
        ["nn.LSTMCell"] = "a call without a state is refused",
        ["loss.GaussianNLL.mean"] = "the loss is summed over each row",
        ["loss.GaussianNLL.none"] = "the loss is summed over each row",
        ["schedule.MultiStepLR"] = "a milestone given twice counts once",
        ["init.xavier_normal"] = "the values are those of xavier_uniform_",
        ["init.trunc_normal"] = "other random numbers are drawn",
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void GivesPyTorchsNumbers(string name)
    {
        if (Other.TryGetValue(name, out var why))
            Assert.True(Difference(name) is not null, $"{name} is as in PyTorch, and no longer: {why}");
        else
            Assert.Null(Difference(name));
    }

    private static string? Difference(string name)
    {
        var expected = Reference[name];
        double[] actual;
        try
        {
            actual = Cases.All[name]().ToArray();
        }
        catch (ExternalException e)
        {
            return $"{name}: {e.Message}";
        }
        if (expected.Length != actual.Length)
            return $"{name}: expected {expected.Length} numbers, got {actual.Length}";
        for (var k = 0; k < expected.Length; k++)
            if (!(Math.Abs(expected[k] - actual[k]) <= 1e-5 + 1e-4 * Math.Abs(expected[k])))
                return $"{name}, element {k}: expected {expected[k]:g9}, got {actual[k]:g9}";
        return null;
    }

    [Fact]
    public void EveryCaseHasNumbers() => Assert.Equal(Reference.Keys.Order(), Cases.All.Keys.Order());
}
