namespace Deeplay;

/// <content>Kinds of modules of one's own.</content>
public partial class ModuleSpec
{
    /// <summary>Starts the definition of a kind of module: <c>ModuleSpec.Define("GatedBlock").Parameter(…).Init(…)</c>.</summary>
    public static DefinitionBuilder Define(string id) => new(id.Given(), "", []);

    /// <summary>A kind of module with the parameters of a record. They have PyTorch's names (<c>OutFeatures</c> is
    /// <c>out_features</c>), the defaults of the constructor, and what <c>[Description]</c> says as documentation; a
    /// nullable one may be null, or, where it is <c>[Inferred]</c>, left to be inferred.</summary>
    /// <example><code>
    /// record Gated(int Features, double Dropout = 0.1);
    /// var gated = ModuleSpec.Define&lt;Gated&gt;("GatedBlock", (m, a) =>
    /// {
    ///     var value = m.Child("value", Layers.Linear(a.Features, a.Features));
    ///     var gate = m.Child("gate", Layers.Linear(a.Features, a.Features));
    ///     return m.Forward(x => value.Call(x) * gate.Call(x).Sigmoid());
    /// });
    /// var block = gated.Create(new(32)).Configure(a => a.Dropout, 0.2);
    /// </code></example>
    /// <typeparam name="T">The record. Its parameters are bool, int, long, float, double, string, an enum (a text of
    /// several: <c>NearestExact</c> is <c>nearest_exact</c>), <see cref="Sizes"/>, <see cref="ModuleSpec"/>,
    /// <see cref="TensorFunction"/>, an array or <c>IReadOnlyList</c> of them, or object.</typeparam>
    /// <param name="id">The name it is found by, and printed under.</param>
    /// <param name="init">Attaches the children, from the resolved arguments, and ends with <c>return m.Forward(x => …)</c>.
    /// An <see cref="ArgumentException"/> of the record's constructor becomes an error about that parameter.</param>
    /// <exception cref="DeeplayException">The record has what can't be a parameter.</exception>
    public static ModuleDefinition<T> Define<T>(string id, Func<ModuleBuilder, T, Forward> init)
    {
        id.Given();
        init.Given();
        return Make<T>(id, (builder, arguments) => init(builder, arguments));
    }

    /// <summary>A kind of module that only holds others, with the parameters of a record.</summary>
    /// <inheritdoc cref="Define{T}(string, Func{ModuleBuilder, T, Forward})"/>
    public static ModuleDefinition<T> Define<T>(string id, Action<ModuleBuilder, T> init)
    {
        id.Given();
        init.Given();
        return Make<T>(
            id,
            (builder, arguments) =>
            {
                init(builder, arguments);
                return null;
            }
        );
    }

    /// <summary>Starts the definition of a layer that the engine makes. How it is made is said where it is built, by
    /// <see cref="Lowerings"/>.</summary>
    /// <example><code>
    /// var scale = ModuleSpec.DefineLayer("Scale").Parameter&lt;double&gt;("by").SameShape();
    /// var lowerings = Lowerings.Standard.Add(scale, a => new Scale(a.Get&lt;double&gt;("by")));
    /// var net = scale.Create(new { by = 2.0 }).Build(new() { Lowerings = lowerings });
    /// </code></example>
    public static LayerBuilder DefineLayer(string id) => new(id.Given(), "", [], []);

    /// <summary>Starts the definition of a layer with the parameters of a record, as
    /// <see cref="Define{T}(string, Func{ModuleBuilder, T, Forward})"/> takes them.</summary>
    /// <example><code>
    /// record Scale(double By);
    /// var scale = ModuleSpec.DefineLayer&lt;Scale&gt;("Scale").SameShape();
    /// var lowerings = Lowerings.Standard.Add(scale, a => new Scaling(a.By));
    /// </code></example>
    public static LayerBuilder<T> DefineLayer<T>(string id)
    {
        id.Given();
        var record = ParameterRecord.Of(typeof(T));
        return new(new(id, "", [.. record.Parameters], []), record);
    }

    private static ModuleDefinition<T> Make<T>(string id, Func<ModuleBuilder, T, Forward?> init)
    {
        var record = ParameterRecord.Of(typeof(T));
        return new(
            DefinitionBuilder.Make(
                id,
                "",
                record.Parameters,
                builder => init(builder, record.Make<T>(builder.Arguments))
            ),
            record
        );
    }
}
