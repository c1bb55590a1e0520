using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;
using Problem = Deeplay.Core.OpShape.Problem;

namespace Deeplay;

/// <summary>Inputs that a layer can't take: what a shape rule stops with.</summary>
/// <param name="expected">What the layer takes, in words: <c>an input of 2 dimensions</c>.</param>
public sealed class ShapeMismatchException(string expected) : Exception($"Expected {expected.Given()}.")
{
    /// <summary>What the layer takes, in words.</summary>
    public string Expected { get; } = expected;
}

/// <summary>A layer that the engine makes and that is being defined. Ends with its shape rule: <c>Shape</c>,
/// <c>Shapes</c> or <c>SameShape</c>. How it is made is said where it is built, by <see cref="Lowerings"/>.</summary>
public sealed class LayerBuilder
{
    private readonly string id;
    private readonly string documentation;
    private readonly IReadOnlyList<Parameter> parameters;
    private readonly IReadOnlyList<(string Name, Func<Shape, long> From)> inferred;

    internal LayerBuilder(
        string id,
        string documentation,
        IReadOnlyList<Parameter> parameters,
        IReadOnlyList<(string Name, Func<Shape, long> From)> inferred
    )
    {
        this.id = id;
        this.documentation = documentation;
        this.parameters = parameters;
        this.inferred = inferred;
    }

    /// <summary>A parameter that must be given, or inferred.</summary>
    public LayerBuilder Parameter<T>(string name) => Parameter(new Parameter<T>(name));

    /// <summary>A parameter with a default.</summary>
    public LayerBuilder Parameter<T>(string name, T standard) =>
        Parameter(new Parameter<T>(name).WithDefault(standard));

    /// <summary>A parameter by its typed key.</summary>
    public LayerBuilder Parameter(Parameter key) =>
        new(id, documentation, [.. parameters, key.Given()], inferred);

    /// <summary>What the layer does, for people.</summary>
    public LayerBuilder Documentation(string text) => new(id, text.Given(), parameters, inferred);

    /// <summary>A parameter that, where it is not set, follows from the shape of the (first) input:
    /// <c>Infer("in_features", input => input[^1])</c>.</summary>
    public LayerBuilder Infer(string name, Func<Shape, long> from) =>
        new(id, documentation, parameters, [.. inferred, (name.Given(), from.Given())]);

    /// <summary>A layer that gives a tensor of the shape that it is given.</summary>
    public ModuleDefinition SameShape() => Shape((_, input) => input);

    /// <summary>A layer with one input and one output. The rule gives the shape of the output, or stops with
    /// <see cref="ShapeMismatchException"/>; it is asked where all sizes of the input are known.</summary>
    public ModuleDefinition Shape(Func<ModuleArguments, Shape, Shape> rule)
    {
        rule.Given();
        return Shapes(
            (arguments, inputs) =>
                inputs.Count == 1 ? [rule(arguments, inputs[0])] : throw new ShapeMismatchException("1 input")
        );
    }

    /// <summary>A layer with several inputs or outputs.</summary>
    public ModuleDefinition Shapes(
        Func<ModuleArguments, IReadOnlyList<Shape>, IReadOnlyList<Shape>> rule,
        int outputs = 1
    )
    {
        rule.Given();
        return Interop.Run(() =>
            new ModuleDefinition(
                FSharp.DefinitionModule.withDocumentation(
                    documentation,
                    FSharp.DefinitionModule.primitive(
                        id,
                        Deeplay.Parameter.All(parameters),
                        Interop.Fun<
                            Core.Arguments,
                            FSharpList<Core.Shape>,
                            FSharpResult<Core.Inference, Problem>
                        >((arguments, inputs) => Run(rule, arguments, inputs, outputs))
                    )
                )
            )
        );
    }

    private FSharpResult<Core.Inference, Problem> Run(
        Func<ModuleArguments, IReadOnlyList<Shape>, IReadOnlyList<Shape>> rule,
        Core.Arguments arguments,
        FSharpList<Core.Shape> inputs,
        int outputs
    )
    {
        var known = inputs.Select(Core.ShapeModule.tryKnown).ToArray();
        if (known.Any(shape => shape is null))
            return Gives(Enumerable.Repeat(Core.Shape.Unranked, outputs), []);
        var shapes = known.Select(shape => new Shape([.. shape.Value])).ToArray();
        try
        {
            var found = inferred
                .Where(parameter => arguments[parameter.Name].IsUnset && shapes.Length > 0)
                .Select(parameter =>
                    Tuple.Create(parameter.Name, Core.Value.NewInt(parameter.From(shapes[0])))
                )
                .ToArray();
            var filled = found.Aggregate(arguments, (all, one) => all.With(one.Item1, one.Item2));
            var given = Interop.Inside(() => rule(new ModuleArguments(filled), shapes).Gave());
            return Gives(given.Select(shape => Core.ShapeModule.known(shape.Gave())), found);
        }
        catch (ShapeMismatchException wrong)
        {
            return FSharpResult<Core.Inference, Problem>.NewError(
                new Problem(wrong.Expected, string.Join(", ", inputs))
            );
        }
    }

    private static FSharpResult<Core.Inference, Problem> Gives(
        IEnumerable<Core.Shape> outputs,
        IEnumerable<Tuple<string, Core.Value>> inferred
    ) =>
        FSharpResult<Core.Inference, Problem>.NewOk(
            new Core.Inference(Interop.List(outputs), Interop.List(inferred))
        );
}
