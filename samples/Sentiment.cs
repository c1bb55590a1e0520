#:project ../src/Deeplay.CSharp
#:project ../src/Deeplay.Plots.CSharp
using Deeplay;
using TorchSharp;

// Did they like it? Sentiment.cs [--quick] [FOLDER FOR THE RESULTS]. A transformer of modules of one's own, in three levels, reads sentences
// of several lengths, all of a batch in one sequence. With --quick all of it is shortened.
var isFull = !args.Contains("--quick");
var folder = args.FirstOrDefault(arg => !arg.StartsWith("--", StringComparison.Ordinal)) is { } given
    ? Directory.CreateDirectory(given).FullName
    : Directory.CreateTempSubdirectory("sentiment-").FullName;
const int longest = 14;
string[] things = ["film", "book", "song", "play"],
    good = ["great", "lovely", "clever", "fine"],
    bad = ["dull", "awful", "weak", "silly"];
string[] words = ["", "the", "was", "not", "and", "but", "never", "really", .. things, .. good, .. bad];
var train = Sentences(isFull ? 4_000 : 100, seed: 1);
var validation = Sentences(500, seed: 2);
var test = Sentences(isFull ? 1_000 : 100, seed: 3);

// ---- the model and its training
var attention = Module.Define<Attention>(
    "MultiHeadAttentionLayer",
    (m, a) =>
    {
        var parts = new[] { "Wq", "Wk", "Wv" }
            .Select(name => m.Child(name, Layers.Linear(a.Features, a.Features)))
            .ToArray();
        var result = m.Child("Wout", Layers.Linear(a.Features, a.Features));
        return m.Forward(
            (sequence, indices) =>
            {
                var heads = parts
                    .Select(part =>
                        part.Call(sequence).Reshape(-1, a.Heads, a.Features / a.Heads).Permute(1, 0, 2)
                    )
                    .ToArray();
                var scores = heads[0].Matmul(heads[1].Transpose(-2, -1)) / Math.Sqrt(a.Features / a.Heads);
                var weights = scores
                    .MaskedFill(indices.Unsqueeze(1).Ne(indices.Unsqueeze(0)), double.NegativeInfinity)
                    .Softmax(-1);
                return result.Call(weights.Matmul(heads[2]).Permute(1, 0, 2).Reshape(-1, a.Features));
            }
        );
    }
);
var layer = Module.Define<Layer>(
    "SentimentEncoderLayer",
    (m, a) =>
    {
        var attend = m.Child("self_attn", attention.Create(new(a.Features, a.Heads)));
        var (first, second) = (
            m.Child("attn_norm", Layers.LayerNorm(a.Features)),
            m.Child("feedforward_norm", Layers.LayerNorm(a.Features))
        );
        var (one, two) = (
            m.Child("attn_dropout", Layers.Dropout(a.Dropout)),
            m.Child("feedforward_dropout", Layers.Dropout(a.Dropout))
        );
        var forward = m.Child(
            "feedforward",
            Layers.Sequential(
                Layers.Linear(a.Features, a.Wide),
                Layers.ReLU(),
                Layers.Linear(a.Wide, a.Features)
            )
        );
        return m.Forward(
            (sequence, indices) =>
            {
                var attended = first.Call(sequence + one.Call(attend.Call(sequence, indices)));
                return second.Call(attended + two.Call(forward.Call(attended)));
            }
        );
    }
);
var reader = Module.Define<Reader>(
    "TransformerEncoderModel",
    (m, a) =>
    {
        var embedding = m.Child("embedding", Layers.Embedding(a.Words, a.Features));
        var positions = m.Child("pos_encoder", Components.IndexedPositionalEmbedding(a.Features));
        positions["dropout"].Configure("p", a.Dropout);
        var layers = Enumerable
            .Repeat(layer.Create(new(a.Features, a.Heads, a.Wide, a.Dropout)), a.Count)
            .ToArray();
        var block = m.Child("transformer_block", Layers.LayerList(layers));
        var head = m.Child(
            "out_block",
            Components.MultiLayerPerceptron(a.Features, [a.Features / 2], 1, Layers.Sigmoid())
        );
        return m.Forward(
            (sequences, lengths) =>
            {
                // One sequence of all: 0, 2, 4, … is the sentence that a word is of, 1, 3, 5, … what fills these up.
                var (count, places) = (
                    sequences.Size(0),
                    sequences.Arange(0, sequences.Size(1), 1).Unsqueeze(0)
                );
                var (even, odd) = (sequences.Arange(0, 2 * count, 2), sequences.Arange(1, 2 * count + 1, 2));
                var isWord = places.Lt(lengths.Unsqueeze(1));
                var indices = isWord.Where(even.Unsqueeze(1), odd.Unsqueeze(1)).Flatten();
                var sequence = positions.Call(
                    embedding.Call(sequences.Flatten()) * Math.Sqrt(a.Features),
                    indices
                );
                for (var i = 0; i < a.Count; i++)
                    sequence = block[$"{i}"].Call(sequence, indices);
                var kept = sequence
                    .Reshape(count, -1, a.Features)
                    .MaskedFill(isWord.LogicalNot().Unsqueeze(-1), 0);
                return head.Call(kept.Sum(1) / lengths.Unsqueeze(1)).Squeeze(-1);
            }
        );
    }
);
var model = reader.Create(new(words.Length, Features: 48, Heads: 4, Wide: 64, Count: 2, Dropout: 0.1));
var classifier = Applications.BinaryClassifier(model, optimizer: Optimizers.AdamW(lr: 1e-3));
using var trained = classifier.Fit(train, validation, maxEpochs: isFull ? 5 : 1, batchSize: 16);

