namespace Deeplay;

/// <summary>How documentation makes a module of a definition and calls it.</summary>
public sealed class ModuleExample
{
    internal ModuleExample(Core.Example inner) => Inner = inner;

    private Core.Example Inner { get; }

    /// <summary>The arguments as they are given, by the names of the parameters.</summary>
    public IReadOnlyDictionary<string, object?> Arguments =>
        Inner.Arguments.ToDictionary(one => one.Item1, one => Values.Object(one.Item2));

    /// <summary>The inputs of a call, in order; none where it is not called.</summary>
    public IReadOnlyList<ExampleInput> Inputs => [.. Inner.Inputs.Select(one => new ExampleInput(one))];

    /// <summary>The numbers that come out, to four digits; none where they are not told.</summary>
    public IReadOnlyList<double> Outputs => [.. Inner.Outputs];
}
