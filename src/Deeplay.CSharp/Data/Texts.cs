namespace Deeplay;

/// <summary>Texts as examples for language models.</summary>
public static class Texts
{
    /// <summary>Rows of tokens (N, L + 1) as inputs (N, L), all but the last of each, and targets (N, L), all but the first: the target
    /// of a token is the one behind it. A target that is <paramref name="padding"/>, where that is given, becomes -100, which the loss
    /// ignores.</summary>
    public static Dataset NextTokens(Tensor rows, long? padding = null) =>
        new(Torch.Texts.nextTokens(Interop.Option(padding), rows.Given()));

    /// <summary>A text as examples of so many tokens, one every <paramref name="stride"/> tokens, each with the tokens that come next:
    /// inputs (N, length) and targets (N, length). What is left at the end of the text, and is shorter, is no example.</summary>
    public static Dataset Windows(string text, Vocabulary vocabulary, int length, int stride = 1) =>
        new(Torch.Texts.windows(length, stride, vocabulary.Given().Inner, text.Given()));
}