// ---- what it learned
Console.WriteLine($"accuracy {trained.Test(test)["accuracy"]:F3}");
trained.History.SavePlot(Path.Combine(folder, "curves.png"));
var scores = trained.Predict(test);
Plot.Roc(scores, test.Targets).Save(Path.Combine(folder, "roc.png"));
for (var i = 0; i < 4; i++)
{
    var text = test.AllInputs["sequences"][i]
        .data<long>()
        .ToArray()
        .Where(word => word != 0)
        .Select(word => words[word]);
    Console.WriteLine($"{scores[i].item<float>():F2}: {string.Join(' ', text)}");
}
Console.WriteLine($"The pictures are in {folder}.");

// Sentences that praise or blame one or two things, by denial too: "the book was not really dull but the film was great". The last one
// counts.
Dataset Sentences(int count, int seed)
{
    var random = new Random(seed);
    T One<T>(T[] of) => of[random.Next(of.Length)];
    var (tokens, lengths, likes) = (new long[count, longest], new long[count], new float[count]);
    for (var i = 0; i < count; i++)
    {
        var sentence = new List<string>();
        for (var clause = random.Next(2); clause >= 0; clause--)
        {
            var (isGood, denial) = (random.Next(2) == 0, One(new[] { "", "", "not", "never" }));
            sentence.AddRange(["the", One(things), "was"]);
            sentence.AddRange(denial == "" ? [] : [denial]);
            sentence.AddRange(random.Next(3) == 0 ? ["really"] : []);
            sentence.AddRange([
                One(isGood ? good : bad),
                .. clause == 0 ? Array.Empty<string>() : [One(new[] { "and", "but" })],
            ]);
            likes[i] = isGood == (denial == "") ? 1 : 0;
        }
        lengths[i] = sentence.Count;
        for (var k = 0; k < sentence.Count; k++)
            tokens[i, k] = Array.IndexOf(words, sentence[k]);
    }
    var inputs = Inputs.Named(("sequences", torch.tensor(tokens)), ("lengths", torch.tensor(lengths)));
    return new(inputs, torch.tensor(likes));
}

sealed record Attention(int Features, int Heads);

sealed record Layer(int Features, int Heads, int Wide, double Dropout);

sealed record Reader(int Words, int Features, int Heads, int Wide, int Count, double Dropout);
