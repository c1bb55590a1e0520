using System.Runtime.CompilerServices;

namespace Deeplay;

/// <summary>What can be changed: a module as a whole, or a selection of its parts. Each call gives a new root and
/// leaves the old one what it was. Each is one step on the tape, with the place it was called from: leave
/// <c>file</c> and <c>line</c> to the compiler.</summary>
public abstract partial class Editable
{
    private protected Editable() { }

    private protected abstract ModuleSpec Change(Func<Core.Selection, Core.Selection> change);

    /// <summary>Sets a parameter. Where a module has no such parameter but a child of that name, a module or a layer
    /// kind as value takes the child's place.</summary>
    public ModuleSpec Configure(
        string name,
        object? value,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0
    ) =>
        Change(spec =>
            Core.ChangeModule.configure(Interop.At(file, line), name.Given(), Values.From(value), spec)
        );

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

    /// <summary>Puts another kind of layer in the same place, as <see cref="Become"/> does.</summary>
    public ModuleSpec Configure(
        ModuleSpec other,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0
    ) => Become(other.Given(), file, line);

    /// <summary>Puts another kind of layer in the same place, with the arguments it was given; settings that the new
    /// kind has are kept. A module that has children, or was changed itself, takes the place as a whole.</summary>
    public ModuleSpec Become(
        ModuleSpec other,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0
    ) => Change(spec => Core.ChangeModule.changeKind(Interop.At(file, line), other.Given().Spec, spec));

    /// <summary>Puts another module in the same place.</summary>
    public ModuleSpec Replace(
        ModuleSpec other,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0
    ) => Change(spec => Core.ChangeModule.replace(Interop.At(file, line), other.Given().Spec, spec));

    /// <summary>Calls a method of the module's definition. The arguments are an anonymous object
    /// (<c>new { layer = … }</c>) or a dictionary.</summary>
    public ModuleSpec Call(
        string method,
        object? arguments = null,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0
    ) =>
        Change(spec =>
            Core.ChangeModule.call(Interop.At(file, line), method.Given(), Named.Read(arguments), spec)
        );

    /// <summary>Applies a style of the module's definition, by its name.</summary>
    public ModuleSpec Style(
        string style,
        object? arguments = null,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0
    ) =>
        Change(spec =>
            Core.ChangeModule.style(Interop.At(file, line), style.Given(), Named.Read(arguments), spec)
        );

    /// <summary>Lets the module take named tensors: the key for each of its inputs, in order.</summary>
    public ModuleSpec InputsFrom(
        IReadOnlyList<string> keys,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0
    ) => InputsFrom([.. keys.Given().Select(key => ("", key))], file, line);

    /// <summary>Lets the module take named tensors: the key for each of its inputs, by the input's name.</summary>
    public ModuleSpec InputsFrom(
        IReadOnlyList<(string Input, string Key)> keys,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0
    ) =>
        Change(spec =>
            Core.ChangeModule.mapInputs(
                Interop.At(file, line),
                Interop.List(keys.Given().Select(pair => Tuple.Create(pair.Input, pair.Key))),
                spec
            )
        );

    /// <summary>Lets the module give named tensors: its outputs, in order, under these keys, beside those it was
    /// given.</summary>
    public ModuleSpec OutputsTo(
        IReadOnlyList<string> keys,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0
    ) => OutputsTo([.. keys.Given().Select((key, place) => (key, place))], file, line);

    /// <summary>Lets the module give named tensors: a key for each of these outputs, by the output's place, beside those
    /// it was given. The other outputs are dropped.</summary>
    public ModuleSpec OutputsTo(
        IReadOnlyList<(string Key, int Output)> keys,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0
    ) =>
        Change(spec =>
            Core.ChangeModule.mapOutputs(
                Interop.At(file, line),
                Interop.List(keys.Given().Select(pair => Tuple.Create(pair.Key, pair.Output))),
                spec
            )
        );
}
