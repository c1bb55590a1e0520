namespace Deeplay;

/// <content>Kinds of modules of one's own.</content>
public partial class ModuleSpec
{
    /// <summary>Starts the definition of a kind of module: one that is made of others, or a layer that the engine
    /// makes.</summary>
    /// <example><code>
    /// var head = ModuleSpec.Define("Head").Parameter&lt;long&gt;("features").Init(m =>
    /// {
    ///     var layer = m.Child("layer", Layers.Linear(m.Get&lt;long&gt;("features"), 2));
    ///     return m.Forward(x => layer.Call(x).Sigmoid());
    /// });
    /// var scale = ModuleSpec.Define("Scale").Parameter&lt;double&gt;("by").SameShape();
    /// var lowerings = Lowerings.Standard.Add(scale, a => new Scaling(a.Get&lt;double&gt;("by")));
    /// var net = scale.Create(new { by = 2.0 }).Build(new() { Lowerings = lowerings });
    /// </code></example>
    public static DefinitionBuilder Define(string id) => new(id);

    /// <summary>Starts the definition of a kind of module with the parameters of a record. They have PyTorch's names
    /// (<c>OutFeatures</c> is <c>out_features</c>), the defaults of the constructor, and what <c>[Description]</c> says as
    /// documentation; a nullable one may be null, or, where it is <c>[Inferred]</c>, left to be inferred.</summary>
    /// <example><code>
    /// record Scale(double By);
    /// var scale = ModuleSpec.Define&lt;Scale&gt;("Scale").SameShape();
    /// var lowerings = Lowerings.Standard.Add(scale, a => new Scaling(a.By));
    /// </code></example>
    /// <typeparam name="T">The record. Its parameters are bool, int, long, float, double, string, an enum (a text of
    /// several: <c>NearestExact</c> is <c>nearest_exact</c>), <see cref="Sizes"/>, <see cref="ModuleSpec"/>,
    /// <see cref="TensorFunction"/>, an array or <c>IReadOnlyList</c> of them, or object.</typeparam>
    /// <param name="id">The name it is found by, and printed under.</param>
    /// <exception cref="DeeplayException">The record has what can't be a parameter.</exception>
    public static DefinitionBuilder<T> Define<T>(string id)
    {
        var record = ParameterRecord.Of(typeof(T));
        return new(new DefinitionBuilder(id).Parameters(record.Parameters), record);
    }

    /// <summary>A kind of module with the parameters of a record: <c>Define&lt;T&gt;(id).Init(init)</c>.</summary>
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
    /// <inheritdoc cref="Define{T}(string)"/>
    public static ModuleDefinition<T> Define<T>(string id, Func<ModuleBuilder, T, Forward> init) =>
        Define<T>(id).Init(init);

    /// <summary>A kind of module that only holds others, with the parameters of a record.</summary>
    /// <inheritdoc cref="Define{T}(string)"/>
    public static ModuleDefinition<T> Define<T>(string id, Action<ModuleBuilder, T> init) =>
        Define<T>(id).Init(init);
}
