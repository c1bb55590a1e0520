using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharpTests;

/// <summary>
/// The cases of reference/make.py in C#: what each name computes. Inputs are sines of the element's position.
/// </summary>
internal static partial class Cases
{
    internal static readonly Dictionary<string, Func<IEnumerable<double>>> All = Collect();

    private static Dictionary<string, Func<IEnumerable<double>>> Collect()
    {
        var all = new Dictionary<string, Func<IEnumerable<double>>>();
        AddTensors(all);
        AddActivations(all);
        AddLayers(all);
        AddPooling(all);
        AddRecurrent(all);
        AddLosses(all);
        AddOptimizers(all);
        AddSchedulers(all);
        AddRandom(all);
        return all;
    }

    internal static Tensor Wave(params long[] shape) => Wave(0.3, shape);

    internal static Tensor Wave(double phase, params long[] shape)
    {
        var count = shape.Aggregate(1L, (product, length) => product * length);
        var values = Enumerable.Range(0, (int)count).Select(k => (float)Math.Sin(0.7 * k + phase)).ToArray();
        return tensor(values, shape);
    }

    internal static Tensor Positive(params long[] shape) => Wave(shape).abs() + 0.1f;

    internal static T Fill<T>(T module)
        where T : nn.Module
    {
        using var quiet = no_grad();
        var i = 0;
        foreach (var parameter in module.parameters())
        {
            var offset = i++;
            var values = Enumerable
                .Range(0, (int)parameter.NumberOfElements)
                .Select(k => (float)(0.3 * Math.Sin(0.5 * k + offset)))
                .ToArray();
            parameter.copy_(tensor(values, parameter.shape));
        }
        return module;
    }

    internal static IEnumerable<double> Flat(params Tensor[] tensors)
    {
        using var scope = NewDisposeScope();
        return
        [
            .. tensors.SelectMany(t =>
                t.detach().to(ScalarType.Float64).contiguous().data<double>().ToArray()
            ),
        ];
    }

    private static void Tensors(
        this Dictionary<string, Func<IEnumerable<double>>> all,
        string name,
        Func<Tensor[]> make
    ) => all.Add(name, () => Flat(make()));

    private static void Layer(
        this Dictionary<string, Func<IEnumerable<double>>> all,
        string name,
        Func<nn.Module<Tensor, Tensor>> make,
        params long[] shape
    ) => all.Add(name, () => Outcome(make(), shape));

    /// <summary>Output, gradient of the input and of each parameter, of the sum of squares.</summary>
    private static IEnumerable<double> Outcome(nn.Module<Tensor, Tensor> module, long[] shape)
    {
        Fill(module);
        var x = Wave(shape).requires_grad_();
        var y = module.call(x);
        y.square().sum().backward();
        return Flat([y, x.grad!, .. module.parameters().Select(p => p.grad!)]);
    }

    private static void EvalLayer(
        this Dictionary<string, Func<IEnumerable<double>>> all,
        string name,
        Func<nn.Module<Tensor, Tensor>> make,
        params long[] shape
    )
    {
        all.Layer(name, make, shape);
        all.Add(
            name + ".eval",
            () =>
            {
                var module = make();
                Outcome(module, shape);
                module.eval();
                return Flat([module.call(Wave(shape)), .. module.buffers()]);
            }
        );
    }
}
