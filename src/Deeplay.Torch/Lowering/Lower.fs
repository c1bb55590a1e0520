namespace Deeplay.Torch

open System
open System.Collections.Generic
open System.Collections.Immutable
open System.Globalization
open System.Numerics
open Deeplay.Core
open Deeplay.FSharp
open TorchSharp

/// How layers become torch modules: a function for each definition. A value that is passed along; who writes a
/// layer of their own adds how it is made (`Lowering.add`), and of an application how it learns.
[<Sealed>]
type Lowerings
    internal
    (
        makers: ImmutableDictionary<Definition, Arguments -> torch.nn.Module>,
        steps: ImmutableDictionary<Definition, TrainingSteps>
    ) =
    /// The definitions that can be made.
    member _.Definitions: Definition seq = makers.Keys

    /// How modules of this definition are made.
    member _.TryFind(definition: Definition) : (Arguments -> torch.nn.Module) option =
        match makers.TryGetValue definition with
        | true, make -> Some make
        | _ -> None

    /// The same with one more, in the place of the one there was.
    member internal _.With(definition: Definition, make: Arguments -> torch.nn.Module) =
        Lowerings(makers.SetItem(definition, make), steps)

    /// How applications of this definition learn.
    member internal _.TryFindSteps(definition: Definition) : TrainingSteps option =
        match steps.TryGetValue definition with
        | true, found -> Some found
        | _ -> None

    /// The same with how applications of this definition learn.
    member internal _.WithSteps(definition: Definition, found: TrainingSteps) =
        Lowerings(makers, steps.SetItem(definition, found))

