using System.Collections;

namespace Deeplay;

/// <summary>What a model is given for some examples: one tensor, several in the order in which it takes them
/// (<c>[a, b]</c>), or several by its names for them. The first dimension of each counts the examples. They stay whose they
/// were.</summary>
[CollectionBuilder(typeof(Inputs), nameof(Several))]
public sealed class Inputs : IReadOnlyList<Tensor>
{
    internal Inputs(Torch.Inputs inner) => Inner = inner;

    internal Torch.Inputs Inner { get; }

    /// <summary>How many tensors there are.</summary>
    public int Count => Inner.Count;

    /// <summary>Their names, in the order in which they were given; none where they go by their places.</summary>
    public IReadOnlyList<string> Names => Inner.Names;

    /// <summary>The tensor at a place, counted from 0.</summary>
    public Tensor this[int place] => Inner[place];

    /// <summary>The tensor of a name.</summary>
    public Tensor this[string name] => Inner[name.Given()];

    /// <summary>Tensors in the order in which the model takes them.</summary>
    public static Inputs Several(params ReadOnlySpan<Tensor> tensors) =>
        new(Torch.InputsModule.several(Interop.List(tensors.ToArray())));

    /// <summary>Tensors by the names of the model's inputs, in any order: those of its forward pass, or the keys that it takes
    /// named tensors by.</summary>
    public static Inputs Named(params IEnumerable<(string Name, Tensor Tensor)> tensors) =>
        new(
            Torch.InputsModule.named(
                Interop.List(tensors.Given().Select(input => Tuple.Create(input.Name, input.Tensor)))
            )
        );

    /// <summary>A graph, or several as one, by the names of the model's inputs. There must be <c>x</c> (nodes, …) and
    /// <c>edge_index</c> (2, edges), int64 numbers of nodes: where each edge starts, and where it ends. Whatever else there is has
    /// a row for each node or edge, or one for the graph; what is called an index says nodes too.</summary>
    /// <exception cref="DeeplayException">It is no graph.</exception>
    public static Inputs Graph(params IEnumerable<(string Name, Tensor Tensor)> tensors) =>
        new(
            Torch.InputsModule.graph(
                Interop.List(tensors.Given().Select(input => Tuple.Create(input.Name, input.Tensor)))
            )
        );

    /// <summary>Several graphs as one, of parts that no edge links: the numbers of nodes go on from graph to graph, and
    /// <c>batch</c> (nodes) says the graph that each node is of. That is what batches of a dataset of graphs are. They have the
    /// same names.</summary>
    public static Inputs Graphs(params IEnumerable<Inputs> graphs) =>
        new(Torch.InputsModule.graphs(Interop.List(graphs.Given().Select(graph => graph.Given().Inner))));

    /// <summary>Whether they are a graph, or several as one.</summary>
    public bool IsGraph => Inner.IsGraph;

    /// <summary>One tensor, for a model of one input.</summary>
    public static implicit operator Inputs(Tensor tensor) => new(Torch.InputsModule.one(tensor.Given()));

    /// <summary>Tensors in the order in which the model takes them.</summary>
    public static implicit operator Inputs(Tensor[] tensors) => Several(tensors.Given());

    /// <summary>Tensors by the names of the model's inputs.</summary>
    public static implicit operator Inputs(Dictionary<string, Tensor> tensors) =>
        Named(tensors.Given().Select(pair => (pair.Key, pair.Value)));

    /// <inheritdoc/>
    public IEnumerator<Tensor> GetEnumerator()
    {
        for (var place = 0; place < Count; place++)
            yield return this[place];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
