namespace Deeplay.Torch

open System.Collections.Generic
open Deeplay.Core
open TorchSharp

/// How layers become modules of the engine: a function for each id of a definition. A value that is passed along; who
/// writes a layer of their own adds how it is made.
type Lowerings = Map<string, Arguments -> torch.nn.Module>

/// From a constructed tree to torch modules.
module internal Lower =
    /// Lowers a tree. Every node becomes one module, in tree order, so that random numbers are drawn in that order; a
    /// shared node becomes one module with several names.
    let tree (lowerings: Lowerings) (root: Node) : torch.nn.Module =
        let built = Dictionary<Node, torch.nn.Module>(HashIdentity.Reference)

        let rec lower (node: Node) : torch.nn.Module =
            let target =
                match node.Definition.Body with
                | Primitive _ ->
                    match lowerings.TryFind node.Definition.Id with
                    | Some make -> make node.Arguments
                    | None ->
                        let known = lowerings |> Map.toList |> List.map fst

                        Fail.with' (
                            UnknownName(node.Tag, node.Definition.Id, "lowering", node.Definition.Id, known)
                        )
                | Composite _ -> composite node

            built[node] <- target
            target

        and composite node =
            for child in node.Children do
                match child with
                | Child.Own(_, _, below) -> lower below |> ignore
                | Child.Alias _ -> ()

            let at (tag: Tag) =
                built[Nodes.descend node.Tag node tag.Names]

            let target: torch.nn.Module =
                match node.Graph with
                | None -> new Container(node.Definition.Id)
                | Some graph ->
                    let children (tag: Tag) =
                        let list = Nodes.descend node.Tag node tag.Names

                        Tree.children (Tag.append node.Tag tag) list
                        |> List.map (fun (tag, child, _) -> tag, built[child])

                    let program = Compile.graph at children node.Tag graph
                    let name = node.Definition.Id

                    match graph.Inputs.Length, graph.Outputs with
                    | 1, [ "", _ ] -> new GraphModule1(name, program)
                    | 2, [ "", _ ] -> new GraphModule2(name, program)
                    | 3, [ "", _ ] -> new GraphModule3(name, program)
                    | _ -> new GraphModuleN(name, program)

            for child in node.Children do
                target.register_module (child.Name, at (Tag.ofNames [ child.Name ]))

            target

        try
            lower root
        with _ ->
            for part in built.Values do
                part.Dispose()

            reraise ()
