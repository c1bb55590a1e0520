using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using TorchSharp;
using Xunit;

namespace Deeplay.Engine.Tests;

/// <summary>The engine offers nothing that TorchSharp does not, and what it offers has TorchSharp's signatures.</summary>
public class SurfaceTests
{
    private static string? ListingPath()
    {
        for (
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            folder is not null;
            folder = folder.Parent
        )
        {
            var path = Path.Combine(folder.FullName, "shared", "reference", "torchsharp-api.txt");
            if (File.Exists(path))
                return path;
        }
        return null;
    }

    [Fact]
    public void EveryPublicMemberIsTorchSharps()
    {
        Assert.SkipWhen(
            Surface.IsTorchSharp,
            "The engine is TorchSharp, so there is nothing to compare with."
        );
        var path = ListingPath();
        Assert.SkipWhen(
            path is null,
            "shared/reference/torchsharp-api.txt is not here, so there is nothing to compare with."
        );
        var listing = File.ReadLines(path!).Where(line => !line.StartsWith('#')).Select(Normal).ToHashSet();
        var own = Surface.Of(typeof(torch).Assembly).Select(Normal).Distinct().ToList();
        Assert.True(own.Count > 1500, $"Only {own.Count} members were found.");
        var foreign = own.Where(line => !listing.Contains(line)).Order().ToList();
        Assert.True(
            foreign.Count == 0,
            $"{foreign.Count} of {own.Count} are not TorchSharp's:\n" + string.Join("\n", foreign)
        );
    }

    // Nullability of references is annotated more fully here; obsolete marks and bases follow other rules.
    private static string Normal(string line)
    {
        var mark = line.IndexOf(" [Obsolete", StringComparison.Ordinal);
        if (mark >= 0)
            line = line[..mark];
        if (line.Contains(" [type: "))
        {
            var bases = line.IndexOf("] :", StringComparison.Ordinal);
            if (bases >= 0)
                line = line[..(bases + 1)];
            var limits = line.IndexOf("] where", StringComparison.Ordinal);
            if (limits >= 0)
                line = line[..(limits + 1)];
        }
        return line.Replace("?", "");
    }
}
