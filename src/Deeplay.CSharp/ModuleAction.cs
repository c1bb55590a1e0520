namespace Deeplay;

/// <summary>What a hook, a method or a style does. One that stands in a <see cref="Registry"/>, or belongs to a
/// definition that does, can be saved with the specs that hold it.</summary>
public sealed class ModuleAction
{
    internal ModuleAction(Core.ActionDefinition core) => Inner = core;

    internal Core.ActionDefinition Inner { get; }

    /// <summary>The name it is found by.</summary>
    public string Id => Inner.Id;

    /// <summary>What it does, for people.</summary>
    public string Documentation => Inner.Documentation;

    /// <summary>Its parameters, in order.</summary>
    public IReadOnlyList<ModuleParameter> Parameters => ModuleParameter.Of(Inner.Signature);

    /// <summary>An action that goes on where <c>init</c> stopped: attaches, configures, edits.</summary>
    public static ModuleAction AfterInit(
        string id,
        Action<ModuleArguments, ModuleBuilder> body,
        params ModuleParameter[] parameters
    ) =>
        Make(
            FSharp.Action.afterInit,
            id,
            parameters,
            Act(body.Given(), ModuleBuilder (Core.Builder core) => new(core))
        );

    /// <summary>An action that gives another node just before it is built.</summary>
    public static ModuleAction BeforeBuild(
        string id,
        Func<ModuleArguments, ModuleNode, ModuleNode> body,
        params ModuleParameter[] parameters
    )
    {
        body.Given();
        var inner = Interop.Fun<Core.Arguments, Core.Node, Core.Node>(
            (arguments, node) => body(new(arguments), new(node.Tag, node)).Gave().Inner
        );
        return Make(FSharp.Action.beforeBuild, id, parameters, inner);
    }

    /// <summary>An action on the torch module once it is built.</summary>
    public static ModuleAction AfterBuild(
        string id,
        Action<ModuleArguments, torch.nn.Module> body,
        params ModuleParameter[] parameters
    ) =>
        Make(
            FSharp.Action.afterBuild,
            id,
            parameters,
            Act(body.Given(), (object built) => (torch.nn.Module)built)
        );

    /// <summary>The same action as one that has no name to be found by: it works, but a spec that holds it can't be
    /// saved.</summary>
    public ModuleAction Opaque() => new(FSharp.Action.opaque(Inner));

    /// <summary>The same with its documentation.</summary>
    public ModuleAction WithDocumentation(string text) =>
        new(FSharp.Action.withDocumentation(text.Given(), Inner));

    /// <summary>As it is listed: <c>append_dropout(p: a float, name: a text = 'dropout') — Puts in a dropout that runs
    /// after all others.</c></summary>
    public override string ToString() => Core.Listing.action(Inner).ToString();

    private static ModuleAction Make<F>(
        Func<string, FSharpList<Core.Param>, F, Core.ActionDefinition> make,
        string id,
        ModuleParameter[] parameters,
        F body
    ) => new(make(id.Given(), ModuleParameter.All(parameters.Given()), body));

    private static FSharpFunc<Core.Arguments, FSharpFunc<A, Unit>> Act<A, B>(
        Action<ModuleArguments, B> body,
        Func<A, B> face
    ) => Interop.Act<Core.Arguments, A>((arguments, target) => body(new(arguments), face(target)));
}
