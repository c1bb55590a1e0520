namespace Deeplay;

/// <summary>How names of tensors become others, where a file calls them differently: rules, one after another, each of which takes
/// what the one before it gave. In a pattern <c>*</c> stands for any text, dots included.</summary>
public sealed class NameMap
{
    /// <summary>Without a rule: no name becomes another.</summary>
    public static NameMap Empty { get; } = new([]);

    internal NameMap(IEnumerable<Torch.NameRule> rules) => Rules = Interop.List(rules);

    internal FSharpList<Torch.NameRule> Rules { get; }

    /// <summary>One name becomes another.</summary>
    public NameMap Rename(string name, string becomes) =>
        With(Torch.NameRule.NewRename(name.Given(), becomes.Given()));

    /// <summary>What names begin with becomes something else: <c>ReplacePrefix("module.", "")</c>. An empty prefix is that of every
    /// name.</summary>
    public NameMap ReplacePrefix(string prefix, string becomes) =>
        With(Torch.NameRule.NewReplacePrefix(prefix.Given(), becomes.Given()));

    /// <summary>Names that are as a pattern become another one, with the same texts for each <c>*</c> in turn:
    /// <c>ReplacePattern("*.gamma", "*.weight")</c>. It may have fewer.</summary>
    public NameMap ReplacePattern(string pattern, string becomes) =>
        With(Torch.NameRule.NewReplacePattern(pattern.Given(), becomes.Given()));

    /// <summary>Every match of a regular expression becomes a text, in which <c>$1</c> stands for its first group:
    /// <c>ReplaceRegex(@"layers\.(\d+)\.", "blocks.$1.")</c>.</summary>
    public NameMap ReplaceRegex(string expression, string becomes) =>
        With(Torch.NameRule.NewReplaceRegex(expression.Given(), becomes.Given()));

    /// <summary>Tensors whose names are as a pattern are left out.</summary>
    public NameMap Drop(string pattern) => With(Torch.NameRule.NewDropNames(pattern.Given()));

    /// <summary>The same where there are any: what some files have and others have not.</summary>
    public NameMap DropIfAny(string pattern) => With(Torch.NameRule.NewDropNamesIfAny(pattern.Given()));

    /// <summary>Matrices whose names are as a pattern are transposed: <c>Transpose("*.c_fc.weight")</c>.</summary>
    public NameMap Transpose(string pattern) => With(Torch.NameRule.NewTransposePattern(pattern.Given()));

    /// <summary>Tensors whose names are as a pattern get one more dimension, of size 1, at a place:
    /// <c>Unsqueeze("wpe.weight", 0)</c>.</summary>
    public NameMap Unsqueeze(string pattern, int dim) =>
        With(Torch.NameRule.NewUnsqueezePattern(pattern.Given(), dim));

    /// <summary>Tensors whose names are as a pattern become several of equal size along a dimension, one for each of these patterns:
    /// <c>Split("*.qkv.*", 0, ["*.q.*", "*.k.*", "*.v.*"])</c>.</summary>
    public NameMap Split(string pattern, int dim, IEnumerable<string> becomes) =>
        With(Torch.NameRule.NewSplitPattern(pattern.Given(), dim, Interop.List(becomes.Given())));

    /// <summary>The rules as JSON: <c>[{"prefix": "module.", "becomes": ""}, {"name": "a", "becomes": "b"}, {"pattern": "*.gamma",
    /// "becomes": "*.weight"}, {"regex": "…", "becomes": "$1"}, {"drop": "head.*"}, {"drop_if_any": "*.mask"}, {"transpose":
    /// "*.c_fc.weight"}, {"unsqueeze": "wpe.weight", "dim": 0}, {"split": "*.qkv", "dim": 0, "becomes": ["*.q", "*.k", "*.v"]}]</c>.</summary>
    public string ToJson() => Torch.NameMap.toJson(Rules);

    /// <summary>The rules that a JSON text describes.</summary>
    public static NameMap FromJson(string json) => new(Torch.NameMap.ofJson(json.Given()));

    /// <summary>Writes the rules to a file of JSON, which appears whole or not at all.</summary>
    public void Save(string path) => Torch.NameMap.save(path.Given(), Rules);

    /// <summary>Reads the rules of a file of JSON.</summary>
    public static NameMap Load(string path) => new(Torch.NameMap.load(path.Given()));

    /// <summary>A line for each rule.</summary>
    public override string ToString() => string.Join("\n", Rules);

    private NameMap With(Torch.NameRule rule) => new(Rules.Append(rule));
}
