namespace Deeplay;

/// <summary>How the weights of a module are read.</summary>
public sealed record StateDictLoadOptions
{
    /// <summary>How names of the file become the module's.</summary>
    public NameMap Names
    {
        get;
        init => field = value.Given();
    } = NameMap.Empty;

    /// <summary>Whether a tensor that is missing in the file or left over, or a rule that speaks of none, is an error. What has another
    /// shape always is, as in PyTorch.</summary>
    public bool Strict { get; init; } = true;

    /// <summary>Names become the module's by a map.</summary>
    public static implicit operator StateDictLoadOptions(NameMap names) => new() { Names = names.Given() };

    internal static Torch.StateDictLoad Of(StateDictLoadOptions? options) =>
        new((options ?? new()).Names.Rules, (options ?? new()).Strict);
}

/// <summary>How the weights of a module are written.</summary>
public sealed record StateDictSaveOptions
{
    /// <summary>How names of the module become the file's.</summary>
    public NameMap Names
    {
        get;
        init => field = value.Given();
    } = NameMap.Empty;

    /// <summary>How many bytes of tensors a file may have; where they are more, there are several,
    /// <c>model-00001-of-00003.safetensors</c> and so on, with the index <c>model.safetensors.index.json</c>, as Hugging Face has them.
    /// Null for a single file.</summary>
    public long? MaxShardSize { get; init; }

    /// <summary>Names become the file's by a map.</summary>
    public static implicit operator StateDictSaveOptions(NameMap names) => new() { Names = names.Given() };

    internal static Torch.StateDictSave Of(StateDictSaveOptions? options) =>
        new((options ?? new()).Names.Rules, Interop.Option((options ?? new()).MaxShardSize));
}
