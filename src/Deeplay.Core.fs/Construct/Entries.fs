namespace Deeplay.Core

open System
open System.Collections.Generic

/// A child that is still being decided about. Every module is one for a while, so that it is kept small.
[<ReferenceEquality>]
type internal Entry =
    {
        Name: string
        /// How it was attached, unless it is an alias.
        Attachment: Attachment
        /// What an alias stands for; null where it is none.
        Target: Tag
        /// The node; null until it was constructed.
        mutable Node: Node
        /// What more was said of since then, by the names from the node downwards.
        mutable Touched: string list list
    }

    member this.IsAlias = not (isNull this.Target)

/// The children of a module under construction, in order, by their names.
[<Sealed>]
type internal Entries(tag: Tag, definition: Definition) =
    let entries = ResizeArray<Entry>()

    // Few names are found by looking at each; many are kept here, unless they are "0", "1", … as those of a list.
    let mutable names: HashSet<string> = null
    let mutable areNumbers = true

    // The names of children that were taken away: nobody gets them again by counting.
    let mutable removed: string list = []
    let mutable aliasCount = 0

    let wrong problem = Fail.with' (WrongStructure(tag, definition.Id, problem))

    // The place of a name, or -1. Every module's children come through here: nothing is allocated.
    let find (name: string) =
        if areNumbers then
            match Int32.TryParse name with
            | true, i when i >= 0 && i < entries.Count && entries[i].Name = name -> i
            | _ -> -1
        elif not (isNull names || names.Contains name) then
            -1
        else
            let mutable i = entries.Count - 1

            while i >= 0 && entries[i].Name <> name do
                i <- i - 1

            i

    let place name =
        match find name with
        | -1 ->
            let known = entries |> Seq.map (fun e -> e.Name) |> List.ofSeq
            Fail.with' (UnknownName(tag, definition.Id, "child", name, known))
        | i -> i

    let keepNames () = names <- HashSet(entries |> Seq.map (fun entry -> entry.Name))

    let checkName (name: string) =
        if not (Tag.isName name) then
            wrong $"'{name}' can't be the name of a child: a name has {Tag.nameRule}."

        if find name >= 0 then wrong $"there is a child '{name}' already."

    let rec lead steps (target: Tag) =
        match find target.Names.Head with
        | i when i >= 0 && entries[i].IsAlias ->
            if steps > entries.Count then wrong $"'{target.Names.Head}' is an alias that leads back to itself."

            lead (steps + 1) (Tag.append entries[i].Target (Tag.ofNames target.Names.Tail))
        | _ -> target

    /// The children, in order.
    member _.All: IReadOnlyList<Entry> = entries

    /// The child of this name; none is an error.
    member _.Named(name: string) = entries[place name]

    /// Whether there is a child of this name.
    member _.Has(name: string) = find name >= 0

    /// The names, in order.
    member _.Names = List.init entries.Count (fun i -> entries[i].Name)

    /// Every name that a child was given so far, also by those that were taken away again.
    member _.NamesGiven = Seq.append (entries |> Seq.map (fun entry -> entry.Name)) removed

    /// Puts in a child that is attached; that there is one of its name already is an error.
    member this.Attach(name, attachment, position) = this.Add(Entries.Made(name, attachment, null), position)

    /// Puts in an alias, as the last.
    member this.Alias(name, target) =
        this.Add(Entries.Made(name, Unchecked.defaultof<Attachment>, target), Last)
        this.Forget()

    static member private Made(name, attachment, target) : Entry =
        {
            Name = name
            Attachment = attachment
            Target = target
            Node = Unchecked.defaultof<Node>
            Touched = []
        }

    // What an alias leads to hears what is said under its name.
    member private _.Forget() =
        for entry in entries do
            entry.Node <- Unchecked.defaultof<Node>

    /// Keeps that something was said of a descendant, where its child was constructed already.
    member _.Touch(target: Tag) =
        let names = (lead 0 target).Names

        match find names.Head with
        | i when i >= 0 && not (isNull (box entries[i].Node)) -> entries[i].Touched <- names.Tail :: entries[i].Touched
        | _ -> ()

    member private _.Add(entry: Entry, position: Position) =
        checkName entry.Name

        match position with
        | First -> entries.Insert(0, entry)
        | Last -> entries.Add entry
        | After other -> entries.Insert(place other + 1, entry)
        | Before other -> entries.Insert(place other, entry)

        if entry.IsAlias then aliasCount <- aliasCount + 1

        areNumbers <- areNumbers && position = Last && entry.Name = string (entries.Count - 1)

        if not (isNull names) then names.Add entry.Name |> ignore
        elif entries.Count > 16 && not areNumbers then keepNames ()

    /// Takes a child away again.
    member this.Remove(name: string) =
        let place = place name

        if entries[place].IsAlias then
            aliasCount <- aliasCount - 1
            this.Forget()

        entries.RemoveAt place
        removed <- name :: removed
        areNumbers <- false

        if not (isNull names) then names.Remove name |> ignore
        elif entries.Count > 16 then keepNames ()

    /// What a tag stands for in the end: its first name may be an alias, even of another alias.
    member _.Lead target = lead 0 target

    /// The aliases, each with what it stands for in the end.
    member _.Aliases =
        if aliasCount = 0 then
            []
        else
            [
                for entry in entries do
                    if entry.IsAlias then entry.Name, lead 0 entry.Target
            ]
