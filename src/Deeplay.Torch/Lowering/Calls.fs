namespace Deeplay.Torch

open System
open Deeplay.Core
open TorchSharp

/// Built modules as functions.
module internal Calls =
    /// A value of a pass that must be one tensor.
    let tensor tag kind (value: obj) : Tensor =
        match value with
        | :? Tensor as tensor -> tensor
        | _ ->
            let expected = "a tensor (give it an input map to take one of several)"
            Fail.with' (WrongShape(tag, kind, expected, "named tensors"))

    let private named tag kind (value: obj) : NamedTensors =
        match value with
        | :? NamedTensors as named -> named
        | _ -> Fail.with' (WrongShape(tag, kind, "named tensors", "a tensor"))

    let private lookup tag kind key (tensors: NamedTensors) =
        match tensors.TryGetValue key with
        | true, tensor -> box tensor
        | _ ->
            let expected = $"a tensor named '{key}'{Nearest.hint key tensors.Keys}"
            let found = String.Join(", ", tensors.Keys)
            Fail.with' (WrongShape(tag, kind, expected, $"tensors named {found}"))

    /// One tensor out of named ones.
    let pick tag kind key (value: obj) : obj = lookup tag kind key (named tag kind value)

    /// Named ones with one more.
    let put tag kind key (tensor: Tensor) (value: obj) : obj =
        let all = NamedTensors(named tag kind value)
        all[key] <- tensor
        all

    // A built module as a function over objects, without its maps.
    let private inside (tag: Tag) kind (target: torch.nn.Module) : obj[] -> obj[] =
        let tensor, named = tensor tag kind, named tag kind
        let tensors = Array.map tensor
        let several (results: Tensor[]) : obj[] = unbox (box results)

        match target with
        | :? torch.nn.Module<Tensor, Tensor> as m -> fun xs -> [| m.call (tensor xs[0]) |]
        | :? torch.nn.Module<Tensor, Tensor, Tensor> as m -> fun xs -> [| m.call (tensor xs[0], tensor xs[1]) |]
        | :? torch.nn.Module<Tensor, Tensor, Tensor, Tensor> as m ->
            fun xs -> [| m.call (tensor xs[0], tensor xs[1], tensor xs[2]) |]
        | :? torch.nn.Module<Tensor, Tensor[]> as m -> fun xs -> several (m.call (tensor xs[0]))
        | :? torch.nn.Module<Tensor, NamedTensors> as m -> fun xs -> [| m.call (tensor xs[0]) |]
        | :? torch.nn.Module<Tensor[], Tensor> as m -> fun xs -> [| m.call (tensors xs) |]
        | :? torch.nn.Module<Tensor[], Tensor[]> as m -> fun xs -> several (m.call (tensors xs))
        | :? torch.nn.Module<Tensor[], NamedTensors> as m -> fun xs -> [| m.call (tensors xs) |]
        | :? torch.nn.Module<NamedTensors, Tensor> as m -> fun xs -> [| m.call (named xs[0]) |]
        | :? torch.nn.Module<NamedTensors, Tensor[]> as m -> fun xs -> several (m.call (named xs[0]))
        | :? torch.nn.Module<NamedTensors, NamedTensors> as m -> fun xs -> [| m.call (named xs[0]) |]
        | :? torch.nn.Module<NamedTensors[], Tensor> as m -> fun xs -> [| m.call (Array.map named xs) |]
        | :? torch.nn.Module<NamedTensors[], Tensor[]> as m -> fun xs -> several (m.call (Array.map named xs))
        | :? torch.nn.Module<NamedTensors[], NamedTensors> as m -> fun xs -> [| m.call (Array.map named xs) |]
        | other ->
            let problem = "it has no forward pass; call its children instead."
            Fail.with' (WrongStructure(tag, other.GetName(), problem))

    /// How many tensors a built layer takes; 0 where it takes any number, as an array.
    let inputCount (target: torch.nn.Module) =
        match target with
        | :? torch.nn.Module<Tensor, Tensor>
        | :? torch.nn.Module<Tensor, Tensor[]> -> 1
        | :? torch.nn.Module<Tensor, Tensor, Tensor> -> 2
        | :? torch.nn.Module<Tensor, Tensor, Tensor, Tensor> -> 3
        | _ -> 0

    let private inputNames (node: Node) (target: torch.nn.Module) keys =
        match node.Graph, inputCount target with
        | Some graph, _ -> graph.Inputs
        | None, 1 -> [ "input" ]
        | None, count -> List.init (if count = 0 then keys else count) (fun i -> $"input{string i}")

    let private isPassedOn (named: NamedTensors) (given: obj[]) (tensor: Tensor) =
        given |> Array.exists (fun other -> Object.ReferenceEquals(other, tensor))
        || named.Values |> Seq.exists (fun other -> Object.ReferenceEquals(other, tensor))

    let private checkOutputs (tag: Tag) (node: Node) (map: (string * int) list) count =
        let wrong problem = Fail.with' (WrongStructure(tag, node.Definition.Id, problem))

        if Named.givesInside node then
            wrong "its output map names tensors, but its forward pass gives named ones already."

        for _, place in map do
            if place < 0 || place >= count then
                wrong $"its output map names output {string place}, but it gives {string count}."

    /// A built module as it is called: with named tensors where it has an input map, giving such where it has an output
    /// map, beside those it was given.
    let mapped (tag: Tag) (node: Node) (target: torch.nn.Module) : obj[] -> obj[] =
        let kind = node.Definition.Id
        let call = inside tag kind target

        let select: obj[] -> obj[] =
            match node.Inputs with
            | None -> id
            | Some map ->
                let keys = Named.inputKeys tag kind (inputNames node target map.Length) map |> Array.ofList

                fun xs ->
                    let given = named tag kind xs[0]
                    keys |> Array.map (fun key -> lookup tag kind key given)

        match node.Outputs with
        | None -> select >> call
        | Some map ->
            let count =
                match node.Graph with
                | Some graph -> graph.Outputs.Length
                | None -> 1

            checkOutputs tag node map count
            let unnamed = [| 0 .. count - 1 |] |> Array.except (List.map snd map)
            let map = Array.ofList map

            fun xs ->
                let given = select xs
                let results = call given

                let named =
                    match xs[0] with
                    | :? NamedTensors as before -> NamedTensors before
                    | _ -> NamedTensors()

                for key, place in map do
                    named[key] <- tensor tag kind results[place]

                // Nobody can ask for an output that has no name.
                for place in unnamed do
                    match results[place] with
                    | :? Tensor as unused when not (isPassedOn named given unused) -> Program.Drop unused
                    | _ -> ()

                [| named |]
