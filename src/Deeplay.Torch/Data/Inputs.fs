namespace Deeplay.Torch

open System
open Deeplay.Core

/// What a model is given for some examples: one tensor, several in the order in which it takes them, or several by its names for
/// them. The first dimension of each counts the examples, but for graphs, which differ in size. They stay whose they were.
[<Sealed>]
type Inputs internal (names: string[], tensors: Tensor[], isGraph: bool) =
    let fail expected found : 'a = Fail.with' (Malformed("inputs", expected, found))

    let byPlace () = if names.Length > 0 then String.Join(", ", names) else $"{string tensors.Length}, by their places"

    internal new(names, tensors) = Inputs(names, tensors, false)

    /// Empty where they go by their places.
    member internal _.Keys: string[] = names

    member internal _.Tensors: Tensor[] = tensors

    /// Whether they are a graph, or several as one.
    member _.IsGraph: bool = isGraph

    /// How many tensors there are.
    member _.Count: int = tensors.Length

    /// Their names, in the order in which they were given; none where they go by their places.
    member _.Names: string list = List.ofArray names

    /// The tensor at a place, counted from 0.
    member _.Item
        with get (place: int): Tensor =
            if place >= 0 && place < tensors.Length then
                tensors[place]
            else
                fail $"a place from 0 to {string (tensors.Length - 1)}" (string place)

    /// The tensor of a name.
    member _.Item
        with get (name: string): Tensor =
            match Array.IndexOf(names, name) with
            | -1 -> fail $"one of its names ({byPlace ()})" ($"'{name}'" + Nearest.hint name names)
            | place -> tensors[place]

    /// The tensor, where there is one alone.
    member internal _.Only: Tensor =
        if tensors.Length = 1 then
            tensors[0]
        else
            fail "one input; of several `AllInputs` has each, by its place or its name" (byPlace ())

    static member op_Implicit(tensor: Tensor) : Inputs = Inputs([||], [| tensor |])

/// Inputs of models.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Inputs =
    let private fail expected found : 'a = Fail.with' (Malformed("inputs", expected, found))

    let private create (names: string[]) (tensors: Tensor[]) : Inputs =
        if tensors.Length = 0 then fail "at least one tensor" "none"
        if Array.exists isNull tensors then fail "tensors" "null"
        Inputs(names, tensors)

    /// One tensor, for a model of one input.
    let one (tensor: Tensor) : Inputs = create [||] [| tensor |]

    /// Tensors in the order in which the model takes them.
    let several (tensors: Tensor list) : Inputs = create [||] (Array.ofList tensors)

    /// Tensors by the names of the model's inputs, in any order: those of its forward pass, or the keys that it takes named tensors
    /// by.
    let named (tensors: (string * Tensor) list) : Inputs =
        let names = tensors |> List.map fst

        match names |> List.countBy id |> List.tryFind (fun (name, n) -> n > 1 || String.IsNullOrEmpty name) with
        | Some(name, _) when String.IsNullOrEmpty name -> fail "a name for each input" "one without"
        | Some(name, n) -> fail "each name once" $"'{name}' {string n} times"
        | None -> create (Array.ofList names) (tensors |> List.map snd |> Array.ofList)

    /// A graph, or several as one, by the names of the model's inputs. There must be `x` (nodes, …) and `edge_index` (2, edges),
    /// int64 numbers of nodes: where each edge starts, and where it ends. Whatever else there is has a row for each node or edge, or
    /// one for the graph; what is called an index says nodes too. What is no graph is an error.
    let graph (tensors: (string * Tensor) list) : Inputs =
        let inputs = named tensors
        GraphParts.check inputs.Keys inputs.Tensors
        Inputs(inputs.Keys, inputs.Tensors, true)

    /// Several graphs as one, of parts that no edge links: the numbers of nodes go on from graph to graph, and `batch` (nodes)
    /// says the graph that each node is of. That is what batches of a dataset of graphs are. They have the same names.
    let graphs (graphs: Inputs list) : Inputs =
        match graphs with
        | [] -> fail "at least one graph" "none"
        | first :: _ ->
            let names = first.Keys

            let tensors (graph: Inputs) =
                if not graph.IsGraph then fail "graphs, as `graph` makes them" "other inputs"

                if Set.ofArray graph.Keys <> Set.ofArray names then
                    let print (keys: string[]) = String.Join(", ", keys)
                    fail $"the inputs of the first graph ({print names})" (print graph.Keys)

                names |> Array.map (fun name -> graph[name])

            let names, tensors = GraphParts.collate names (graphs |> List.map tensors |> Array.ofList)
            Inputs(names, tensors, true)

    /// One graph that was a batch, as it was before.
    let internal ungrouped (graph: Inputs) : Inputs =
        let isOwn = graph.Keys |> Array.map ((<>) GraphParts.batch)
        let own (items: 'a[]) = Array.zip isOwn items |> Array.filter fst |> Array.map snd
        Inputs(own graph.Keys, own graph.Tensors, true)

    /// Other tensors under the same names.
    let internal map (change: Tensor -> Tensor) (inputs: Inputs) : Inputs =
        Inputs(inputs.Keys, Array.map change inputs.Tensors, inputs.IsGraph)

    /// Another tensor in the place of one of them.
    let internal replace place (tensor: Tensor) (inputs: Inputs) : Inputs =
        Inputs(inputs.Keys, inputs.Tensors |> Array.updateAt place tensor, inputs.IsGraph)

    /// In words, each tensor with its name: `(8, 2)`, or `tokens (8, 16), mask (8, 16)`.
    let internal print (show: Tensor -> string) (inputs: Inputs) : string =
        if inputs.Keys.Length = 0 then
            String.Join(", ", inputs.Tensors |> Array.map show)
        else
            String.Join(", ", Array.map2 (fun name tensor -> $"{name} {show tensor}") inputs.Keys inputs.Tensors)

    /// What one of them is called in errors: `inputs` where it is alone.
    let internal label place (inputs: Inputs) : string =
        if inputs.Keys.Length > 0 then $"input '{inputs.Keys[place]}'"
        elif inputs.Count > 1 then $"input {string place}"
        else "inputs"

    /// Those of these names, in this order; all must be there. Without names they stay as they are.
    let internal inOrder (names: string[]) (inputs: Inputs) : Inputs =
        if inputs.Keys.Length = 0 || inputs.Keys.AsSpan().SequenceEqual(names.AsSpan()) then
            inputs
        else
            Inputs(names, names |> Array.map (fun name -> inputs[name]), inputs.IsGraph)

    /// As a module takes named tensors.
    let internal toNamed (inputs: Inputs) : NamedTensors =
        let named = NamedTensors()
        Array.iter2 (fun name tensor -> named[name] <- tensor) inputs.Keys inputs.Tensors
        named
