namespace Deeplay.Core

/// A setting made by the user that no module reads.
[<NoComparison>]
type UnusedSetting =
    {
        Tag: Tag
        /// The name it is kept under: a parameter, or one of the reserved names of `Spec`.
        Key: string
        Setting: Setting
    }

    /// What it sets, in the user's words.
    member this.Name =
        match this.Key, this.Setting with
        | _, Run hook -> hook.Action.Id
        | Spec.IdentityKey, _ -> "the module itself"
        | Spec.InputsKey, _ -> "the named inputs"
        | Spec.OutputsKey, _ -> "the named outputs"
        | name, _ -> name

    /// The value it sets, or the arguments of the action it registers.
    member this.Text =
        match this.Setting with
        | Set value -> Value.print value
        | Run hook ->
            hook.Arguments
            |> Map.toSeq
            |> Seq.map (fun (name, value) -> $"{name}={Value.print value}")
            |> String.concat ", "

/// Settings made for a kind that was exchanged, or for children that are not there at present. They are kept, and
/// come back to life with what they are for.
[<RequireQualifiedAccess>]
module Unused =
    let private ofItems (layer: Layer) tag key (items: ConfigItem<Setting> list) =
        items
        |> List.tryFind (fun item -> (Resolve.owned layer item).Source = User)
        |> Option.map (fun item ->
            {
                Tag = tag
                Key = key
                Setting = item.Value
            })
        |> Option.toList

    let rec private everything (layer: Layer) tag (config: Config<Setting>) =
        [
            for KeyValue(key, items) in config.Items do
                yield! ofItems layer tag key items
            for KeyValue(name, below) in config.Below do
                yield! everything layer (Tag.child name tag) below
        ]

    // What is said about a module reaches it through its layers, from wherever it was said: on the root, on a spec
    // that was given as an argument, or by an action that the user registered.
    let private at tag (node: Node) =
        let own =
            {
                Config = { node.Derived with Items = Map.empty }
                Owner = Derived node.Tag
                Given = []
            }

        [
            for layer in own :: node.Layers do
                for KeyValue(key, items) in layer.Config.Items do
                    if not (node.Definition.Signature.Has key) && not (key.StartsWith '@') then
                        yield! ofItems layer tag key items

                for KeyValue(name, below) in layer.Config.Below do
                    // What was said of a child that an edit looked at and took away was heard by that edit.
                    if not (node.Children.Has name || node.Looked.Contains name) then
                        yield! everything layer (Tag.child name tag) below
        ]

    /// Every setting of the user's that no module of the tree reads, in tree order.
    let settings (root: Node) : UnusedSetting list =
        Tree.walk root
        |> Seq.filter (fun (_, _, isAlias) -> not isAlias)
        |> Seq.collect (fun (tag, node, _) -> at tag node)
        |> List.ofSeq

    /// The error that names unused settings; None where there are none.
    let error (root: Node) : Error option =
        match settings root with
        | [] -> None
        | unused ->
            unused
            |> List.map (fun setting -> setting.Tag, setting.Name, setting.Text)
            |> UnusedSettings
            |> Some
