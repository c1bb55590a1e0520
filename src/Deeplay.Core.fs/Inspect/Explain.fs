namespace Deeplay.Core

open System
open System.IO

/// Why a parameter has the value it has.
[<RequireQualifiedAccess>]
module Explain =
    /// Where a value comes from.
    type Origin =
        | Setting of Source * Order
        | Argument
        | Default
        | NotSet

    /// One value that was a candidate, from the one that won to the one that matters least.
    [<NoComparison>]
    type Candidate =
        {
            Value: Value
            Origin: Origin
            Location: Location option
            /// Why it lost; empty for the winner.
            Because: string
        }

    /// The answer to "why is it so?".
    [<NoComparison>]
    type Explanation =
        {
            Tag: Tag
            Kind: string
            Name: string
            /// The argument that the module has, after everything.
            Value: Value
            Candidates: Candidate list
        }

        /// The explanation as text, the winner first.
        override this.ToString() =
            let place (location: Location option) =
                match location with
                | Some at -> $" at {Path.GetFileName at.File}:{at.Line}"
                | None -> ""

            let origin candidate =
                match candidate.Origin with
                | Setting(User, order) when Order.outermost order > 0 ->
                    $"set by the user, step {Order.outermost order}{place candidate.Location}"
                | Setting(User, _) -> $"set by the user on the spec that was given{place candidate.Location}"
                | Setting(Derived tag, _) when tag.Depth = 0 -> "derived by the root"
                | Setting(Derived tag, _) -> $"derived by {tag}"
                | Setting(Detached, _) -> "set on a spec of its own"
                | Argument -> "given as an argument"
                | Default -> "the default"
                | NotSet -> "not set"

            let line candidate =
                let because = if candidate.Because = "" then "" else $" — {candidate.Because}"

                let mark = if candidate.Because = "" then "→" else " "
                $"  {mark} {Value.print candidate.Value}: {origin candidate}{because}"

            let at = if this.Tag.Depth = 0 then this.Name else $"{this.Tag}.{this.Name}"

            let head = $"{at} = {Value.print this.Value} ({this.Kind})"
            String.Join("\n", head :: List.map line this.Candidates)

    let private candidate value origin because : Candidate =
        { Value = value; Origin = origin; Location = None; Because = because }

    let private because (winner: ConfigItem<Setting>) (loser: ConfigItem<Setting>) =
        match winner.Source, loser.Source with
        | a, b when a = b -> "a later setting of the same source wins"
        | User, _ -> "the user wins"
        | Derived a, Derived b when a.Depth = b.Depth -> "the later one wins between equals"
        | Derived a, Derived _ when a.Depth = 0 -> "the root is closer to the root"
        | Derived a, _ -> $"{a} is closer to the root"
        | Detached, _ -> ""

    /// What was set for a key, from what won to what matters least.
    let private settingsOf key (node: Node) : Candidate list =
        let items = Scopes.candidates key node.Particulars.Scopes |> ConfigItem.ranked

        items
        |> List.choose (fun item ->
            match item.Value with
            | Set value ->
                Some
                    {
                        Value = value
                        Origin = Setting(item.Source, item.Order)
                        Location = item.Location
                        Because = (if obj.ReferenceEquals(item, items.Head) then "" else because items.Head item)
                    }
            | Run _ -> None)

    // An edit, a style or another action that was asked for, by its name: its arguments each time, and who asked.
    let private actions (tag: Tag) name (node: Node) : Explanation option =
        let candidates =
            Scopes.candidates Aspects.hooks node.Particulars.Scopes
            |> ConfigItem.ranked
            |> List.choose (fun item ->
                match item.Value with
                | Run hook when hook.Action.Id = name ->
                    Some
                        {
                            Value = Text(Value.printArguments hook.Arguments)
                            Origin = Setting(item.Source, item.Order)
                            Location = item.Location
                            Because = ""
                        }
                | _ -> None)

        candidates
        |> List.tryHead
        |> Option.map (fun last ->
            { Tag = tag; Kind = node.Definition.Id; Name = name; Value = last.Value; Candidates = candidates })

    let private ofParameter (tag: Tag) name (node: Node) : Explanation =
        let signature = node.Definition.Signature
        let parameter = signature.Parameters[signature.Find(tag, node.Definition.Id, name)]
        let settings = settingsOf (Parameter name) node
        let lost = if settings.IsEmpty then "" else "a setting beats it"

        let struct (_, attachment, _) = Resolve.identify node.Particulars.Outer node.Attachment
        let prepared = attachment.Spec.Definition.Prepare attachment.Spec.Arguments

        let argument = prepared.TryFind name |> Option.map (fun value -> candidate value Argument lost) |> Option.toList

        let standard =
            match parameter.Default with
            | Unset when not (settings.IsEmpty && argument.IsEmpty) -> []
            | Unset -> [ candidate Unset NotSet "" ]
            | value -> [ candidate value Default (if argument.IsEmpty then lost else "an argument beats it") ]

        {
            Tag = tag
            Kind = node.Definition.Id
            Name = name
            Value = node.Arguments[name]
            Candidates = settings @ argument @ standard
        }

    /// Why the parameter `name` of the module `tag` is what it is: its value, where that came from, and every
    /// candidate that lost, with the reason. Of an edit or a style, by its name, it tells who asked for it, with which
    /// arguments, the last one first.
    let parameter (tag: Tag) name (root: Node) : Explanation =
        let node = Tree.find tag root

        match (if node.Definition.Signature.Has name then None else actions tag name node) with
        | Some found -> found
        | None -> ofParameter tag name node

    // A map is kept as pairs; people write it as keys.
    let private mapped (tag: Tag) name key (print: Value -> string list) (root: Node) : Explanation =
        let node = Tree.find tag root

        let settings =
            settingsOf key node
            |> List.map (fun setting -> { setting with Value = List(print setting.Value |> List.map Text) })

        {
            Tag = tag
            Kind = node.Definition.Id
            Name = name
            Value = settings |> List.tryHead |> Option.map _.Value |> Option.defaultValue Unset
            Candidates = if settings.IsEmpty then [ candidate Unset NotSet "" ] else settings
        }

    /// Why the module `tag` takes the named tensors it takes: the keys, and who set them. Unset where it takes plain ones.
    let inputs (tag: Tag) (root: Node) : Explanation =
        mapped tag "inputs from" Aspects.inputs TensorMaps.printInputs root

    /// Why the module `tag` gives the named tensors it gives: the keys with the places of the outputs, and who set them.
    /// Unset where it gives plain ones.
    let outputs (tag: Tag) (root: Node) : Explanation =
        mapped tag "outputs to" Aspects.outputs TensorMaps.printOutputs root
