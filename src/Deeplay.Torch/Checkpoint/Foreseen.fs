namespace Deeplay.Torch

open System
open System.Collections.Generic
open Deeplay.Core

/// What a spec that was read would allocate, before anything of it is: a file can ask for more than it has.
module internal Foreseen =
    let private fail path expected found = Fail.with' (Malformed(path, expected, found))

    let private count path name (sizes: int64 list) =
        try
            List.fold Checked.(*) 1L sizes
        with :? OverflowException ->
            fail $"{path}, {name}" "a tensor of sizes that make a number" (string (Shape.known sizes))

    // What a norm keeps of its inputs is no weight, and as large.
    let private kept (node: Node) : (string * int64 list) list =
        let own =
            [
                for own in node.Own do
                    match Shape.tryKnown (node.ShapeOf own) with
                    | Some sizes when not own.IsTrained && own.IsPersistent -> own.Name, sizes
                    | _ -> ()
            ]

        match node.Definition.Signature.Has "num_features", lazy node.Arguments["num_features"] with
        | true, (Lazy(Int features)) -> ("running_mean", [ features ]) :: own
        | _ -> own

    /// Stops where the tree that is to be built has a weight of another shape than the file, or more numbers in all that the file has
    /// not.
    let check (path: string) (entries: TensorEntry list) (root: Node) : unit =
        let known = Dictionary<string, TensorEntry>()

        for entry in entries do
            known[entry.Name] <- entry

        // How many numbers there may be under other names: a layer of somebody's own may have some.
        let mutable left = entries |> List.sumBy (fun entry -> List.fold (*) 1L entry.Shape)

        for tag, node, isAlias in Tree.walk root do
            if not isAlias then
                for name, sizes in node.Weights @ kept node do
                    let name = string (Tag.child name tag)

                    match known.TryGetValue name with
                    | true, entry when entry.Shape <> sizes ->
                        fail $"{path}, {name}" (string (Shape.known sizes)) (string (Shape.known entry.Shape))
                    | true, _ -> ()
                    | _ ->
                        left <- left - count path name sizes
                        if left < 0L then fail path $"the tensor '{name}'" "a file without it"
