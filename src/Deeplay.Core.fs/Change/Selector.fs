namespace Deeplay.Core

open System

/// A slice with Python's meaning: negative numbers count from the end, what is not given is open.
type Slice =
    {
        Start: int option
        Stop: int option
        Step: int option
    }

/// One way to pick among the children of a module.
type Pick =
    /// The child with this name.
    | Named of string
    /// The child at this place; negative from the end.
    | At of int
    /// The children in this range.
    | Between of Slice

/// Several picks of which any will do (`a|b`), and which of all that matched are meant (`#0:2`).
type Choice =
    {
        AnyOf: Pick list
        Which: Slice option
    }

/// One part of a selector between two slashes.
type Segment =
    /// `...`: the module itself and everything below it.
    | AnyDepth
    /// Choices whose results are put one after another (`a, b`).
    | OneFrom of Choice list

/// Which modules are meant, by their place in the tree.
type Selector = Segment list

[<RequireQualifiedAccess>]
module Slice =
    /// Everything.
    let all =
        {
            Start = None
            Stop = None
            Step = None
        }

    /// The places that a slice selects from `length` items, in the order it visits them. A step of 0 selects nothing
    /// and is refused where slices are read.
    let indices length (slice: Slice) =
        let step = defaultArg slice.Step 1

        let clamp low high value =
            let value = if value < 0 then value + length else value
            max low (min high value)

        if step > 0 then
            let start = slice.Start |> Option.map (clamp 0 length) |> Option.defaultValue 0
            let stop = slice.Stop |> Option.map (clamp 0 length) |> Option.defaultValue length
            [ for i in start..step .. stop - 1 -> i ]
        elif step < 0 then
            let start =
                slice.Start
                |> Option.map (clamp -1 (length - 1))
                |> Option.defaultValue (length - 1)

            let stop =
                slice.Stop |> Option.map (clamp -1 (length - 1)) |> Option.defaultValue -1

            [ for i in start..step .. stop + 1 -> i ]
        else
            []

    /// The items that a slice selects.
    let apply (slice: Slice) (items: 'a list) =
        let items = Array.ofList items
        indices items.Length slice |> List.map (fun i -> items[i])

    /// The slice as Python writes it.
    let print (slice: Slice) =
        let part number =
            number |> Option.map string |> Option.defaultValue ""

        let step = slice.Step |> Option.map (fun s -> $":{s}") |> Option.defaultValue ""
        $"{part slice.Start}:{part slice.Stop}{step}"

[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Selector =
    /// The selector as text.
    let print (selector: Selector) =
        let pick afterAnyDepth p =
            match p with
            | Named name -> name
            // After `...` a number is a name: the place is written as the slice that holds it alone.
            | At index when afterAnyDepth && index >= 0 -> $"{index}:{index + 1}"
            | At index -> string index
            | Between slice -> Slice.print slice

        let choice afterAnyDepth c =
            let which =
                match c.Which with
                | None -> ""
                | Some {
                           Start = Some i
                           Stop = Some j
                           Step = None
                       } when j = i + 1 && i <> -1 -> $"#{i}"
                | Some {
                           Start = Some -1
                           Stop = None
                           Step = None
                       } -> "#-1"
                | Some slice -> $"#{Slice.print slice}"

            String.Join("|", List.map (pick afterAnyDepth) c.AnyOf) + which

        selector
        |> List.mapFold
            (fun afterAnyDepth segment ->
                match segment with
                | AnyDepth -> "...", true
                | OneFrom choices -> String.Join(", ", List.map (choice afterAnyDepth) choices), false)
            false
        |> fst
        |> String.concat "/"

    /// The place of one child, counted from the end where negative.
    let private place (node: Node) i =
        let place = if i < 0 then i + node.Children.Length else i

        if place >= 0 && place < node.Children.Length then
            [ place ]
        else
            []

    /// The places of the children that a pick means. Text can't tell the name "0" from the place 0: a place is meant
    /// where no child has the name, but not after `...`, where other modules may well have it.
    let private picks numbersArePlaces (node: Node) pick : int list =
        match pick with
        | Named name ->
            match node.Children.PlaceOf name with
            | i when i >= 0 -> [ i ]
            | _ ->
                match Int32.TryParse name with
                | true, i when numbersArePlaces -> place node i
                | _ -> []
        | At i -> place node i
        | Between slice -> Slice.indices node.Children.Length slice

    let private narrow which found =
        match which with
        | None -> found
        | Some slice -> Slice.apply slice found

    let private child (tag: Tag, node: Node) place =
        let name = node.Children[place].Name
        Tag.child name tag, Tree.below tag node place

    /// The modules that a segment selects from one module, in order.
    let private direct (choices: Choice list) (_, node: Node as at) =
        choices
        |> List.collect (fun choice -> choice.AnyOf |> List.collect (picks true node) |> narrow choice.Which)
        |> List.map (child at)

    /// The same after `...`: every module below is looked at, and the results come in tree order.
    let private deep (choices: Choice list) (at: Tag * Node) =
        choices
        |> List.collect (fun choice ->
            let found = ResizeArray()

            let rec go (_, node: Node as at) =
                let mine = choice.AnyOf |> List.collect (picks false node)

                for i in 0 .. node.Children.Length - 1 do
                    let isMine = List.contains i mine

                    // There are many modules, and few are meant: no tag is made for the others.
                    if isMine || (Tree.below (fst at) node i).Children.Length > 0 then
                        let below = child at i

                        if isMine then
                            found.Add below

                        go below

            go at
            List.ofSeq found |> narrow choice.Which)

    let rec private run (selector: Selector) (at: Tag * Node) : (Tag * Node) list list =
        match selector with
        | [] -> [ [ at ] ]
        | [ AnyDepth ] -> [ [ for tag, node, _ in Tree.walkFrom (fst at) (snd at) -> tag, node ] ]
        | AnyDepth :: AnyDepth :: rest -> run (AnyDepth :: rest) at
        | AnyDepth :: OneFrom choices :: rest -> follow rest (deep choices at)
        | OneFrom choices :: rest -> follow rest (direct choices at)

    and private follow rest found =
        match rest with
        | [] -> [ found ]
        | _ -> found |> List.collect (run rest)

    /// What a selector selects below `node`, in groups: one for each module that the last segment was applied to.
    /// The order is Deeplay's: that of the selector where it names several, tree order where it does not.
    let groups (selector: Selector) (tag: Tag) (node: Node) : (Tag * Node) list list =
        run selector (tag, node) |> List.filter (fun group -> not group.IsEmpty)

    /// What a selector selects below `node`, each tag once.
    let select (selector: Selector) (tag: Tag) (node: Node) : (Tag * Node) list =
        groups selector tag node |> List.concat |> List.distinctBy fst

    /// The error for a selector that selected nothing, with the tags that come near it.
    let empty (selector: Selector) (tag: Tag) (root: Node) =
        let wanted =
            [
                for segment in selector do
                    match segment with
                    | AnyDepth -> ()
                    | OneFrom choices ->
                        for choice in choices do
                            for pick in choice.AnyOf do
                                match pick with
                                | Named name -> name
                                | _ -> ()
            ]

        let names =
            Tree.walkFrom tag root
            |> Seq.map (fun (tag, _, _) -> tag.Name)
            |> Seq.filter (fun name -> name <> "" && not (Char.IsDigit name[0]))
            |> Seq.distinct
            |> List.ofSeq

        let near =
            wanted
            |> List.filter (fun name -> not (List.contains name names))
            |> List.collect (fun name -> Nearest.names name names)
            |> List.distinct

        EmptySelection(print selector, (if near.IsEmpty then List.truncate 12 names else near))
