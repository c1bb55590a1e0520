namespace Deeplay.Core

/// Modules of a spec that are meant together.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Selection =
    /// The spec as a whole.
    let ofSpec (spec: ModuleSpec) = Selection(spec, [ Tag.root ], None)

    /// Modules that were found in the tree of a spec.
    let ofFound (spec: ModuleSpec) (found: (Tag * Node) list) =
        Selection(spec, List.map fst found, Some(List.map snd found))

    /// The modules with these tags.
    let ofTags (spec: ModuleSpec) tags = Selection(spec, tags, None)

    /// The modules with their tags, as the tree is now.
    let modules (selection: Selection) : (Tag * Node) list =
        match selection.Found with
        | Some nodes -> List.zip selection.Tags nodes
        | None ->
            let root = Construct.root selection.Spec
            selection.Tags |> List.map (fun tag -> tag, Tree.find tag root)

    /// The same modules of a spec that came of it.
    let internal moved spec (selection: Selection) = Selection(spec, selection.Tags, None)

    /// What a selector selects within the modules; nothing is an error.
    let narrow (selector: Selector) (selection: Selection) : Selection =
        let within = modules selection

        let found =
            match within with
            | [ tag, node ] -> Selector.select selector tag node
            | several ->
                let select (tag, node) = Selector.select selector tag node
                several |> List.collect select |> List.distinctBy fst

        if found.IsEmpty then
            let tag, node = within.Head
            Fail.with' (Selector.empty selector tag node)

        ofFound selection.Spec found

    /// Those of the modules that pass; none is an error.
    let filter (filter: Filter) (selection: Selection) : Selection =
        ofFound selection.Spec (Filter.apply filter (modules selection))

    /// The first of the modules alone.
    let first (selection: Selection) = ofFound selection.Spec (List.truncate 1 (modules selection))

    /// What becomes of the spec when `change` changes the modules that `select` selects.
    let change
        (select: Selection -> Selection)
        (change: Selection -> Selection)
        (whole: 'whole :> IChangeable<'whole>)
        : 'whole =
        let before = whole.Selection
        whole.With(moved (change (select before)).Spec before)
