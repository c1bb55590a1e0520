namespace Deeplay.Core

open System
open System.IO

/// Why a parameter has the value it has.
[<RequireQualifiedAccess>]
module Explain =
    /// Where a value comes from.
    type Origin =
        | Setting of Source * Stamp
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
                | Setting(User, step :: _) when step > 0 ->
                    $"set by the user, step {step}{place candidate.Location}"
                | Setting(User, _) -> $"set by the user on the spec that was given{place candidate.Location}"
                | Setting(Derived tag, _) when tag.Depth = 0 -> "derived by the root"
                | Setting(Derived tag, _) -> $"derived by {tag}"
                | Setting(Detached, _) -> "set on a spec of its own"
                | Argument -> "given as an argument"
                | Default -> "the default"
                | NotSet -> "not set"

            let line candidate =
                let because =
                    if candidate.Because = "" then
                        ""
                    else
                        $" — {candidate.Because}"

                let mark = if candidate.Because = "" then "→" else " "
                $"  {mark} {Value.print candidate.Value}: {origin candidate}{because}"

            let at =
                if this.Tag.Depth = 0 then
                    this.Name
                else
                    $"{this.Tag}.{this.Name}"

            let head = $"{at} = {Value.print this.Value} ({this.Kind})"
            String.Join("\n", head :: List.map line this.Candidates)

    let private because (winner: ConfigItem<Setting>) (loser: ConfigItem<Setting>) =
        match winner.Source, loser.Source with
        | a, b when a = b -> "a later setting of the same source wins"
        | User, _ -> "the user wins"
        | Derived a, Derived b when a.Depth = b.Depth -> "the later one wins between equals"
        | Derived a, Derived _ when a.Depth = 0 -> "the root is closer to the root"
        | Derived a, _ -> $"{a} is closer to the root"
        | Detached, _ -> ""

    /// Why the parameter `name` of the module `tag` is what it is: its value, where that came from, and every
    /// candidate that lost, with the reason.
    let parameter (tag: Tag) name (root: Node) : Explanation =
        let node = Tree.find tag root
        let signature = node.Definition.Signature

        if not (signature.Has name) then
            Fail.with' (UnknownName(tag, node.Definition.Id, "parameter", name, signature.Names))

        let items = Resolve.candidates name node.Layers |> ConfigItem.ranked

        let settings =
            items
            |> List.choose (fun item ->
                match item.Value with
                | Set value ->
                    Some
                        {
                            Value = value
                            Origin = Setting(item.Source, item.Stamp)
                            Location = item.Location
                            Because =
                                (if obj.ReferenceEquals(item, items.Head) then
                                     ""
                                 else
                                     because items.Head item)
                        }
                | Run _ -> None)

        let lost = if settings.IsEmpty then "" else "a setting beats it"
        let spec = (let _, gift, _ = Resolve.identify node.Outer node.Gift in gift.Spec)
        let prepared = spec.Definition.Prepare spec.Arguments

        let argument =
            prepared.TryFind name
            |> Option.map (fun value ->
                {
                    Value = value
                    Origin = Argument
                    Location = None
                    Because = lost
                })
            |> Option.toList

        let standard =
            match signature.Parameters[signature.IndexOf name].Default with
            | Unset when not (settings.IsEmpty && argument.IsEmpty) -> []
            | Unset ->
                [
                    {
                        Value = Unset
                        Origin = NotSet
                        Location = None
                        Because = ""
                    }
                ]
            | value ->
                [
                    {
                        Value = value
                        Origin = Default
                        Location = None
                        Because = (if argument.IsEmpty then lost else "an argument beats it")
                    }
                ]

        {
            Tag = tag
            Kind = node.Definition.Id
            Name = name
            Value = node.Arguments[name]
            Candidates = settings @ argument @ standard
        }
