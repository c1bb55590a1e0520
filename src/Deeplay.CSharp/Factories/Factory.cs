namespace Deeplay;

/// <summary>Modules of the library's kinds, from the arguments of a C# method.</summary>
internal static class Factory
{
    /// <summary>A module with those arguments that are not the parameter's default, so that it says what its maker
    /// said. Null is an argument where it means something, and "not given" elsewhere.</summary>
    public static ModuleSpec Make(Core.Definition definition, params (string Name, object? Value)[] arguments)
    {
        var given =
            from argument in arguments
            let value = Values.From(argument.Value)
            where IsGiven(Parameter(definition, argument.Name), value)
            select Tuple.Create(argument.Name, value);
        return new(Core.ChangeModule.create(Interop.List(given), definition));
    }

    /// <summary>The typed key to a parameter; a name that the definition does not have is an error.</summary>
    public static Parameter<T> Key<T>(Core.Definition definition, string name) =>
        new(Parameter(definition, name));

    /// <summary>Those arguments of an edit that are not its own defaults.</summary>
    public static Dictionary<string, object?> Given(
        params (string Name, object? Value, object? Default)[] arguments
    ) =>
        arguments
            .Where(argument => !Equals(argument.Value, argument.Default))
            .ToDictionary(argument => argument.Name, argument => argument.Value);

    private static Core.Parameter Parameter(Core.Definition definition, string name) =>
        definition.Signature.Parameters[definition.Signature.Find(Core.TagModule.root, definition.Id, name)];

    private static bool IsGiven(Core.Parameter parameter, Core.Value value) =>
        !value.Equals(parameter.Default) && !(value.IsNull && !parameter.Type.IsOrNull);
}
