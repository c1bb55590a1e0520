using System.Text;

namespace Deeplay;

/// <summary>C#'s names as PyTorch writes them: <c>OutFeatures</c> is <c>out_features</c>.</summary>
internal static class ParameterNames
{
    /// <summary>A word starts at a capital after a small letter, and at one before a small letter (the last of an acronym,
    /// or after a digit). Digits belong to the word before them: <c>In1Features</c> is <c>in1_features</c>,
    /// <c>QKVBias</c> is <c>qkv_bias</c>, <c>Conv2D</c> is <c>conv2d</c>, <c>DModel</c> is <c>d_model</c>.</summary>
    public static string Of(string name)
    {
        var text = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsUpper(name[i]) && StartsWord(name, i))
                text.Append('_');
            text.Append(char.ToLowerInvariant(name[i]));
        }
        return text.ToString();
    }

    private static bool StartsWord(string name, int i) =>
        char.IsLower(name[i - 1])
        || (char.IsLetterOrDigit(name[i - 1]) && i + 1 < name.Length && char.IsLower(name[i + 1]));

    /// <summary>The texts that stand for the values of an enum, with those values.</summary>
    public static IReadOnlyDictionary<string, object> Texts(Type type)
    {
        var texts = new Dictionary<string, object>();
        foreach (var name in Enum.GetNames(type))
            if (!texts.TryAdd(Of(name), Enum.Parse(type, name)))
                throw Interop.Malformed(type.Name, "values of different names", $"'{Of(name)}' twice");
        return texts;
    }
}
