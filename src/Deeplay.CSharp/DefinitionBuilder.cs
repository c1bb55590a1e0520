using Problem = Deeplay.Core.ShapeProblem;

namespace Deeplay;

/// <summary>A kind of module that is being defined. Ends with <c>Init</c>, which says what it is made of; or, for a layer
/// that torch makes, with its shape rule: <c>Shape</c>, <c>Shapes</c> or <c>SameShape</c>. How such a layer is made is
/// said where it is built, by <see cref="Lowerings"/>.</summary>
public sealed class DefinitionBuilder
{
    private readonly string id;
    private string documentation = "";
    private IReadOnlyList<ModuleParameter> parameters = [];
    private IReadOnlyList<(string Name, Func<Shape, long> From)> inferred = [];

    internal DefinitionBuilder(string id) => this.id = id.Given();

    /// <summary>A parameter that must be given, or inferred.</summary>
    public DefinitionBuilder Parameter<T>(string name) => Parameter(new Parameter<T>(name));

    /// <summary>A parameter with a default.</summary>
    public DefinitionBuilder Parameter<T>(string name, T standard) =>
        Parameter(new Parameter<T>(name).WithDefault(standard));

    /// <summary>A parameter by its typed key.</summary>
    public DefinitionBuilder Parameter(ModuleParameter key) => Parameters([key.Given()]);

    internal DefinitionBuilder Parameters(IEnumerable<ModuleParameter> more) =>
        With(copy => copy.parameters = [.. parameters, .. more]);

    /// <summary>What the module does, for people.</summary>
    public DefinitionBuilder Documentation(string text) => With(copy => copy.documentation = text.Given());

    /// <summary>A parameter that, where it is not set, follows from the shape of the (first) input:
    /// <c>Infer("in_features", input => input[^1])</c>. The children of a module infer their widths themselves; there this is for
    /// what the module has of its own (<see cref="ModuleBuilder.LazyParameter"/>), and for what its forward pass reads.</summary>
    public DefinitionBuilder Infer(string name, Func<Shape, long> from) =>
        With(copy => copy.inferred = [.. inferred, (name.Given(), from.Given())]);

    /// <summary>A module with a forward pass: attaches its children, and ends with
    /// <c>return m.Forward(x => …)</c>.</summary>
    public ModuleDefinition Init(Func<ModuleBuilder, Forward> init)
    {
        init.Given();
        return Init(new Action<ModuleBuilder>(builder => init(builder)));
    }

    /// <summary>A module that only holds others.</summary>
    public ModuleDefinition Init(Action<ModuleBuilder> init) =>
        Composite(init, FSharp.DefinitionModule.create);

    /// <summary>An application: attaches models, optimizers and what else it learns with, and ends with the forward pass that
    /// <c>Predict</c> gives. An optimizer steps the parameters that its <c>parameters</c> select, all where that is null; a child
    /// <c>lr_scheduler</c> is the schedule of all optimizers that have none of their own, which a child
    /// <see cref="Schedules.LRSchedulerConfig"/> says. How it learns is said where it is built, by
    /// <see cref="Lowerings.AddTraining"/>.</summary>
    public ModuleDefinition Application(Func<ModuleBuilder, Forward> init)
    {
        init.Given();
        return Application(new Action<ModuleBuilder>(builder => init(builder)));
    }

    /// <summary>The same without a forward pass.</summary>
    public ModuleDefinition Application(Action<ModuleBuilder> init) =>
        Composite(init, Torch.TrainingStepsModule.define);

    private ModuleDefinition Composite(
        Action<ModuleBuilder> init,
        Func<
            string,
            FSharpList<Core.Param>,
            FSharpFunc<Core.Arguments, FSharpFunc<Core.Builder, FSharp.Forward>>,
            Core.Definition
        > make
    )
    {
        init.Given();
        var inner = Interop.Fun<Core.Arguments, Core.Builder, FSharp.Forward>(
            (_, builder) =>
            {
                init(new(builder));
                // The forward pass is set already, by whoever gave `Forward`.
                return FSharp.Forward.NoForward;
            }
        );
        return Documented(inferred.Aggregate(make(id, ModuleParameter.All(parameters), inner), Inferring));
    }

    private static Core.Definition Inferring(
        Core.Definition made,
        (string Name, Func<Shape, long> From) parameter
    ) =>
        FSharp.DefinitionModule.inferredBy(
            parameter.Name,
            Interop.Fun<FSharpList<Core.Shape>, FSharpResult<Core.Dim, Problem>>(inputs =>
                Inferred(parameter.From, inputs)
            ),
            made
        );

