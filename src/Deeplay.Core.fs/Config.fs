namespace Deeplay.Core

/// Who made a setting.
type Source =
    /// The person who uses the model. Beats everything.
    | User
    /// The module with this tag, while it constructed itself.
    | Derived of Tag
    /// Made on a spec that is not attached to anything yet. Attaching the spec turns it into `Derived` of the
    /// module that attaches it, constructing it as a root turns it into `User`.
    | Detached

/// When a setting was made, as counted by its source. A setting that travels inside a spec counts as made when
/// that spec was given, and among its like in the order they were made: so a list, compared from the left.
type Stamp = int list

/// A place in a user's program.
type Location = { File: string; Line: int }

/// One setting of one name.
type ConfigItem<'value> =
    {
        Source: Source
        Stamp: Stamp
        Location: Location option
        Value: 'value
    }

/// Settings by tag and name, as a trie over tags: a subtree of the modules is a subtree of the configuration.
/// Items of one name are kept with the one added last in front. No node is empty but the root.
type Config<'value> =
    {
        Items: Map<string, ConfigItem<'value> list>
        Below: Map<string, Config<'value>>
    }

    static let nothing: Config<'value> = { Items = Map.empty; Below = Map.empty }

    /// No settings.
    static member Empty = nothing

    /// Whether there is no setting at all.
    member this.IsEmpty = this.Items.IsEmpty && this.Below.IsEmpty

[<RequireQualifiedAccess>]
module Source =
    /// The rank of a source: the lower wins. The user first, then whoever is closest to the root.
    let rank source =
        match source with
        | User -> -1
        | Derived tag -> tag.Depth
        | Detached -> System.Int32.MaxValue

[<RequireQualifiedAccess>]
module ConfigItem =
    /// Whether `a` beats `b`, where `b` was added before `a`.
    let beats (a: ConfigItem<'v>) (b: ConfigItem<'v>) =
        let ra, rb = Source.rank a.Source, Source.rank b.Source
        ra < rb || (ra = rb && compare a.Stamp b.Stamp >= 0)

    /// The items from the one that wins to the one that matters least. `items` come in the order they were added.
    let ranked (items: ConfigItem<'v> list) =
        // A stable sort on the reversed list keeps the one added later in front of its equals.
        items
        |> List.rev
        |> List.sortWith (fun a b ->
            match compare (Source.rank a.Source) (Source.rank b.Source) with
            | 0 -> compare b.Stamp a.Stamp
            | order -> order)

[<RequireQualifiedAccess>]
module Config =
    /// No settings.
    let empty<'v> : Config<'v> = Config<'v>.Empty

    /// The settings of the subtree at `names`, with tags as seen from there.
    let rec takeNames names (config: Config<'v>) =
        match names with
        | [] -> config
        | name :: rest ->
            match config.Below.TryGetValue name with
            | true, below -> takeNames rest below
            | _ -> empty

    /// The settings of the subtree at `tag`, with tags as seen from there.
    let take (tag: Tag) config = takeNames tag.Names config

    /// The settings with `tag` put before each of their tags.
    let prefix (tag: Tag) (config: Config<'v>) =
        if config.IsEmpty then
            config
        else
            List.foldBack
                (fun name below ->
                    {
                        Items = Map.empty
                        Below = Map.ofList [ name, below ]
                    })
                tag.Names
                config

    /// The same settings for each of several tags, later than those of their source that are there.
    let addAll (tags: Tag list) (settings: (string * ConfigItem<'v>) list) (config: Config<'v>) =
        let addHere (config: Config<'v>) =
            settings
            |> List.fold
                (fun config (name, item) ->
                    let before = config.Items.TryFind name |> Option.defaultValue []

                    { config with
                        Items = Map.add name (item :: before) config.Items
                    })
                config

        // What is said where nothing was said before is the same everywhere.
        let alone = addHere empty

        let rec go names (config: Config<'v>) =
            match names with
            | [] -> if config.IsEmpty then alone else addHere config
            | child :: rest ->
                let below =
                    match config.Below.TryGetValue child with
                    | true, below -> below
                    | _ -> empty

                { config with
                    Below = Map.add child (go rest below) config.Below
                }

        tags |> List.fold (fun config (tag: Tag) -> go tag.Names config) config

    /// One more setting, later than those of its source that are there.
    let add (tag: Tag) name item config = addAll [ tag ] [ name, item ] config

    /// The settings without those of the subtree of one name.
    let drop name (config: Config<'v>) =
        { config with
            Below = config.Below.Remove name
        }

    let private mergeMaps merge (a: Map<string, 'x>) (b: Map<string, 'x>) =
        Map.fold
            (fun into key value ->
                match Map.tryFind key into with
                | Some earlier -> Map.add key (merge earlier value) into
                | None -> Map.add key value into)
            a
            b

    /// The settings of both, those of `later` added after those of `earlier`.
    let rec union (earlier: Config<'v>) (later: Config<'v>) : Config<'v> =
        if earlier.IsEmpty then
            later
        elif later.IsEmpty then
            earlier
        else
            {
                Items = mergeMaps (fun before after -> after @ before) earlier.Items later.Items
                Below = mergeMaps union earlier.Below later.Below
            }

    /// The items of one name at the root of the trie, in the order they were added.
    let items name (config: Config<'v>) =
        match config.Items.TryGetValue name with
        | true, items -> List.rev items
        | _ -> []

    /// Every setting with its tag and name, in the order they were added.
    let toList (config: Config<'v>) : (Tag * string * ConfigItem<'v>) list =
        let rec go tag (config: Config<'v>) =
            [
                for KeyValue(name, items) in config.Items do
                    for item in List.rev items do
                        yield tag, name, item
                for KeyValue(name, below) in config.Below do
                    yield! go (Tag.child name tag) below
            ]

        go Tag.root config

    /// The settings that `keep` keeps, each with what `keep` makes of it.
    let choose
        (keep: Tag -> string -> ConfigItem<'v> -> ConfigItem<'w> option)
        (config: Config<'v>)
        : Config<'w> =
        let rec go tag (config: Config<'v>) : Config<'w> =
            let items =
                config.Items
                |> Map.toSeq
                |> Seq.map (fun (name, items) -> name, List.choose (keep tag name) items)
                |> Seq.filter (fun (_, items) -> not items.IsEmpty)
                |> Map.ofSeq

            let below =
                config.Below
                |> Map.toSeq
                |> Seq.map (fun (name, below) -> name, go (Tag.child name tag) below)
                |> Seq.filter (fun (_, below: Config<_>) -> not below.IsEmpty)
                |> Map.ofSeq

            { Items = items; Below = below }

        go Tag.root config

    /// The settings that the module at `tag` has before it is constructed again: without what it, or anything
    /// below it, derived. What strict ancestors derived and what the user set stays. This filter is all there
    /// is to reconstruction.
    let withoutDerivedBy (tag: Tag) (config: Config<'v>) =
        config
        |> choose (fun _ _ item ->
            match item.Source with
            | Derived source when Tag.isWithin tag source -> None
            | _ -> Some item)

    /// The item that wins for one name at one tag.
    let resolve (tag: Tag) name (config: Config<'v>) =
        take tag config |> items name |> ConfigItem.ranked |> List.tryHead
