#:project ../src/Deeplay.CSharp
#:project ../src/Deeplay.Plots.CSharp
using Deeplay;
using TorchSharp;

// Words backwards: ReverseWords.cs [--quick] [FOLDER FOR THE RESULTS]. A network that reads a word and writes another, letter by letter, learns
// in a loop of one's own where to look, by each of three kinds of attention. With --quick all of it is shortened.
var isFull = !args.Contains("--quick");
var folder = args.FirstOrDefault(arg => !arg.StartsWith("--", StringComparison.Ordinal)) is { } given
    ? Directory.CreateDirectory(given).FullName
    : Directory.CreateTempSubdirectory("reverse-words-").FullName;

// Letters are 1, 2, …; what is written begins with 0.
const int letters = 12,
    length = 7,
    width = 48;
string[] names = ["queries", "keys", "values"];
var test = torch.randint(1, letters + 1, [256, length], torch.int64);

// ---- the modules: each kind of attention gives what it mixed of the values, and the weights
var dotProduct = Module
    .Define("DotProductAttention")
    .Init(m => m.ForwardMany(names, x => Mix(Product(x[0], x[1]), x[2])));
var trainable = Module
    .Define("TrainableAttention")
    .Init(m =>
    {
        var parts = new[] { "Wq", "Wk", "Wv" }
            .Select(name => m.Child(name, Layers.Linear(width, width)))
            .ToArray();
        return m.ForwardMany(
            names,
            x => Mix(Product(parts[0].Call(x[0]), parts[1].Call(x[1])), parts[2].Call(x[2]))
        );
    });
var additive = Module
    .Define("AdditiveAttention")
    .Init(m =>
    {
        var (wq, wk) = (
            m.Child("Wq", Layers.Linear(width, width)),
            m.Child("Wk", Layers.Linear(width, width))
        );
        var ws = m.Child("Ws", Layers.Linear(width, 1));
        return m.ForwardMany(
            names,
            x =>
                Mix(
                    ws.Call((wq.Call(x[0]).Unsqueeze(-2) + wk.Call(x[1]).Unsqueeze(-3)).Tanh()).Squeeze(-1),
                    x[2]
                )
        );
    });
var writer = Module.Define<Writer>(
    "Seq2SeqModel",
    (m, a) =>
    {
        var read = m.Child("in_embedding", Layers.Embedding(letters + 1, width));
        var encoder = m.Child("encoder", Layers.GRU(width, width, batchFirst: true, bidirectional: true));
        var write = m.Child("out_embedding", Layers.Embedding(letters + 1, width));
        var decoder = m.Child("decoder", Layers.GRU(width, width, batchFirst: true));
        var attention = m.Child("attention", a.Attention);
        var dense = m.Child("dense", Layers.Linear(width, letters + 1));
        return m.ForwardMany(
            ["word", "written"],
            x =>
            {
                var encoded = encoder.CallMany(2, read.Call(x[0]));
                var ways = encoded[0].Chunk(2, -1);
                var decoded = decoder.CallMany(2, write.Call(x[1]), encoded[1].Narrow(0, 0, 1))[0];
                var attended = attention.CallMany(2, decoded, ways[0] + ways[1], ways[0] + ways[1]);
                return [dense.Call(decoded + attended[0]), attended[1]];
            }
        );
    }
);

// ---- the loop
var maps = new List<torch.Tensor>();
foreach (var kind in new[] { dotProduct, trainable, additive })
{
    torch.manual_seed(1);
    using var net = writer.Create(new(kind.Create())).BuildModule(new() { Device = "cpu" });
    using var optimizer = Optimizers.Adam(lr: 3e-3).CreateOptimizer(net);
    torch.Tensor[] Call(torch.Tensor word, torch.Tensor written) =>
        ((torch.nn.Module<torch.Tensor[], torch.Tensor[]>)net).call([word, written]);
    for (var step = 0; step < (isFull ? 800 : 20); step++)
    {
        using var scope = torch.NewDisposeScope();
        var words = torch.randint(1, letters + 1, [64, length], torch.int64);
        var backwards = words.flip(1);
        var before = torch.cat([torch.zeros(64, 1, torch.int64), backwards[.., ..^1]], dim: 1);
        optimizer.Step(() =>
            torch.nn.functional.cross_entropy(Call(words, before)[0].flatten(0, 1), backwards.flatten())
        );
    }

    // Each letter follows from those it has written.
    using var noGrad = torch.no_grad();
    net.eval();
    var result = torch.zeros(256, 1, torch.int64);
    for (var i = 0; i < length; i++)
        result = torch.cat([result, Call(test, result)[0][.., ^1].argmax(-1, keepdim: true)], dim: 1);
    var share = result[.., 1..].eq(test.flip(1)).to(torch.float32).mean().item<float>();
    Console.WriteLine($"{kind.Id}: {share:F3} of the letters are right");
    maps.Add(Call(test[..1], result[..1, ..^1])[1]);
}
string[] ids = [dotProduct.Id, trainable.Id, additive.Id];

// Where each letter that is written (downwards) looks in the word that is read.
Plot.Predictions(torch.cat(maps), ids, ids).Save(Path.Combine(folder, "attention.png"));
Console.WriteLine($"The picture is in {folder}.");

static Sym Product(Sym queries, Sym keys) => queries.Matmul(keys.Transpose(-2, -1)) / Math.Sqrt(width);

static Sym[] Mix(Sym scores, Sym values)
{
    var weights = scores.Softmax(-1);
    return [weights.Matmul(values), weights];
}

sealed record Writer(ModuleSpec Attention);
