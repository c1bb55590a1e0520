namespace Deeplay;

/// <summary>How layers become torch modules: a function for each kind. A value that is passed along to
/// <c>Build</c>, <c>Fit</c> and <c>Load</c>; whoever defines a layer of their own adds how it is made.</summary>
public sealed class Lowerings
{
    private Lowerings(Torch.Lowerings inner) => Inner = inner;

    internal Torch.Lowerings Inner { get; }

    /// <summary>Those of the library: layers, losses, optimizers, schedules and metrics.</summary>
    public static Lowerings Standard { get; } = new(Torch.Lowering.standard);

    /// <summary>The ids of the kinds that can be made.</summary>
    public IReadOnlyCollection<string> Ids =>
        [.. Inner.Definitions.Select(definition => definition.Id).Order(StringComparer.Ordinal)];

    /// <summary>The same with one more: how a module of this kind is made of its resolved arguments. It replaces the one
    /// there was.</summary>
    /// <param name="layer">A kind made by <see cref="ModuleSpec.Define(string)"/>.</param>
    /// <param name="make">The torch module. It is called with as many tensors as the layer has inputs. What it gives
    /// belongs to the caller, who disposes it as soon as nothing needs it: a tensor of its own, the input itself or a
    /// parameter, but not a buffer or a tensor that it keeps.</param>
    public Lowerings Add(ModuleDefinition layer, Func<ModuleArguments, torch.nn.Module> make)
    {
        make.Given();
        var inner = Interop.Fun<Core.Arguments, torch.nn.Module>(arguments => make(new(arguments)).Gave());
        return new(Torch.Lowering.add(layer.Given().Inner, inner, Inner));
    }

    /// <summary>The same with how applications of a kind learn: one that <see cref="DefinitionBuilder.Application(Func{ModuleBuilder,
    /// Forward})"/> made, or one of the library's, whose own steps these take the place of.</summary>
    /// <param name="application">The kind: <c>classifier.Tree.Definition</c>.</param>
    /// <param name="train">What is done with a batch in training.</param>
    /// <param name="validate">What is done with one in validation and tests, in evaluation mode and without gradients; what the
    /// library does where null.</param>
    public Lowerings AddTraining(
        ModuleDefinition application,
        Action<StepContext> train,
        Action<StepContext>? validate = null
    )
    {
        train.Given();
        var steps = new Torch.TrainingSteps(
            Steps(train),
            validate is null ? null : Interop.Option(Steps(validate))
        );
        return new(Torch.Lowering.addTraining(application.Given().Inner, steps, Inner));
    }

    private static FSharpFunc<Torch.StepContext, Unit> Steps(Action<StepContext> work) =>
        FuncConvert.FromAction<Torch.StepContext>(step => work(new(step)));

    /// <summary>The same for a kind with the parameters of a record: <c>Add(scale, a => new Scaling(a.By))</c>.</summary>
    /// <inheritdoc cref="Add(ModuleDefinition, Func{ModuleArguments, torch.nn.Module})" path="/param"/>
    public Lowerings Add<T>(ModuleDefinition<T> layer, Func<T, torch.nn.Module> make)
    {
        make.Given();
        return Add((ModuleDefinition)layer, arguments => make(layer.Read(arguments)));
    }
}
