namespace Deeplay.Core

open System

/// One way to pick among the children of a module.
type Pick =
    /// The child with this name.
    | Named of string
    /// The child at this place; negative from the end.
    | At of int
    /// The children in this range of places.
    | Between of Slice

/// Several picks of which any will do (`a|b`); of these the ones that pass every filter (`[Linear]`); and of all that
/// are left the ones in a range (`#0:2`).
[<NoComparison>]
type Choice = { AnyOf: Pick list; Only: Filter list; Which: Slice option }

/// One part of a selector between two slashes.
[<NoComparison>]
type Segment =
    /// `...`: the module itself and everything below it, as far as it passes every filter.
    | AnyDepth of Filter list
    /// Choices whose results are put one after another (`a, b`).
    | OneFrom of Choice list

/// Which modules are meant, by their place in the tree.
type Selector = Segment list

[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Selector =
    let private printFilters filters = filters |> List.map Filter.print |> String.concat ""

    let private printPick pick =
        match pick with
        | Named name -> name
        | At place when place < 0 -> string place
        // A number is a name: the place is written as the slice that holds it alone.
        | At place -> Slice.print (Slice.only place)
        | Between slice -> Slice.print slice

    let private printChoice choice =
        let which =
            match choice.Which with
            | None -> ""
            | Some({ Start = Some place } as slice) when slice = Slice.only place -> "#" + string place
            | Some slice -> "#" + Slice.print slice

        let picks = choice.AnyOf |> List.map printPick |> String.concat "|"
        picks + printFilters choice.Only + which

    let private printSegment segment =
        match segment with
        | AnyDepth filters -> "..." + printFilters filters
        | OneFrom choices -> choices |> List.map printChoice |> String.concat ", "

    /// The selector as text.
    let print (selector: Selector) = selector |> List.map printSegment |> String.concat "/"

    /// The places of the children that a pick means.
    let private picks (node: Node) pick : int list =
        match pick with
        | Named name ->
            match node.Children.PlaceOf name with
            | -1 -> []
            | place -> [ place ]
        | At place ->
            let place = if place < 0 then place + node.Children.Length else place

            if place >= 0 && place < node.Children.Length then [ place ] else []
        | Between slice -> Slice.indices node.Children.Length slice

    let private passAll filters (tag: Tag, node: Node) =
        filters |> List.forall (fun filter -> Filter.passes filter tag node)

    let private narrow choice found =
        let kept = if choice.Only.IsEmpty then found else List.filter (passAll choice.Only) found

        match choice.Which with
        | None -> kept
        | Some slice -> Slice.apply slice kept

    let private child (tag: Tag, node: Node) place =
        let child = node.Children[place]
        Tag.child child.Name tag, Tree.below tag node place

    /// The modules that a segment selects from one module, in order.
    let private direct (choices: Choice list) (_, node: Node as at) =
        choices
        |> List.collect (fun choice ->
            choice.AnyOf |> List.collect (picks node >> List.map (child at)) |> narrow choice)

    /// The same after `...`: every module below is looked at, and the results come in tree order.
    let private deep (choices: Choice list) (at: Tag * Node) =
        choices
        |> List.collect (fun choice ->
            let found = ResizeArray()

            let rec go (_, node: Node as at) =
                let mine = choice.AnyOf |> List.collect (picks node)

                for i in 0 .. node.Children.Length - 1 do
                    let isMine = List.contains i mine

                    // There are many modules, and few are meant: no tag is made for the others.
                    if isMine || (Tree.below (fst at) node i).Children.Length > 0 then
                        let below = child at i

                        if isMine then found.Add below

                        go below

            go at
            List.ofSeq found |> narrow choice)

    let private everything filters (tag, node) =
        [
            for tag, node, _ in Tree.walkFrom tag node do
                if passAll filters (tag, node) then tag, node
        ]

    let rec private run (selector: Selector) (at: Tag * Node) : (Tag * Node) list list =
        match selector with
        | [] -> [ [ at ] ]
        | AnyDepth [] :: (AnyDepth _ :: _ as rest) -> run rest at
        | AnyDepth [] :: OneFrom choices :: rest -> follow rest (deep choices at)
        | AnyDepth filters :: rest -> follow rest (everything filters at)
        | OneFrom choices :: rest -> follow rest (direct choices at)

    and private follow rest found =
        match rest with
        | [] -> [ found ]
        | _ -> found |> List.collect (run rest)

    /// What a selector selects below `node`, in groups: one for each module that the last segment was applied to.
    /// The order is Deeplay's: that of the selector where it names several, tree order where it does not.
    let groups (selector: Selector) (tag: Tag) (node: Node) : (Tag * Node) list list =
        run selector (tag, node) |> List.filter (fun group -> not group.IsEmpty)

    // Whether a selector comes to each module in one way alone.
    let private isSimple (selector: Selector) =
        let isDeep segment =
            match segment with
            | AnyDepth _ -> true
            | OneFrom _ -> false

        let isOne segment =
            match segment with
            | AnyDepth _
            | OneFrom [ { AnyOf = [ _ ] } ] -> true
            | OneFrom _ -> false

        List.forall isOne selector && (selector |> List.filter isDeep).Length < 2

    /// What a selector selects below `node`, each tag once.
    let select (selector: Selector) (tag: Tag) (node: Node) : (Tag * Node) list =
        match groups selector tag node with
        | [ group ] when isSimple selector -> group
        | several -> several |> List.concat |> List.distinctBy fst

    /// Which names were probably meant by those that are not there. One number is as near to another as all others are.
    let private near (choices: Choice list) (names: string list) =
        let words = names |> List.filter (Number.tryInt >> Option.isNone)

        [
            for choice in choices do
                for pick in choice.AnyOf do
                    match pick with
                    | Named name when (Number.tryInt name).IsNone && not (List.contains name names) ->
                        yield! Nearest.names name words
                    | _ -> ()
        ]
        |> List.distinct

    /// The error for a selector that selects nothing below a module: what there is where it ends, and which names come
    /// near the ones it says.
    let empty (selector: Selector) (tag: Tag) (root: Node) =
        let first count = select (List.take count selector) tag root

        // The part that leaves nothing; one after `...` is looked for from what stands before both.
        let ending = Seq.initInfinite id |> Seq.find (fun i -> (first (i + 1)).IsEmpty)
        let isDeep = ending > 0 && selector[ending - 1] = AnyDepth []
        let starts = first (if isDeep then ending - 1 else ending)

        let reach choice = starts |> List.collect ((if isDeep then deep else direct) [ choice ])

        let rec failing filters (found: (Tag * Node) list) =
            match filters with
            | [] -> $"there are {found.Length}, but none in that range", []
            | filter :: others ->
                match found |> List.filter (passAll [ filter ]) with
                | [] -> Filter.none filter found
                | left -> failing others left

        let because, near =
            match selector[ending] with
            | AnyDepth filters -> starts |> List.collect (everything []) |> failing filters
            | OneFrom choices ->
                let bare pick = { AnyOf = pick; Only = []; Which = None }

                match reach (bare choices.Head.AnyOf) with
                | [] ->
                    let below = reach (bare [ Between Slice.all ])
                    let names = below |> List.map (fun (tag, _) -> tag.Name) |> List.distinct

                    let isNumber pick =
                        match pick with
                        | Named name -> (Number.tryInt name).IsSome
                        | _ -> false

                    // A tree of blocks tempts to it: their children have names.
                    let hint =
                        if List.exists isNumber choices.Head.AnyOf then
                            "; a number in a text is a name, a place is a slice such as 0:1"
                        else
                            ""

                    let holder, have =
                        match starts with
                        | [ tag, node ] when isDeep -> $"below {Error.place tag node.Definition.Id}", "there are"
                        | [ tag, node ] -> Error.place tag node.Definition.Id, "has"
                        | several -> $"the {several.Length} modules before it", "have"

                    let children =
                        match below.Length with
                        | 0 -> "no children"
                        | 1 -> $"1 module: {Error.list names}"
                        | count -> $"{count} modules: {Error.list names}"

                    $"{holder} {have} {children}{hint}", near choices names
                | found -> failing choices.Head.Only found

        EmptySelection(print selector, because, near)
