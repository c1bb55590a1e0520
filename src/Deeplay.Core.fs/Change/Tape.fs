namespace Deeplay.Core

open System
open System.Collections.Generic

/// The tape of a spec: its changes, in order, as data.
[<RequireQualifiedAccess>]
module Tape =
    /// The steps, the oldest first.
    let steps (spec: ModuleSpec) = List.rev spec.Steps

    /// The same spec made anew: equal, and sharing no module with the first. Its settings stay those of whoever made
    /// them: a replay inside an `init` would make the user's settings on an argument the `init`'s own.
    let fresh (spec: ModuleSpec) = { spec with Cache = TreeCache None }

    /// The spec without its last step; with nothing to undo, an error.
    let undo (spec: ModuleSpec) : ModuleSpec =
        match spec.Steps with
        | last :: before ->
            // The last part of a setting's stamp is the number of the step that made it.
            let number = spec.Steps.Length

            let keep (item: ConfigItem<Setting>) =
                if List.last item.Stamp = number then None else Some item

            { spec with
                Config = Config.choose (fun _ _ item -> keep item) spec.Config
                Steps = before
                Undone = last :: spec.Undone
                Cache = TreeCache(Some({ spec with Focus = None }, last.Targets))
            }
        | [] -> Fail.with' (WrongStructure(Tag.root, spec.Definition.Id, "there is no step to undo."))

    /// The spec with the step that was undone last; with nothing to redo, an error.
    let redo (spec: ModuleSpec) =
        match spec.Undone with
        | next :: later ->
            { Spec.record next spec with
                Undone = later
            }
        | [] -> Fail.with' (WrongStructure(Tag.root, spec.Definition.Id, "there is no step to redo."))

    let private describeTargets (targets: Tag list) =
        let name (tag: Tag) =
            if tag.Depth = 0 then "the root" else string tag

        match targets with
        | [] -> "nothing"
        | [ one ] -> name one
        | first :: rest -> $"{name first} and {rest.Length} more"

    /// A step as one line.
    let describe (step: Step) =
        let change =
            match step.Change with
            | Configure(name, value) -> $"{name} = {Value.print value}"
            | Become(kind, arguments) ->
                let given =
                    arguments
                    |> Map.toSeq
                    |> Seq.map (fun (name, value) -> $"{name}={Value.print value}")

                let given = String.Join(", ", given)
                $"become {kind.Id}({given})"
            | MapInputs keys ->
                let shown =
                    keys
                    |> List.map (fun (input, key) -> if input = "" then key else $"{input}={key}")

                "inputs from " + String.Join(", ", shown)
            | MapOutputs keys ->
                "outputs to "
                + String.Join(", ", keys |> List.map (fun (key, place) -> $"{key}={place}"))
            | Replace spec -> $"replace by {Value.printSpec spec}"
            | Hooked hook ->
                let given =
                    hook.Arguments
                    |> Map.toSeq
                    |> Seq.map (fun (name, value) -> $"{name}={Value.print value}")

                let given = String.Join(", ", given)
                $"{hook.Action.Id}({given})"

        $"{describeTargets step.Targets}: {change}"

    /// The steps played onto another spec, each checked against the tree as it is then. The error names the first
    /// step that does not apply; nothing is changed in that case.
    let replay (tape: Step list) (spec: ModuleSpec) : ModuleSpec =
        tape
        |> List.indexed
        |> List.fold
            (fun spec (i, step) ->
                let apply () =
                    { spec with Group = step.Group }
                    |> Change.apply step.Location step.Targets step.Change

                match Fail.catch apply with
                | Ok changed -> { changed with Group = spec.Group }
                | Error errors -> Fail.with' (StepFailed(i + 1, describe step, errors.Head)))
            spec

    /// The spec without the user's settings that no module reads at present. What such a setting was made for can come
    /// back; the setting does not. Settings on a spec that was given as an argument stay: they are part of it.
    let dropUnused (spec: ModuleSpec) : ModuleSpec =
        // Nothing reads a name that a module does not have, whoever set it: tag and name say which settings are unused.
        let unused =
            Unused.settings (Construct.root spec)
            |> List.map (fun setting -> struct (setting.Tag, setting.Key))
            |> HashSet

        // A step stays for the targets where something of it is read.
        let trim (step: Step) =
            let keep =
                step.Targets
                |> List.filter (fun tag ->
                    Spec.settings step.Change
                    |> List.exists (fun (key, _) -> not (unused.Contains(struct (tag, key)))))

            if keep.IsEmpty then
                None
            else
                Some { step with Targets = keep }

        if unused.Count = 0 then
            spec
        else
            let steps = steps spec |> List.choose trim

            { List.fold (fun spec step -> Spec.record step spec) (Spec.origin spec) steps with
                Focus = spec.Focus
                Group = spec.Group
            }
