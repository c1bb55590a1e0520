namespace Deeplay.Core

open System
open System.Collections.Generic

/// What a setting is about: a parameter, or another aspect of a module (its kind, its hooks, …).
[<Struct>]
type Key =
    | Parameter of parameter: string
    | Aspect of aspect: string

/// One setting of one key.
type ConfigItem<'value> = { Source: Source; Order: Order; Location: Location option; Value: 'value }

/// Settings by tag and key, as a trie over tags: a subtree of the modules is a subtree of the configuration. Items of one
/// key are kept with the one added last in front. No node is empty but the root.
[<NoEquality; NoComparison>]
type Config<'value> =
    {
        Parameters: Map<string, ConfigItem<'value> list>
        Aspects: Map<string, ConfigItem<'value> list>
        Below: NameMap<Config<'value>>
    }

    static let nothing: Config<'value> = { Parameters = Map.empty; Aspects = Map.empty; Below = NameMap.Empty }

    /// No settings.
    static member Empty = nothing

    /// Whether there is no setting at all.
    member this.IsEmpty = this.SaysNothing && this.Below.Count = 0

    /// Whether nothing is set at the root of the trie.
    member this.SaysNothing = this.Parameters.IsEmpty && this.Aspects.IsEmpty

    /// The items of a key at the root of the trie, the one added last in front.
    member this.Latest key =
        // Of every module this is asked several times: nothing is allocated.
        let struct (settings, name) =
            match key with
            | Parameter name -> struct (this.Parameters, name)
            | Aspect name -> struct (this.Aspects, name)

        match settings.TryGetValue name with
        | true, items -> items
        | _ -> []

    /// The items at the root of the trie by their keys.
    member this.Here: (Key * ConfigItem<'value> list) seq =
        seq {
            for KeyValue(name, items) in this.Aspects do
                Aspect name, items

            for KeyValue(name, items) in this.Parameters do
                Parameter name, items
        }

    /// The same with other items for a key at the root of the trie.
    member this.With(key, items) =
        match key with
        | Parameter name -> { this with Parameters = this.Parameters.Add(name, items) }
        | Aspect name -> { this with Aspects = this.Aspects.Add(name, items) }

[<RequireQualifiedAccess>]
module ConfigItem =
    /// Whether `a` beats `b`, where `b` was added before `a`.
    let beats (a: ConfigItem<'v>) (b: ConfigItem<'v>) =
        let ra, rb = Source.rank a.Source, Source.rank b.Source
        ra < rb || (ra = rb && a.Order.CompareTo b.Order >= 0)

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
                | 0 -> b.Order.CompareTo a.Order
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
                    { Parameters = Map.empty; Aspects = Map.empty; Below = NameMap.Empty.With(name, below) })
                tag.Names
                config

    /// The same settings for each of several tags, later than those of their source that are there.
    let addAll (tags: Tag list) (settings: (Key * ConfigItem<'v>) list) (config: Config<'v>) =
        let addHere (config: Config<'v>) =
            settings
            |> List.fold (fun (config: Config<'v>) (key, item) -> config.With(key, item :: config.Latest key)) config

        let rec addAt names (config: Config<'v>) =
            match names with
            | [] -> addHere config
            | name :: rest -> { config with Below = config.Below.With(name, addAt rest (child name config)) }

        // Neighbours mostly end alike, and the same was said of them before: what is made for one serves the next.
        let mutable last = struct ([], Unchecked.defaultof<Config<'v>>, Unchecked.defaultof<Config<'v>>)

        let made names config =
            let struct (lastNames, lastConfig, lastMade) = last

            if Object.ReferenceEquals(lastConfig, config) && lastNames = names then
                lastMade
            else
                let made = addAt names config
                last <- struct (names, config, made)
                made

        // Child by child, so that each node is made anew once, and not once for each tag.
        let rec addBelow (tags: string list list) (config: Config<'v>) =
            match tags with
            | [ names ] -> made names config
            | _ ->
                let below = Tag.byChild tags |> namedAs (fun name rests -> addBelow rests (child name config))

                tags
                |> List.filter List.isEmpty
                |> List.fold (fun config _ -> addHere config) { config with Below = config.Below.WithAll below }

        addBelow (tags |> List.map Tag.names) config

    /// The settings without those of the subtree of one name.
    let drop name (config: Config<'v>) = { config with Below = config.Below.Without name }

    /// The settings of both, those of `later` added after those of `earlier`.
    let rec union (earlier: Config<'v>) (later: Config<'v>) : Config<'v> =
        if earlier.IsEmpty then
            later
        elif later.IsEmpty then
            earlier
        else
            let below = later.Below |> namedAs (fun name after -> union (child name earlier) after)

            let here =
                later.Here
                |> Seq.fold (fun (all: Config<'v>) (key, after) -> all.With(key, after @ all.Latest key)) earlier

            { here with Below = earlier.Below.WithAll below }

    /// The items of one key at the root of the trie, in the order they were added.
    let items key (config: Config<'v>) = List.rev (config.Latest key)

    /// Every setting with its tag and key, in the order they were added.
    let toList (config: Config<'v>) : (Tag * Key * ConfigItem<'v>) list =
        let rec go tag (config: Config<'v>) =
            [
                for key, items in config.Here do
                    for item in List.rev items do
                        yield tag, key, item

                for KeyValue(name, below) in config.Below do
                    yield! go (Tag.child name tag) below
            ]

        go Tag.root config

    /// The settings that `keep` keeps, each with what `keep` makes of it.
    let choose (keep: Tag -> Key -> ConfigItem<'v> -> ConfigItem<'w> option) (config: Config<'v>) =
        let rec go tag (config: Config<'v>) : Config<'w> =
            let kept key items =
                items
                |> Map.toSeq
                |> Seq.map (fun (name, items) -> name, List.choose (keep tag (key name)) items)
                |> Seq.filter (fun (_, items) -> not items.IsEmpty)
                |> Map.ofSeq

            let below = config.Below |> namedAs (fun name settings -> go (Tag.child name tag) settings)

            below.RemoveAll(fun (KeyValue(_, kept)) -> kept.IsEmpty) |> ignore

            {
                Parameters = kept Parameter config.Parameters
                Aspects = kept Aspect config.Aspects
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
