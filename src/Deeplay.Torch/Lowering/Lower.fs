namespace Deeplay.Torch

open System.Collections.Generic
open System.Collections.Immutable
open Deeplay.Core
open Deeplay.FSharp
open TorchSharp

/// How layers become modules of the engine: a function for each definition. A value that is passed along; who writes a
/// layer of their own adds how it is made (`Lowering.add`).
[<Sealed>]
type Lowerings internal (makers: ImmutableDictionary<Definition, Arguments -> torch.nn.Module>) =
    /// The definitions that can be made.
    member _.Definitions: Definition seq = makers.Keys

    /// How modules of this definition are made.
    member _.TryFind(definition: Definition) : (Arguments -> torch.nn.Module) option =
        match makers.TryGetValue definition with
        | true, make -> Some make
        | _ -> None

    /// The same with one more, in the place of the one there was.
    member internal _.With(definition: Definition, make: Arguments -> torch.nn.Module) =
        Lowerings(makers.SetItem(definition, make))

/// From a constructed tree to torch modules.
module internal Lower =
    let private unknown (lowerings: Lowerings) (node: Node) : torch.nn.Module =
        let id = node.Definition.Id

        let known = lowerings.Definitions |> Seq.map (fun definition -> definition.Id) |> List.ofSeq

        if List.contains id known then
            let problem =
                "it is another definition than the one of this id that has a lowering: add one for it."

            Fail.with' (WrongStructure(node.Tag, id, problem))
        else
            Fail.with' (UnknownName(node.Tag, id, "lowering", id, List.sort known))

    /// Lowers a tree, and gives the module of every node too. Every node becomes one module, in tree order, so that random numbers are drawn in that order; a
    /// shared node becomes one module with several names.
    let tree
        (lowerings: Lowerings)
        (logs: Logs)
        (root: Node)
        : torch.nn.Module * IReadOnlyDictionary<Node, torch.nn.Module> =
        let built = Dictionary<Node, torch.nn.Module>(HashIdentity.Reference)

        let rec lower (node: Node) : torch.nn.Module =
            let target: torch.nn.Module =
                match node.Definition.Body with
                | Primitive _ when obj.ReferenceEquals(node.Definition, Logging.fromLogs) ->
                    new FromLogs(logs, node.Arguments.Get Logging.key)
                | Primitive _ ->
                    match lowerings.TryFind node.Definition with
                    | Some make -> Making.one node make
                    | None -> unknown lowerings node
                | Composite _ -> composite node

            built[node] <- target
            target

        and composite node =
            for child in node.Children do
                match child with
                | Child.Own(_, below) -> lower below |> ignore
                | Child.Alias _ -> ()

            let at (tag: Tag) = built[Nodes.descend node.Tag node tag.Names]

            let target: torch.nn.Module =
                match node.Graph with
                | None -> new Container(node.Definition.Id)
                | Some graph when Named.within node || Named.takesInside node -> named node graph
                | Some graph ->
                    let name = node.Definition.Id

                    let program () = Compile.program (fun child -> built[child]) node graph

                    match graph.Inputs.Length, graph.Outputs.Length with
                    | 1, 1 ->
                        match Compile.tryChain (fun child -> built[child]) node graph with
                        | Some chain -> new ChainModule(name, chain)
                        | None -> new GraphModule1(name, program ())
                    | 2, 1 -> new GraphModule2(name, program ())
                    | 3, 1 -> new GraphModule3(name, program ())
                    | _ -> new GraphModuleN(name, program ())

            for child in node.Children do
                target.register_module (child.Name, at (Tag.ofNames [ child.Name ]))

            target

        and named node graph : torch.nn.Module =
            Named.check node graph
            let program = Compile.named (fun child -> built[child]) node graph

            let frame =
                { new NamedFrame() with
                    member _.Make(read, write) =
                        new NamedGraphModule<_, _>(node.Definition.Id, read, program, write)
                }

            frame.For(
                graph.Inputs.Length,
                Named.takesInside node,
                List.map fst graph.Outputs,
                Named.givesInside node
            )

        let logging = Logged.any root

        let guard = Guard(Place.at root.Tag root, (if logging then Some logs else None))

        // Composites see to errors themselves. A class of the program's own stays the root that it asked for.
        let isEngines (target: torch.nn.Module) =
            match root.Definition.Body with
            | Primitive _ ->
                let assembly = target.GetType().Assembly
                assembly = typeof<torch>.Assembly || assembly = typeof<Failures>.Assembly
            | Composite _ -> false

        // Whoever calls a module applies its maps; nobody calls the root.
        let mapped (target: torch.nn.Module) : torch.nn.Module =
            match root.Inputs, root.Outputs with
            | None, None when logging || isEngines target -> guard.Of target
            | None, None -> target
            | _ ->
                let call = Calls.mapped root.Tag root target

                let frame =
                    { new NamedFrame() with
                        member _.Make(read, write) =
                            new Root<_, _>(target, guard.Around(read >> call >> write))
                    }

                let inputs, outputs =
                    match root.Graph with
                    | Some graph -> graph.Inputs.Length, List.map fst graph.Outputs
                    | None -> Calls.inputCount target, [ "" ]

                let outputs = if root.Outputs.IsSome then [ "" ] else outputs
                frame.For(inputs, Named.takes root, outputs, Named.gives root)

        try
            mapped (lower root), built
        with _ ->
            for part in built.Values do
                part.Dispose()

            reraise ()
