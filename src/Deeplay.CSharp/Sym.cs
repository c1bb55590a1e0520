using Op = Deeplay.FSharp.OpModule;

namespace Deeplay;

/// <summary>A tensor of a forward pass that has no numbers yet: what a forward function is traced over.</summary>
public sealed partial class Sym
{
    internal Sym(Core.Sym inner) => Inner = inner;

    internal Core.Sym Inner { get; }

    /// <summary>The sum, element by element.</summary>
    public static Sym operator +(Sym a, Sym b) => new(a.Given().Inner + b.Given().Inner);

    /// <summary>The difference, element by element.</summary>
    public static Sym operator -(Sym a, Sym b) => new(a.Given().Inner - b.Given().Inner);

    /// <summary>The product, element by element.</summary>
    public static Sym operator *(Sym a, Sym b) => new(a.Given().Inner * b.Given().Inner);

    /// <summary>The quotient, element by element.</summary>
    public static Sym operator /(Sym a, Sym b) => new(a.Given().Inner / b.Given().Inner);

    /// <summary>A number added to each element.</summary>
    public static Sym operator +(Sym a, double b) => new(a.Given().Inner + b);

    /// <summary>A number taken from each element.</summary>
    public static Sym operator -(Sym a, double b) => new(a.Given().Inner - b);

    /// <summary>Each element times a number.</summary>
    public static Sym operator *(Sym a, double b) => new(a.Given().Inner * b);

    /// <summary>Each element over a number.</summary>
    public static Sym operator /(Sym a, double b) => new(a.Given().Inner / b);

    /// <summary>Each element added to a number.</summary>
    public static Sym operator +(double a, Sym b) => new(a + b.Given().Inner);

    /// <summary>Each element taken from a number.</summary>
    public static Sym operator -(double a, Sym b) => new(a - b.Given().Inner);

    /// <summary>A number times each element.</summary>
    public static Sym operator *(double a, Sym b) => new(a * b.Given().Inner);

    /// <summary>A number over each element.</summary>
    public static Sym operator /(double a, Sym b) => new(a / b.Given().Inner);

    /// <summary>The elements with the other sign.</summary>
    public static Sym operator -(Sym a) => new(-a.Given().Inner);

    /// <summary>The tensors joined along a dimension.</summary>
    public static Sym Cat(long dim, params Sym[] tensors) => new(Op.cat((int)dim, All(tensors.Given())));

    /// <summary>The tensors joined along a new dimension.</summary>
    public static Sym Stack(long dim, params Sym[] tensors) => new(Op.stack((int)dim, All(tensors.Given())));

    internal static Microsoft.FSharp.Collections.FSharpList<Core.Sym> All(IEnumerable<Sym> tensors) =>
        Interop.List(tensors.Select(tensor => tensor.Given().Inner));
}
