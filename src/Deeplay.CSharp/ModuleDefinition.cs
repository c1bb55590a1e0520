namespace Deeplay;

/// <summary>A kind of module: what Python would write as a class. Two are equal when they are the same
/// definition.</summary>
public sealed class ModuleDefinition : IEquatable<ModuleDefinition>
{
    internal ModuleDefinition(Core.Definition inner) => Inner = inner;

    internal Core.Definition Inner { get; }

    /// <summary>The name it is found by, and printed under.</summary>
    public string Id => Inner.Id;

    /// <summary>What it does, for people.</summary>
    public string Documentation => Inner.Documentation;

    /// <summary>The definition this one is a special case of.</summary>
    public ModuleDefinition? Base => Inner.Base is null ? null : new(Inner.Base.Value);

    /// <summary>Its parameters, in order.</summary>
    public IReadOnlyList<Parameter> Parameters =>
        [.. Inner.Signature.Parameters.Select(parameter => new Parameter<object>(parameter))];

    /// <summary>The typed key of one of its parameters, for <see cref="Editable.Configure{T}(Parameter{T}, T, string,
    /// int)"/>: <c>linear.Parameter&lt;bool&gt;("bias")</c>. A name it does not have is an error.</summary>
    public Parameter<T> Parameter<T>(string name) =>
        Inner.Signature.Has(name)
            ? new(Inner.Signature.Parameters[Inner.Signature.IndexOf(name)])
            : throw Interop.Failure(
                Core.Error.NewUnknownName(Core.TagModule.root, Id, "parameter", name, Inner.Signature.Names)
            );

    /// <summary>What can be done to such a module, by name: <c>append</c>, <c>normalized</c>, … For
    /// <see cref="Editable.Call"/>.</summary>
    public IReadOnlyList<ModuleAction> Methods =>
        [.. Inner.Methods.Values.Select(method => new ModuleAction(method))];

    /// <summary>Its styles, by name. For <see cref="Editable.Style"/>.</summary>
    public IReadOnlyList<ModuleAction> Styles =>
        [.. Inner.Styles.Values.Select(style => new ModuleAction(style))];

    /// <summary>A module of this kind. The arguments are an anonymous object (<c>new { features = 32 }</c>) or a
    /// dictionary, by the names of the parameters; those not given have their defaults.</summary>
    public ModuleSpec Create(object? arguments = null) =>
        Interop.Run(() =>
            new ModuleSpec(
                Core.ChangeModule.create(
                    Interop.List(Named.Read(arguments).Select(pair => Tuple.Create(pair.Key, pair.Value))),
                    Inner
                )
            )
        );

    /// <summary>The same as a special case of another: it has that one's methods and styles, and selecting by kind
    /// finds both.</summary>
    public ModuleDefinition WithBase(ModuleDefinition parent) =>
        new(FSharp.DefinitionModule.withBase(parent.Inner, Inner));

    /// <summary>The same with a method, for <see cref="Editable.Call"/>.</summary>
    public ModuleDefinition WithMethod(ModuleAction method) =>
        new(FSharp.DefinitionModule.withMethod(method.Inner, Inner));

    /// <summary>The same with a style, for <see cref="Editable.Style"/>.</summary>
    public ModuleDefinition WithStyle(ModuleAction style) =>
        new(FSharp.DefinitionModule.withStyle(style.Inner, Inner));

    /// <summary>The same with a function that has the last word on resolved arguments.</summary>
    public ModuleDefinition WithResolvedArguments(Func<ModuleArguments, ModuleArguments> resolve) =>
        new(
            FSharp.DefinitionModule.withResolve(
                Interop.Fun<Core.Arguments, Core.Arguments>(arguments =>
                    Interop.Inside(() => resolve(new ModuleArguments(arguments)).Inner)
                ),
                Inner
            )
        );

    /// <summary>The same with a function that gives the arguments as given their final form, before they are
    /// resolved: a nested list flattened, say.</summary>
    public ModuleDefinition WithPreparedArguments(
        Func<IReadOnlyDictionary<string, object?>, IReadOnlyDictionary<string, object?>> prepare
    ) =>
        new(
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
                Inner
            )
        );

    /// <summary>The same with a function that has the last word on the constructed node.</summary>
    public ModuleDefinition WithFinish(Func<ModuleNode, ModuleNode> finish) =>
        new(
            FSharp.DefinitionModule.withFinish(
                Interop.Fun<Core.Node, Core.Node>(node =>
                    Interop.Inside(() => finish(new ModuleNode(node.Tag, node)).Inner)
                ),
                Inner
            )
        );

    /// <summary>The same with what is printed between its parentheses.</summary>
    public ModuleDefinition WithExtra(Func<ModuleArguments, string> extra) =>
        new(
            FSharp.DefinitionModule.withExtra(
                Interop.Fun<Core.Arguments, string>(arguments =>
                    Interop.Inside(() => extra(new ModuleArguments(arguments)))
                ),
                Inner
            )
        );

    /// <summary>The same with the parameters that such a layer trains: their names and sizes, for summaries. None where
    /// a width that they need is not set.</summary>
    public ModuleDefinition WithWeights(
        Func<ModuleArguments, IReadOnlyList<(string Name, long[] Sizes)>> weights
    ) =>
        new(
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
                Inner
            )
        );

    /// <summary>Whether this is another definition, or a special case of it.</summary>
    public bool Is(ModuleDefinition other) => Inner.Is(other.Inner);

    /// <summary>Whether both are the same definition.</summary>
    public bool Equals(ModuleDefinition? other) => other is not null && ReferenceEquals(Inner, other.Inner);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ModuleDefinition);

    /// <inheritdoc/>
    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(Inner);

    /// <summary>The id.</summary>
    public override string ToString() => Id;
}
