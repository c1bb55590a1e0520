namespace Deeplay.Torch

open Deeplay.Core
open TorchSharp

/// Built modules as functions.
module internal Calls =
    let private noForward tag (target: torch.nn.Module) =
        Fail.with' (
            WrongStructure(tag, target.GetName(), "it has no forward pass; call its children instead.")
        )

    /// A built module as a function over arrays of tensors, whatever number it takes and gives.
    let plain (tag: Tag) (target: torch.nn.Module) : Tensor[] -> Tensor[] =
        match target with
        | :? torch.nn.Module<Tensor, Tensor> as m -> fun xs -> [| m.call xs[0] |]
        | :? torch.nn.Module<Tensor, Tensor, Tensor> as m -> fun xs -> [| m.call (xs[0], xs[1]) |]
        | :? torch.nn.Module<Tensor, Tensor, Tensor, Tensor> as m ->
            fun xs -> [| m.call (xs[0], xs[1], xs[2]) |]
        | :? torch.nn.Module<Tensor[], Tensor[]> as m -> m.call
        | other -> noForward tag other

    /// A built module as a function over arrays of tensors and named tensors, without its maps.
    let private inside (tag: Tag) (target: torch.nn.Module) : obj[] -> obj[] =
        match target with
        | :? torch.nn.Module<NamedTensors, NamedTensors> as m ->
            fun xs -> [| m.call (xs[0] :?> NamedTensors) |]
        | :? torch.nn.Module<NamedTensors, Tensor> as m -> fun xs -> [| m.call (xs[0] :?> NamedTensors) |]
        | :? torch.nn.Module<Tensor, NamedTensors> as m -> fun xs -> [| m.call (xs[0] :?> Tensor) |]
        | _ ->
            let call = plain tag target
            fun xs -> call (xs |> Array.map (fun x -> x :?> Tensor)) |> Array.map box

    let private lookup tag kind key (named: NamedTensors) =
        match named.TryGetValue key with
        | true, tensor -> box tensor
        | _ ->
            let found = System.String.Join(", ", named.Keys)
            Fail.with' (WrongShape(tag, kind, $"a tensor named '{key}'", $"tensors named {found}"))

    /// One tensor out of named ones.
    let pick tag kind key : obj[] -> obj[] =
        fun xs -> [| lookup tag kind key (xs[0] :?> NamedTensors) |]

    /// A built module as it is called: with named tensors where it has an input map, giving such where it has an output
    /// map, beside those it was given.
    let mapped (tag: Tag) (node: Node) (target: torch.nn.Module) : obj[] -> obj[] =
        let call = inside tag target
        let kind = node.Definition.Id

        let select: obj[] -> obj[] =
            match node.Inputs with
            | None -> id
            | Some map ->
                let names =
                    match node.Graph with
                    | Some graph -> graph.Inputs
                    | None when map.Length = 1 -> [ "input" ]
                    | None -> List.init map.Length (fun i -> $"input{i}")

                let keys = Named.inputKeys tag kind names map |> Array.ofList

                fun xs ->
                    match xs[0] with
                    | :? NamedTensors as named -> keys |> Array.map (fun key -> lookup tag kind key named)
                    | _ -> Fail.with' (WrongShape(tag, kind, "named tensors", "a tensor"))

        match node.Outputs with
        | None -> select >> call
        | Some map ->
            let map = Array.ofList map

            fun xs ->
                let results = call (select xs)

                let named =
                    match node.Inputs, xs[0] with
                    | Some _, (:? NamedTensors as before) -> NamedTensors before
                    | _ -> NamedTensors()

                for key, place in map do
                    named[key] <- results[place] :?> Tensor

                [| named |]
