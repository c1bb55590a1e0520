namespace Deeplay;

/// <summary>Resolved arguments of a module or an action: a value for every parameter.</summary>
public sealed class ModuleArguments
{
    internal ModuleArguments(Core.Arguments core) => Inner = core;

    internal Core.Arguments Inner { get; }

    /// <summary>The names of the parameters, in order.</summary>
    public IReadOnlyList<string> Names => [.. Inner.Signature.Names];

    /// <summary>The value of a parameter: a number, a text, a list, a module, a kind, null or
    /// <see cref="Unset"/>.</summary>
    public object? this[string name] => Values.Object(Inner[name.Given()]);

    /// <summary>The value of a parameter as a type. One that is not set, or of another type, is an error that names
    /// the module.</summary>
    public T Get<T>(string name) => (T)Get(name, typeof(T))!;

    internal object? Get(string name, Type type) =>
        Values.TryTo(Inner[name.Given()], type, out var result)
            ? result
            : throw Core.ArgumentsModule.wrong(name, ParameterTypes.InWords(type), Inner);

    /// <summary>The value of a typed key.</summary>
    public T Get<T>(Parameter<T> key) => Get<T>(key.Given().Name);

    /// <summary>The value of a parameter as a type; the type's default where it is null or unset.</summary>
    public T? GetOrDefault<T>(string name) =>
        Inner[name.Given()] is { IsNull: false, IsUnset: false } ? Get<T>(name) : default;

    /// <summary>The same arguments, one of them with another value.</summary>
    public ModuleArguments With(string name, object? value) =>
        new(Inner.With(name.Given(), Values.From(value)));

    /// <summary>Each name with its value, as Python prints them.</summary>
    public override string ToString() =>
        string.Join(
            ", ",
            Inner.Signature.Parameters.Zip(
                Inner.Values,
                (p, value) => $"{p.Name}={Core.ValueModule.print(value)}"
            )
        );
}
