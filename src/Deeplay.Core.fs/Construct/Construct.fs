namespace Deeplay.Core

open System
open System.Collections.Generic
open System.Runtime.CompilerServices

/// The trees of free specs that an `init` looked into, as long as the construction lasts that it is part of. Each level of
/// a model may look into the one below before it attaches it: without this, every level doubles the work.
[<AbstractClass; Sealed>]
type private LookedInto() =
    [<ThreadStatic; DefaultValue>]
    static val mutable private trees: Dictionary<ModuleSpec, Result<Node, Error list>>

    /// The trees of the construction that this thread is in; null outside of any.
    static member Trees = LookedInto.trees

    /// Constructs.
    static member During(construct: unit -> 'tree) : 'tree =
        if isNull LookedInto.trees then
            LookedInto.trees <- Dictionary()

            try
                construct ()
            finally
                LookedInto.trees <- null
        else
            construct ()

/// From a spec to a module tree: a pure function of the spec alone.
[<RequireQualifiedAccess>]
module Construct =
    /// Whether this thread is in the middle of a construction: an `init` is running.
    let internal isConstructing () = not (isNull LookedInto.Trees)

    /// How deep modules may be nested. What goes deeper contains itself without end.
    let maxDepth = 1000

    /// Whether specs are nested at least so deep in the arguments and steps of a spec.
    let private isNested depth (spec: ModuleSpec) =
        let rec modules value =
            match value with
            | Module spec -> [ spec ]
            | List values -> List.collect modules values
            | _ -> []

        let inside (spec: ModuleSpec) =
            let changes = spec.Steps |> List.map (fun step -> step.Change)

            Seq.append spec.Arguments.Values (changes |> Seq.collect (fun change -> change.Arguments.Values))
            |> Seq.append (changes |> Seq.map (fun change -> change.Subject))
            |> Seq.collect modules

        let rec go depth (specs: HashSet<ModuleSpec>) =
            specs.Count > 0
            && (depth = 0 || go (depth - 1) (HashSet(Seq.collect inside specs, HashIdentity.Reference)))

        go depth (HashSet([ spec ], HashIdentity.Reference))

    // The error of a tag that is too deep. `above` are the kinds on the way to it with their specs, the
    // nearest first.
    let private tooDeep (tag: Tag) (above: (string * ModuleSpec) list) : Node =
        let kinds = above |> List.map fst |> List.rev |> Array.ofList
        let last = kinds.Length - 1

        let repeatsAt period i = i >= period && kinds[i] = kinds[i - period]

        let period =
            seq { 1 .. kinds.Length / 3 }
            |> Seq.tryFind (fun period -> Seq.forall (repeatsAt period) (seq { last - period .. last }))

        // What was given so is finite; what an init makes anew in itself is not.
        let isGiven =
            above |> List.tryItem (kinds.Length / 2) |> Option.exists (snd >> isNested (kinds.Length / 4))

        match period with
        | Some period when not isGiven ->
            // The first module that is as one above it.
            let mutable first = last

            while repeatsAt period (first - 1) do
                first <- first - 1

            let place = Tag.ofNames (List.truncate (tag.Depth - (last - first) - 1) tag.Names)
            let circle = String.Join(" > ", kinds[first - period .. first])
            Fail.with' (WrongStructure(place, kinds[first], $"it contains itself without end: {circle}."))
        | _ ->
            let problem = $"modules are nested too deep; {maxDepth} levels are the most."
            let kind = above |> List.tryHead |> Option.map fst |> Option.defaultValue ""
            Fail.with' (WrongStructure(Tag.ofNames (List.truncate 24 tag.Names), kind, problem))

    // `above` are the modules that contain this one, the nearest first, as far as they are constructed.
    let rec private constructNode above (tag: Tag) (outer: Scope list) (attachment: Attachment) : Node =
        if tag.Depth > maxDepth || not (RuntimeHelpers.TryEnsureSufficientExecutionStack()) then
            tooDeep tag above
        else
            constructHere above tag outer attachment

    and private constructHere above tag outer attachment =
        let struct (definition, source, own) = Resolve.identify outer attachment
        let scopes = outer @ own
        Resolve.rejectMistakes tag definition source scopes
        let arguments = Resolve.arguments tag definition source scopes

        let node =
            match definition.Body with
            | Primitive _ -> Nodes.leaf tag attachment definition arguments scopes outer
            | Composite init ->
                let construct = constructNode ((definition.Id, attachment.Spec) :: above)
                let builder = NodeBuilder(tag, definition, source, arguments, scopes, construct)
                init arguments builder
                builder.RunHooks()
                builder.Finish(attachment, outer)

        match definition.Finish with
        | Some finish -> finish node
        | None -> node

    let private asRoot spec = { Spec = spec; Source = User; Order = Order.start }

    /// The whole tree of a spec, made from nothing.
    let scratch (spec: ModuleSpec) =
        LookedInto.During(fun () ->
            Fail.catch (fun () -> constructNode [] Tag.root [] (asRoot (Spec.release spec))))

    // --- Constructing again only what a change touched -----------------------------------------------------

    /// A tag below a module, by the names that the modules there have by themselves.
    let private ownNames (aliases: (string * Tag) list) (names: string list) =
        match names with
        | first :: rest ->
            match List.tryFind (fun (alias, _) -> alias = first) aliases with
            | Some(_, target) -> target.Names @ rest
            | None -> names
        | [] -> names

    // `touched` are the tags that a change touches, as seen from the node; `own` is what its own spec says now.
    let rec private update touched outer (attachment: Attachment) (own: Scope list) (node: Node) : Node =
        let touched = if node.Aliases.IsEmpty then touched else touched |> List.map (ownNames node.Aliases)

        let isTouched (names: string list) = names.IsEmpty || node.Observed.Contains names.Head

        if node.Definition.Finish.IsSome || List.exists isTouched touched then
            constructNode [] node.Tag outer attachment
        else
            // Nothing was said about this module itself, so that what its init did stands as it is.
            let scopes = outer @ own

            let all = Owners.withDerived node.Tag node.Derived scopes

            let again touched (child: Child) =
                match child with
                | Child.Own(name, below) ->
                    let outer = Scopes.outerOf all node.Aliases name
                    let own = List.skip below.Outer.Length below.Scopes
                    Child.Own(name, update touched outer below.Attachment own below)
                | Child.Alias _ -> child

            let againAt (children: NamedList<Child>) name touched =
                match children.PlaceOf name with
                | -1 -> children
                | place -> children.With(place, again touched children[place])

            let children =
                match touched with
                | [ name :: rest ] -> againAt node.Children name [ rest ]
                | _ ->
                    let byChild = Tag.byChild touched

                    // A few are changed one by one; where many are, one pass over all of them costs less.
                    if byChild.Count * 16 < node.Children.Length then
                        byChild
                        |> Seq.fold
                            (fun children (KeyValue(name, touched)) -> againAt children name touched)
                            node.Children
                    else
                        node.Children.Map(fun child ->
                            match byChild.TryGetValue child.Name with
                            | true, touched -> again touched child
                            | _ -> child)

            { node with Attachment = attachment; Children = children; Scopes = scopes; Outer = outer }
            |> Nodes.withAliases

    /// The tree of `spec`, where `tree` is that of a spec which differs from it in what is set for `targets`.
    let again (targets: Tag list) (tree: Node) (spec: ModuleSpec) =
        LookedInto.During(fun () ->
            Fail.catch (fun () ->
                let attachment = asRoot spec
                let struct (_, _, own) = Resolve.identify [] attachment
                update (targets |> List.map Tag.names) [] attachment own tree))

    let private make (spec: ModuleSpec) =
        let isOwned (spec: ModuleSpec) = spec.Memory.HoldsOwned || not spec.Memory.Owners.IsEmpty

        // A chain of changes whose trees nobody asked for is constructed from the last tree there is.
        let rec from (spec: ModuleSpec) targets depth =
            match spec.Tree, spec.Basis with
            | Some(Ok tree), _ -> Some(tree, targets)
            | None, Some(earlier, more) when depth < 64 && not (isOwned spec) ->
                from earlier (more @ targets) (depth + 1)
            | _ -> None

        match from spec [] 0 with
        | Some(tree, targets) -> again targets tree spec
        | None -> scratch spec

    /// The tree of a spec. It is made once for each spec; where a spec came from one that has a tree, only what was changed
    /// is constructed.
    let tree (spec: ModuleSpec) : Result<Node, Error list> =
        match spec.Tree with
        | Some tree -> tree
        | None ->
            let trees = LookedInto.Trees

            let result =
                if isNull trees then
                    make spec
                else
                    match trees.TryGetValue spec with
                    | true, tree -> tree
                    | _ ->
                        trees[spec] <- make spec
                        trees[spec]

            spec.Keep result
            result

    /// The tree of a spec; errors are raised.
    let root spec = Fail.unwrap (tree spec)
