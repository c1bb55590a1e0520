namespace Deeplay;

/// <summary>A parameter of a record that follows from the input where it is not given, as <c>in_features</c> does. It is
/// nullable, and null stands for "not known yet". A nullable parameter without this attribute takes null as a value:
/// "nothing, on purpose".</summary>
/// <example><code>
/// record Gated([Inferred] int? InFeatures, int OutFeatures, ModuleSpec? Activation = null);
/// </code></example>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
public sealed class InferredAttribute : Attribute;
