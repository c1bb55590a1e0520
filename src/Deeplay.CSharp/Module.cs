namespace Deeplay;

/// <summary>Where kinds of modules are defined: <c>Module.Define("GatedBlock")</c>. In a program with
/// <c>using static torch.nn</c> the name means TorchSharp's class; there the same is
/// <see cref="ModuleSpec.Define(string)"/>.</summary>
public static class Module
{
    /// <inheritdoc cref="ModuleSpec.Define(string)"/>
    public static DefinitionBuilder Define(string id) => ModuleSpec.Define(id);

    /// <inheritdoc cref="ModuleSpec.Define{T}(string)"/>
    public static DefinitionBuilder<T> Define<T>(string id) => ModuleSpec.Define<T>(id);

    /// <inheritdoc cref="ModuleSpec.Define{T}(string, Func{ModuleBuilder, T, Forward})"/>
    public static ModuleDefinition<T> Define<T>(string id, Func<ModuleBuilder, T, Forward> init) =>
        ModuleSpec.Define(id, init);

    /// <inheritdoc cref="ModuleSpec.Define{T}(string, Action{ModuleBuilder, T})"/>
    public static ModuleDefinition<T> Define<T>(string id, Action<ModuleBuilder, T> init) =>
        ModuleSpec.Define(id, init);
}
