namespace Deeplay.Core

open System
open System.Collections.Generic

/// A child that is still being decided about.
[<ReferenceEquality>]
type internal Entry =
    {
        Name: string
        /// None for an alias, which stands for `Target`.
        Attachment: Attachment option
        Target: Tag
        /// The node, once it was constructed, and the scopes from outside that it was constructed with.
        mutable Node: Node voption
        mutable Outer: Scope list
    }

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
    let entries = ResizeArray<Entry>()

    // Few names are found by looking at each; many are kept here.
    let mutable names: HashSet<string> = null

    // The names of children that were taken away: nobody gets them again by counting.
    let mutable removed: string list = []
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

    let place name =
        match entries.FindIndex(fun e -> e.Name = name) with
        | -1 ->
            let known = entries |> Seq.map (fun e -> e.Name) |> List.ofSeq
            Fail.with' (UnknownName(tag, definition.Id, "child", name, known))
        | i -> i

    let has name =
        if isNull names then
            let mutable i = entries.Count - 1

            while i >= 0 && entries[i].Name <> name do
                i <- i - 1

            i >= 0
        else
            names.Contains name

    let checkName (name: string) =
        if not (Tag.isName name) then
            wrong $"'{name}' can't be the name of a child: a name has {Tag.nameRule}."

        if has name then wrong $"there is a child '{name}' already."

        if not (isNull names) then
            names.Add name |> ignore
        elif entries.Count >= 16 then
            names <- HashSet(entries |> Seq.map (fun entry -> entry.Name))
            names.Add name |> ignore

    let insert (entry: Entry) position =
        match position with
        | First -> entries.Insert(0, entry)
        | Last -> entries.Add entry
        | After other -> entries.Insert(place other + 1, entry)
        | Before other -> entries.Insert(place other, entry)

    let allScopes () = Owners.withDerived tag derived scopes

    /// What a tag stands for in the end: its first name may be an alias, even of another alias.
    let rec lead steps (target: Tag) =
        match entries.FindIndex(fun e -> e.Name = target.Names.Head) with
        | i when i >= 0 && entries[i].Attachment.IsNone ->
            if steps > entries.Count then
                wrong $"'{target.Names.Head}' is an alias that leads back to itself."

            lead (steps + 1) (Tag.append entries[i].Target (Tag.ofNames target.Names.Tail))
        | _ -> target

    let mutable aliasCount = 0

    let aliases () =
        if aliasCount = 0 then
            []
        else
            [
                for entry in entries do
                    if entry.Attachment.IsNone then entry.Name, lead 0 entry.Target
            ]

    let constructEntry scopes aliases (entry: Entry) =
        match entry.Attachment with
        | None -> Child.Alias(entry.Name, lead 0 entry.Target)
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
        with SpecException errors when location.IsSome ->
            let told error = ActionFailed(hook.Action.Id, location.Value.File, location.Value.Line, error)
            raise (SpecException(List.map told errors))

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
    override _.NamesGiven = Seq.append (entries |> Seq.map (fun entry -> entry.Name)) removed

    override _.Children = List.init entries.Count (fun i -> entries[i].Name)

    override _.Attach(name, spec, position) =
        checkName name

        insert
            {
                Name = name
                Attachment = Some { Spec = spec; Source = fst onBehalf; Order = tick () }
                Target = Tag.root
                Node = ValueNone
                Outer = []
            }
            position

    override _.Remove name =
        notInForward ()
        let place = place name

        if entries[place].Attachment.IsNone then aliasCount <- aliasCount - 1

        entries.RemoveAt place
        removed <- name :: removed

        if not (isNull names) then names.Remove name |> ignore

        // What was derived for it goes with it: who has the name next is another module.
        derived <- Config.drop name derived
        mentioned.RemoveAll(fun target -> target.Names.Head = name) |> ignore

    override _.Alias(name, target) =
        notInForward ()

        if target.Depth = 0 then wrong "a module can't contain itself."

        checkName name
        aliasCount <- aliasCount + 1

        insert { Name = name; Attachment = None; Target = target; Node = ValueNone; Outer = [] } Last

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
            let led = (lead 0 target).Names
            observed <- Set.add led.Head observed

            match constructEntry (allScopes ()) (aliases ()) entries[place led.Head] with
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
        for entry in entries do
            this.Observe(Tag.ofNames [ entry.Name ]) |> ignore

        let isHeard (tag: Tag) =
            match tag.Names with
            | first :: rest when has first -> Nodes.hears (this.Observe(Tag.ofNames [ first ])) rest
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
        let aliases = aliases ()
        finished <- true

        for name, target in aliases do
            if not (has target.Names.Head) then
                wrong $"'{name}' is an alias of '{target}', which is not there."

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
