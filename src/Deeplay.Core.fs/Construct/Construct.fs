namespace Deeplay.Core

open System
open System.Runtime.CompilerServices

/// From a spec to a module tree: a pure function of the spec alone.
[<RequireQualifiedAccess>]
module Construct =
    /// How deep modules may be nested. What goes deeper contains itself without end.
    let maxDepth = 1000

    // The error of a tag that is too deep. `above` are the kinds on the way to it, the nearest first.
    let private tooDeep (tag: Tag) (above: string list) : Node =
        let kinds = above |> List.rev |> Array.ofList
        let last = kinds.Length - 1

        let repeatsAt period i =
            i >= period && kinds[i] = kinds[i - period]

        let period =
            seq { 1 .. kinds.Length / 3 }
            |> Seq.tryFind (fun period -> Seq.forall (repeatsAt period) (seq { last - period .. last }))

        match period with
        | Some period ->
            // The first module that is as one above it.
            let mutable first = last

            while repeatsAt period (first - 1) do
                first <- first - 1

            let place = Tag.ofNames (List.truncate (tag.Depth - (last - first) - 1) tag.Names)

            let circle = String.Join(" > ", kinds[first - period .. first])
            Fail.with' (WrongStructure(place, kinds[first], $"it contains itself without end: {circle}."))
        | None ->
            let problem =
                $"modules are nested too deep ({tag.Depth} levels; {maxDepth} at most)."

            let kind = above |> List.tryHead |> Option.defaultValue ""
            Fail.with' (WrongStructure(Tag.ofNames (List.truncate 24 tag.Names), kind, problem))

    // `above` are the kinds of the modules that contain this one, the nearest first, as far as they are constructed.
    let rec private constructNode (above: string list) (tag: Tag) (outer: Layer list) (gift: Gift) : Node =
        if tag.Depth > maxDepth || not (RuntimeHelpers.TryEnsureSufficientExecutionStack()) then
            tooDeep tag above
        else
            constructHere above tag outer gift

    and private constructHere above tag outer gift =
        let definition, source, own = Resolve.identify outer gift
        let layers = outer @ own
        Resolve.rejectMistakes tag definition source layers
        let arguments = Resolve.moduleArguments tag definition source layers

        let node =
            match definition.Body with
            | Primitive _ ->
                {
                    Tag = tag
                    Gift = gift
                    Definition = definition
                    Arguments = arguments
                    Children = NamedList.Empty
                    Aliases = []
                    Graph = None
                    Layers = layers
                    Outer = outer
                    Derived = Config.empty
                    Looked = Set.empty
                    Inputs = Resolve.inputMap layers
                    Outputs = Resolve.outputMap layers
                    Hooks = Resolve.laterHooks layers
                }
            | Composite init ->
                let builder =
                    NodeBuilder(
                        tag,
                        definition,
                        source,
                        arguments,
                        layers,
                        constructNode (definition.Id :: above)
                    )

                init arguments builder
                builder.RunHooks()
                builder.Finish(gift, outer)

        match definition.Finish with
        | Some finish -> finish node
        | None -> node

    let private rootGift spec =
        {
            Spec = spec
            Owner = User
            Stamp = []
        }

    /// The whole tree of a spec, made from nothing.
    let scratch (spec: ModuleSpec) =
        let spec = if spec.IsClaimed then Value.releaseSpec spec else spec
        Fail.catch (fun () -> constructNode [] Tag.root [] (rootGift spec))

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
    let rec private update touched (outer: Layer list) (gift: Gift) (own: Layer list) (node: Node) : Node =
        let touched =
            if node.Aliases.IsEmpty then
                touched
            else
                touched |> List.map (ownNames node.Aliases)

        if
            node.Definition.Finish.IsSome
            || touched
               |> List.exists (fun names ->
                   match names with
                   | [] -> true
                   | first :: _ -> node.Looked.Contains first)
        then
            constructNode [] node.Tag outer gift
        else
            // Nothing was said about this module itself, so that what its init did stands as it is.
            let layers = outer @ own

            let all =
                if node.Derived.IsEmpty then
                    layers
                else
                    layers
                    @ [
                        {
                            Config = node.Derived
                            Owner = Derived node.Tag
                            Given = []
                        }
                    ]

            let again touched (child: Child) =
                match child with
                | Child.Own(name, below) ->
                    let outer = Resolve.outerOf all node.Aliases name
                    let own = List.skip below.Outer.Length below.Layers
                    Child.Own(name, update touched outer below.Gift own below)
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

            { node with
                Gift = gift
                Children = children
                Layers = layers
                Outer = outer
            }
            |> Nodes.withAliases

    /// The tree of `spec`, where `tree` is that of a spec which differs from it in what is set for `targets`.
    let again (targets: Tag list) (tree: Node) (spec: ModuleSpec) =
        Fail.catch (fun () ->
            let gift = rootGift spec
            let _, _, own = Resolve.identify [] gift
            update (targets |> List.map Tag.names) [] gift own tree)

    /// The tree of a spec. It is made once for each spec; where a spec came from one that has a tree, only what
    /// was changed is constructed.
    let tree (spec: ModuleSpec) : Result<Node, Error list> =
        match spec.Cache.Tree with
        | Some tree -> tree
        | None ->
            // A chain of changes whose trees nobody asked for is constructed from the last tree there is.
            let rec from (spec: ModuleSpec) targets depth =
                match spec.Cache.Tree, spec.Cache.Basis with
                | Some(Ok tree), _ -> Some(tree, targets)
                | None, Some(earlier, more) when depth < 64 && not spec.IsClaimed ->
                    from earlier (more @ targets) (depth + 1)
                | _ -> None

            let result =
                match from spec [] 0 with
                | Some(tree, targets) -> again targets tree spec
                | None -> scratch spec

            spec.Cache.Keep result
            result

    /// The tree of a spec; errors are raised.
    let root spec = Fail.unwrap (tree spec)
