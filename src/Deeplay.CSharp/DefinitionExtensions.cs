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
        With(definition, FSharp.DefinitionModule.withBase(parent.Inner, definition.Inner));

    /// <summary>The same with a method, for <see cref="Editable.Call"/>.</summary>
    public static T WithMethod<T>(this T definition, ModuleAction method)
        where T : ModuleDefinition =>
        With(definition, FSharp.DefinitionModule.withMethod(method.Inner, definition.Inner));

    /// <summary>The same with a style, for <see cref="Editable.Style"/>.</summary>
    public static T WithStyle<T>(this T definition, ModuleAction style)
        where T : ModuleDefinition =>
        With(definition, FSharp.DefinitionModule.withStyle(style.Inner, definition.Inner));

    /// <summary>The same with a function that has the last word on resolved arguments.</summary>
    public static T WithResolvedArguments<T>(
        this T definition,
        Func<ModuleArguments, ModuleArguments> resolve
    )
        where T : ModuleDefinition =>
        With(
            definition,
            FSharp.DefinitionModule.withResolve(
                Interop.Fun<Core.Arguments, Core.Arguments>(arguments =>
                    Interop.Inside(() => resolve(new ModuleArguments(arguments)).Inner)
                ),
                definition.Inner
            )
        );

    /// <summary>The same with a function that gives the arguments as given their final form, before they are
    /// resolved: a nested list flattened, say.</summary>
    public static T WithPreparedArguments<T>(
        this T definition,
        Func<IReadOnlyDictionary<string, object?>, IReadOnlyDictionary<string, object?>> prepare
    )
        where T : ModuleDefinition =>
        With(
            definition,
            FSharp.DefinitionModule.withPrepare(
                Interop.Fun<
                    Microsoft.FSharp.Collections.FSharpMap<string, Core.Value>,
                    Microsoft.FSharp.Collections.FSharpMap<string, Core.Value>
                >(given =>
                    Interop.Inside(() =>
                        Named.Read(
                            prepare(given.ToDictionary(pair => pair.Key, pair => Values.Object(pair.Value)))
                        )
                    )
                ),
                definition.Inner
            )
        );

    /// <summary>The same with a function that has the last word on the constructed node.</summary>
    public static T WithFinish<T>(this T definition, Func<ModuleNode, ModuleNode> finish)
        where T : ModuleDefinition =>
        With(
            definition,
            FSharp.DefinitionModule.withFinish(
                Interop.Fun<Core.Node, Core.Node>(node =>
                    Interop.Inside(() => finish(new ModuleNode(node.Tag, node)).Inner)
                ),
                definition.Inner
            )
        );

    /// <summary>The same with what is printed between its parentheses.</summary>
    public static T WithExtra<T>(this T definition, Func<ModuleArguments, string> extra)
        where T : ModuleDefinition =>
        With(
            definition,
            FSharp.DefinitionModule.withExtra(
                Interop.Fun<Core.Arguments, string>(arguments =>
                    Interop.Inside(() => extra(new ModuleArguments(arguments)))
                ),
                definition.Inner
            )
        );

    /// <summary>The same with the parameters that such a layer trains: their names and sizes, for summaries. None where
    /// a width that they need is not set.</summary>
    public static T WithWeights<T>(
        this T definition,
        Func<ModuleArguments, IReadOnlyList<(string Name, long[] Sizes)>> weights
    )
        where T : ModuleDefinition =>
        With(
            definition,
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
                                .Select(weight => Tuple.Create(weight.Name, Interop.List(weight.Sizes)))
                        )
                    )
                ),
                definition.Inner
            )
        );

    private static T With<T>(T definition, Core.Definition inner)
        where T : ModuleDefinition => (T)definition.With(inner);
}
