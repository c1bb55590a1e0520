namespace Deeplay.Core

open System
open System.Collections.Generic

/// Changing a spec: every change is checked against the tree as it is, and is one step on the tape.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Change =
    /// The tags that changes go to: the root, or the selection that is being changed.
    let targets (spec: ModuleSpec) =
        match spec.Focus with
        | Some focus -> focus.Targets
        | None -> [ Tag.root ]

    /// The focus on modules that were found in the tree of a spec.
    let focus (found: (Tag * Node) list) (spec: ModuleSpec) : Focus =
        {
            Targets = found |> List.map fst
            Kinds = found |> List.map (fun (_, node) -> node.Definition)
            Tree = Construct.root spec
        }

    /// What changes go to, as the tree is now.
    let focused (spec: ModuleSpec) : (Tag * Node) list =
        let root = Construct.root spec
        targets spec |> List.map (fun tag -> tag, Tree.find tag root)

    let private kindAt (spec: ModuleSpec) (tag: Tag) =
        // The root's own kind is known without constructing anything, unless somebody exchanged it.
        if tag.Depth = 0 && not (spec.Config.Items.ContainsKey Spec.IdentityKey) then
            spec.Definition
        else
            (Tree.find tag (Construct.root spec)).Definition

    /// A value as a parameter takes it, or the error that says why not.
    let checkValue tag (definition: Definition) name value =
        match definition.Signature.IndexOf name with
        | -1 -> Error(UnknownName(tag, definition.Id, "parameter", name, definition.Signature.Names))
        | i ->
            let parameter = definition.Signature.Parameters[i]

            match Value.coerce parameter.Type value with
            | ValueNone ->
                Error(
                    WrongValue(tag, definition.Id, name, Value.describeType parameter.Type, Value.print value)
                )
            | ValueSome Unset -> Ok Unset
            | ValueSome value ->
                match parameter.Check value with
                | Some expected -> Error(WrongValue(tag, definition.Id, name, expected, Value.print value))
                | None -> Ok value

    /// A spec of a definition. The arguments are kept as given, and checked in the form that the definition's `prepare`
    /// gives them.
    let create (arguments: (string * Value) list) (definition: Definition) : ModuleSpec =
        for KeyValue(name, value) in definition.Prepare(Map.ofList arguments) do
            match checkValue Tag.root definition name value with
            | Ok _ -> ()
            | Error error -> Fail.with' error

        Spec.create definition (Map.ofList arguments)

    let private record targets change location (spec: ModuleSpec) =
        Spec.record
            {
                Targets = targets
                Change = change
                Group = spec.Group
                Location = location
            }
            spec

    /// The change as a module of this kind takes it; raises what does not fit. The tag is for the error alone.
    let private checkedFor (tag: Tag) (definition: Definition) change =
        match change with
        | Configure(name, value) ->
            match checkValue tag definition name value with
            | Ok value -> Configure(name, value)
            | Error error -> Fail.with' error
        | Become(kind, arguments) ->
            let checkedArguments =
                arguments
                |> Map.map (fun name value ->
                    match checkValue tag kind name value with
                    | Ok value -> value
                    | Error error -> Fail.with' error)

            Become(kind, checkedArguments)
        | Hooked hook ->
            Resolve.hookArguments tag hook |> ignore
            change
        | MapInputs keys when keys |> List.exists (fun (_, key) -> key = "") ->
            Fail.with' (WrongValue(tag, definition.Id, "inputs", "a key for each input", "an empty one"))
        | MapOutputs keys when
            keys |> List.exists (fun (key, place) -> key = "" || place < 0)
            || keys |> List.map fst |> List.distinct |> List.length <> keys.Length
            ->
            Fail.with' (
                WrongValue(tag, definition.Id, "outputs", "different keys, each with a place", "others")
            )
        | MapInputs _
        | MapOutputs _
        | Replace _ -> change

    /// The kinds of these modules where a selection found them in the tree as it is now; else nothing.
    let private knownKinds (tags: Tag list) (spec: ModuleSpec) =
        match spec.Focus, spec.Cache.Tree with
        | Some focus, Some(Ok tree) when
            Object.ReferenceEquals(focus.Targets, tags)
            && Object.ReferenceEquals(focus.Tree, tree)
            ->
            focus.Kinds
        | _ -> []

    /// Records `change` for `tags`. Where they need different values (a whole number here, a float there), one step
    /// is recorded for each kind of module.
    let apply location (tags: Tag list) change (spec: ModuleSpec) : ModuleSpec =
        let groups = ResizeArray<Change * ResizeArray<Tag>>()
        // What fits one module of a kind fits them all.
        let groupOf = Dictionary<Definition, ResizeArray<Tag>>(HashIdentity.Reference)

        let findGroup tag definition =
            let change = checkedFor tag definition change

            match groups |> Seq.tryFind (fun (other, _) -> other = change) with
            | Some(_, group) -> group
            | None ->
                let group = ResizeArray()
                groups.Add((change, group))
                group

        let mutable known = knownKinds tags spec

        let nextKind tag =
            match known with
            | kind :: rest ->
                known <- rest
                kind
            | [] -> kindAt spec tag

        let place tag () =
            let definition = nextKind tag

            let group =
                match groupOf.TryGetValue definition with
                | true, group -> group
                | _ ->
                    let group = findGroup tag definition
                    groupOf.Add(definition, group)
                    group

            group.Add tag

        let errors =
            tags
            |> List.collect (fun tag ->
                match Fail.catch (place tag) with
                | Ok() -> []
                | Error errors -> errors |> List.map (Tree.pointBelow (Construct.root spec)))

        if not errors.IsEmpty then
            raise (SpecException errors)

        groups
        |> Seq.fold (fun spec (change, group) -> record (List.ofSeq group) change location spec) spec

    /// Sets a parameter. Where the module has no such parameter but a child of that name, a module or a layer kind
    /// as value takes the child's place.
    let configure location name (value: Value) (spec: ModuleSpec) : ModuleSpec =
        let isChild tag =
            not ((kindAt spec tag).Signature.Has name)
            && (Tree.tryFind (Tag.child name tag) (Construct.root spec)).IsSome

        let children, others =
            match value with
            | Module _
            | Kind _ -> targets spec |> List.partition isChild
            | _ -> [], targets spec

        let childTags = children |> List.map (Tag.child name)

        let ofChild spec =
            match value with
            | _ when childTags.IsEmpty -> spec
            | Kind kind -> apply location childTags (Become(kind, Map.empty)) spec
            | Module replacement -> apply location childTags (Replace replacement) spec
            | _ -> spec

        let ofOthers spec =
            if others.IsEmpty then
                spec
            else
                apply location others (Configure(name, value)) spec

        spec |> ofChild |> ofOthers

    /// Puts another kind of layer in the place of each target: the kind of `other`, with the arguments it was given.
    /// Settings that the new kind has are kept. A module that has been changed itself, or that has children, takes
    /// the place as a whole.
    let become location (other: ModuleSpec) (spec: ModuleSpec) : ModuleSpec =
        let isLayer =
            match other.Definition.Body with
            | Primitive _ -> other.Steps.IsEmpty
            | Composite _ -> false

        if isLayer then
            apply location (targets spec) (Become(other.Definition, other.Arguments)) spec
        else
            apply location (targets spec) (Replace other) spec

    /// Puts another module in the place of each target.
    let replace location (other: ModuleSpec) (spec: ModuleSpec) : ModuleSpec =
        apply location (targets spec) (Replace other) spec

    /// Registers an action for each target.
    let hook
        location
        (action: ActionDefinition)
        (arguments: Map<string, Value>)
        (spec: ModuleSpec)
        : ModuleSpec =
        apply
            location
            (targets spec)
            (Hooked
                {
                    Action = action
                    Arguments = arguments
                })
            spec

    /// Lets each target take named tensors: the key for each of its inputs, in order, or by the input's name.
    let mapInputs location (keys: (string * string) list) (spec: ModuleSpec) =
        apply location (targets spec) (MapInputs keys) spec

    /// Lets each target give named tensors: the key of each of its outputs.
    let mapOutputs location (keys: (string * int) list) (spec: ModuleSpec) =
        apply location (targets spec) (MapOutputs keys) spec

    let private named what (pick: Definition -> Map<string, ActionDefinition>) location name arguments spec =
        targets spec
        |> List.groupBy (fun tag ->
            let definition = kindAt spec tag

            match (pick definition).TryFind name with
            | Some action -> action
            | None ->
                let known = pick definition |> Map.toList |> List.map fst
                Fail.with' (UnknownName(tag, definition.Id, what, name, known)))
        |> List.fold
            (fun spec (action, tags) ->
                apply
                    location
                    tags
                    (Hooked
                        {
                            Action = action
                            Arguments = arguments
                        })
                    spec)
            spec

    /// Calls a method of each target's definition: a structural edit such as `append` or `normalized`.
    let call location name arguments spec =
        named "method" (fun d -> d.Methods) location name arguments spec

    /// Applies a style of each target's definition, by its name.
    let style location name arguments spec =
        named "style" (fun d -> d.Styles) location name arguments spec

    /// What a selector selects within the targets there are; nothing is an error.
    let narrow (selector: Selector) (spec: ModuleSpec) : Focus =
        let root = Construct.root spec

        let selectFrom tag =
            Selector.select selector tag (Tree.find tag root)

        let found =
            match targets spec with
            | [ tag ] -> selectFrom tag
            | tags -> tags |> List.collect selectFrom |> List.distinctBy fst

        if found.IsEmpty then
            Fail.with' (Selector.empty selector (targets spec).Head (Tree.find (targets spec).Head root))

        focus found spec

    /// Does `change` with the focus on some modules.
    let within (focus: Focus) (change: ModuleSpec -> ModuleSpec) (spec: ModuleSpec) : ModuleSpec =
        let changed = change { spec with Focus = Some focus }
        { changed with Focus = spec.Focus }

    /// Does `change` with its steps under one name on the tape.
    let grouped (name: string) (change: ModuleSpec -> ModuleSpec) (spec: ModuleSpec) : ModuleSpec =
        if String.IsNullOrWhiteSpace name then
            Fail.with' (Malformed("group", "a name", "nothing"))

        let changed = change { spec with Group = Some name }
        { changed with Group = spec.Group }
