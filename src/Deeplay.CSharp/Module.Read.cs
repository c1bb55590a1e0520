namespace Deeplay;

/// <content>Looking at the tree that a spec amounts to.</content>
public sealed partial class Module
{
    /// <summary>The id of its kind, as the tree has it: <c>Linear</c>.</summary>
    public string Kind => Tree.Kind;

    /// <summary>The constructed tree.</summary>
    public ModuleNode Tree => NodeAt(Core.TagModule.root);

    /// <summary>The children of the constructed root, in order.</summary>
    public IReadOnlyList<ModuleNode> Children => Tree.Children;

    /// <summary>The tags of all modules in tree order, the root's empty one first. A shared module has several.</summary>
    public IReadOnlyList<string> Tags =>
        Interop.Run(() =>
            Core.Tree.walk(Core.Construct.root(Spec)).Select(met => met.Item1.ToString()).ToArray()
        );

    /// <summary>An argument of the module with this tag: <c>Argument&lt;bool&gt;("blocks.0.layer", "bias")</c>. One that
    /// is not set, or of another type, is an error. A module is given as it was made, to be used like any
    /// other.</summary>
    public T Argument<T>(string tag, string name) =>
        NodeAt(Core.TagModule.parse(tag)).Arguments.Released(name).Get<T>(name);

    /// <summary>An argument of the module with this tag, by a typed key.</summary>
    public T Argument<T>(string tag, Parameter<T> key) => Argument<T>(tag, key.Name);

    /// <summary>Why a parameter of the module with this tag is what it is: its value, where that came from, and every
    /// candidate that lost, with the reason.</summary>
    public Explanation Explain(string tag, string name) =>
        Interop.Run(() =>
            new Explanation(
                Core.Explain.parameter(Core.TagModule.parse(tag), name, Core.Construct.root(Spec))
            )
        );

    /// <summary>Why a parameter of the root is what it is.</summary>
    public Explanation Explain(string name) => Explain("", name);

    /// <summary>The shape that comes out for an input of this shape, batch included. Nothing is allocated; what does
    /// not fit is an error that names the module.</summary>
    public Shape InferShape(params long[] input) =>
        Interop.Run(() =>
            new Shape([
                .. FSharp.Module.inferShape(Interop.List(input.Select(size => checked((int)size))), Spec),
            ])
        );

    /// <summary>The user's settings that no module reads at present: tag, name, and the value as Python prints
    /// it.</summary>
    public IReadOnlyList<(string Tag, string Name, string Value)> Unused =>
        Interop.Run(() =>
            FSharp
                .Module.unused(Spec)
                .Select(setting =>
                    (setting.Item1.ToString(), setting.Item2, Core.ValueModule.print(setting.Item3))
                )
                .ToArray()
        );

    /// <summary>The modules as a table, with shapes and numbers of parameters, for an input of this shape, batch
    /// included.</summary>
    public Summary Summarize(params long[] input) =>
        Interop.Run(() =>
            new Summary(
                Core.Fail.unwrap(
                    Core.SummaryModule.ofTree(
                        Interop.List([Core.Carried.NewTensor(Core.ShapeModule.known(input))]),
                        Core.Construct.root(Spec)
                    )
                )
            )
        );

    /// <summary>The tree as a Mermaid flowchart.</summary>
    public string ToMermaid() => Interop.Run(() => Core.Draw.mermaid(Core.Construct.root(Spec)));

    /// <summary>The tree in Graphviz's DOT.</summary>
    public string ToDot() => Interop.Run(() => Core.Draw.dot(Core.Construct.root(Spec)));

    internal ModuleNode NodeAt(Core.Tag tag) =>
        Interop.Run(() => new ModuleNode(tag, Core.Tree.find(tag, Core.Construct.root(Spec))));
}
