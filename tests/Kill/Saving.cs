#:project ../../src/Deeplay.CSharp
using System.Globalization;
using Deeplay;
using static TorchSharp.torch;

// Saves over the same paths until it is ended: Saving.cs FOLDER [named]. Before, it looks at what the one before it left there: every
// file loads and is of one save, and after the first save of its own nothing else is in the folder. "named" does without files that
// have no name, as on systems that lack them. It prints how many temporary files it found, and then "saving".
var folder = args[0];
AppContext.SetSwitch("Deeplay.UnnamedFiles", args.Length < 2);
var (checkpoint, single, sharded) = (
    At("app.safetensors"),
    At("single.safetensors"),
    At("sharded.safetensors")
);
var index = sharded + ".index.json";
using var app = Applications
    .Classifier(Components.MultiLayerPerceptron(64, [256, 256], 10), classes: 10)
    .Fit(Examples(), maxEpochs: 1, device: "cpu");
var last = Directory.GetFiles(folder).Length == 0 ? 0 : Check(false);
Console.WriteLine($"{Directory.GetFiles(folder, ".deeplay-*").Length} left");

// As many shards as there are now, and others.
Save(last + 1, last % 2 == 0 ? 100_000 : 150_000);
Check(true);
Console.WriteLine("saving");
for (var i = last + 2; ; i++)
    Save(i, i % 3 == 0 ? 100_000 : 150_000);

string At(string name) => Path.Combine(folder, name);

static Dataset Examples() => new(zeros(4, 64), zeros(4, int64));

void Save(long number, long shard)
{
    using (no_grad())
        foreach (var parameter in app.Network.parameters())
            parameter.fill_(number);
    app.Save(checkpoint);
    StateDict.Save(single, app);
    StateDict.Save(sharded, app, new() { MaxShardSize = shard });
}

// The number of the last save of which there is something.
long Check(bool isSaved)
{
    var names = Directory
        .GetFiles(folder)
        .Select(Path.GetFileName)
        .Where(name => !name!.StartsWith(".deeplay-", StringComparison.Ordinal))
        .ToList();
    var known = names.Where(name =>
        name is "app.safetensors" or "single.safetensors" or "sharded.safetensors.index.json"
    );
    var shards = names.Where(name => name!.StartsWith("sharded-", StringComparison.Ordinal));
    Demand(names.Count == known.Count() + shards.Count(), $"other files: {string.Join(", ", names)}");
    Demand(!isSaved || known.Count() == 3, "files are missing");
    Demand(!isSaved || Directory.GetFiles(folder, ".deeplay-*").Length == 0, "temporary files stay");

    var found = new List<long> { 0 };
    if (File.Exists(checkpoint))
    {
        using var loaded = Application.Load(checkpoint, "cpu");
        found.Add(Number(loaded));
    }
    foreach (var path in new[] { single, index })
        if (File.Exists(path))
        {
            StateDict.Load(path, app);
            found.Add(Number(app));
        }
    // Each is a whole file by itself, with an index or without.
    foreach (var shard in shards)
    {
        var report = StateDict.Load(At(shard!), app, new() { Strict = false });
        Demand(report.Loaded.Count > 0 && report.Unexpected.Count == 0, $"{shard} has other tensors");
    }
    Demand(!isSaved || found.Skip(1).Distinct().Count() == 1, "the files are of several saves");
    return found.Max();
}

static long Number(Application loaded)
{
    var numbers = loaded.Network.parameters().SelectMany(p => p.data<float>().ToArray()).Distinct().ToList();
    Demand(numbers.Count == 1, $"numbers of several saves: {string.Join(", ", numbers.Take(4))}");
    return (long)numbers[0];
}

static void Demand(bool holds, string what)
{
    if (!holds)
        throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"broken: {what}"));
}
