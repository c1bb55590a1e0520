namespace Deeplay.Core

/// A setting made by the user that no module reads.
[<NoComparison>]
type UnusedSetting =
    {
        Tag: Tag
        Key: Key
        Setting: Setting
    }

    /// What it sets, in the user's words.
    member this.Name =
        match this.Key, this.Setting with
        | _, Run hook -> hook.Action.Id
        | Parameter name, _ -> name
        | key, _ when key = Aspects.kind -> "the module itself"
        | Aspect name, _ -> $"the named {name}"

    /// The value it sets, or the arguments of the action it registers.
    member this.Text =
        match this.Setting with
        | Set value -> Value.print value
        | Run hook -> Value.printArguments hook.Arguments

/// Settings made for a kind that was exchanged, or for children that are not there at present. They are kept, and
/// come back to life with what they are for.
[<RequireQualifiedAccess>]
module Unused =
    let private ofItems (scope: Scope) tag key (items: ConfigItem<Setting> list) =
        items
        |> List.tryFind (fun item -> (Owners.owned scope item).Source = User)
        |> Option.map (fun item -> { Tag = tag; Key = key; Setting = item.Value })
        |> Option.toList

    let rec private everything (scope: Scope) tag (config: Config<Setting>) =
        [
            for key, items in config.Here do
                yield! ofItems scope tag key items
            for KeyValue(name, below) in config.Below do
                yield! everything scope (Tag.child name tag) below
        ]

    // What is said about a module reaches it through its scopes, from wherever it was said: on the root, on a spec
    // that was given as an argument, or by an action that the user registered.
    let private at (node: Node) =
        let tag = node.Tag

        let derived =
            Owners.derivedScope tag { node.Particulars.Derived with Parameters = Map.empty; Aspects = Map.empty }

        [
            for scope in derived :: node.Particulars.Scopes do
                // What another kind was given goes with it, when one more kind takes its place.
                let withKind = scope.Config.Latest Aspects.kind |> List.map (fun item -> item.Order)
                let isOfKind (item: ConfigItem<Setting>) = List.contains item.Order withKind

                for KeyValue(name, items) in scope.Config.Parameters do
                    if not (node.Definition.Signature.Has name) then
                        yield! ofItems scope tag (Parameter name) (items |> List.filter (isOfKind >> not))

                for KeyValue(name, below) in scope.Config.Below do
                    // What was said of a child that an edit observed and took away was heard by that edit.
                    if not (node.Children.Has name || node.Particulars.Observed.Contains name) then
                        yield! everything scope (Tag.child name tag) below
        ]

    /// Every setting of the user's that no module of the tree reads, in tree order.
    let settings (root: Node) : UnusedSetting list =
        let found = ResizeArray()

        let rec go (node: Node) =
            if not (node.Particulars.Scopes.IsEmpty && node.Particulars.Derived.IsEmpty) then
                found.AddRange(at node)

            for place in 0 .. node.Children.Length - 1 do
                let child = node.Children[place]
                if not child.IsAlias then go child.Own

        go root
        List.ofSeq found

    /// The error that names unused settings; None where there are none.
    let error (root: Node) : Error option =
        match settings root with
        | [] -> None
        | unused ->
            unused
            |> List.map (fun setting -> setting.Tag, setting.Name, setting.Text)
            |> UnusedSettings
            |> Some
