namespace Deeplay;

/// <summary>Definitions with more to them. Each gives a new definition of the same type, which keeps its record of
/// parameters where it has one. Functions must give the same for the same arguments: they are called whenever a module is
/// constructed.</summary>
public static class DefinitionExtensions
{
    /// <summary>The same as a special case of another: it has that one's methods and styles, and selecting by kind
    /// finds both.</summary>
    public static T WithBase<T>(this T definition, ModuleDefinition parent)
        where T : ModuleDefinition => definition.With(FSharp.DefinitionModule.withBase, parent.Given().Inner);

    /// <summary>The same with a method, for <see cref="Editable.Call"/>.</summary>
    public static T WithMethod<T>(this T definition, ModuleAction method)
        where T : ModuleDefinition =>
        definition.With(FSharp.DefinitionModule.withMethod, method.Given().Inner);

    /// <summary>The same with a style, for <see cref="Editable.Style"/>.</summary>
    public static T WithStyle<T>(this T definition, ModuleAction style)
        where T : ModuleDefinition => definition.With(FSharp.DefinitionModule.withStyle, style.Given().Inner);

    /// <summary>The same with a function that has the last word on resolved arguments: on the user's settings too. What
    /// it changes, <see cref="ModuleSpec.Explain(string, string)"/> shows as the value, not among the candidates. It can
    /// change values of the parameters there are, and no others.</summary>
    public static T WithResolvedArguments<T>(
        this T definition,
        Func<ModuleArguments, ModuleArguments> resolve
    )
        where T : ModuleDefinition =>
        definition.With(
            FSharp.DefinitionModule.withResolve,
            OfArguments(resolve.Given(), result => result.Inner)
        );

    /// <summary>The same with a function that gives the arguments as given their final form, before they are
    /// resolved: a nested list flattened, say. It is called when a module is created, too, and sees what was given to
    /// <c>Create</c> alone: neither defaults nor what was configured later, so what it does to an argument a later
    /// <c>Configure</c> of it replaces. A name that is no parameter is an error.</summary>
    public static T WithPreparedArguments<T>(
        this T definition,
        Func<IReadOnlyDictionary<string, object?>, IReadOnlyDictionary<string, object?>> prepare
    )
        where T : ModuleDefinition
    {
        prepare.Given();
        var inner = Interop.Fun<FSharpMap<string, Core.Value>, FSharpMap<string, Core.Value>>(given =>
            Named.Read(prepare(given.ToDictionary(one => one.Key, one => Values.Object(one.Value))).Gave())
        );
        return definition.With(FSharp.DefinitionModule.withPrepare, inner);
    }

    /// <summary>The same with a function that has the last word on the constructed node: it gives the node it was given,
    /// with other arguments perhaps. It comes after <c>init</c>, so the children stay as <c>init</c> made them of the
    /// arguments before, and it can neither attach, remove nor configure any; what it changes, no candidate of
    /// <c>Explain</c> shows. To change what <c>init</c> sees, use <see cref="WithResolvedArguments"/>.</summary>
    public static T WithFinish<T>(this T definition, Func<ModuleNode, ModuleNode> finish)
        where T : ModuleDefinition
    {
        finish.Given();
        var inner = Interop.Fun<Core.Node, Core.Node>(node => finish(new(node.Tag, node)).Gave().Inner);
        return definition.With(FSharp.DefinitionModule.withFinish, inner);
    }

    /// <summary>The same with what is printed between its parentheses, where the tree is. Nothing else uses it.</summary>
    public static T WithExtra<T>(this T definition, Func<ModuleArguments, string> extra)
        where T : ModuleDefinition =>
        definition.With(FSharp.DefinitionModule.withExtra, OfArguments(extra.Given(), text => text));

    /// <summary>The same with the parameters that such a layer trains: their names and sizes, for summaries. None where
    /// a width that they need is not set.</summary>
    public static T WithWeights<T>(
        this T definition,
        Func<ModuleArguments, IReadOnlyList<(string Name, long[] Sizes)>> weights
    )
        where T : ModuleDefinition =>
        definition.With(
            FSharp.DefinitionModule.withWeights,
            OfArguments(
                weights.Given(),
                all => Interop.List(all.Select(one => Tuple.Create(one.Name, Interop.List(one.Sizes))))
            )
        );

    /// <summary>The same with the kinds of numbers that such a layer takes, for each of its inputs, and those that it gives, for each
    /// of its outputs. Whoever builds a model that holds it, and says what its inputs hold
    /// (<see cref="BuildOptions.InputDTypes"/>), then hears of others before anything is built. What is made of other modules holds
    /// what these take: that is an error, as are kinds of no input.</summary>
    public static T WithNumbers<T>(
        this T definition,
        IReadOnlyList<NumberKind> inputs,
        IReadOnlyList<NumberKind> outputs
    )
        where T : ModuleDefinition =>
        (T)
            definition
                .Given()
                .With(
                    FSharp.DefinitionModule.withNumbers(
                        NumberKinds.Of(inputs.Given()),
                        NumberKinds.Of(outputs.Given()),
                        definition.Inner
                    )
                );

    /// <summary>The same with its shapes, as documentation writes them: <c>"(…, features) → the same"</c>.</summary>
    public static T WithShapes<T>(this T definition, string text)
        where T : ModuleDefinition => definition.With(FSharp.DefinitionModule.withShapes, text.Given());

    /// <summary>The same with one more source of its formulas and names:
    /// <c>"Ba et al., 2016, Layer Normalization"</c>.</summary>
    public static T WithSource<T>(this T definition, string text)
        where T : ModuleDefinition => definition.With(FSharp.DefinitionModule.withSource, text.Given());

    /// <summary>The same with the example that documentation shows: arguments, as an anonymous object or a dictionary, and the
    /// inputs of a call. A name that is no parameter is an error.</summary>
    public static T WithExample<T>(this T definition, object? arguments, params ExampleInput[] inputs)
        where T : ModuleDefinition =>
        (T)definition.Given().Shown(inputs.Given(), MapModule.ToList(Named.Read(arguments)));

    /// <summary>The same with the numbers that its example gives, all of them in order: what it should give, by another source than
    /// its own code. Documentation shows them to four digits. A definition without an example is an error.</summary>
    public static T WithOutputs<T>(this T definition, params double[] numbers)
        where T : ModuleDefinition =>
        definition.With(FSharp.DefinitionModule.withOutputs, Interop.List(numbers.Given()));

    private static FSharpFunc<Core.Arguments, B> OfArguments<A, B>(
        Func<ModuleArguments, A> function,
        Func<A, B> inner
    ) => Interop.Fun<Core.Arguments, B>(arguments => inner(function(new(arguments)).Gave()));

    private static T With<T, A>(
        this T definition,
        Func<A, Core.Definition, Core.Definition> change,
        A argument
    )
        where T : ModuleDefinition => (T)definition.Given().With(change(argument, definition.Inner));
}
