namespace Deeplay;

/// <summary>A whole number of a module or of its forward pass: one that is known, one that is inferred before the module is built
/// (<see cref="ModuleBuilder.Size(string)"/>), or one that the sizes of tensors make when the pass runs
/// (<see cref="Sym.Size"/>). No tensor holds it.</summary>
public sealed class SymInt
{
    internal SymInt(Core.SymInt inner) => Inner = inner;

    internal Core.SymInt Inner { get; }

    internal static FSharpList<Core.SymInt> All(IEnumerable<SymInt> sizes) =>
        Interop.List(sizes.Select(size => size.Given().Inner));

    /// <summary>A number that is known.</summary>
    public static implicit operator SymInt(int number) => new((Core.SymInt)number);

    /// <summary>The sum.</summary>
    public static SymInt operator +(SymInt a, SymInt b) => new(a.Given().Inner + b.Given().Inner);

    /// <summary>The difference.</summary>
    public static SymInt operator -(SymInt a, SymInt b) => new(a.Given().Inner - b.Given().Inner);

    /// <summary>The product.</summary>
    public static SymInt operator *(SymInt a, SymInt b) => new(a.Given().Inner * b.Given().Inner);

    /// <summary>The quotient, rounded down.</summary>
    public static SymInt operator /(SymInt a, SymInt b) => new(a.Given().Inner / b.Given().Inner);

    /// <summary>What is left over by the quotient.</summary>
    public static SymInt operator %(SymInt a, SymInt b) => new(a.Given().Inner % b.Given().Inner);
}
