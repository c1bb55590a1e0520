namespace Deeplay;

/// <summary>A typed key to a parameter: it can't be mistyped, and its values can't be of the wrong type.</summary>
/// <typeparam name="T">bool, int, long, double, float, string, an enum (one of several texts), <see cref="ModuleSpec"/>,
/// <see cref="Sizes"/>, <see cref="TensorFunction"/>, a list of them (an array or <c>IReadOnlyList</c>), a nullable value
/// type of these, or object for any value.</typeparam>
public sealed class Parameter<T> : ModuleParameter
{
    /// <summary>A parameter that must be given, or inferred.</summary>
    public Parameter(string name)
        : base(Core.Parameter.Named(name.Given(), ParameterTypes.Of($"parameter '{name}'", typeof(T)))) { }

    internal Parameter(Core.Parameter core)
        : base(core) { }

    /// <summary>The same parameter with a default.</summary>
    public Parameter<T> WithDefault(T value) =>
        With(Inner.Type, Values.From(value), Documentation, Inner.Check);

    /// <summary>The same parameter with its documentation.</summary>
    public Parameter<T> WithDocumentation(string text) =>
        With(Inner.Type, Inner.Default, text.Given(), Inner.Check);

    /// <summary>The same parameter, which may also be null: "nothing, on purpose".</summary>
    public Parameter<T> OrNull() =>
        Inner.Type.IsOrNull
            ? this
            : With(Core.ParameterType.NewOrNull(Inner.Type), Inner.Default, Documentation, Inner.Check);

    /// <summary>The same parameter, taking only values that pass. <paramref name="expected"/> says in words what
    /// passes.</summary>
    public Parameter<T> WithCheck(string expected, Func<T, bool> passes)
    {
        FSharpOption<string>? refusal = FSharpOption<string>.Some(expected.Given());
        passes.Given();
        bool Fits(Core.Value value) => Values.TryTo(value, typeof(T), out var item) && passes((T)item!);
        return With(
            Inner.Type,
            Inner.Default,
            Documentation,
            Interop.Fun<Core.Value, FSharpOption<string>>(value =>
                value.IsNull || Fits(value) ? null! : refusal
            )
        );
    }

    private Parameter<T> With(
        Core.ParameterType type,
        Core.Value standard,
        string documentation,
        FSharpFunc<Core.Value, FSharpOption<string>> check
    ) => new(new Core.Parameter(Name, type, standard, documentation, check, Inner.IsInferred));
}
