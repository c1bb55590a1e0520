namespace Deeplay.Core

/// What a user's function lets through. It has no text and can't be read from one; the name is for people.
[<ReferenceEquality>]
type Predicate = { Name: string; Passes: Tag -> Node -> bool }

/// Which of the modules that were found are meant, by what they are.
[<NoComparison>]
type Filter =
    /// Those of the kind with this id, special cases included: `[Linear]`.
    | OfKind of string
    /// Those that have a parameter or a method of this name: `[has:bias]`.
    | Having of string
    | Where of Predicate

[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Filter =
    /// The kind and those it is a special case of.
    let rec private kinds (definition: Definition) =
        definition.Id :: (definition.Base |> Option.map kinds |> Option.defaultValue [])

    let private names (definition: Definition) = definition.Signature.Names @ List.ofSeq definition.Methods.Keys

    /// Whether a module is one of those that are meant.
    let passes filter (tag: Tag) (node: Node) =
        match filter with
        | OfKind id -> List.contains id (kinds node.Definition)
        | Having name -> node.Definition.Signature.Has name || node.Definition.Methods.ContainsKey name
        | Where predicate -> predicate.Passes tag node

    /// The filter as it is written in a selector.
    let print filter =
        match filter with
        | OfKind id -> $"[{id}]"
        | Having name -> $"[has:{name}]"
        | Where predicate -> $"[where:{predicate.Name}]"

    /// Why none of these modules passes, and the names that were probably meant.
    let none filter (found: (Tag * Node) list) : string * string list =
        let among (pick: Definition -> string list) =
            found
            |> List.map (fun (_, node) -> node.Definition)
            |> List.distinctBy (fun definition -> definition.Id)
            |> List.collect pick
            |> List.distinct

        let none = if found.Length = 1 then "1 module" else $"{found.Length} modules"

        match filter with
        | OfKind id ->
            let kinds = among kinds
            $"of {none} none is of the kind '{id}'; there are {Error.list kinds}", Nearest.names id kinds
        | Having name -> $"of {none} none has a parameter or method '{name}'", Nearest.names name (among names)
        | Where predicate -> $"of {none} none is let through by '{predicate.Name}'", []

    /// The modules that pass, in order; that there are none is an error.
    let apply filter (found: (Tag * Node) list) =
        match found |> List.filter (fun (tag, node) -> passes filter tag node) with
        | [] ->
            let because, near = none filter found
            Fail.with' (EmptySelection(print filter, because, near))
        | kept -> kept