/// From a constructed tree to torch modules.
module internal Lower =
    let private print (bytes: BigInteger) =
        let gigabytes = float bytes / float (1L <<< 30)
        String.Format(CultureInfo.InvariantCulture, "{0:#,0.0} GiB", gigabytes)

    // Before anything is allocated: a system may promise memory that it does not have, and end the process later. Layers
    // are made on the CPU, wherever they go.
    let private checkSizes (root: Node) =
        let available = BigInteger(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)
        let mutable taken = BigInteger.Zero

        for _, node, isAlias in Tree.walk root do
            for own in node.Own do
                node.SizesOf own |> ignore

            for name, sizes in (if isAlias then [] else node.Weights) do
                // float32
                let bytes = sizes |> List.fold (fun product size -> product * BigInteger size) (BigInteger 4)

                taken <- taken + bytes

                if taken > available then
                    let needs = $"its {name} {Shape.known sizes} would take {print bytes}"
                    let all = $"{print taken} with all before it"
                    let problem = $"{needs}, {all}, more than the {print available} of memory there are."
                    Fail.with' (WrongStructure(node.Tag, node.Definition.Id, problem))

    let private unknown (lowerings: Lowerings) (node: Node) : torch.nn.Module =
        let id = node.Definition.Id
        let known = [ for definition in lowerings.Definitions -> definition.Id ]

        if List.contains id known then
            let problem = "it is another definition than the one of this id that has a lowering: add one for it."

            Fail.with' (WrongStructure(node.Tag, id, problem))
        else
            Fail.with' (UnknownName(node.Tag, id, "lowering", id, List.sort known))

    let private torchs, ours = typeof<torch>.Assembly, typeof<Failures>.Assembly

    // Whether its class is TorchSharp's or one of ours, and not the program's own.
    let private isKnown (target: torch.nn.Module) =
        let assembly = target.GetType().Assembly
        Object.ReferenceEquals(assembly, torchs) || Object.ReferenceEquals(assembly, ours)

    // Those that are known have registered what they have when they are made.
    let private hold (target: torch.nn.Module) name (child: torch.nn.Module) =
        match box target with
        | :? IHolds as holder when isKnown child -> holder.Hold(name, child)
        | _ -> target.register_module (name, child)

    /// Lowers a tree, and gives the module of every node too. Every node becomes one module, in tree order, so that random
    /// numbers are drawn in that order; a shared node becomes one module with several names.
    let tree (lowerings: Lowerings) (logs: Logs) (root: Node) =
        checkSizes root
        let built = Dictionary<Node, torch.nn.Module>(HashIdentity.Reference)

        let rec lower (node: Node) : torch.nn.Module =
            let target: torch.nn.Module =
                match node.Definition.Body with
                | Primitive _ when obj.ReferenceEquals(node.Definition, Logging.fromLogs) ->
                    let key = node.Arguments.Get Logging.key
                    new FunctionLayer(node.Definition.Id, (fun _ -> logs.Current key))
                | Primitive _ ->
                    match lowerings.TryFind node.Definition with
                    | Some make ->
                        Shown.orRefused node "TorchSharp can't make it" (fun () -> make node.Arguments)
                        |> Reparametrized.layer node
                    | None -> unknown lowerings node
                | Composite _ -> composite node

            built[node] <- target
            target

        and composite node =
            // Before its children, as random numbers are drawn in tree order.
            let own = InitialValues.make node

            for child in node.Children do
                match child with
                | Child.Own below -> lower below |> ignore
                | Child.Alias _ -> ()

            let name, moduleOf = node.Definition.Id, (fun child -> built[child])

            // What the forward pass reads of the module: null where that is nothing.
            let state =
                match node.Graph with
                | Some graph when InMode.isTwo graph || not node.Own.IsEmpty -> OwnState node.Own
                | _ -> null

            // The pass as it is at a call; where it is one in both modes, nobody asks for the mode.
            let program (graph: Graph) : unit -> Program =
                let names, tensors = if isNull state then [||], [||] else state.Names, state.Tensors
                let inMode training = Compile.program moduleOf node training names tensors graph
                let training = inMode true

                if InMode.isTwo graph then
                    let evaluation = inMode false
                    fun () -> if state.Training then training else evaluation
                else
                    fun () -> training

            let target: torch.nn.Module =
                match node.Graph with
                | None -> new Container(name)
                | Some graph when Named.within node || Named.takesInside node ->
                    Named.check node graph
                    let program, outputs = program graph, List.map fst graph.Outputs
                    let takesNamed, givesNamed = Named.takesInside node, Named.givesInside node
                    let call inputs = program().Run inputs
                    Form.make name state call graph.Inputs.Length takesNamed outputs givesNamed
                | Some graph ->
                    match graph.Inputs.Length, graph.Outputs.Length with
                    | 1, 1 ->
                        match (if isNull state then Compile.tryChain moduleOf node graph else None) with
                        | Some chain -> new FunctionLayer(name, chain)
                        | None ->
                            let program = program graph
                            new FunctionLayer(name, state, (fun x -> program().Run1 x))
                    | 2, 1 ->
                        let program = program graph
                        new GraphModule2(name, state, (fun xs -> program().Run xs))
                    | 3, 1 ->
                        let program = program graph
                        new GraphModule3(name, state, (fun xs -> program().Run xs))
                    | _ ->
                        let program = program graph
                        new FunctionModule<Tensor[], Tensor[]>(name, state, (fun xs -> program().Run(unbox (box xs))))

            InitialValues.register own target
            OwnState.Take(state, target)

            for place in 0 .. node.Children.Length - 1 do
                let child = node.Children[place]
                hold target child.Name built[Tree.below node.Tag node place]

            target

        // Composites see to errors themselves. A class of the program's own stays the root that it asked for.
        let isTorchs (target: torch.nn.Module) =
            match root.Definition.Body with
            | Primitive _ -> isKnown target
            | Composite _ -> false

        // Whoever calls a module applies its maps; nobody calls the root.
        let mapped (target: torch.nn.Module) : torch.nn.Module =
            let logging = Logged.any built.Keys
            let guard = Guard(Place.at root.Tag root, (if logging then Some logs else None))

            match root.Inputs, root.Outputs with
            | None, None when logging || isTorchs target -> guard.Of(target, target)
            | None, None -> target
            | _, outputs ->
                let inputs, own =
                    match root.Graph with
                    | Some graph -> graph.Inputs.Length, List.map fst graph.Outputs
                    | None -> Calls.inputCount target, [ "" ]

                // A map takes all of them out of the same named tensors.
                let inputs = if root.Inputs.IsSome then 1 else inputs

                let outputs = if outputs.IsSome then [ "" ] else own
                let call = Calls.mapped root.Tag root target
                let name, takes, gives = root.Definition.Id, Named.takes root, Named.gives root
                guard.Of(target, Form.make name null call inputs takes outputs gives)

        try
            mapped (lower root), built
        with _ ->
            for part in built.Values do
                part.Dispose()

            reraise ()
