using System.Runtime.CompilerServices;

namespace Deeplay;

/// <content>What is done at a stage of a module's life.</content>
public abstract partial class Editable
{
    /// <summary>Registers an action: it runs at its stage, whenever the module is constructed or built.</summary>
    public ModuleSpec Hook(
        ModuleAction action,
        object? arguments = null,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0
    ) =>
        Change(spec =>
            Core.ChangeModule.hook(Interop.At(file, line), action.Given().Inner, Named.Read(arguments), spec)
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
        Action<TorchSharp.torch.nn.Module> action,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0
    ) => Hook(ModuleAction.AfterBuild(name.Given(), Do(action.Given())).Opaque(), null, file, line);

    /// <summary>Keeps what each call of the built module gives, under a key; see <see cref="Logs"/>.</summary>
    public ModuleSpec LogOutput(
        string key,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0
    ) => Log(FSharp.Logging.output, key, file, line);

    /// <summary>Keeps what each call of the built module is given, under a key; see <see cref="Logs"/>.</summary>
    public ModuleSpec LogInput(
        string key,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0
    ) => Log(FSharp.Logging.input, key, file, line);

    private ModuleSpec Log(Core.ActionDefinition action, string key, string file, int line) =>
        Change(spec =>
            Core.ChangeModule.hook(
                Interop.At(file, line),
                action,
                Named.Read(new { key = key.Given() }),
                spec
            )
        );

    // A function of one's own takes no arguments.
    private static Action<ModuleArguments, A> Do<A>(Action<A> action) => (_, target) => action(target);

    private static Func<ModuleArguments, A, A> Do<A>(Func<A, A> action) => (_, target) => action(target);
}
