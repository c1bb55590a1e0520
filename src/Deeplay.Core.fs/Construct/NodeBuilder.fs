namespace Deeplay.Core

open System
open System.Collections.Generic

/// A child that is still being decided about.
[<ReferenceEquality>]
type internal Entry =
    {
        Name: string
        Gift: Gift option
        Target: Tag
        /// The outer layers and the node, when somebody looked.
        mutable Seen: (Layer list * Node) option
    }

[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module internal Entry =
    let sameLayers (a: Layer list) (b: Layer list) =
        a.Length = b.Length
        && List.forall2
            (fun (x: Layer) (y: Layer) ->
                Object.ReferenceEquals(x.Config, y.Config)
                && x.Given = y.Given
                && x.Owner = y.Owner)
            a
            b

/// The builder behind `init`. `construct` makes the tree of a child.
[<Sealed>]
type internal NodeBuilder
    (
        tag: Tag,
        definition: Definition,
        origin: Gift,
        arguments: Arguments,
        layers: Layer list,
        construct: Tag -> Layer list -> Gift -> Node
    ) =
    inherit Builder()
    let entries = ResizeArray<Entry>()
    let names = HashSet<string>()
    let namesGiven = HashSet<string>()
    let mutable derived: Config<Setting> = Config.empty
    let mutable clock = 0
    let mutable looked = Set.empty
    let mutable own: Hook list = []
    /// The hooks that ran, but for those that `init` registered.
    let edits = ResizeArray<Tag * string * ConfigItem<Setting>>()
    let mutable running = false
    let mutable finished = false
    let mutable forward: (unit -> Graph) option = None

    let wrong problem =
        Fail.with' (WrongStructure(tag, definition.Id, problem))

    /// On whose behalf things are done, and since when: the module's own in `init`; in a hook, that of whoever
    /// registered it, for it is their change.
    let mutable onBehalf: Source * Stamp = Derived tag, []

    let notInForward () =
        if finished then
            wrong "its forward pass can't change it: attach and configure in init."

    let tick () =
        notInForward ()
        clock <- clock + 1
        snd onBehalf @ [ clock ]

    let place name =
        match entries.FindIndex(fun e -> e.Name = name) with
        | -1 ->
            let known = entries |> Seq.map (fun e -> e.Name) |> List.ofSeq
            Fail.with' (UnknownName(tag, definition.Id, "child", name, known))
        | i -> i

    let checkName (name: string) =
        if not (Tag.isName name) then
            wrong $"'{name}' can't be the name of a child: a name has {Tag.nameRule}."

        if not (names.Add name) then
            wrong $"there is a child '{name}' already."

        namesGiven.Add name |> ignore

    let insert (entry: Entry) position =
        match position with
        | First -> entries.Insert(0, entry)
        | Last -> entries.Add entry
        | After other -> entries.Insert(place other + 1, entry)
        | Before other -> entries.Insert(place other, entry)

    let allLayers () =
        if derived.IsEmpty then
            layers
        else
            layers
            @ [
                {
                    Config = derived
                    Owner = Derived tag
                    Given = []
                }
            ]

    /// What a tag stands for in the end: its first name may be a second name, even of another second name.
    let rec lead steps (target: Tag) =
        match entries.FindIndex(fun e -> e.Name = target.Names.Head) with
        | i when i >= 0 && entries[i].Gift.IsNone ->
            if steps > entries.Count then
                wrong $"'{target.Names.Head}' is a second name that leads back to itself."

            lead (steps + 1) (Tag.append entries[i].Target (Tag.ofNames target.Names.Tail))
        | _ -> target

    let aliases () =
        [
            for entry in entries do
                if entry.Gift.IsNone then
                    entry.Name, lead 0 entry.Target
        ]

    let constructEntry layers aliases (entry: Entry) =
        match entry.Gift with
        | None -> Child.Alias(entry.Name, lead 0 entry.Target)
        | Some gift ->
            let outer = Resolve.outerOf layers aliases entry.Name

            match entry.Seen with
            | Some(seen, node) when Entry.sameLayers seen outer -> Child.Own(entry.Name, node)
            | _ ->
                let node = construct (Tag.child entry.Name tag) outer gift
                entry.Seen <- Some(outer, node)
                Child.Own(entry.Name, node)

    let runHook (builder: Builder) (hook: Hook) =
        match hook.Action.Body with
        | OnBuilder action -> action (Resolve.hookArguments tag hook) builder
        | OnNode _
        | OnBuilt _
        | LogInput
        | LogOutput -> ()

    override _.Tag = tag
    override _.Definition = definition
    override _.Arguments = arguments
    override _.Children = entries |> Seq.map (fun e -> e.Name) |> List.ofSeq
    override _.NamesGiven = namesGiven

    override _.Attach(name, spec, position) =
        checkName name

        insert
            {
                Name = name
                Gift =
                    Some
                        {
                            Spec = spec
                            Owner = fst onBehalf
                            Stamp = tick ()
                        }
                Target = Tag.root
                Seen = None
            }
            position

    override _.Remove name =
        notInForward ()
        entries.RemoveAt(place name)
        names.Remove name |> ignore
        // What was derived for it goes with it: who has the name next is another module.
        derived <- Config.drop name derived

    override _.Alias(name, target) =
        notInForward ()

        if target.Depth = 0 then
            wrong "a module can't contain itself."

        checkName name

        insert
            {
                Name = name
                Gift = None
                Target = target
                Seen = None
            }
            Last

    override this.Change(target, change) =
        match change with
        | Hooked hook when target.Depth = 0 ->
            let hook = Resolve.claimHook (fst onBehalf) (tick ()) hook

            if running && hook.Action.Stage = AfterInit then
                runHook this hook
            else
                own <- own @ [ hook ]
        | _ when target.Depth = 0 ->
            wrong "a module can't configure itself while it is constructed; change its arguments instead."
        | _ -> derived <- Spec.addChange (fst onBehalf) (tick ()) None [ target ] change derived

    override _.Look target =
        match target.Names with
        | [] -> wrong "a module can't look at itself while it is constructed."
        | _ ->
            let led = (lead 0 target).Names
            looked <- Set.add led.Head looked

            match constructEntry (allLayers ()) (aliases ()) entries[place led.Head] with
            | Child.Own(_, node) -> Nodes.descend (Tag.append tag target) node led.Tail
            | Child.Alias _ -> wrong $"'{led.Head}' is only a second name."

    override _.IsSetSince name =
        let source, stamp = onBehalf

        match Resolve.winner name layers with
        | ValueSome item ->
            ConfigItem.beats
                item
                { item with
                    Source = source
                    Stamp = stamp
                }
        | ValueNone -> false

    override this.Copy changed =
        notInForward ()

        // Whoever copies looked at everything there is.
        for entry in entries do
            this.Look(Tag.ofNames [ entry.Name ]) |> ignore

        let isHeard (tag: Tag) =
            match tag.Names with
            | first :: rest when names.Contains first -> Nodes.hears (this.Look(Tag.ofNames [ first ])) rest
            // What was said of it was heard before it was taken away.
            | first :: _ -> Set.contains first looked
            | [] -> false

        let isParameter key =
            definition.Signature.Has key && not (changed.ContainsKey key)

        let source, stamp = onBehalf
        let heard = Copy.settings isParameter isHeard source stamp layers
        Copy.spec definition origin layers changed (heard @ List.ofSeq edits)

    override _.Forward graph = forward <- Some graph

    /// Runs the after-init hooks: the constructor's first, then the others.
    member this.RunHooks() =
        running <- true

        let initial, later =
            own |> List.partition (fun hook -> hook.Action.Stage = AfterInit)

        own <- later

        for hook in initial do
            runHook this hook

        for hook, source, stamp in Resolve.hooksOf layers do
            onBehalf <- source, stamp
            runHook this hook

            if hook.Action.Stage = AfterInit then
                let item =
                    {
                        Source = source
                        Stamp = stamp
                        Location = None
                        Value = Run hook
                    }

                edits.Add((Tag.root, Spec.HooksKey, item))

    /// Constructs the children and traces the forward pass.
    member _.Finish(gift, outer) : Node =
        let all = allLayers ()
        let aliases = aliases ()
        finished <- true

        for name, target in aliases do
            if not (names.Contains target.Names.Head) then
                wrong $"'{name}' is a second name for '{target}', which is not there."

        let children =
            Array.init entries.Count (fun i -> constructEntry all aliases entries[i])

        let graph = forward |> Option.map (fun graph -> graph ())

        {
            Tag = tag
            Gift = gift
            Definition = definition
            Arguments = arguments
            Children = NamedList children
            Aliases = aliases
            Graph = graph
            Layers = layers
            Outer = outer
            Derived = derived
            Looked = looked
            Inputs = Resolve.inputMap layers
            Outputs = Resolve.outputMap layers
            Hooks = own @ Resolve.laterHooks layers
        }
        |> Nodes.withAliases
