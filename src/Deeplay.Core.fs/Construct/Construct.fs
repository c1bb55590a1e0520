namespace Deeplay.Core

open System
open System.Collections.Generic
open System.Runtime.CompilerServices
open System.Threading

/// From a spec to a module tree: a pure function of the spec alone.
[<RequireQualifiedAccess>]
module Construct =
    // The trees of free specs that an `init` looked into, as long as the construction lasts that this thread is in; null outside
    // of any. Each level of a model may look into the one below before it attaches it: without this, every level doubles the
    // work.
    let private lookedInto = new ThreadLocal<Dictionary<ModuleSpec, Result<Node, Error list>>>()

    let private during (construct: unit -> 'tree) =
        if isNull lookedInto.Value then
            lookedInto.Value <- Dictionary()

            try
                construct ()
            finally
                lookedInto.Value <- null
        else
            construct ()

    /// Whether this thread is in the middle of a construction: an `init` is running.
    let internal isConstructing () = not (isNull lookedInto.Value)

    /// A tag below a module, by the names that the modules there have by themselves.
    let private ownNames (aliases: (string * Tag) list) (names: string list) =
        match names with
        | first :: rest ->
            match List.tryFind (fun (alias, _) -> alias = first) aliases with
            | Some(_, target) -> target.Names @ rest
            | None -> names
        | [] -> names

    // `above` is the builder of the module that contains this one, where that is constructed too.
    let rec private constructNode above (tag: Tag) (outer: Scope list) (attachment: Attachment) : Node =
        if tag.Depth > Nesting.maxDepth || not (RuntimeHelpers.TryEnsureSufficientExecutionStack()) then
            Nesting.tooDeep tag above
        else
            constructHere above tag outer attachment

    and private constructHere above tag outer attachment =
        let struct (definition, source, own) = Resolve.identify outer attachment
        let scopes = outer @ own
        Resolve.rejectMistakes tag definition attachment source scopes
        let values = Resolve.arguments tag definition source scopes

        let node =
            match definition.Body with
            | Primitive _ ->
                {
                    Tag = tag
                    Attachment = attachment
                    Definition = definition
                    Values = values
                    Children = NamedList.Empty
                    Graph = None
                    Particulars = Nodes.particulars scopes outer
                }
            | Composite init -> (begun above tag definition source scopes values init).Finish(attachment, outer)

        match definition.Finish with
        | Some finish -> finish node
        | None -> node

    // The builder of a module whose `init` and hooks ran.
    and private begun above tag definition source scopes values init : NodeBuilder =
        let arguments = Arguments(tag, definition.Id, definition.Signature, values)
        let builder = NodeBuilder(definition, source, arguments, scopes, above, constructNode, renewed, start)
        init arguments (builder :> Builder)
        builder.RunHooks()
        builder

    and private start above tag outer attachment : NodeBuilder voption =
        let struct (definition, source, own) = Resolve.identify outer attachment
        let scopes = outer @ own

        match definition.Body with
        | Primitive _ -> ValueNone
        | Composite init ->
            let values = Resolve.arguments tag definition source scopes
            ValueSome(begun above tag definition source scopes values init)

    // --- Constructing again only what a change touched -----------------------------------------------------

    and private renewed touched outer (node: Node) : Node =
        let own = List.skip node.Particulars.Outer.Length node.Particulars.Scopes
        update touched outer node.Attachment own node

    // `touched` are the tags that a change touches, as seen from the node; `own` is what its own spec says now.
    and private update touched outer (attachment: Attachment) (own: Scope list) (node: Node) : Node =
        let touched =
            if node.Particulars.Aliases.IsEmpty then
                touched
            else
                touched |> List.map (ownNames node.Particulars.Aliases)

        let scopes = outer @ own

        // Which named tensors a module takes and gives is not known to its init.
        let isTouched (names: string list) =
            if names.IsEmpty then
                not (Scopes.sameButMaps node.Particulars.Scopes scopes)
            else
                node.Particulars.Observed.Contains names.Head

        if node.Definition.Finish.IsSome || List.exists isTouched touched then
            constructNode ValueNone node.Tag outer attachment
        else
            // Nothing was said about this module itself, so that what its init did stands as it is.
            let all = Owners.withDerived node.Tag node.Particulars.Derived scopes

            let twins = Twins node.Tag

            let again touched (child: Child) =
                match child with
                | Child.Own below ->
                    let outer = Scopes.outerOf all node.Particulars.Aliases below.Tag.Name

                    match twins.Find(below.Tag.Name, below.Attachment.Spec, outer) with
                    | ValueSome twin -> twin
                    | ValueNone -> twins.Add(renewed touched outer below)
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
                            | true, touched -> ValueSome(again touched child)
                            | _ -> ValueNone)

            // A change below may have taken away what it said something of.
            for target in node.Particulars.Mentioned do
                Nodes.checkThere node.Tag children node.Particulars.Observed target

            let updated =
                { node with
                    Attachment = attachment
                    Children = children
                    Particulars =
                        { node.Particulars with
                            Scopes = scopes
                            Outer = outer
                            Inputs = Scopes.inputs scopes
                            Outputs = Scopes.outputs scopes
                        }
                }
                |> Nodes.withAliases

            // Its forward pass takes what a module below it takes, which may be something else now.
            if Nodes.follows updated then updated else constructNode ValueNone node.Tag outer attachment

    let private asRoot spec = { Spec = spec; Source = User; Order = Order.start }

    /// The whole tree of a spec, made from nothing.
    let scratch (spec: ModuleSpec) =
        during (fun () -> Fail.catch (fun () -> constructNode ValueNone Tag.root [] (asRoot (Spec.release spec))))

    /// The tree of `spec`, where `tree` is that of a spec which differs from it in what is set for `targets`.
    let again (targets: Tag list) (tree: Node) (spec: ModuleSpec) =
        during (fun () ->
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
            let trees = lookedInto.Value

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
