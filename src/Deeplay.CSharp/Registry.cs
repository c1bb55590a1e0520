namespace Deeplay;

/// <summary>What can be found by name when a spec is read: definitions, actions, functions over tensors. A value that
/// is passed along; nothing gets into it by being loaded.</summary>
public sealed class Registry
{
    internal Registry(Core.Registry inner) => Inner = inner;

    internal Core.Registry Inner { get; }

    /// <summary>Knows nothing.</summary>
    public static Registry Empty { get; } = new(Core.RegistryModule.empty);

    /// <summary>Knows all of the library, and the initializers.</summary>
    public static Registry Standard { get; } = new(Torch.Registries.standard);

    /// <summary>The definitions it knows, by id.</summary>
    public IReadOnlyDictionary<string, ModuleDefinition> Definitions =>
        Inner.Definitions.ToDictionary(pair => pair.Key, pair => new ModuleDefinition(pair.Value));

    /// <summary>The actions it knows, by id: what <see cref="Editable.Hook"/> takes, such as the initializers.</summary>
    public IReadOnlyDictionary<string, ModuleAction> Actions =>
        Inner.Actions.ToDictionary(pair => pair.Key, pair => new ModuleAction(pair.Value));

    /// <summary>The same with one more definition. Two definitions of one id are an error.</summary>
    public Registry Add(ModuleDefinition definition) =>
        new(Core.RegistryModule.add(definition.Given().Inner, Inner));

    /// <summary>The same with one more action, to be found by hooks.</summary>
    public Registry Add(ModuleAction action) =>
        new(Core.RegistryModule.addAction(action.Given().Inner, Inner));

    /// <summary>The same with one more function over tensors.</summary>
    public Registry Add(TensorFunction function) =>
        new(Core.RegistryModule.addFunction(function.Given().Inner, Inner));
}
