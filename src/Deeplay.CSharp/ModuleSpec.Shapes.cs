using Microsoft.FSharp.Collections;

namespace Deeplay;

/// <content>Shapes and numbers of parameters, without a tensor.</content>
public partial class ModuleSpec
{
    /// <summary>The shape that comes out for an input of this shape, batch included. Nothing is allocated; what does
    /// not fit is an error that names the module.</summary>
    public Shape InferShape(params long[] input) =>
        Interop.Run(() => Known(Core.Shapes.output(Sizes(input.Given()), Spec)));

    /// <summary>The shapes that come out, in order, for inputs of these shapes, batch included:
    /// <c>InferShapes([8, 3], [8, 4])</c>.</summary>
    public IReadOnlyList<Shape> InferShapes(params IReadOnlyList<long[]> inputs) =>
        Interop.Run(() =>
            Core.Shapes.outputs(Interop.List(inputs.Given().Select(Sizes)), Spec).Select(Known).ToArray()
        );

    /// <summary>The shapes that come out for named tensors of these shapes, batch included; an output without a name is
    /// under "".</summary>
    public IReadOnlyDictionary<string, Shape> InferShapes(IReadOnlyDictionary<string, long[]> inputs) =>
        Interop.Run(() =>
            Core
                .Shapes.named(Keyed(inputs.Given()), Spec)
                .ToDictionary(pair => pair.Key, pair => Known(pair.Value))
        );

    /// <summary>The modules as a table, with shapes and numbers of parameters, for an input of this shape, batch
    /// included.</summary>
    public Summary Summarize(params long[] input) => Summarize([input.Given()]);

    /// <summary>The same for several inputs.</summary>
    public Summary Summarize(IReadOnlyList<long[]> inputs) =>
        Interop.Run(() => new Summary(Core.Shapes.summary(Interop.List(inputs.Given().Select(Sizes)), Spec)));

    /// <summary>The same for named tensors.</summary>
    public Summary Summarize(IReadOnlyDictionary<string, long[]> inputs) =>
        Interop.Run(() => new Summary(Core.Shapes.summaryNamed(Keyed(inputs.Given()), Spec)));

    private static Shape Known(FSharpList<long> sizes) => new([.. sizes]);

    private static FSharpList<long> Sizes(long[] shape) => Interop.List(shape);

    private static FSharpList<Tuple<string, FSharpList<long>>> Keyed(
        IReadOnlyDictionary<string, long[]> inputs
    ) => Interop.List(inputs.Select(pair => Tuple.Create(pair.Key, Sizes(pair.Value))));
}
