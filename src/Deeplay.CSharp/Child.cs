namespace Deeplay;

/// <summary>A part of a module that is being constructed: what <see cref="ModuleBuilder.Child"/> gives.</summary>
public sealed class Child
{
    private readonly Core.Builder builder;
    private readonly Core.Tag target;

    internal Child(Core.Builder builder, Core.Tag target) => (this.builder, this.target) = (builder, target);

    private FSharp.Handle Handle => new(target);

    /// <summary>Something below this one: <c>blocks["0"]["layer"]</c>, <c>blocks["0.layer"]</c> or
    /// <c>blocks["0/layer"]</c>.</summary>
    public Child this[string path] =>
        new(builder, Core.TagModule.append(target, Core.TagModule.parse(path.Given())));

    /// <summary>Sets a parameter of it. The user's own settings beat it. Where there is no such module once the
    /// construction is finished, that is an error.</summary>
    public Child Configure(string name, object? value) =>
        Change(Core.Verbs.configure(name.Given(), Values.From(value)));

    /// <summary>Sets a parameter of it by a typed key.</summary>
    public Child Configure<T>(Parameter<T> key, T value) => Configure(key.Given().Name, value);

    /// <summary><see cref="Configure(string, object?)"/>, where it is fine that there is no such module: for children that
    /// are attached in some cases only.</summary>
    public Child TryConfigure(string name, object? value) =>
        Change(Core.Verbs.configure(name.Given(), Values.From(value)), optional: true);

    /// <summary>Puts another module in its place.</summary>
    public Child Replace(ModuleSpec other) => Change(Core.Verbs.replace(other.Given().Spec));

    /// <summary>Registers an action for it.</summary>
    public Child Hook(ModuleAction action, object? arguments = null) =>
        Change(Core.Verbs.act(action.Given().Inner, Named.Read(arguments)));

    /// <summary>Attaches the same module once more, under another name: its weights are shared.</summary>
    public Child Alias(string name)
    {
        builder.Alias(name.Given(), target);
        return new(builder, Core.TagModule.parse(name));
    }

    /// <summary>Observes it as it is with what was said of it so far: its resolved arguments, its children.</summary>
    public ModuleNode Observe() => new(target, builder.Observe(target));

    /// <summary>Its children, with the kinds that they are said to be so far. They are not constructed for it, so that what the user
    /// does to one of them runs behind what is still said of it here; to look at their arguments, <see cref="Observe"/>.</summary>
    public IReadOnlyList<(string Name, ModuleDefinition Kind)> Kinds() =>
        [.. builder.KindsOf(target).Select(child => (child.Item1, new ModuleDefinition(child.Item2)))];

    /// <summary>Calls it on a tensor, or on several.</summary>
    public Sym Call(params Sym[] inputs) => new(FSharp.Init.callOn(Handle, Sym.All(inputs.Given())));

    /// <summary>Calls it on tensors where it gives several.</summary>
    public IReadOnlyList<Sym> CallMany(int outputs, params Sym[] inputs) =>
        Sym.All(FSharp.Init.callMany(outputs, Handle, Sym.All(inputs.Given())));

    /// <summary>Calls every module of a list, one after another.</summary>
    public Sym Chain(Sym input) => new(FSharp.Init.chain(Handle, input.Given().Inner));

    private Child Change(Core.Change change, bool optional = false)
    {
        builder.Change(target, change, optional);
        return this;
    }
}