    private static FSharpResult<Core.Dim, Problem> Inferred(
        Func<Shape, long> from,
        FSharpList<Core.Shape> inputs
    )
    {
        if (inputs.IsEmpty || Core.ShapeModule.tryKnown(inputs[0]) is not { } known)
            return FSharpResult<Core.Dim, Problem>.NewOk(Core.Dim.Unknown);
        try
        {
            return FSharpResult<Core.Dim, Problem>.NewOk(Core.Dim.NewKnown(from(new Shape(known.Value))));
        }
        catch (ShapeMismatchException wrong)
        {
            return FSharpResult<Core.Dim, Problem>.NewError(new(wrong.Expected, string.Join(", ", inputs)));
        }
    }

    /// <summary>A layer that gives a tensor of the shape that it is given.</summary>
    public ModuleDefinition SameShape() => Shape((_, input) => input);

    /// <summary>A layer with one input and one output. The rule gives the shape of the output, or stops with
    /// <see cref="ShapeMismatchException"/>. It is asked where all sizes of the input are known, without a tensor, and must
    /// give the same for the same arguments and input. It fills in no parameter, which <see cref="Infer"/> does, and makes
    /// nothing, which <see cref="Lowerings"/> do.</summary>
    public ModuleDefinition Shape(Func<ModuleArguments, Shape, Shape> rule)
    {
        rule.Given();
        return Shapes(
            (arguments, inputs) =>
                inputs.Count == 1 ? [rule(arguments, inputs[0])] : throw new ShapeMismatchException("1 input")
        );
    }

    /// <summary>A layer with several inputs or outputs; its rule is as that of <c>Shape</c>.</summary>
    public ModuleDefinition Shapes(
        Func<ModuleArguments, IReadOnlyList<Shape>, IReadOnlyList<Shape>> rule,
        int outputs = 1
    )
    {
        rule.Given();
        var inner = Interop.Fun<
            Core.Arguments,
            FSharpList<Core.Shape>,
            FSharpResult<Core.Inference, Problem>
        >((arguments, inputs) => Run(rule, arguments, inputs, outputs));
        return Defined(FSharp.DefinitionModule.primitive, inner);
    }

    /// <summary>A metric: it has no forward pass. How it measures is what <see cref="Lowerings"/> say, by
    /// <see cref="Deeplay.Metric"/>. It is logged by its id in snake case, or by its parameter <c>name</c> where it has
    /// one.</summary>
    public ModuleDefinition Metric()
    {
        if (inferred.Count > 0)
            throw Interop.Malformed(id, "a shape rule, from which parameters are inferred", "Metric");
        return Documented(Torch.Metric.define(id, ModuleParameter.All(parameters)));
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
        Shape[] shapes = [.. known.Select(shape => new Shape(shape.Value))];
        try
        {
            var found = inferred
                .Where(parameter => arguments[parameter.Name].IsUnset && shapes.Length > 0)
                .Select(one => Tuple.Create(one.Name, Core.Value.NewInt(one.From(shapes[0]))))
                .ToArray();
            var filled = found.Aggregate(arguments, (all, one) => all.With(one.Item1, one.Item2));
            var given = rule(new(filled), shapes).Gave();
            return Gives(given.Select(shape => Core.ShapeModule.known(shape.Gave())), found);
        }
        catch (ShapeMismatchException wrong)
        {
            return FSharpResult<Core.Inference, Problem>.NewError(
                new(wrong.Expected, string.Join(", ", inputs))
            );
        }
    }

    private static FSharpResult<Core.Inference, Problem> Gives(
        IEnumerable<Core.Shape> outputs,
        IEnumerable<Tuple<string, Core.Value>> inferred
    ) => FSharpResult<Core.Inference, Problem>.NewOk(new(Interop.List(outputs), Interop.List(inferred)));

    private ModuleDefinition Defined<F>(
        Func<string, FSharpList<Core.Param>, F, Core.Definition> make,
        F body
    ) => Documented(make(id, ModuleParameter.All(parameters), body));

    private ModuleDefinition Documented(Core.Definition made) =>
        new(FSharp.DefinitionModule.withDocumentation(documentation, made));

    private DefinitionBuilder With(Action<DefinitionBuilder> change)
    {
        var copy = (DefinitionBuilder)MemberwiseClone();
        change(copy);
        return copy;
    }
}
