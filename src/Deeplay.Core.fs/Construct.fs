namespace Deeplay.Core

open System
open System.Collections.Generic
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

    /// The tags that a change touches, as a trie. Filled before it is used, never after.
    [<Sealed; AllowNullLiteral>]
    type private Touch() =
        member val Here = false with get, set
        member val Below = Dictionary<string, Touch>()

    let private touch (at: Touch) (names: string list) =
        let mutable at = at

        for name in names do
            match at.Below.TryGetValue name with
            | true, below -> at <- below
            | _ ->
                let below = Touch()
                at.Below.Add(name, below)
                at <- below

        at.Here <- true

    /// What a change touches below a module that calls some of it by second names, by the names it has by itself.
    let private withoutAliases (aliases: (string * Tag) list) (at: Touch) =
        if aliases |> List.exists (fun (alias, _) -> at.Below.ContainsKey alias) then
            let targets = aliases |> Map.ofList
            let own = Touch(Here = at.Here)

            let rec all names (at: Touch) =
                if at.Here && not (List.isEmpty names) then
                    match List.rev names with
                    | first :: rest when targets.ContainsKey first -> touch own (targets[first].Names @ rest)
                    | names -> touch own names

                for KeyValue(name, below) in at.Below do
                    all (name :: names) below

            all [] at
            own
        else
            at

    let rec private update (at: Touch) (outer: Layer list) (gift: Gift) (node: Node) : Node =
        let at = withoutAliases node.Aliases at

        if
            at.Here
            || node.Definition.Finish.IsSome
            || (not node.Looked.IsEmpty && at.Below.Keys |> Seq.exists node.Looked.Contains)
        then
            constructNode [] node.Tag outer gift
        else
            // Nothing was said about this module itself, so that what its init did stands as it is.
            let _, _, own = Resolve.identify outer gift
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

            let again touch (child: Child) =
                match child with
                | Child.Own(name, gift, below) ->
                    Child.Own(name, gift, update touch (Resolve.outerOf all node.Aliases name) gift below)
                | Child.Alias _ -> child

            // A few are changed one by one; where many are, one pass over all of them costs less.
            let children =
                if at.Below.Count * 16 < node.Children.Length then
                    at.Below
                    |> Seq.fold
                        (fun (children: NamedList<Child>) (KeyValue(name, touch)) ->
                            match children.PlaceOf name with
                            | -1 -> children
                            | place -> children.With(place, again touch children[place]))
                        node.Children
                else
                    node.Children.Map(fun child ->
                        match at.Below.TryGetValue child.Name with
                        | true, touch -> again touch child
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
        let touched = Touch()

        for tag in targets do
            touch touched tag.Names

        Fail.catch (fun () -> update touched [] (rootGift spec) tree)

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
