namespace Deeplay;

/// <summary>What can be changed: a module as a whole, or a selection of its parts. Each call gives a new root and
/// leaves the old one what it was. Each is one entry to undo, with the place it was called from: leave <c>file</c> and
/// <c>line</c> to the compiler.</summary>
public abstract partial class Editable
{
    private protected Editable() { }

    private protected abstract ModuleSpec Change(Func<Core.Selection, Core.Selection> change);

    private static FSharpOption<Core.Location>? At(string file, int line) =>
        Core.Location.OfCaller(file, line);

    /// <summary>Sets a parameter. Where a module has no such parameter but a child of that name, a module or a layer
    /// kind as value takes the child's place.</summary>
    public ModuleSpec Configure(
        string name,
        object? value,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0
    ) => Change(all => Core.ChangeModule.configure(At(file, line), name.Given(), Values.From(value), all));

    /// <summary>Sets a parameter that takes a list: <c>Configure("hidden_features", [128, 64])</c>.</summary>
    public ModuleSpec Configure<T>(
        string name,
        IReadOnlyList<T> values,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0
    ) => Configure(name, (object?)values.Given(), file, line);

    /// <summary>Sets a parameter by a typed key, which can't be mistyped.</summary>
    public ModuleSpec Configure<T>(
        Parameter<T> key,
        T value,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0
    ) => Configure(key.Given().Name, (object?)value, file, line);

    /// <summary>Puts another kind of layer in the same place, with the arguments it was given; settings that the new
    /// kind has are kept. A module that has children, or was changed itself, takes the place as a whole, unless it lacks
    /// arguments: those are the ones of the place.</summary>
    public ModuleSpec Configure(
        ModuleSpec other,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0
    ) => Change(all => Core.ChangeModule.changeKind(At(file, line), other.Given().Spec, all));

    /// <summary>Puts another module in the same place.</summary>
    public ModuleSpec Replace(
        ModuleSpec other,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0
    ) => Change(all => Core.ChangeModule.replace(At(file, line), other.Given().Spec, all));

    /// <summary>Calls a method of the module's definition. The arguments are an anonymous object
    /// (<c>new { layer = … }</c>) or a dictionary.</summary>
    public ModuleSpec Call(
        string method,
        object? arguments = null,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0
    ) => Change(all => Core.ChangeModule.call(At(file, line), method.Given(), Named.Read(arguments), all));

    /// <summary>Applies a style of the module's definition, by its name.</summary>
    public ModuleSpec Style(
        string style,
        object? arguments = null,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0
    ) => Change(all => Core.ChangeModule.style(At(file, line), style.Given(), Named.Read(arguments), all));

    /// <summary>Lets the module take named tensors: the key for each of its inputs, in order. A key may say which input
    /// it is for: <c>"mask=m"</c>.</summary>
    public ModuleSpec InputsFrom(
        IReadOnlyList<string> keys,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0
    ) => Change(all => Core.ChangeModule.mapInputs(At(file, line), Keys(keys), all));

    /// <summary>Lets the module give named tensors: its outputs, in order, under these keys, beside those it was given. A
    /// key may say which output it is for, counted from 0: <c>"mask=1"</c>; the other outputs are dropped.</summary>
    public ModuleSpec OutputsTo(
        IReadOnlyList<string> keys,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0
    ) => Change(all => Core.ChangeModule.mapOutputs(At(file, line), Keys(keys), all));

    /// <summary>Registers an action: it runs at its stage, whenever the module is constructed or built.</summary>
    public ModuleSpec Hook(
        ModuleAction action,
        object? arguments = null,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0
    ) =>
        Change(all =>
            Core.ChangeModule.hook(At(file, line), action.Given().Inner, Named.Read(arguments), all)
        );

    /// <summary>Goes on where the module's <c>init</c> stopped, each time it is constructed. A spec that holds such a
    /// function can't be saved; use <see cref="Hook"/> with an action of the registry for one that can.</summary>
    public ModuleSpec OnInit(
        string name,
        Action<ModuleBuilder> action,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0
    ) => Hook(ModuleAction.AfterInit(name.Given(), Do(action.Given())).Opaque(), null, file, line);

    /// <summary>Gives another node just before the module is built: the node it was given, with other arguments. The
    /// spec's own tree does not show it, and children stay as they were constructed. A spec that holds such a function
    /// can't be saved.</summary>
    public ModuleSpec BeforeBuild(
        string name,
        Func<ModuleNode, ModuleNode> action,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0
    ) => Hook(ModuleAction.BeforeBuild(name.Given(), Do(action.Given())).Opaque(), null, file, line);

    /// <summary>Acts on the torch module once it is built: an initializer, a forward hook, a log. A spec that holds
    /// such a function can't be saved.</summary>
    public ModuleSpec AfterBuild(
        string name,
        Action<torch.nn.Module> action,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0
    ) => Hook(ModuleAction.AfterBuild(name.Given(), Do(action.Given())).Opaque(), null, file, line);

    /// <summary>Freezes every parameter of the module and of what is below it: none of them is trained, once it is built.
    /// With <c>false</c> they are trained again. What is said of a module further below, or later of the same, counts
    /// there: what <see cref="Lora"/> adds is trained.</summary>
    public ModuleSpec Frozen(
        bool frozen = true,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0
    ) => Hook(new(Deeplay.Library.Reparametrization.frozen), new { frozen }, file, line);

    /// <summary>Keeps what each call of the built module gives, under a key; of several outputs each under <c>key.0</c>,
    /// <c>key.1</c>, of named ones under <c>key.name</c>. See <see cref="Logs"/>.</summary>
    public ModuleSpec LogOutput(
        string key,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0
    ) => Hook(new(FSharp.Logging.output), new { key = key.Given() }, file, line);

    /// <summary>Keeps what each call of the built module is given, under a key; of several inputs each, as
    /// <see cref="LogOutput"/> does. See <see cref="Logs"/>.</summary>
    public ModuleSpec LogInput(
        string key,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0
    ) => Hook(new(FSharp.Logging.input), new { key = key.Given() }, file, line);

    private static FSharpList<string> Keys(IReadOnlyList<string> keys) =>
        Interop.List(keys.Given().Select(key => key.Given(nameof(keys))));

    // A function of one's own takes no arguments.
    private static Action<ModuleArguments, A> Do<A>(Action<A> action) => (_, target) => action(target);

    private static Func<ModuleArguments, A, A> Do<A>(Func<A, A> action) => (_, target) => action(target);
}
