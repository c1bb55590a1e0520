namespace Deeplay.Torch

open System
open Deeplay.Core
open TorchSharp

/// What the tensors of a graph are, by their names, and how those of several become one graph of parts that no edge links.
/// Source: PyTorch Geometric, `Batch.from_data_list`: what is called an index says nodes, whose numbers go on from graph to graph,
/// and stands beside those before; everything else stands below.
module internal GraphParts =
    let nodes = "x"
    let edges = "edge_index"
    let batch = "batch"

    /// Whether what is called this says nodes.
    let isIndex (name: string) = name.Contains("index", StringComparison.Ordinal)

    let private fail name expected found : 'a = Fail.with' (Malformed($"graph, '{name}'", expected, found))
    let private shape (tensor: Tensor) = string (Shape.known tensor.shape)

    let private find (names: string[]) (tensors: Tensor[]) name expected =
        match Array.IndexOf(names, name) with
        | -1 -> fail name expected ("nothing" + Nearest.hint name names)
        | place -> tensors[place]

    // Of (2, edges), or of one dimension, and of nodes that are there.
    let private checkIndex name (count: int64) (index: Tensor) =
        if index.dtype <> torch.int64 then fail name "int64 numbers of nodes" (Shown.dtype index.dtype)

        if index.dim () <> 1L && (index.dim () <> 2L || index.shape[0] <> 2L) then
            fail name "of shape (2, ?), the ends of each edge" (shape index)

        if index.numel () > 0L then
            use least = index.min ()
            use most = index.max ()
            let least, most = Numbers.read least, Numbers.read most

            if least < 0.0 || most >= float count then
                let found = if least < 0.0 then least else most
                fail name $"numbers of nodes from 0 to {string (count - 1L)}" (string found)

    /// How many graphs there are: more than one where they are a batch.
    let graphs (names: string[]) (tensors: Tensor[]) : int64 =
        match Array.IndexOf(names, batch) with
        | -1 -> 1L
        | place when tensors[place].numel() = 0L -> 0L
        | place ->
            use last = tensors[place].max()
            int64 (Numbers.read last) + 1L

    /// How many nodes there are.
    let nodesOf (names: string[]) (tensors: Tensor[]) : int64 =
        (find names tensors nodes "a row for each node").shape[0]

    /// How many rows something may have: one for each graph, node or edge.
    let rows (names: string[]) (tensors: Tensor[]) : int64 list =
        [
            graphs names tensors
            nodesOf names tensors
            (find names tensors edges "the ends of each edge").shape[1]
        ]

    /// In words.
    let describe (rows: int64 list) =
        match rows with
        | [ graphs; nodes; edges ] ->
            $"a row for each of {string graphs} graphs, {string nodes} nodes or {string edges} edges"
        | _ -> ""

    /// Stops where these tensors are no graph.
    let check (names: string[]) (tensors: Tensor[]) : unit =
        let x = find names tensors nodes "a row for each node"
        let index = find names tensors edges "the ends of each edge"
        if x.dim () = 0L then fail nodes "a row for each node" (shape x)
        if index.dim () <> 2L then fail edges "of shape (2, ?), the ends of each edge" (shape index)

        for name, tensor in Array.zip names tensors do
            if isIndex name then checkIndex name x.shape[0] tensor

        let rows = rows names tensors

        for name, tensor in Array.zip names tensors do
            if not (isIndex name) && (tensor.dim () = 0L || not (List.contains tensor.shape[0] rows)) then
                fail name (describe rows) (shape tensor)

    /// One tensor of several that differ along one dimension alone.
    let join name (dim: int64) (tensors: Tensor[]) : Tensor =
        let rest (tensor: Tensor) =
            let at = if dim < 0L then int (dim + tensor.dim ()) else int dim
            Shown.dtype tensor.dtype, List.removeAt at (List.ofArray tensor.shape)

        for i, tensor in Array.indexed tensors do
            if tensor.dim () = 0L || rest tensor <> rest tensors[0] then
                let expected =
                    $"{Shown.dtype tensors[0].dtype} {shape tensors[0]} but for the number of rows, as in the first graph"

                fail name expected $"{Shown.dtype tensor.dtype} {shape tensor} in graph {string i} of a batch"

        torch.cat (tensors, dim)

    /// The tensors of several graphs, which have these names, as those of one; the graph that each node is of comes last.
    let collate (names: string[]) (graphs: Tensor[][]) : string[] * Tensor[] =
        if Array.contains batch names then fail batch "graphs of their own, which it is made of" "one"

        let counts = graphs |> Array.map (nodesOf names)
        let starts = Array.scan (+) 0L counts

        let column place name =
            if isIndex name then
                graphs
                |> Array.mapi (fun i graph ->
                    use start = Numbers.whole starts[i]
                    Numbers.plus start graph[place])
                |> join name -1L
            else
                graphs |> Array.map (fun graph -> graph[place]) |> join name 0L

        let graphOfEach = [| for i in 0 .. counts.Length - 1 -> Array.replicate (int counts[i]) (int64 i) |]
        let joined = Array.mapi column names
        Array.append names [| batch |], Array.append joined [| torch.tensor (Array.concat graphOfEach) |]
