namespace Deeplay.Core

open System
open System.Collections.Generic

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
[<NoEquality; NoComparison>]
type Config<'value> =
    {
        Items: Map<string, ConfigItem<'value> list>
        Below: NameMap<Config<'value>>
    }

    static let nothing: Config<'value> =
        {
            Items = Map.empty
            Below = NameMap.Empty
        }

    /// No settings.
    static member Empty = nothing

    /// Whether there is no setting at all.
    member this.IsEmpty = this.Items.IsEmpty && this.Below.Count = 0

[<RequireQualifiedAccess>]
module Source =
    /// The rank of a source: the lower wins. The user first, then whoever is closest to the root.
    let rank source =
        match source with
        | User -> -1
        | Derived tag -> tag.Depth
        | Detached -> Int32.MaxValue

[<RequireQualifiedAccess>]
module ConfigItem =
    /// Whether `a` beats `b`, where `b` was added before `a`.
    let beats (a: ConfigItem<'v>) (b: ConfigItem<'v>) =
        let ra, rb = Source.rank a.Source, Source.rank b.Source
        ra < rb || (ra = rb && compare a.Stamp b.Stamp >= 0)

    /// The items from the one that wins to the one that matters least. `items` come in the order they were added.
    let ranked (items: ConfigItem<'v> list) =
        match items with
        | []
        | [ _ ] -> items
        | _ ->
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

    /// What is said about one child, and below it, as seen from there.
    let private child name (config: Config<'v>) =
        match config.Below.TryFind name with
        | ValueSome below -> below
        | ValueNone -> empty

    // What `make` makes of each, under the same name.
    let private namedAs (make: string -> 'a -> 'b) (values: KeyValuePair<string, 'a> seq) =
        let made = ResizeArray()

        for KeyValue(name, value) in values do
            made.Add(KeyValuePair(name, make name value))

        made

    /// The settings of the subtree at `names`, with tags as seen from there.
    let rec takeNames names (config: Config<'v>) =
        match names with
        | [] -> config
        | name :: rest -> takeNames rest (child name config)

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
                        Below = NameMap.Empty.With(name, below)
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

        let rec addAt names (config: Config<'v>) =
            match names with
            | [] -> if config.IsEmpty then alone else addHere config
            | name :: rest ->
                { config with
                    Below = config.Below.With(name, addAt rest (child name config))
                }

        // Neighbours mostly end alike: what is made for one of them where nothing was said serves the next.
        let mutable last = struct ([], alone)

        let made names =
            let struct (lastNames, lastMade) = last

            if lastNames = names then
                lastMade
            else
                let config = addAt names empty
                last <- struct (names, config)
                config

        // Child by child, so that each node is made anew once, and not once for each tag.
        let rec addBelow (tags: string list list) (config: Config<'v>) =
            match tags with
            | [ names ] -> if config.IsEmpty then made names else addAt names config
            | _ ->
                let below =
                    Tag.byChild tags
                    |> namedAs (fun name rests -> addBelow rests (child name config))

                tags
                |> List.filter List.isEmpty
                |> List.fold
                    (fun config _ -> addHere config)
                    { config with
                        Below = config.Below.WithAll below
                    }

        addBelow (tags |> List.map Tag.names) config

    /// One more setting, later than those of its source that are there.
    let add (tag: Tag) name item config = addAll [ tag ] [ name, item ] config

    /// The settings without those of the subtree of one name.
    let drop name (config: Config<'v>) =
        { config with
            Below = config.Below.Without name
        }

    /// The settings of both, those of `later` added after those of `earlier`.
    let rec union (earlier: Config<'v>) (later: Config<'v>) : Config<'v> =
        if earlier.IsEmpty then
            later
        elif later.IsEmpty then
            earlier
        else
            let below =
                later.Below |> namedAs (fun name after -> union (child name earlier) after)

            {
                Items =
                    later.Items
                    |> Map.fold
                        (fun all name after ->
                            let before = Map.tryFind name all |> Option.defaultValue []
                            Map.add name (after @ before) all)
                        earlier.Items
                Below = earlier.Below.WithAll below
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
                config.Below |> namedAs (fun name settings -> go (Tag.child name tag) settings)

            below.RemoveAll(fun (KeyValue(_, kept)) -> kept.IsEmpty) |> ignore

            {
                Items = items
                Below = NameMap.Empty.WithAll below
            }

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
