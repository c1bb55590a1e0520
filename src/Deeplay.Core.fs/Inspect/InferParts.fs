namespace Deeplay.Core

open System
open Deeplay.FSharp

/// What running shapes and kinds of numbers through a tree is made of: maps of named tensors, sizes, and what is said where something
/// does not fit.
module internal InferParts =
    let misfit tag (node: Node) expected (found: obj) =
        Fail.with' (WrongShape(tag, node.Definition.Id, expected, string found))

    let wrong tag (node: Node) problem = Fail.with' (WrongStructure(tag, node.Definition.Id, problem))

    /// What a shape rule gives. Sizes that 64 bits don't hold, and tensors of so many elements, are a wrong input.
    let counted tag node inputs (rule: Shape list -> Result<'a, OpShape.Problem>) outputs =
        try
            match rule inputs with
            | Error problem -> misfit tag node problem.Expected problem.Found
            | Ok result ->
                for shape in outputs result do
                    match shape with
                    | Ranked dims -> Shape.numel dims |> ignore
                    | Unranked -> ()

                result
        with :? OverflowException ->
            misfit tag node "an input for which all sizes are below 2^63" (String.Join(", ", inputs))

    /// What a rule of kinds gives.
    let ofKinds tag (node: Node) (result: Result<ElementKind list, ShapeProblem>) : ElementKind list =
        match result with
        | Ok kinds -> kinds
        | Error problem -> misfit tag node problem.Expected problem.Found

    /// Shapes with the kinds of their numbers, as far as these are known.
    let rec foreseen (shapes: Shape list) (kinds: ElementKind list) : Flowing list =
        match shapes, kinds with
        | [], _ -> []
        | shape :: shapes, kind :: kinds -> Flowing.ofKind kind shape :: foreseen shapes kinds
        | shapes, [] -> List.map Flowing.ofShape shapes

    let print (inputs: Flowing list) = String.Join(", ", inputs)

    let lookup tag (node: Node) key (named: Map<string, Foreseen>) =
        match named.TryFind key with
        | Some one -> One one
        | None -> misfit tag node $"a tensor named '{key}'{Nearest.hint key named.Keys}" (Several named)

    /// The keys of the named tensors that a module takes for its inputs, in their order.
    let inputKeys tag (node: Node) (map: (string * string) list) : string list =
        let names =
            match node.Graph with
            | Some graph -> graph.Inputs
            | None when map.Length = 1 -> [ "input" ]
            | None -> List.init map.Length (fun i -> $"input{i}")

        Named.inputKeys tag node.Definition.Id names map

    /// The inputs of a module's own forward pass, out of what it is called with.
    let mapped tag (node: Node) (inputs: Flowing list) =
        match node.Inputs, inputs with
        | None, _ -> inputs
        | Some map, [ Several named ] -> inputKeys tag node map |> List.map (fun key -> lookup tag node key named)
        | Some _, _ -> misfit tag node "named tensors" (print inputs)

    /// What a call gives, out of what the module's own forward pass gave.
    let renamed tag (node: Node) (inputs: Flowing list) (outputs: Flowing list) =
        match node.Outputs with
        | None -> outputs
        | Some map ->
            let before =
                match inputs with
                | [ Several named ] -> named
                | _ -> Map.empty

            let add (all: Map<string, Foreseen>) (key, place) =
                match List.tryItem place outputs with
                | Some(One one) -> Map.add key one all
                | Some(Several _ as other) -> misfit tag node $"a tensor to be named '{key}'" other
                | None -> wrong tag node $"its output map names output {place}, but it gives {outputs.Length}."

            [ Several(List.fold add before map) ]

    /// The tensors that a layer or an operation is given.
    let tensors tag (node: Node) (inputs: Flowing list) : Foreseen list =
        inputs
        |> List.map (fun input ->
            match input with
            | One one -> one
            | Several _ -> misfit tag node "a tensor (give it an input map to take one of several)" (print inputs))

    let single tag (node: Node) (flowing: Flowing) : Foreseen =
        match flowing with
        | One one -> one
        | Several _ -> wrong tag node Named.severalOutputs

    /// What is known of a size that is computed.
    let sized tag (node: Node) (arguments: Arguments) (measured: Dim[]) expression =
        match SizeExpr.infer (Array.get measured) arguments.Known expression with
        | Some size -> size
        | None -> misfit tag node "a size to divide by" 0

    /// What is known of one of two, whichever it is.
    let joined (given: Flowing list) =
        match given with
        | [ One a; One b ] ->
            let shape =
                match a.Shape, b.Shape with
                | Ranked a, Ranked b when a.Length = b.Length ->
                    Ranked(List.map2 (fun a b -> if a = b then a else Unknown) a b)
                | _ -> Unranked

            One { Shape = shape; Kind = if a.Kind = b.Kind then a.Kind else ElementKind.Unknown }
        | _ -> Flowing.ofShape Unranked

    /// What follows from the inputs of a composite, where it is not set.
    let inferred tag (node: Node) (arguments: Arguments) (inputs: Flowing list) : (string * Value) list =
        let shapes =
            inputs
            |> List.choose (fun input ->
                match input with
                | One one -> Some one.Shape
                | Several _ -> None)

        [
            for name, from in node.Definition.Inferred do
                if arguments[name] = Unset && shapes.Length = inputs.Length then
                    match counted tag node shapes from (fun _ -> []) with
                    | Known size -> name, Int size
                    | Unknown -> ()
        ]

    /// The module that gave a tensor of a forward pass.
    let origin tag (graph: Graph) register : string option =
        graph.Instructions
        |> List.tryFind (fun by -> List.contains register by.Outputs)
        |> Option.bind (fun by ->
            match by.Operation with
            | Call target
            | Chain target -> Some(string (Tag.append tag target))
            | _ -> None)

    /// What a module does not take together says more where it is known who gave it: a U-Net calls one merge at every level.
    let withOrigins tag (graph: Graph) (target: Tag) registers (work: unit -> 'a) : 'a =
        try
            work ()
        with :? DeeplayException as failure when List.length registers > 1 ->
            failure.All
            |> List.map (fun error ->
                match error with
                | WrongShape(at, kind, expected, found) when at = target ->
                    match registers |> List.map (origin tag graph) with
                    | origins when List.forall Option.isSome origins ->
                        let names = origins |> List.choose id |> String.concat " and "
                        WrongShape(at, kind, expected, $"{found}, from {names}")
                    | _ -> error
                | other -> other)
            |> Fail.withAll
