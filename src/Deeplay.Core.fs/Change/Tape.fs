namespace Deeplay.Core

open System.Collections.Generic

/// The tape of a spec: its changes, in order, as data.
[<RequireQualifiedAccess>]
module Tape =
    /// The steps, the oldest first.
    let steps (spec: ModuleSpec) = List.rev spec.Steps

    /// The same spec made anew: equal, and sharing no module with the first. Its settings stay those of whoever made
    /// them: a replay inside an `init` would make the user's settings on an argument the `init`'s own.
    let fresh (spec: ModuleSpec) = Spec.forget spec

    /// The spec without what its last call did; with nothing to undo, an error.
    let undo (spec: ModuleSpec) : ModuleSpec =
        let rec back (spec: ModuleSpec) =
            match spec.Steps with
            | last :: _ when last.Continues -> back (Spec.undo spec)
            | _ -> Spec.undo spec

        if spec.Steps.IsEmpty then
            Fail.with' (WrongStructure(Tag.root, spec.Definition.Id, "there is no step to undo."))

        back spec

    /// The spec with what was undone last; with nothing to redo, an error.
    let redo (spec: ModuleSpec) =
        let rec on (spec: ModuleSpec) =
            match spec.Undone with
            | next :: _ when next.Continues -> on (Spec.redo spec)
            | _ -> spec

        if spec.Undone.IsEmpty then
            Fail.with' (WrongStructure(Tag.root, spec.Definition.Id, "there is no step to redo."))

        on (Spec.redo spec)

    let private describeTargets (targets: Tag list) =
        match targets with
        | [] -> "nothing"
        | [ one ] -> Error.place one ""
        | first :: rest -> Error.place first "" + $" and {rest.Length} more"

    /// A step as one line.
    let describe (step: Step) = $"{describeTargets step.Targets}: {step.Change.Verb.Describe step.Change}"

    /// The steps played onto another spec, each checked against the tree as it is then. The error names the first
    /// step that does not apply; nothing is changed in that case.
    let replay (tape: Step list) (spec: ModuleSpec) : ModuleSpec =
        let play (spec: ModuleSpec) (i, step: Step) =
            let apply () = Change.apply step.Location step.Change (Selection.ofTags spec step.Targets)

            match Fail.catch apply with
            | Error errors -> Fail.with' (StepFailed(i + 1, describe step, errors.Head))
            | Ok changed ->
                // What was one step may have become several; the first of them stands where the step stood.
                let rec told (steps: Step list) =
                    if obj.ReferenceEquals(steps, spec.Steps) then
                        steps
                    else
                        let earlier = told steps.Tail
                        let isFirst = obj.ReferenceEquals(earlier, spec.Steps)

                        { steps.Head with Group = step.Group; Continues = (if isFirst then step.Continues else true) }
                        :: earlier

                Spec.withSteps (told changed.Spec.Steps) changed.Spec

        tape |> List.indexed |> List.fold play spec

    /// The spec without the user's settings that no module reads at present. What such a setting was made for can come
    /// back; the setting does not. Settings on a spec that was given as an argument stay: they are part of it.
    let dropUnused (spec: ModuleSpec) : ModuleSpec =
        // Nothing reads a name that a module does not have, whoever set it: tag and key say which settings are unused.
        let unused =
            Unused.settings (Construct.root spec)
            |> List.map (fun setting -> struct (setting.Tag, setting.Key))
            |> HashSet

        // A step stays for the targets where something of it is read.
        let trim (step: Step) =
            let settings = step.Change.Verb.Settings step.Change

            step.Targets
            |> List.filter (fun tag ->
                settings |> List.exists (fun (key, _) -> not (unused.Contains(struct (tag, key)))))

        // Where the first step of an entry goes, the next one begins it.
        let keep (spec: ModuleSpec, isBegun) (step: Step) =
            let isBegun = step.Continues && isBegun

            match trim step with
            | [] -> spec, isBegun
            | targets ->
                let kept = { step with Targets = targets; Continues = isBegun }

                Spec.record kept spec, true

        if unused.Count = 0 then spec else steps spec |> List.fold keep (Spec.origin spec, false) |> fst
