using System.Linq.Expressions;

namespace Deeplay;

/// <summary>A layer that the engine makes, with the parameters of a record, that is being defined. Ends with its shape
/// rule: <c>Shape</c>, <c>Shapes</c> or <c>SameShape</c>.</summary>
/// <typeparam name="T">The record.</typeparam>
public sealed class LayerBuilder<T>
{
    private readonly LayerBuilder builder;
    private readonly ParameterRecord record;

    internal LayerBuilder(LayerBuilder builder, ParameterRecord record)
    {
        this.builder = builder;
        this.record = record;
    }

    /// <inheritdoc cref="LayerBuilder.Documentation(string)"/>
    public LayerBuilder<T> Documentation(string text) => new(builder.Documentation(text), record);

    /// <summary>An <see cref="InferredAttribute">[Inferred]</see> parameter that, where it is not set, follows from the
    /// shape of the (first) input: <c>Infer(a => a.InFeatures, input => input[^1])</c>.</summary>
    public LayerBuilder<T> Infer<TValue>(Expression<Func<T, TValue>> key, Func<Shape, long> from)
    {
        from.Given();
        return new(builder.Infer(record[key.Given()].Name, from), record);
    }

    /// <inheritdoc cref="LayerBuilder.SameShape"/>
    public ModuleDefinition<T> SameShape() => Typed(builder.SameShape());

    /// <inheritdoc cref="LayerBuilder.Shape(Func{ModuleArguments, Deeplay.Shape, Deeplay.Shape})"/>
    public ModuleDefinition<T> Shape(Func<T, Shape, Shape> rule)
    {
        rule.Given();
        return Typed(builder.Shape((arguments, input) => rule(record.Make<T>(arguments), input)));
    }

    /// <inheritdoc cref="LayerBuilder.Shapes(Func{ModuleArguments, IReadOnlyList{Deeplay.Shape}, IReadOnlyList{Deeplay.Shape}}, int)"/>
    public ModuleDefinition<T> Shapes(
        Func<T, IReadOnlyList<Shape>, IReadOnlyList<Shape>> rule,
        int outputs = 1
    )
    {
        rule.Given();
        return Typed(builder.Shapes((arguments, inputs) => rule(record.Make<T>(arguments), inputs), outputs));
    }

    private ModuleDefinition<T> Typed(ModuleDefinition definition) => new(definition.Inner, record);
}
