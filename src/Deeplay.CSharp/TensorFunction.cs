namespace Deeplay;

/// <summary>A function over tensors that can be saved because it has a name in a <see cref="Registry"/>.</summary>
public sealed class TensorFunction
{
    internal TensorFunction(Core.NamedFunction inner) => Inner = inner;

    /// <summary>A function of several tensors under a name.</summary>
    public TensorFunction(string id, Func<IReadOnlyList<Sym>, Sym> body)
    {
        body.Given();
        var inner = Interop.Fun<FSharpList<Core.Sym>, Core.Sym>(inputs => body(Sym.All(inputs)).Gave().Inner);
        Inner = new(id.Given(), "", inner);
    }

    /// <summary>A function of one tensor under a name.</summary>
    public TensorFunction(string id, Func<Sym, Sym> body)
        : this(id, One(body.Given())) { }

    private static Func<IReadOnlyList<Sym>, Sym> One(Func<Sym, Sym> body) => inputs => body(inputs[0]);

    internal Core.NamedFunction Inner { get; }

    /// <summary>The name it is found by.</summary>
    public string Id => Inner.Id;

    /// <summary>The id.</summary>
    public override string ToString() => Id;
}
