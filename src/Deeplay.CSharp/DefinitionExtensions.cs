using Microsoft.FSharp.Collections;

namespace Deeplay;

/// <summary>Definitions with more to them. Each gives a new definition of the same type, which keeps its record of
/// parameters where it has one.</summary>
public static class DefinitionExtensions
{
    /// <summary>The same as a special case of another: it has that one's methods and styles, and selecting by kind
    /// finds both.</summary>
    public static T WithBase<T>(this T definition, ModuleDefinition parent)
        where T : ModuleDefinition =>
        With(definition.Given(), FSharp.DefinitionModule.withBase(parent.Given().Inner, definition.Inner));

    /// <summary>The same with a method, for <see cref="Editable.Call"/>.</summary>
    public static T WithMethod<T>(this T definition, ModuleAction method)
        where T : ModuleDefinition =>
        With(definition.Given(), FSharp.DefinitionModule.withMethod(method.Given().Inner, definition.Inner));

    /// <summary>The same with a style, for <see cref="Editable.Style"/>.</summary>
    public static T WithStyle<T>(this T definition, ModuleAction style)
        where T : ModuleDefinition =>
        With(definition.Given(), FSharp.DefinitionModule.withStyle(style.Given().Inner, definition.Inner));

    /// <summary>The same with a function that has the last word on resolved arguments: on the user's settings too. What
    /// it changes, <see cref="ModuleSpec.Explain(string, string)"/> shows as the value, not among the candidates. It can
    /// change values of the parameters there are, and no others.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="resolve">Called whenever the module is constructed: it must give the same for the same
    /// arguments.</param>
    public static T WithResolvedArguments<T>(
        this T definition,
        Func<ModuleArguments, ModuleArguments> resolve
    )
        where T : ModuleDefinition
    {
        resolve.Given();
        return With(
            definition.Given(),
            FSharp.DefinitionModule.withResolve(
                Interop.Fun<Core.Arguments, Core.Arguments>(arguments =>
                    Interop.Inside(() => resolve(new ModuleArguments(arguments)).Gave().Inner)
                ),
                definition.Inner
            )
        );
    }

    /// <summary>The same with a function that gives the arguments as given their final form, before they are
    /// resolved: a nested list flattened, say. It sees what was given to <c>Create</c> alone: neither defaults nor what
    /// was configured later, so what it does to an argument a later <c>Configure</c> of it replaces.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="prepare">Called when a module is created and whenever it is constructed: it must give the same for
    /// the same arguments. A name that is no parameter is an error.</param>
    public static T WithPreparedArguments<T>(
        this T definition,
        Func<IReadOnlyDictionary<string, object?>, IReadOnlyDictionary<string, object?>> prepare
    )
        where T : ModuleDefinition
    {
        prepare.Given();
        return With(
            definition.Given(),
            FSharp.DefinitionModule.withPrepare(
                Interop.Fun<
                    Microsoft.FSharp.Collections.FSharpMap<string, Core.Value>,
                    Microsoft.FSharp.Collections.FSharpMap<string, Core.Value>
                >(given =>
                    Interop.Inside(() =>
                        Named.Read(
                            prepare(given.ToDictionary(pair => pair.Key, pair => Values.Object(pair.Value)))
                                .Gave()
                        )
                    )
                ),
                definition.Inner
            )
        );
    }

    /// <summary>The same with a function that has the last word on the constructed node. It comes after <c>init</c>: it
    /// can change the node's arguments, but the children stay as <c>init</c> made them of the arguments before. To change
    /// what <c>init</c> sees, use <see cref="WithResolvedArguments"/>.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="finish">Gives the node it was given, with other arguments perhaps. Called whenever the module is
    /// constructed: it must give the same for the same node.</param>
    public static T WithFinish<T>(this T definition, Func<ModuleNode, ModuleNode> finish)
        where T : ModuleDefinition
    {
        finish.Given();
        return With(
            definition.Given(),
            FSharp.DefinitionModule.withFinish(
                Interop.Fun<Core.Node, Core.Node>(node =>
                    Interop.Inside(() => finish(new ModuleNode(node.Tag, node)).Gave().Inner)
                ),
                definition.Inner
            )
        );
    }

    /// <summary>The same with what is printed between its parentheses, where the tree is. Nothing else uses it.</summary>
    public static T WithExtra<T>(this T definition, Func<ModuleArguments, string> extra)
        where T : ModuleDefinition
    {
        extra.Given();
        return With(
            definition.Given(),
            FSharp.DefinitionModule.withExtra(
                Interop.Fun<Core.Arguments, string>(arguments =>
                    Interop.Inside(() => extra(new ModuleArguments(arguments)).Gave())
                ),
                definition.Inner
            )
        );
    }

    /// <summary>The same with the parameters that such a layer trains: their names and sizes, for summaries. None where
    /// a width that they need is not set.</summary>
    public static T WithWeights<T>(
        this T definition,
        Func<ModuleArguments, IReadOnlyList<(string Name, long[] Sizes)>> weights
    )
        where T : ModuleDefinition
    {
        weights.Given();
        return With(
            definition.Given(),
            FSharp.DefinitionModule.withWeights(
                Interop.Fun<
                    Core.Arguments,
                    Microsoft.FSharp.Collections.FSharpList<
                        Tuple<string, Microsoft.FSharp.Collections.FSharpList<long>>
                    >
                >(arguments =>
                    Interop.Inside(() =>
                        Interop.List(
                            weights(new ModuleArguments(arguments))
                                .Gave()
                                .Select(weight => Tuple.Create(weight.Name, Interop.List(weight.Sizes)))
                        )
                    )
                ),
                definition.Inner
            )
        );
    }

    private static T With<T>(T definition, Core.Definition inner)
        where T : ModuleDefinition => (T)definition.With(inner);
}
