using System.Text.Json;
using TorchSharp;

namespace Deeplay.Tests;

/// <summary>Modules with parameters and buffers of their own, and sizes in their forward pass, against PyTorch's numbers
/// (tests/Unit/reference/own.py).</summary>
public class OwnTests
{
    private sealed record Norm(int Dim);

    private sealed record Positions(int Dim, int Length);

    private sealed record Heads(int Dim, int Count);

    private static readonly ModuleSpec RmsNorm = Module
        .Define<Norm>(
            "OwnRMSNorm",
            (m, a) =>
            {
                var weight = m.Parameter("weight", [a.Dim], Initial.Ones);
                return m.Forward(x => x * (x.Square().MeanKeep(-1) + 1e-6).Rsqrt() * weight);
            }
        )
        .Create(new(4));

    private static readonly ModuleSpec Tokens = Module
        .Define<Positions>(
            "Tokens",
            (m, a) =>
            {
                var cls = m.Parameter("cls_token", [1, 1, a.Dim], Initial.Zeros);
                var positions = m.Parameter(
                    "pos_embedding",
                    [1, a.Length + 1, a.Dim],
                    Initial.Normal(std: 0.02)
                );
                var proj = m.Child("proj", Layers.Linear(a.Dim, a.Dim));
                return m.Forward(x =>
                    Sym.Cat(1, cls.Expand(x.Size(0), -1, -1), proj.Call(x))
                    + positions.Narrow(1, 0, x.Size(1) + 1)
                );
            }
        )
        .Create(new(4, 5));

    private static readonly ModuleSpec Attention = Module
        .Define<Heads>(
            "CausalSelfAttention",
            (m, a) =>
            {
                var qkv = m.Child("qkv", Layers.Linear(a.Dim, 3 * a.Dim));
                var proj = m.Child("proj", Layers.Linear(a.Dim, a.Dim));
                return m.Forward(x =>
                {
                    var (batch, length) = (x.Size(0), x.Size(1));
                    Sym[] parts =
                    [
                        .. qkv.Call(x)
                            .Chunk(3, -1)
                            .Select(part => part.Reshape(batch, length, a.Count, -1).Transpose(1, 2)),
                    ];
                    var mixed = parts[0].ScaledDotProductAttention(parts[1], parts[2], isCausal: true);
                    return proj.Call(mixed.Transpose(1, 2).Reshape(batch, length, a.Dim));
                });
            }
        )
        .Create(new(4, 2));

    private static readonly ModuleSpec Centered = Module
        .Define<Norm>(
            "Centered",
            (m, a) =>
            {
                var running = m.Buffer("running_mean", [a.Dim], Initial.Zeros);
                var steps = m.Buffer("steps", [], Initial.Zeros, dtype: torch.ScalarType.Int64);
                return m.Forward(x =>
                {
                    var mean = x.Mean(0);
                    running.Update(0.9 * running + 0.1 * mean);
                    steps.Update((steps + 1).ToDType(torch.ScalarType.Int64));
                    return x - mean.ByMode(running);
                });
            }
        )
        .Create(new(3));

    private static JsonElement.ArrayEnumerator Cases =>
        JsonDocument
            .Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "reference", "own.json")))
            .RootElement.GetProperty("cases")
            .EnumerateArray();

    private static float[] Sines(long count, double seed) =>
        [.. Enumerable.Range(0, (int)count).Select(i => (float)Math.Sin(0.7 * i + seed))];

    private static torch.Tensor Fill(long[] shape, double seed) =>
        torch.tensor(Sines(shape.Aggregate(1L, (a, b) => a * b), seed)).reshape(shape);

    private static long[] Longs(JsonElement json) =>
        [.. json.EnumerateArray().Select(item => item.GetInt64())];

    [Theory]
    [InlineData("RMSNorm")]
    [InlineData("Tokens")]
    [InlineData("CausalSelfAttention")]
    [InlineData("Centered")]
    public void What_an_author_writes_gives_PyTorchs_numbers(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var spec = name switch
        {
            "RMSNorm" => RmsNorm,
            "Tokens" => Tokens,
            "Centered" => Centered,
            _ => Attention,
        };
        using var net = spec.Build("cpu");
        foreach (var recorded in Cases.Where(c => c.GetProperty("name").GetString() == name))
        {
            net.train(recorded.GetProperty("training").GetBoolean());
            foreach (var (i, (_, parameter)) in net.named_parameters().Index())
                parameter.copy_(Fill(parameter.shape, 1.0 + i));
            foreach (var (i, call) in recorded.GetProperty("calls").EnumerateArray().Index())
            {
                var output = net.call(Fill(Longs(call.GetProperty("input")), 0.1 * i));
                Assert.Equal(Longs(call.GetProperty("shape")), output.shape);
                var expected = call.GetProperty("output").EnumerateArray().Select(item => item.GetDouble());
                foreach (var (e, found) in expected.Zip(output.data<float>().ToArray()))
                    Assert.Equal(e, found, 1e-5);
            }
        }
    }

    [Fact]
    public void What_is_a_modules_own_counts_and_nothing_bakes_a_size_in()
    {
        Assert.Equal(48, Tokens.Summarize([2, 5, 4]).Parameters);
        Assert.Equal(new Shape(7, 4, 4), Tokens.InferShape(7, 3, 4));
        Assert.Equal(new Shape(2, 9, 4), Attention.InferShape(2, 9, 4));
    }

    [Fact]
    public void Operations_with_several_results_and_with_numbers()
    {
        var spec = Module
            .Define("Several")
            .Init(m =>
                m.ForwardMany(
                    ["x"],
                    inputs =>
                    {
                        var x = inputs[0];
                        var (values, indices) = x.Topk(2);
                        return [values, indices, x.Gt(0).Where(x, x * 0.5), x.Interpolated()];
                    }
                )
            )
            .Create();
        Assert.Equal(
            [new Shape(3, 2), new Shape(3, 2), new Shape(3, 4), new Shape(3, 4)],
            spec.InferShapes([3, 4])
        );
    }

    [Fact]
    public void Nulls_are_refused_by_their_names()
    {
        Assert.Throws<ArgumentNullException>(() =>
            Module
                .Define("Nothing")
                .Init(m => m.Forward(x => x.Reshape((SymInt)null!)))
                .Create()
                .InferShape(1)
        );
    }
}

internal static class OwnTestsSyms
{
    /// <summary>A function over symbols that a program gives itself.</summary>
    public static Sym Interpolated(this Sym x) =>
        x.Unsqueeze(0).Interpolate([x.Size(-1) * 2], "linear").Slice(-1, 0, x.Size(-1)).Squeeze(0);
}
