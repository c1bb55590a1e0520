namespace Deeplay;

/// <summary>A kind of module with the parameters of a record that is being defined. Ends as
/// <see cref="DefinitionBuilder"/> does.</summary>
/// <typeparam name="T">The record.</typeparam>
public sealed class DefinitionBuilder<T>
{
    private readonly DefinitionBuilder builder;
    private readonly ParameterRecord record;

    internal DefinitionBuilder(DefinitionBuilder builder, ParameterRecord record) =>
        (this.builder, this.record) = (builder, record);

    /// <inheritdoc cref="DefinitionBuilder.Documentation(string)"/>
    public DefinitionBuilder<T> Documentation(string text) => new(builder.Documentation(text), record);

    /// <summary>An <see cref="InferredAttribute">[Inferred]</see> parameter that, where it is not set, follows from the
    /// shape of the (first) input: <c>Infer(a => a.InFeatures, input => input[^1])</c>.</summary>
    public DefinitionBuilder<T> Infer<TValue>(Expression<Func<T, TValue>> key, Func<Shape, long> from)
    {
        from.Given();
        return new(builder.Infer(record[key.Given()].Name, from), record);
    }

    /// <summary>A module with a forward pass: attaches its children, from the resolved arguments, and ends with
    /// <c>return m.Forward(x => …)</c>. An <see cref="ArgumentException"/> of the record's constructor becomes an error
    /// about that parameter.</summary>
    public ModuleDefinition<T> Init(Func<ModuleBuilder, T, Forward> init)
    {
        init.Given();
        return Init(new Action<ModuleBuilder, T>((builder, arguments) => init(builder, arguments)));
    }

    /// <summary>A module that only holds others.</summary>
    public ModuleDefinition<T> Init(Action<ModuleBuilder, T> init)
    {
        init.Given();
        return Typed(builder.Init(m => init(m, record.Make<T>(m.Arguments))));
    }

    /// <inheritdoc cref="DefinitionBuilder.Application(Func{ModuleBuilder, Forward})"/>
    public ModuleDefinition<T> Application(Func<ModuleBuilder, T, Forward> init)
    {
        init.Given();
        return Typed(builder.Application(m => init(m, record.Make<T>(m.Arguments))));
    }

    /// <inheritdoc cref="DefinitionBuilder.Application(Action{ModuleBuilder})"/>
    public ModuleDefinition<T> Application(Action<ModuleBuilder, T> init)
    {
        init.Given();
        return Typed(builder.Application(m => init(m, record.Make<T>(m.Arguments))));
    }

    /// <inheritdoc cref="DefinitionBuilder.SameShape"/>
    public ModuleDefinition<T> SameShape() => Typed(builder.SameShape());

    /// <inheritdoc cref="DefinitionBuilder.Shape(Func{ModuleArguments, Deeplay.Shape, Deeplay.Shape})"/>
    public ModuleDefinition<T> Shape(Func<T, Shape, Shape> rule)
    {
        rule.Given();
        return Typed(builder.Shape((arguments, input) => rule(record.Make<T>(arguments), input)));
    }

    /// <inheritdoc cref="DefinitionBuilder.Shapes(Func{ModuleArguments, IReadOnlyList{Deeplay.Shape}, IReadOnlyList{Deeplay.Shape}}, int)"/>
    public ModuleDefinition<T> Shapes(
        Func<T, IReadOnlyList<Shape>, IReadOnlyList<Shape>> rule,
        int outputs = 1
    )
    {
        rule.Given();
        return Typed(builder.Shapes((arguments, inputs) => rule(record.Make<T>(arguments), inputs), outputs));
    }

    /// <inheritdoc cref="DefinitionBuilder.Metric"/>
    public ModuleDefinition<T> Metric() => Typed(builder.Metric());

    private ModuleDefinition<T> Typed(ModuleDefinition definition) => new(definition.Inner, record);
}
