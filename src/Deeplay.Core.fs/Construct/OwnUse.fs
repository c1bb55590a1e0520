namespace Deeplay.Core

/// What a module may do with its own parameters and buffers.
[<RequireQualifiedAccess>]
module internal OwnUse =
    /// Stops where one of them has the name of a child, and where the forward pass reads what another module has of its own, or
    /// puts numbers into what is trained.
    let check (tag: Tag) kind (isChild: string -> bool) (tensors: OwnTensor list) (graph: Graph voption) : unit =
        let wrong problem = Fail.with' (WrongStructure(tag, kind, problem))
        let named name = tensors |> List.tryFind (fun tensor -> tensor.Name = name)

        for tensor in tensors do
            if isChild tensor.Name then
                wrong $"'{tensor.Name}' is a child and a parameter or buffer of its own."

        match graph with
        | ValueNone -> ()
        | ValueSome graph ->
            for name in Graph.ownNames graph do
                if (named name).IsNone then
                    let known = tensors |> List.map _.Name
                    Fail.with' (UnknownName(tag, kind, "parameter or buffer of its own", name, known))

            for name in Graph.updatedNames graph do
                if named name |> Option.exists _.IsTrained then
                    wrong $"its forward pass puts numbers into '{name}', which is a parameter; make it a buffer."
