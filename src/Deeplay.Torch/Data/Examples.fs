namespace Deeplay.Torch

open System
open Deeplay.Core
open TorchSharp

/// Some examples, along the first dimension: inputs and their targets, on the CPU.
[<Struct; NoEquality; NoComparison>]
type internal Examples =
    {
        Inputs: Inputs
        Targets: Tensor
    }

    member this.Count = this.Targets.shape[0]

module internal Examples =
    /// Something done with every tensor.
    let map (change: Tensor -> Tensor) (examples: Examples) : Examples =
        { Inputs = Inputs.map change examples.Inputs; Targets = change examples.Targets }

    let iter (work: Tensor -> unit) (examples: Examples) : unit =
        Array.iter work examples.Inputs.Tensors
        work examples.Targets

    // Targets of graphs: a row for each of them, of their nodes or of their edges.
    let private agreeOfGraphs (examples: Examples) : Examples =
        let inputs, targets = examples.Inputs, examples.Targets
        let rows = GraphParts.rows inputs.Keys inputs.Tensors

        if targets.dim () = 0L || not (List.contains targets.shape[0] rows) then
            let found = string (Shape.known targets.shape)
            Fail.with' (Malformed("dataset, targets of graphs", GraphParts.describe rows, found))

        examples

    let private agreeOfRows (examples: Examples) : Examples =
        let isScalar (tensor: Tensor) = tensor.dim () = 0L
        let inputs, targets = examples.Inputs, examples.Targets

        let differs (tensor: Tensor) = isScalar tensor || tensor.shape[0] <> targets.shape[0]

        if isScalar targets || Array.exists differs inputs.Tensors then
            let shape (tensor: Tensor) = string (Shape.known tensor.shape)
            let expected = if inputs.Count = 1 then "targets as inputs" else "of each input as targets"
            let found = $"inputs {Inputs.print shape inputs} and targets {shape targets}"
            Fail.with' (Malformed("dataset", $"as many {expected} along the first dimension", found))

        examples

    /// Examples as they came to be: as many of each input as targets.
    let agree (examples: Examples) : Examples =
        if examples.Inputs.IsGraph then agreeOfGraphs examples else agreeOfRows examples

    // One tensor of several of one shape, which `what` names in errors.
    let private stack (what: string) (tensors: Tensor[]) : Tensor =
        let first = tensors[0]

        for i, other in Array.indexed tensors do
            if other.shape <> first.shape || other.dtype <> first.dtype then
                let print (t: Tensor) = $"{Shown.dtype t.dtype} {Shape.known t.shape}"
                let found = $"{print other} as number {string i} of a batch"
                Fail.with' (Malformed($"dataset, {what}", $"{print first} as in the first example", found))

        torch.stack (tensors, 0L)

    let private inputsOf (inputs: Inputs) = inputs.IsGraph, inputs.Count, Set.ofArray inputs.Keys

    let private print (inputs: Inputs) =
        if inputs.Keys.Length > 0 then
            String.Join(", ", inputs.Keys)
        else
            $"{string inputs.Count} without names"
        |> fun inputs' -> if inputs.IsGraph then $"a graph of {inputs'}" else inputs'

    // The inputs in the order of the first example's: each may have them in another one, by their names.
    let private alike (first: Inputs) (i: int) (other: Inputs) : Inputs =
        if inputsOf first <> inputsOf other then
            let expected = $"the inputs of the first example ({print first})"
            Fail.with' (Malformed("dataset, inputs", expected, $"{print other} as number {string i} of a batch"))

        Inputs.inOrder first.Keys other

    /// The inputs of several examples, in the order of the first one's.
    let aligned (inputs: Inputs[]) : Inputs[] = inputs |> Array.mapi (alike inputs[0])

    /// The first of some examples, by itself; of graphs the only one.
    let single (examples: Examples) : Examples =
        if examples.Inputs.IsGraph then
            { examples with Inputs = Inputs.ungrouped examples.Inputs }
        else
            examples |> map (fun tensor -> tensor.select (0L, 0L))

    /// Examples of one each, together. Graphs become one graph, and their targets stand one below another.
    let join (examples: Examples[]) : Examples =
        let first = examples[0].Inputs
        let inputs = examples |> Array.map _.Inputs |> aligned
        let targets = examples |> Array.map _.Targets

        if first.IsGraph then
            examples |> Array.iter (agreeOfGraphs >> ignore)
            { Inputs = Inputs.graphs (List.ofArray inputs); Targets = GraphParts.join "targets" 0L targets }
        else
            let stacked place = inputs |> Array.map (fun one -> one.Tensors[place]) |> stack (Inputs.label place first)
            { Inputs = Inputs(first.Keys, Array.init first.Count stacked); Targets = stack "targets" targets }
