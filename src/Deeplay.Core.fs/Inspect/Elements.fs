namespace Deeplay.Core

open System.Collections.Generic
open Deeplay.FSharp

/// Runs kinds of numbers through a constructed tree, as `Infer` runs shapes: finds the module that is given whole numbers where it
/// takes floating-point ones, without a tensor.
[<RequireQualifiedAccess>]
module internal Elements =
    /// What sort of numbers a value of a pass holds: a tensor's under "", those of named tensors by their keys.
    type Kinds = Map<string, ElementKind>

    /// Those of a tensor.
    let one kind : Kinds = Map.ofList [ "", kind ]

    let private at key (kinds: Kinds) = kinds.TryFind key |> Option.defaultValue ElementKind.Unknown

    let private lookup (named: Kinds) key = one (at key named)

    /// The inputs of a module's own forward pass, out of what it is called with.
    let private mapped tag (node: Node) (inputs: Kinds list) =
        match node.Inputs, inputs with
        | Some map, [ named ] -> InferParts.inputKeys tag node map |> List.map (lookup named)
        | _ -> inputs

    /// What a call gives, out of what the module's own forward pass gave.
    let private renamed (node: Node) (inputs: Kinds list) (outputs: Kinds list) =
        match node.Outputs with
        | None -> outputs
        | Some map ->
            let before = if Named.takes node then List.tryHead inputs |> Option.defaultValue Map.empty else Map.empty
            let placed place = List.tryItem place outputs |> Option.map (at "")

            let add (all: Kinds) (key, place) =
                Map.add key (placed place |> Option.defaultValue ElementKind.Unknown) all

            [ List.fold add before map ]

    let private ofRule tag (node: Node) (result: Result<ElementKind list, ShapeProblem>) : Kinds list =
        match result with
        | Ok kinds -> kinds |> List.map one
        | Error problem -> Fail.with' (WrongShape(tag, node.Definition.Id, problem.Expected, problem.Found))

    /// What a module of inferred shapes gives for inputs of these kinds. An input that a module does not take is an error of that
    /// module; of what is not known nothing is.
    let infer (inputs: Kinds list) (root: Node) : Kinds list =
        let logs = Dictionary<string, Kinds>()

        let rec call (tag: Tag) (node: Node) (inputs: Kinds list) : Kinds list =
            let given = mapped tag node inputs

            let inside =
                match node.Definition.Body, node.Graph with
                | Primitive _, _ when obj.ReferenceEquals(node.Definition, Logging.fromLogs) ->
                    match logs.TryGetValue(node.Arguments.Get Logging.key) with
                    | true, kinds -> [ kinds ]
                    | _ -> []
                | Primitive _, _ ->
                    let (ElementRule rule) = node.Definition.Elements
                    given |> List.map (at "") |> rule |> ofRule tag node
                | Composite _, Some graph -> pass tag node graph given
                | Composite _, None -> []

            for key, isOutput in Logging.keysOf node do
                match (if isOutput then inside else given) with
                | [ kinds ] -> logs[key] <- kinds
                | _ -> ()

            renamed node inputs inside

        and pass tag node graph inputs =
            let registers: Kinds[] = Array.create graph.Registers (one ElementKind.Unknown)
            let write register kinds = registers[register] <- kinds
            List.iteri write inputs
            let own = [ for own in node.Own -> own.Name, ElementKind.ofDType own.DType ] |> Map.ofList

            for instruction in graph.Instructions do
                let given = instruction.Inputs |> List.map (Array.get registers)

                let results =
                    match instruction.Operation with
                    | Apply op -> OpKinds.infer op (given |> List.map (at "")) |> ofRule tag node
                    | Sized(op, _) -> OpKinds.inferSized op (at "" given.Head) |> ofRule tag node
                    | Measure _
                    | Update _ -> []
                    | Own name -> [ one own[name] ]
                    | ByMode ->
                        match given |> List.map (at "") |> List.distinct with
                        | [ kind ] -> [ one kind ]
                        | _ -> []
                    | Lookup key -> [ lookup given.Head key ]
                    | Put key -> [ Map.add key (at "" given[1]) given[0] ]
                    | Call target ->
                        let below = Tag.append tag target
                        call below (Nodes.descend below node target.Names) given
                    | Chain target ->
                        let below = Tag.append tag target

                        Tree.children below (Nodes.descend below node target.Names)
                        |> List.fold (fun kinds (tag, child, _) -> call tag child kinds) given

                // What gives more than is known of it.
                List.truncate instruction.Outputs.Length results
                |> List.iter2 write (List.truncate results.Length instruction.Outputs)

            match graph.Outputs with
            | (name, _) :: _ when name <> "" ->
                [ Map.ofList [ for name, register in graph.Outputs -> name, at "" registers[register] ] ]
            | outputs -> outputs |> List.map (fun (_, register) -> registers[register])

        call root.Tag root inputs
