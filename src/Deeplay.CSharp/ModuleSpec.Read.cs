namespace Deeplay;

/// <content>Looking at the tree that a spec amounts to.</content>
public partial class ModuleSpec
{
    private Core.Node Root => Core.Construct.root(Spec);

    /// <summary>The id of its kind, as the tree has it: <c>Linear</c>.</summary>
    public string Kind => Tree.Kind;

    /// <summary>The constructed tree.</summary>
    public ModuleNode Tree => NodeAt(Core.TagModule.root);

    /// <summary>The children of the constructed root, in order.</summary>
    public IReadOnlyList<ModuleNode> Children => Tree.Children;

    /// <summary>The tags of all modules in tree order, the root's empty one first. A shared module has several.</summary>
    public IReadOnlyList<string> Tags => [.. Core.Tree.walk(Root).Select(met => met.Item1.ToString())];

    /// <summary>What can be configured: names, types, defaults and documentation, in order.</summary>
    public IReadOnlyList<ModuleParameter> Parameters => Tree.Definition.Parameters;

    /// <summary>What can be called (<see cref="Editable.Call"/>), with documentation and parameters.</summary>
    public IReadOnlyList<ModuleAction> Methods => Tree.Definition.Methods;

    /// <summary>The styles there are (<see cref="Editable.Style"/>), with documentation and parameters.</summary>
    public IReadOnlyList<ModuleAction> Styles => Tree.Definition.Styles;

    /// <summary>An argument of the module with this tag: <c>Argument&lt;bool&gt;("blocks.0.layer", "bias")</c>. One that
    /// is not set, or of another type, is an error. A module is given as it was made, to be used like any
    /// other.</summary>
    public T Argument<T>(string tag, string name) => NodeAt(TagOf(tag)).Arguments.Get<T>(name);

    /// <summary>An argument of the module with this tag, by a typed key.</summary>
    public T Argument<T>(string tag, Parameter<T> key) => Argument<T>(tag, key.Given().Name);

    /// <summary>Why a parameter of the module with this tag is what it is: its value, where that came from, and every
    /// candidate that lost, with the reason.</summary>
    public Explanation Explain(string tag, string name) =>
        new(Core.Explain.parameter(TagOf(tag), name.Given(), Root));

    /// <summary>Why a parameter of the root is what it is.</summary>
    public Explanation Explain(string name) => Explain("", name);

    /// <summary>Why the module with this tag takes the named tensors it takes: what <c>InputsFrom</c> said, and
    /// who.</summary>
    public Explanation ExplainInputs(string tag) => new(Core.Explain.inputs(TagOf(tag), Root));

    /// <summary>Why the module with this tag gives the named tensors it gives: what <c>OutputsTo</c> said, and
    /// who.</summary>
    public Explanation ExplainOutputs(string tag) => new(Core.Explain.outputs(TagOf(tag), Root));

    /// <summary>The user's settings that no module reads at present: tag, name, and the value as Python prints
    /// it.</summary>
    public IReadOnlyList<(string Tag, string Name, string Value)> Unused =>
        [.. Core.Unused.settings(Root).Select(one => (one.Tag.ToString(), one.Name, one.Text))];

    /// <summary>The tree as a Mermaid flowchart.</summary>
    public string ToMermaid() => Core.Draw.mermaid(Root);

    /// <summary>The tree in Graphviz's DOT.</summary>
    public string ToDot() => Core.Draw.dot(Root);

    internal ModuleNode NodeAt(Core.Tag tag) => new(tag, Core.Tree.find(tag, Root));

    private static Core.Tag TagOf(string tag, [CallerArgumentExpression(nameof(tag))] string name = "") =>
        Core.TagModule.parse(tag.Given(name));
}
