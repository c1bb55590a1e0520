namespace Deeplay.Core

open System
open System.Collections.Generic

/// Changing a spec, or modules of it: every change is checked against the tree as it is, and is one step on the tape.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Change =
    /// A spec of a definition. The arguments are kept as given, and checked in the form that the definition's `prepare`
    /// gives them.
    let create (arguments: (string * Value) list) (definition: Definition) : ModuleSpec =
        let arguments = Map.ofList arguments
        let prepared = definition.Prepare arguments
        Checks.given Tag.root definition.Id definition.Signature prepared |> ignore
        Constraints.ofGiven definition prepared

        Spec.create definition arguments

    // The root's own kind is known without constructing anything, unless somebody exchanged it.
    let private kinds (selection: Selection) : Definition list =
        let spec = selection.Spec

        match selection.Tags, selection.Found with
        | _, Some nodes -> nodes |> List.map (fun node -> node.Definition)
        | [ tag ], None when tag.Depth = 0 && (spec.Memory.Config.Latest Aspects.kind).IsEmpty -> [ spec.Definition ]
        | _ -> Selection.modules selection |> List.map (fun (_, node) -> node.Definition)

    // The steps that were made since `before`, the newest first.
    let private stepsSince (before: ModuleSpec) (after: ModuleSpec) =
        let rec go (steps: Step list) made =
            if Object.ReferenceEquals(steps, before.Steps) then Some(List.rev made)
            elif steps.IsEmpty then None
            else go steps.Tail (steps.Head :: made)

        go after.Steps []

    /// `change`, with all its steps as one entry to undo, and under a name where one is given.
    let private asOne (group: string option) change (spec: ModuleSpec) : ModuleSpec =
        let changed = change spec

        match stepsSince spec changed with
        | None ->
            let problem = "what is done as one can't undo what was done before."
            Fail.with' (WrongStructure(Tag.root, spec.Definition.Id, problem))
        | Some [] -> changed
        | Some [ only ] when group.IsNone && not only.Continues -> changed
        | Some made ->
            let last = made.Length - 1

            let joined =
                made
                |> List.mapi (fun i step ->
                    { step with Continues = i < last; Group = step.Group |> Option.orElse group })

            Spec.withSteps (joined @ spec.Steps) changed

    /// Does `change` as one entry to undo, its steps under one name on the tape.
    let grouped (name: string) (change: ModuleSpec -> ModuleSpec) (spec: ModuleSpec) : ModuleSpec =
        if String.IsNullOrWhiteSpace name then Fail.with' (Malformed("group", "a name", "nothing"))

        asOne (Some name) change spec

    let private record location targets change spec =
        Spec.record { Targets = targets; Change = change; Group = None; Continues = false; Location = location } spec

    // An edit that does not fit fails here, where it is asked for, and not wherever the tree is needed first. Within an
    // `init` that is soon enough.
    let private tryOut (change: Change) (before: ModuleSpec) (after: ModuleSpec) =
        match change.Verb.Settings change with
        | [ _, Run hook ] when Stages.isAfterInit hook && not (Construct.isConstructing ()) ->
            match Construct.tree before with
            | Ok _ -> Construct.root after |> ignore
            | Error _ -> ()
        | _ -> ()

        after

    // What `changeFor` makes of each of the modules, recorded as a step for each of these changes.
    let private applyEach location (changeFor: Tag -> Definition -> Change) (selection: Selection) =
        let groups = ResizeArray<Change * ResizeArray<Tag>>()
        // What fits one module of a kind fits them all.
        let groupOf = Dictionary<Definition, ResizeArray<Tag>>(HashIdentity.Reference)
        let errors = ResizeArray<Error>()

        let findGroup tag (definition: Definition) =
            let change = changeFor tag definition
            let change = change.Verb.Check tag definition change

            match groups |> Seq.tryFind (fun (other, _) -> other = change) with
            | Some(_, group) -> group
            | None ->
                let group = ResizeArray()
                groups.Add((change, group))
                group

        for tag, definition in List.zip selection.Tags (kinds selection) do
            match groupOf.TryGetValue definition with
            | true, group -> group.Add tag
            | _ ->
                match Fail.catch (fun () -> findGroup tag definition) with
                | Ok group ->
                    groupOf.Add(definition, group)
                    group.Add tag
                | Error found -> errors.AddRange(found |> List.map (Tree.pointBelow (Construct.root selection.Spec)))

        if errors.Count > 0 then Fail.withAll (List.ofSeq errors)

        let changeAll spec =
            groups
            |> Seq.fold
                (fun spec (change, tags) -> record location (List.ofSeq tags) change spec |> tryOut change spec)
                spec

        asOne None changeAll selection.Spec

    /// Records a change of the modules. Where they need different values (a whole number here, a float there), one step is
    /// recorded for each kind of module; all are one entry to undo.
    let apply location (change: Change) (selection: Selection) : Selection =
        Selection.moved (applyEach location (fun _ _ -> change) selection) selection

    /// Sets a parameter. Where a module has no such parameter but a child of that name, a module or a layer kind as value
    /// takes the child's place.
    let configure location name (value: Value) (selection: Selection) : Selection =
        let exchange =
            match value with
            | Kind kind -> Some(Verbs.changeKind kind Map.empty)
            | Module other -> Some(Verbs.replace other)
            | _ -> None

        let isChild (_, node: Node) = not (node.Definition.Signature.Has name) && node.Children.Has name

        let set = Verbs.configure name value

        match exchange with
        | None -> apply location set selection
        | Some exchange ->
            match Selection.modules selection |> List.partition isChild with
            | [], _ -> apply location set selection
            | parents, others ->
                let children = parents |> List.map (fun (tag, _) -> Tag.child name tag)

                let changeAll spec =
                    let spec = applyEach location (fun _ _ -> exchange) (Selection.ofTags spec children)

                    if others.IsEmpty then
                        spec
                    else
                        applyEach location (fun _ _ -> set) (Selection.ofTags spec (List.map fst others))

                Selection.moved (asOne None changeAll selection.Spec) selection

    /// Puts another kind of layer in the place of each module: the kind of `other`, with the arguments it was given.
    /// Settings that the new kind has are kept. A module that has been changed itself, or that has children, takes the
    /// place as a whole, unless it lacks what it needs: that is what the place has.
    let changeKind location (other: ModuleSpec) (selection: Selection) : Selection =
        let isKind =
            match other.Definition.Body with
            | Primitive _ -> other.Steps.IsEmpty
            | Composite _ ->
                other.Steps.IsEmpty
                && (match Construct.tree other with
                    | Error errors -> errors |> List.forall _.IsMissing
                    | Ok _ -> false)

        let change = if isKind then Verbs.changeKind other.Definition other.Arguments else Verbs.replace other

        apply location change selection

    /// Puts another module in the place of each.
    let replace location (other: ModuleSpec) (selection: Selection) = apply location (Verbs.replace other) selection

    /// Registers an action for each module.
    let hook location (action: ActionDefinition) (arguments: Map<string, Value>) (selection: Selection) =
        apply location (Verbs.act action arguments) selection

    /// Lets each module take named tensors: the key for each of its inputs, in order, or `input=key`.
    let mapInputs location (keys: string list) (selection: Selection) =
        apply location (Verbs.mapInputs (TensorMaps.parseInputs keys)) selection

    /// Lets each module give named tensors: the key of each of its outputs, in order, or `key=place`.
    let mapOutputs location (keys: string list) (selection: Selection) =
        apply location (Verbs.mapOutputs (TensorMaps.parseOutputs keys)) selection

    let private named what (pick: Definition -> Map<string, _>) location name arguments selection =
        let actionOf tag (definition: Definition) =
            match (pick definition).TryFind name with
            | Some action -> Verbs.act action arguments
            | None ->
                let known = pick definition |> Map.toList |> List.map fst
                Fail.with' (UnknownName(tag, definition.Id, what, name, known))

        Selection.moved (applyEach location actionOf selection) selection

    /// Calls a method of each module's definition: a structural edit such as `append` or `normalized`.
    let call location name arguments selection = named "method" (fun d -> d.Methods) location name arguments selection

    /// Applies a style of each module's definition, by its name.
    let style location name arguments selection = named "style" (fun d -> d.Styles) location name arguments selection
