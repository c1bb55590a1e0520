namespace Deeplay;

/// <summary>What a built model keeps while it runs: for each key the tensor of the last call. Several threads may call
/// the model at once: what a call keeps is its own until it ends, and the call that ends last wins. Give one to
/// <see cref="BuildOptions.Logs"/>; an <see cref="Application"/> has its own.</summary>
public sealed class Logs : IDisposable
{
    /// <summary>Nothing kept yet.</summary>
    public Logs()
        : this(new Torch.Logs()) { }

    internal Logs(Torch.Logs inner) => Inner = inner;

    internal Torch.Logs Inner { get; }

    /// <summary>The keys there is something under.</summary>
    public IReadOnlyCollection<string> Keys => Inner.Keys;

    /// <summary>What was kept last under a key: a tensor of the caller's own, which no later call touches; dispose it, or
    /// leave it to a dispose scope. A key without anything is an error that names the keys there are.</summary>
    public torch.Tensor this[string key] => Inner[key.Given()];

    /// <summary>Forgets everything, and frees its memory.</summary>
    public void Clear() => Inner.Clear();

    /// <summary>As <see cref="Clear"/>.</summary>
    public void Dispose() => Inner.Clear();
}
