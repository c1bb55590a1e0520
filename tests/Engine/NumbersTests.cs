using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Xunit;

namespace Deeplay.Engine.Tests;

/// <summary>Every case against the numbers that PyTorch gave (reference/make.py says how they were made).</summary>
public class NumbersTests
{
    private static readonly Dictionary<string, double[]> Reference = JsonSerializer.Deserialize<
        Dictionary<string, double[]>
    >(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "reference", "numbers.json")))!;

    public static IEnumerable<TheoryDataRow<string>> Names => Reference.Keys.Select(name => new TheoryDataRow<string>(name));

    [Theory]
    [MemberData(nameof(Names))]
    public void GivesPyTorchsNumbers(string name)
    {
        var expected = Reference[name];
        var actual = Cases.All[name]().ToArray();
        Assert.Equal(expected.Length, actual.Length);
        for (var k = 0; k < expected.Length; k++)
            Assert.True(
                Math.Abs(expected[k] - actual[k]) <= 1e-5 + 1e-4 * Math.Abs(expected[k]),
                $"{name}, element {k}: expected {expected[k]:g9}, got {actual[k]:g9}"
            );
    }

    [Fact]
    public void EveryCaseHasNumbers() => Assert.Equal(Reference.Keys.Order(), Cases.All.Keys.Order());
}
