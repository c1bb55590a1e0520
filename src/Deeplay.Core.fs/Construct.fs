namespace Deeplay.Core

open System.Collections.Generic

/// From a spec to a module tree: a pure function of the spec alone.
[<RequireQualifiedAccess>]
module Construct =
    let rec private constructNode (tag: Tag) (outer: Layer list) (gift: Gift) : Node =
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
                    Children = ChildList.Empty
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
                let builder = NodeBuilder(tag, definition, arguments, layers, constructNode)
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
        Fail.catch (fun () -> constructNode Tag.root [] (rootGift spec))

    // --- Constructing again only what a change touched -----------------------------------------------------

    /// The tags that a change touches, as a trie.
    type private Touch =
        {
            Here: bool
            Below: Map<string, Touch>
        }

    let private untouched = { Here = false; Below = Map.empty }

    let rec private touch names (at: Touch) =
        match names with
        | [] -> { at with Here = true }
        | name :: rest ->
            let below = at.Below.TryFind name |> Option.defaultValue untouched

            { at with
                Below = Map.add name (touch rest below) at.Below
            }

    let rec private both (a: Touch) (b: Touch) =
        {
            Here = a.Here || b.Here
            Below =
                Map.fold
                    (fun all name touch ->
                        match Map.tryFind name all with
                        | Some earlier -> Map.add name (both earlier touch) all
                        | None -> Map.add name touch all)
                    a.Below
                    b.Below
        }

    let rec private update (at: Touch) (outer: Layer list) (gift: Gift) (node: Node) : Node =
        let aliases = node.Aliases

        let touched =
            aliases
            |> List.fold
                (fun (below: Map<string, Touch>) (alias, target) ->
                    match below.TryFind alias with
                    | None -> below
                    | Some touch ->
                        let rec wrap names =
                            match names with
                            | [] -> touch
                            | name :: rest ->
                                {
                                    Here = false
                                    Below = Map.ofList [ name, wrap rest ]
                                }

                        (both
                            { untouched with
                                Below = Map.remove alias below
                            }
                            (wrap target.Names))
                            .Below)
                at.Below

        if
            at.Here
            || node.Definition.Finish.IsSome
            || touched |> Map.exists (fun name _ -> node.Looked.Contains name)
        then
            constructNode node.Tag outer gift
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
                    Child.Own(name, gift, update touch (Resolve.outerOf all aliases name) gift below)
                | Child.Alias _ -> child

            // A few are changed one by one; where many are, one pass over all of them costs less.
            let children =
                if touched.Count * 16 < node.Children.Length then
                    touched
                    |> Map.fold
                        (fun (children: ChildList) name touch ->
                            match children.PlaceOf name with
                            | -1 -> children
                            | place -> children.With(place, again touch children[place]))
                        node.Children
                else
                    node.Children.Map(fun child ->
                        match touched.TryGetValue child.Name with
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
        let touched =
            targets |> List.fold (fun at (tag: Tag) -> touch tag.Names at) untouched

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
                | None, Some(earlier, more) when depth < 64 -> from earlier (more @ targets) (depth + 1)
                | _ -> None

            let result =
                match from spec [] 0 with
                | Some(tree, targets) -> again targets tree spec
                | None -> scratch spec

            spec.Cache.Keep result
            result

    /// The tree of a spec; errors are raised.
    let root spec = Fail.unwrap (tree spec)
