namespace Deeplay.Core

open System
open System.Collections.Generic

/// The builder behind `init`. `construct` makes the tree of a child.
[<Sealed>]
type internal NodeBuilder
    (
        tag: Tag,
        definition: Definition,
        origin: Attachment,
        arguments: Arguments,
        scopes: Scope list,
        construct: Tag -> Scope list -> Attachment -> Node
    ) =
    inherit Builder()
    let entries = Entries(tag, definition)
    let mutable derived: Config<Setting> = Config.empty
    let mutable clock = 0
    let mutable observed = Set.empty

    /// The descendants that must be there in the end, for something was said about them.
    let mentioned = ResizeArray<Tag>()
    let mutable own: Hook list = []
    /// The hooks that ran, but for those that `init` registered.
    let edits = ResizeArray<Tag * Key * ConfigItem<Setting>>()
    let mutable running = false
    let mutable finished = false
    let mutable forward: (unit -> Graph) option = None

    let wrong problem = Fail.with' (WrongStructure(tag, definition.Id, problem))

    /// On whose behalf things are done, and since when: the module's own in `init`; in a hook, that of whoever
    /// registered it, for it is their change.
    let mutable onBehalf: Source * Order = Derived tag, Order.start

    let notInForward () =
        if finished then wrong "its forward pass can't change it: attach and configure in init."

    let tick () =
        notInForward ()
        clock <- clock + 1
        Order.next (snd onBehalf) clock

    let allScopes () = Owners.withDerived tag derived scopes

    let constructEntry scopes aliases (entry: Entry) =
        match entry.Attachment with
        | None -> Child.Alias(entry.Name, entries.Lead entry.Target)
        | Some attachment ->
            let outer = Scopes.outerOf scopes aliases entry.Name

            match entry.Node with
            | ValueSome node when Scopes.same entry.Outer outer -> Child.Own(entry.Name, node)
            | _ ->
                let node = construct (Tag.child entry.Name tag) outer attachment
                entry.Node <- ValueSome node
                entry.Outer <- outer
                Child.Own(entry.Name, node)

    // An action that fails says where it was asked for.
    let runAt (location: Location option) builder (hook: Hook) =
        try
            Stages.afterInit builder hook
        with DeeplayException errors when location.IsSome ->
            let told error = ActionFailed(hook.Action.Id, location.Value.File, location.Value.Line, error)
            Fail.withAll (List.map told errors)

    // Something was said about a module that is not there. Where the user has put another kind of module on the way to it,
    // that is merely unused; and what was observed and taken away has heard it.
    let missing (children: NamedList<Child>) (target: Tag) =
        let rec go (children: NamedList<Child>) observed above (names: string list) =
            match names with
            | [] -> ()
            | name :: rest ->
                match children.PlaceOf name with
                | -1 when Set.contains name observed -> ()
                | -1 -> Fail.with' (UnknownTag(target, above, children.Names))
                | place ->
                    match children[place] with
                    | Child.Alias(_, target) -> go children observed above (target.Names @ rest)
                    | Child.Own(_, below) when Nodes.isExchanged below -> ()
                    | Child.Own(_, below) -> go below.Children below.Observed below.Tag rest

        go children observed tag target.Names

    override _.Tag = tag
    override _.Definition = definition
    override _.Arguments = arguments
    override _.NamesGiven = entries.NamesGiven
    override _.Children = entries.Names

    override _.Attach(name, spec, position) =
        entries.Add(
            {
                Name = name
                Attachment = Some { Spec = spec; Source = fst onBehalf; Order = tick () }
                Target = Tag.root
                Node = ValueNone
                Outer = []
            },
            position
        )

    override _.Remove name =
        notInForward ()
        entries.Remove name

        // What was derived for it goes with it: who has the name next is another module.
        derived <- Config.drop name derived
        mentioned.RemoveAll(fun target -> target.Names.Head = name) |> ignore

    override _.Alias(name, target) =
        notInForward ()

        if target.Depth = 0 then wrong "a module can't contain itself."

        entries.Add({ Name = name; Attachment = None; Target = target; Node = ValueNone; Outer = [] }, Last)

    override this.Change(target, change, optional) =
        let hook =
            change.Verb.Settings change
            |> List.tryPick (fun (_, setting) ->
                match setting with
                | Run hook -> Some hook
                | Set _ -> None)

        match hook with
        | Some hook when target.Depth = 0 ->
            let hook = Scopes.given (fst onBehalf) (tick ()) hook

            if running && Stages.isAfterInit hook then Stages.afterInit this hook else own <- own @ [ hook ]
        | None when target.Depth = 0 ->
            wrong "a module can't configure itself while it is constructed; change its arguments instead."
        | _ ->
            if not optional then mentioned.Add target

            derived <- Spec.addChange (fst onBehalf) (tick ()) None [ target ] change derived

    override _.Observe target =
        match target.Names with
        | [] -> wrong "a module can't look at itself while it is constructed."
        | _ ->
            let led = (entries.Lead target).Names
            observed <- Set.add led.Head observed

            match constructEntry (allScopes ()) entries.Aliases (entries.Named led.Head) with
            | Child.Own(_, node) -> Nodes.descend (Tag.append tag target) node led.Tail
            | Child.Alias _ -> wrong $"'{led.Head}' is only an alias."

    override _.IsSetSince name =
        let source, order = onBehalf

        match Scopes.winner (Parameter name) scopes with
        | ValueSome item -> ConfigItem.beats item { item with Source = source; Order = order }
        | ValueNone -> false

    override this.Copy changed =
        notInForward ()

        // Whoever copies observed everything there is.
        for name in entries.Names do
            this.Observe(Tag.ofNames [ name ]) |> ignore

        let isHeard (tag: Tag) =
            match tag.Names with
            | first :: rest when entries.Has first -> Nodes.hears (this.Observe(Tag.ofNames [ first ])) rest
            // What was said of it was heard before it was taken away.
            | first :: _ -> Set.contains first observed
            | [] -> false

        let isParameter key =
            match key with
            | Parameter name -> definition.Signature.Has name && not (changed.ContainsKey name)
            | Aspect _ -> false

        let source, order = onBehalf
        let heard = Copy.settings isParameter isHeard source order scopes
        Copy.spec definition origin scopes changed (heard @ List.ofSeq edits)

    override _.Forward graph = forward <- Some graph

    /// Runs the after-init hooks: the constructor's first, then the others.
    member this.RunHooks() =
        running <- true
        let initial, later = own |> List.partition Stages.isAfterInit
        own <- later

        for hook in initial do
            Stages.afterInit this hook

        for hook, item in Scopes.hooks scopes do
            onBehalf <- item.Source, item.Order
            runAt item.Location this hook

            if Stages.isAfterInit hook then
                edits.Add((Tag.root, Aspects.hooks, { item with Value = Run hook }))

    /// Constructs the children and traces the forward pass.
    member _.Finish(attachment, outer) : Node =
        let all = allScopes ()
        let aliases = entries.Aliases
        finished <- true

        for name, target in aliases do
            if not (entries.Has target.Names.Head) then
                wrong $"'{name}' is an alias of '{target}', which is not there."

        let entries = entries.All
        let children = NamedList(Array.init entries.Count (fun i -> constructEntry all aliases entries[i]))

        for target in mentioned do
            missing children target

        let leaf = Nodes.leaf tag attachment definition arguments scopes outer

        Nodes.withAliases
            { leaf with
                Children = children
                Aliases = aliases
                Graph = forward |> Option.map (fun graph -> graph ())
                Derived = derived
                Observed = observed
                Hooks = own @ leaf.Hooks
            }
