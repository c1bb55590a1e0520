namespace Deeplay;

/// <content>Shapes and numbers of parameters, without a tensor.</content>
public partial class ModuleSpec
{
    /// <summary>The shape that comes out for an input of this shape, batch included. Nothing is allocated; what does
    /// not fit is an error that names the module.</summary>
    public Shape InferShape(params long[] input) =>
        new(Core.Shapes.output(Interop.List(input.Given()), Spec));

    /// <summary>The shapes that come out, in order, for inputs of these shapes, batch included:
    /// <c>InferShapes([8, 3], [8, 4])</c>.</summary>
    public IReadOnlyList<Shape> InferShapes(params IReadOnlyList<long[]> inputs) =>
        [.. Core.Shapes.outputs(Shape.All(inputs.Given()), Spec).Select(sizes => new Shape(sizes))];

    /// <summary>The shapes that come out for named tensors of these shapes, batch included; an output without a name is
    /// under "".</summary>
    public IReadOnlyDictionary<string, Shape> InferShapes(IReadOnlyDictionary<string, long[]> inputs) =>
        Core
            .Shapes.named(Shape.All(inputs.Given()), Spec)
            .ToDictionary(pair => pair.Key, pair => new Shape(pair.Value));

    /// <summary>The modules as a table, with shapes and numbers of parameters, for an input of this shape, batch
    /// included.</summary>
    public Summary Summarize(params long[] input) => Summarize([input.Given()]);

    /// <summary>The same for several inputs.</summary>
    public Summary Summarize(IReadOnlyList<long[]> inputs) =>
        new(Core.Shapes.summary(Shape.All(inputs.Given()), Spec));

    /// <summary>The same for named tensors.</summary>
    public Summary Summarize(IReadOnlyDictionary<string, long[]> inputs) =>
        new(Core.Shapes.summaryNamed(Shape.All(inputs.Given()), Spec));
}
