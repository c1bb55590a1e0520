namespace Deeplay.Torch

open System
open Deeplay.Core
open TorchSharp

/// The shape of one input, without the batch. Its name is "" where it goes by its place alone; its dtype is that of the numbers that
/// it came with, where it came with any.
type internal InputShape = { Name: string; Shape: int64 list; DType: torch.ScalarType option }

module internal InputShape =
    /// That of an input of this shape, without the batch.
    let create name (shape: int64 list) : InputShape = { Name = name; Shape = shape; DType = None }

    // Of a graph as small as a batch that a model is built for: of two nodes and two edges.
    let private ofGraph name (shape: int64 list) =
        create name (if GraphParts.isIndex name && shape.Length = 2 then [ 2L ] else List.tail shape)

    /// Those of named inputs of these shapes, batch included.
    let ofNamed (shapes: (string * int64 list) list) : InputShape list =
        let isGraph = shapes |> List.exists (fun (name, _) -> name = GraphParts.edges)

        shapes
        |> List.map (fun (name, shape) -> if isGraph then ofGraph name shape else create name (List.tail shape))

    /// Those of a batch of inputs.
    let ofInputs (inputs: Inputs) : InputShape list =
        inputs.Tensors
        |> Array.mapi (fun place tensor ->
            let shape = List.ofArray tensor.shape

            let one =
                if inputs.IsGraph then
                    ofGraph inputs.Names[place] shape
                else
                    create (if inputs.Keys.Length > 0 then inputs.Keys[place] else "") (List.tail shape)

            { one with DType = Some tensor.dtype })
        |> List.ofArray

    /// In words: `tokens (?, 16)`.
    let print (shape: InputShape) : string =
        let rows = string (Ranked(Unknown :: List.map Known shape.Shape))
        if shape.Name = "" then rows else $"{shape.Name} {rows}"

/// How a forward pass takes its inputs.
type internal InputForm =
    /// One tensor for each of its inputs, which have these names.
    | ByPlace of names: string list
    /// Named tensors: of all keys that something in it may take, those that must be there, as far as they are known.
    | ByKey of known: string list * needed: string list

module internal InputForm =
    /// That of a tree.
    let ofTree (root: Node) : InputForm =
        if Named.takes root then ByKey(List.ofSeq (Named.keys root), []) else ByPlace(Nodes.inputNames root)

    /// That of what was built for inputs of these names.
    let ofBuilt (names: string list) (form: InputForm) : InputForm =
        match form with
        | ByPlace _ -> form
        | ByKey _ -> ByKey(names, names)

    let private known (form: InputForm) =
        match form with
        | ByPlace names
        | ByKey(names, _) -> names

    /// Those of some names that a form has; the others are for somebody else.
    let concerned (form: InputForm) (given: string list) : string list =
        given |> List.filter (fun name -> List.contains name (known form))

    /// All of some names but `batch` of a graph, where a form has it not: every batch of graphs has it, and few models take it.
    let meant (form: InputForm) (given: string list) : string list =
        let isGraph = List.contains GraphParts.edges given

        given
        |> List.filter (fun name -> not (isGraph && name = GraphParts.batch) || List.contains name (known form))

    /// The names of inputs in the order in which `model` takes them. Those that come have the names `given`, or are so many without
    /// names. What does not fit is an error, which names the input.
    let order (model: Node) (form: InputForm) (given: string list) (count: int) : string list =
        let tag, kind = model.Tag, model.Definition.Id
        let listed () = Error.list (known form)

        let fits needed =
            for name in given do
                if not (List.contains name (known form)) then
                    Fail.with' (UnknownName(tag, kind, "input", name, known form))

            for name in needed do
                if not (List.contains name given) then
                    let found = $"not there: they are {Error.list given}"
                    Fail.with' (WrongValue(tag, kind, name, "among the inputs", found))

        match form, given with
        | ByPlace names, [] ->
            if names.Length <> count then
                let inputs = if names.Length = 1 then "1 input" else $"{string names.Length} inputs"
                Fail.with' (WrongShape(tag, kind, $"{inputs} ({listed ()})", string count))

            names
        | ByPlace names, _ ->
            fits names
            names
        | ByKey _, [] ->
            let found = if count = 1 then "one without a name" else $"{string count} without names"
            Fail.with' (WrongShape(tag, kind, $"named tensors ({listed ()})", found))
        | ByKey(_, needed), _ ->
            fits needed
            if needed.IsEmpty then given else needed
