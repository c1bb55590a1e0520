namespace Deeplay;

/// <summary>How a language model goes on with a text. Names and defaults are those of <c>generate</c> of Hugging Face's
/// transformers.</summary>
public sealed record GenerationOptions
{
    /// <summary>How many tokens are added at most.</summary>
    public int MaxNewTokens { get; init; } = Torch.Generation.defaults.MaxNewTokens;

    /// <summary>Whether tokens are drawn by their probabilities; else the most probable one is taken each time.</summary>
    public bool DoSample { get; init; } = Torch.Generation.defaults.DoSample;

    /// <summary>What logits are divided by before one is drawn: below 1 for what is more probable, above for more
    /// variety.</summary>
    public double Temperature { get; init; } = Torch.Generation.defaults.Temperature;

    /// <summary>Among how many of the most probable tokens one is drawn; 0 for all.</summary>
    public int TopK { get; init; } = Torch.Generation.defaults.TopK;

    /// <summary>Among the fewest most probable tokens whose probabilities add up to this, or more, one is drawn; 1 for
    /// all.</summary>
    public double TopP { get; init; } = Torch.Generation.defaults.TopP;

    /// <summary>What is drawn follows from it.</summary>
    public long Seed { get; init; } = Torch.Generation.defaults.Seed;

    /// <summary>The token that ends a text; null for none.</summary>
    public long? EosTokenId { get; init; }

    /// <summary>The last tokens of the text that the model sees, where it can't see all; null for as many as its
    /// <c>max_length</c> says.</summary>
    public int? ContextLength { get; init; }

    internal Torch.GenerationOptions Inner =>
        new(
            MaxNewTokens,
            DoSample,
            Temperature,
            TopK,
            TopP,
            Seed,
            Interop.Option(EosTokenId),
            Interop.Option(ContextLength)
        );
}

/// <summary>Goes on with texts, by an application whose model gives logits (N, L, V).</summary>
public static class Generation
{
    /// <summary>Goes on with texts (N, L) of tokens, each from its end: gives (N, L + the tokens that are added) on the CPU. It is over
    /// when each text has its end; behind that a text has <see cref="GenerationOptions.EosTokenId"/> alone.</summary>
    public static Tensor Generate(
        this Application application,
        Tensor prompts,
        GenerationOptions? options = null
    ) => Torch.Generation.generate((options ?? new()).Inner, prompts.Given(), application.Given().Inner);

    /// <summary>Goes on with a text: gives it with what is added.</summary>
    public static string Generate(
        this Application application,
        string prompt,
        Vocabulary vocabulary,
        GenerationOptions? options = null
    ) =>
        Torch.Generation.text(
            (options ?? new()).Inner,
            vocabulary.Given().Inner,
            prompt.Given(),
            application.Given().Inner
        );
}
