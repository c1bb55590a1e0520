namespace Deeplay;

/// <summary>The characters of texts, each with an index: what a language model reads and writes. A character is one of Unicode's,
/// whatever number of <c>char</c> it takes.</summary>
public sealed class Vocabulary
{
    private Vocabulary(Torch.Vocabulary inner) => Inner = inner;

    internal Torch.Vocabulary Inner { get; }

    /// <summary>That of a text: its characters, each once, in the order of Unicode.</summary>
    public static Vocabulary OfText(string text) => new(Torch.Vocabulary.OfText(text.Given()));

    /// <summary>Its characters, in the order of their indices.</summary>
    public string Characters => Inner.Characters;

    /// <summary>How many there are.</summary>
    public int Size => Inner.Size;

    /// <summary>The index of each character, (L,) in int64. A character that is none of its own is an error.</summary>
    public Tensor Encode(string text) => Inner.Encode(text.Given());

    /// <summary>The text of indices (L,).</summary>
    public string Decode(Tensor tokens) => Inner.Decode(tokens.Given());
}
