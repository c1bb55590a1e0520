namespace Deeplay;

/// <summary>One input of the example of a definition, batch included: for
/// <see cref="DefinitionExtensions.WithExample{T}(T, object?, ExampleInput[])"/>.</summary>
public sealed class ExampleInput
{
    internal ExampleInput(Core.ExampleInput inner) => Inner = inner;

    internal Core.ExampleInput Inner { get; }

    /// <summary>Random numbers (float32) of this shape.</summary>
    public static ExampleInput Tensor(params int[] sizes) =>
        new(FSharp.ExampleModule.tensor(Interop.List(sizes.Given())));

    /// <summary>Random whole numbers (int64) of this shape, from 0 up to <paramref name="below"/>, without it.</summary>
    public static ExampleInput Whole(int below, params int[] sizes) =>
        new(FSharp.ExampleModule.whole(below, Interop.List(sizes.Given())));

    /// <summary>These numbers (float64), in order, in a tensor of this shape: one for each of its places.</summary>
    public static ExampleInput Numbers(IReadOnlyList<double> numbers, params int[] sizes) =>
        new(FSharp.ExampleModule.numbers(Interop.List(sizes.Given()), Interop.List(numbers.Given())));

    /// <summary>These whole numbers (int64), in order, in a tensor of this shape: one for each of its places.</summary>
    public static ExampleInput Wholes(IReadOnlyList<int> numbers, params int[] sizes) =>
        new(FSharp.ExampleModule.wholes(Interop.List(sizes.Given()), Interop.List(numbers.Given())));

    /// <summary>The same as one of the named tensors that a module takes, under this key.</summary>
    public ExampleInput Named(string key) => new(FSharp.ExampleModule.named(key.Given(), Inner));

    /// <summary>Its key, where the module takes named tensors.</summary>
    public string? Key => Inner.Key?.Value;

    /// <summary>Its sizes, batch included.</summary>
    public Shape Sizes => new(Inner.Sizes);

    /// <summary>What whole numbers stay below; null for others.</summary>
    public long? Below => Inner.Below?.Value;

    /// <summary>The numbers in it, in order; none where they are random.</summary>
    public IReadOnlyList<double> Given => [.. Inner.Numbers];

    internal static FSharpList<Core.ExampleInput> All(IEnumerable<ExampleInput> inputs) =>
        Interop.List(inputs.Select(input => input.Given().Inner));
}
