namespace Deeplay;

/// <summary>Where kinds of modules are defined: <c>Module.Define("GatedBlock")</c>. In a program with
/// <c>using static TorchSharp.torch.nn</c> the name means TorchSharp's class; there the same is
/// <see cref="ModuleSpec.Define(string)"/>.</summary>
public static class Module
{
    /// <inheritdoc cref="ModuleSpec.Define(string)"/>
    public static DefinitionBuilder Define(string id) => ModuleSpec.Define(id);

    /// <inheritdoc cref="ModuleSpec.Define{T}(string, Func{ModuleBuilder, T, Forward})"/>
    public static ModuleDefinition<T> Define<T>(string id, Func<ModuleBuilder, T, Forward> init) =>
        ModuleSpec.Define(id, init);

    /// <inheritdoc cref="ModuleSpec.Define{T}(string, Action{ModuleBuilder, T})"/>
    public static ModuleDefinition<T> Define<T>(string id, Action<ModuleBuilder, T> init) =>
        ModuleSpec.Define(id, init);

    /// <inheritdoc cref="ModuleSpec.DefineLayer(string)"/>
    public static LayerBuilder DefineLayer(string id) => ModuleSpec.DefineLayer(id);

    /// <inheritdoc cref="ModuleSpec.DefineLayer{T}"/>
    public static LayerBuilder<T> DefineLayer<T>(string id) => ModuleSpec.DefineLayer<T>(id);
}
