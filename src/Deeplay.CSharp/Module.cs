namespace Deeplay;

/// <summary>Where kinds of modules are defined: <c>Module.Define("GatedBlock")</c>. In a program with
/// <c>using static TorchSharp.torch.nn</c> the name means TorchSharp's class; there the same is
/// <see cref="ModuleSpec.Define"/>.</summary>
public static class Module
{
    /// <inheritdoc cref="ModuleSpec.Define"/>
    public static DefinitionBuilder Define(string id) => ModuleSpec.Define(id);

    /// <inheritdoc cref="ModuleSpec.DefineLayer"/>
    public static LayerBuilder DefineLayer(string id) => ModuleSpec.DefineLayer(id);
}
