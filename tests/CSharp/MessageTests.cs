using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;

namespace Deeplay.Tests;

/// <summary>What C# users read names nothing that only F# has: no sentence in the assemblies behind the face says a function
/// of F#, by itself (<c>dropUnused</c>) or of its module (<c>Module.undo</c>).</summary>
public partial class MessageTests
{
    private static readonly Assembly[] Behind =
    [
        typeof(DeeplayException).Assembly,
        Assembly.Load("Deeplay.Library"),
        Assembly.Load("Deeplay.Torch"),
        typeof(ModuleSpec).Assembly,
    ];

    private static readonly Type[] Modules =
    [
        .. Behind
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => type is { IsAbstract: true, IsSealed: true } && !IsFace(type)),
    ];

    private static readonly HashSet<string> ModuleNames =
    [
        "Module",
        "Application",
        .. Modules.Select(type =>
            type.Name.EndsWith("Module", StringComparison.Ordinal) ? type.Name[..^6] : type.Name
        ),
    ];

    // Those that are no plain words.
    private static readonly HashSet<string> Functions =
    [
        .. Modules
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static))
            .Select(method => method.Name)
            .Where(name => char.IsLower(name[0]) && name.Any(char.IsUpper)),
    ];

    private static bool IsFace(Type type) => type.Assembly == typeof(ModuleSpec).Assembly;

    private static bool NamesAFunction(string text) =>
        Word().Matches(text).Any(word => Functions.Contains(word.Value))
        || Qualified().Matches(text).Any(name => ModuleNames.Contains(name.Groups[1].Value));

    // All texts that code of an assembly holds, formats included.
    private static IEnumerable<string> Texts(Assembly assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        var reader = file.GetMetadataReader();
        var handle = MetadataTokens.UserStringHandle(1);
        for (; !handle.IsNil; handle = reader.GetNextHandle(handle))
            yield return reader.GetUserString(handle);
    }

    [Fact]
    public void No_message_names_a_function_of_FSharp()
    {
        string[] sentences = [.. Behind.SelectMany(Texts).Where(text => text.Contains(' '))];

        Assert.DoesNotContain(sentences, NamesAFunction);
        Assert.True(sentences.Length > 500, $"The test looks at {sentences.Length} sentences alone.");
    }

    [Theory]
    [InlineData("No module reads these settings: drop them by dropUnused.")]
    [InlineData("Set it by Module.configure.")]
    [InlineData("Add it: Registry.add definition registry.")]
    public void The_test_would_find_one(string text) => Assert.True(NamesAFunction(text));

    [GeneratedRegex(@"(?<![\w.])[a-z]\w*")]
    private static partial Regex Word();

    [GeneratedRegex(@"(?<![\w.])([A-Z]\w*)\.[a-z]\w*")]
    private static partial Regex Qualified();
}
