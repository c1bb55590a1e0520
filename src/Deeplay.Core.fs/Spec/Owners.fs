namespace Deeplay.Core

/// To whom what was said on a spec belongs, while a tree is constructed. All that is to be decided about it is here: what
/// a spec brings is its first giver's, what was said on it since is the next one's, and what nobody was given yet is that
/// of the module that attaches it.
[<RequireQualifiedAccess>]
module internal Owners =
    /// Whether something of the value is nobody's yet.
    let rec isFree value =
        match value with
        | Module spec ->
            match spec.Memory.Owners with
            | [] -> spec.Memory.Count > 0 || spec.Memory.HoldsModules
            | last :: _ -> last.Steps < spec.Memory.Count
        | List values -> List.exists isFree values
        | _ -> false

    /// Whether something in the value has owners.
    let rec isOwned value =
        match value with
        | Module spec -> not spec.Memory.Owners.IsEmpty || spec.Memory.HoldsOwned
        | List values -> List.exists isOwned values
        | _ -> false

    /// The spec with other owners.
    let withOwners owners (spec: ModuleSpec) =
        spec.Told(spec.Steps, spec.Undone, { spec.Memory with Owners = owners }, None)

    /// The value as given by `source` at `order`: what was nobody's in it is theirs.
    let rec give source order value =
        match value with
        | Module spec when isFree value ->
            let owner = { Steps = spec.Memory.Count; Source = source; Order = order }
            Module(withOwners (owner :: spec.Memory.Owners) spec)
        | List values when List.exists isFree values -> List(values |> List.map (give source order))
        | _ -> value

    /// The owners of a spec of which only so many steps are left.
    let truncate count (owners: Owner list) =
        owners
        |> List.map (fun owner -> if owner.Steps > count then { owner with Steps = count } else owner)

    /// What a spec says where it is attached.
    let scopeOf (attachment: Attachment) : Scope list =
        let memory = attachment.Spec.Memory

        if memory.Config.IsEmpty then
            []
        else
            let { Source = source; Order = order } = attachment
            [ { Config = memory.Config; Source = source; Order = order; Owners = memory.Owners } ]

    /// What a module derived for what is below it.
    let derivedScope (tag: Tag) config : Scope =
        { Config = config; Source = Derived tag; Order = Order.start; Owners = [] }

    /// The scopes with what a module derived for what is below it.
    let withDerived tag (config: Config<Setting>) scopes =
        if config.IsEmpty then scopes else scopes @ [ derivedScope tag config ]

    /// Whose the arguments of a spec are where it is attached, and when they were given.
    let ofArguments (attachment: Attachment) : struct (Source * Order) =
        match attachment.Spec.Memory.Owners with
        | [] -> struct (attachment.Source, attachment.Order)
        | owners ->
            let first = List.last owners
            struct (first.Source, first.Order)

    /// An item as seen from the whole tree: a `Detached` one is its owner's.
    let owned (scope: Scope) (item: ConfigItem<Setting>) =
        match item.Source with
        | Detached ->
            // Owners stand with the last one first, and those before it own the earlier steps.
            let number = if scope.Owners.IsEmpty then 0 else Order.number item.Order

            let rec find source order (owners: Owner list) =
                match owners with
                | owner :: earlier when number <= owner.Steps -> find owner.Source owner.Order earlier
                | _ -> struct (source, order)

            let struct (source, order) = find scope.Source scope.Order scope.Owners

            { item with Source = source; Order = Order.inside order item.Order }
        | _ -> item
