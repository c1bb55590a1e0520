namespace Deeplay.Core

open System
open System.Collections.Generic

/// The builder behind `init`. `above` is that of the module that contains this one; `construct` makes the tree of a child, `renewed`
/// what becomes of it where more was said of these modules below it, `start` its builder when its hooks ran, none of a layer.
[<Sealed>]
type internal NodeBuilder
    (
        definition: Definition,
        origin: Attachment,
        arguments: Arguments,
        scopes: Scope list,
        above: NodeBuilder voption,
        construct: NodeBuilder voption -> Tag -> Scope list -> Attachment -> Node,
        renewed: string list list -> Scope list -> Node -> Node,
        start: NodeBuilder voption -> Tag -> Scope list -> Attachment -> NodeBuilder voption
    ) =
    inherit Builder()
    let tag = arguments.Tag
    let entries = Entries(tag, definition)
    let mutable derived: Config<Setting> = Config.empty
    let mutable clock = 0
    let mutable observed = Set.empty
    let mutable followed: (Tag * string list option) list = []

    /// The descendants that must be there in the end, for something was said about them.
    let mutable mentioned: Tag list = []
    let mutable own: Hook list = []
    /// The hooks that ran, but for those that `init` registered.
    let mutable edits: (Tag * Key * ConfigItem<Setting>) list = []
    /// The parameters and buffers of its own, the last one first.
    let mutable tensors: OwnTensor list = []
    let mutable knowsTag = false
    let mutable running = false
    let mutable finished = false
    let mutable forward: (Builder -> Graph) voption = ValueNone

    let wrong problem = Fail.with' (WrongStructure(tag, definition.Id, problem))

    /// On whose behalf things are done, and since when: the module's own in `init`; in a hook, that of whoever
    /// registered it, for it is their change.
    let mutable onBehalf = struct (Derived tag, Order.start)

    let notInForward () = if finished then wrong "its forward pass can't change it: attach and configure in init."

    let tick () =
        notInForward ()
        clock <- clock + 1
        let struct (source, order) = onBehalf
        struct (source, Order.next order clock)

    let allScopes () = Owners.withDerived tag derived scopes

    /// The module of a child about which `outer` is said; what something else was said of when it was observed is made anew.
    let constructEntry this outer (entry: Entry) =
        if isNull (box entry.Node) then
            entry.Node <- construct (ValueSome this) (Tag.child entry.Name tag) outer entry.Attachment
        elif not (Scopes.same entry.Node.Particulars.Outer outer) then
            entry.Node <- renewed entry.Touched outer entry.Node

        entry.Touched <- []
        entry.Node

    /// A descendant as it is with what was said of it so far.
    let look this (target: Tag) : Node =
        let led = (entries.Lead target).Names
        let outer = Scopes.outerOf (allScopes ()) entries.Aliases led.Head
        let node = constructEntry this outer (entries.Named led.Head)
        Nodes.descend (Tag.append tag target) node led.Tail

    member _.Above = above

    override _.Tag =
        knowsTag <- true
        tag

    override _.Definition = definition
    override _.Arguments = arguments
    override _.NamesGiven = entries.NamesGiven
    override _.Children = entries.Names

    override _.Has name = entries.Has name

    override _.Attach(name, spec, position) =
        let struct (source, order) = tick ()
        entries.Attach(name, { Spec = spec; Source = source; Order = order }, position)

    override _.Remove name =
        notInForward ()
        entries.Remove name

        // What was derived for it goes with it: who has the name next is another module.
        derived <- Config.drop name derived
        mentioned <- mentioned |> List.filter (fun target -> target.Names.Head <> name)

    override _.Alias(name, target) =
        notInForward ()

        if target.Depth = 0 then wrong "a module can't contain itself."

        entries.Alias(name, target)

    override _.Own tensor =
        notInForward ()
        OwnTensor.check tag definition.Id (Seq.append entries.Names (tensors |> Seq.map _.Name)) arguments.Known tensor
        tensors <- tensor :: tensors
        Sym.OfOwn tensor.Name

    override this.Change(target, change, optional) =
        let hook =
            change.Verb.Settings change
            |> List.tryPick (fun (_, setting) ->
                match setting with
                | Run hook -> Some hook
                | Set _ -> None)

        match hook with
        | Some hook when target.Depth = 0 ->
            let struct (source, order) = tick ()
            let hook = Scopes.given source order hook

            if running && Stages.isAfterInit hook then
                Stages.afterInit None this hook
            else
                own <- own @ [ hook ]
        | None when target.Depth = 0 ->
            wrong "a module can't configure itself while it is constructed; change its arguments instead."
        | _ ->
            if not optional then mentioned <- target :: mentioned

            let struct (source, order) = tick ()
            derived <- Spec.addChange source order None [ target ] change derived
            entries.Touch target

    override this.Observe target =
        match target.Names with
        | [] -> wrong "a module can't look at itself while it is constructed."
        | _ ->
            observed <- Set.add (entries.Lead target).Names.Head observed
            look this target

    override this.KindsOf target =
        let outer name = Scopes.outerOf (allScopes ()) entries.Aliases name

        let kind (entry: Entry) =
            if entry.IsAlias then
                (look this (Tag.ofNames [ entry.Name ])).Definition
            else
                let struct (definition, _, _) = Resolve.identify (outer entry.Name) entry.Attachment
                definition

        match (if target.Depth = 0 then [] else (entries.Lead target).Names) with
        | [] -> [ for entry in entries.All -> entry.Name, kind entry ]
        | first :: rest ->
            observed <- Set.add first observed

            match start (ValueSome this) (Tag.child first tag) (outer first) (entries.Named first).Attachment with
            | ValueSome(below: NodeBuilder) -> below.KindsOf(Tag.ofNames rest)
            | ValueNone when rest.IsEmpty -> []
            | ValueNone -> Fail.with' (UnknownTag(Tag.append tag target, Tag.child first tag, []))

    override this.InputsOf target =
        let names = Nodes.inputNames (look this target)
        followed <- (target, Some names) :: followed
        names

    override this.TryInputsOf target =
        let led = (entries.Lead target).Names

        let there =
            if entries.Has led.Head then
                Nodes.tryDescend (look this (Tag.ofNames [ led.Head ])) led.Tail
            else
                None

        let names = there |> Option.map Nodes.inputNames
        followed <- (target, names) :: followed
        names

    override _.IsSetSince name =
        let struct (source, order) = onBehalf

        match Scopes.winner (Parameter name) scopes with
        | ValueSome item -> ConfigItem.beats item { item with Source = source; Order = order }
        | ValueNone -> false

    override this.Copy(changed, without) =
        notInForward ()

        // Whoever copies observed everything there is.
        for name in entries.Names do
            this.Observe(Tag.ofNames [ name ]) |> ignore

        let isHeard (tag: Tag) =
            match tag.Names with
            | first :: _ when List.contains first without -> false
            | first :: rest when entries.Has first -> Nodes.hears (this.Observe(Tag.ofNames [ first ])) rest
            // What was said of it was heard before it was taken away.
            | first :: _ -> Set.contains first observed
            | [] -> false

        let isParameter key =
            match key with
            | Parameter name -> definition.Signature.Has name && not (changed.ContainsKey name)
            | Aspect _ -> false

        let struct (source, order) = onBehalf
        let heard = Copy.settings isParameter isHeard source order scopes
        Copy.spec definition origin scopes changed (heard @ List.rev edits)

    override _.Once(make: Arguments -> 'made) =
        let spec = origin.Spec
        let isShared = Object.ReferenceEquals(arguments.Values, spec.Values)

        match spec.Made with
        | :? 'made as made when isShared -> made
        | _ ->
            let made = make arguments
            if isShared then spec.Made <- box made
            made

    override _.Forward graph = forward <- ValueSome graph

    /// Runs the after-init hooks: the constructor's first, then the others.
    member this.RunHooks() =
        running <- true
        let initial = own |> List.filter Stages.isAfterInit
        own <- own |> List.filter (fun hook -> not (Stages.isAfterInit hook))

        for hook in initial do
            Stages.afterInit None this hook

        for hook, item in Scopes.hooks scopes do
            onBehalf <- struct (item.Source, item.Order)
            Stages.afterInit item.Location this hook

            if Stages.isAfterInit hook then
                edits <- (Tag.root, Aspects.hooks, { item with Value = Run hook }) :: edits

    // Apart from `Finish`: what is on the stack while children are constructed should be little.
    member private this.Assemble(attachment, outer, children: NamedList<Child>) : Node =
        let said = Nodes.particulars scopes outer
        let graph = forward |> ValueOption.map (fun graph -> graph this)
        OwnUse.check tag definition.Id entries.Has (List.rev tensors) graph

        Nodes.withAliases
            {
                Tag = tag
                Attachment = attachment
                Definition = definition
                Values = arguments.Values
                Children = children
                Graph =
                    match graph with
                    | ValueSome graph -> Some graph
                    | ValueNone -> None
                Particulars =
                    let isPlain =
                        entries.Aliases.IsEmpty
                        && derived.IsEmpty
                        && observed.IsEmpty
                        && followed.IsEmpty
                        && tensors.IsEmpty

                    if isPlain && own.IsEmpty && not knowsTag then
                        said
                    else
                        { said with
                            Aliases = entries.Aliases
                            Derived = derived
                            Observed = observed
                            Mentioned = mentioned
                            Follows = followed
                            KnowsTag = knowsTag
                            Hooks = own @ said.Hooks
                            Own = List.rev tensors
                        }
            }

    /// Constructs the children and traces the forward pass.
    member this.Finish(attachment, outer) : Node =
        let all = allScopes ()
        let aliases = entries.Aliases
        finished <- true

        for name, target in aliases do
            if not (entries.Has target.Names.Head) then
                wrong $"'{name}' is an alias of '{target}', which is not there."

        let twins = Twins tag

        let child (entry: Entry) =
            if entry.IsAlias then
                Child(box (entry.Name, entries.Lead entry.Target))
            else
                let outer = Scopes.outerOf all aliases entry.Name

                match twins.Find(entry.Name, entry.Attachment.Spec, outer) with
                | ValueSome twin -> twin
                | ValueNone -> twins.Add(constructEntry this outer entry)

        let children = NamedList(Array.init entries.All.Count (fun i -> child entries.All[i]))

        mentioned <- List.rev mentioned

        for target in mentioned do
            Nodes.checkThere tag children observed target

        this.Assemble(attachment, outer, children)
