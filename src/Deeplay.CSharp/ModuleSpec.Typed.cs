namespace Deeplay;

/// <summary>A spec whose parameters are those of a record, and so known to the compiler.</summary>
/// <typeparam name="T">The record.</typeparam>
public sealed class ModuleSpec<T> : ModuleSpec
{
    private readonly ParameterRecord record;

    internal ModuleSpec(Core.ModuleSpec spec, ParameterRecord record)
        : base(spec) => this.record = record;

    /// <summary>Sets a parameter: <c>Configure(a => a.Dropout, 0.2)</c>.</summary>
    public ModuleSpec<T> Configure<TValue>(
        Expression<Func<T, TValue>> key,
        TValue value,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0
    ) => new(Configure(record[key.Given()].Name, (object?)value, file, line).Spec, record);

    /// <summary>A parameter's value, after everything that was said about it: <c>Get(a => a.Dropout)</c>. One that is
    /// not set is an error, unless it is inferred.</summary>
    public TValue Get<TValue>(Expression<Func<T, TValue>> key) =>
        (TValue)record.Read(key.Given(), Tree.Arguments)!;
}
