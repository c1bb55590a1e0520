namespace Deeplay;

/// <summary>How Hugging Face's transformers names the weights of models of the library, for reading a state dict of theirs:
/// <c>StateDict.Load("model.safetensors", model, HuggingFaceNames.GPT2)</c>.</summary>
public static class HuggingFaceNames
{
    /// <summary>The names of a <c>GPT2LMHeadModel</c> of any size, for a <c>CausalLanguageModel</c>; those of a <c>GPT2Model</c> are
    /// read too.</summary>
    public static NameMap GPT2 { get; } = new(Torch.HuggingFaceNames.gpt2);
}
