namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// Several blocks in the place of one.
module internal Multi =
    /// The children that stay outside, before or behind a block, where it becomes several or something leads past it.
    let private outer = [ "pool"; "upsample" ]

    /// The names that lead, those between, and those that trail: outer ones in front and behind.
    let split (names: string list) =
        let isOuter name = List.contains name outer
        let leading = List.takeWhile isOuter names
        let rest = List.skip leading.Length names
        let trailing = rest |> List.rev |> List.takeWhile isOuter |> List.rev
        leading, List.take (rest.Length - trailing.Length) rest, trailing

    /// The widths of a block before and behind it, by the names of its parameters.
    let private widths = [ "in_features", "out_features"; "in_channels", "out_channels" ]

    /// What is different in the second block and those after it: they take what the one before gives, `given` where it
    /// is known. A width that was left open stays open.
    let following (given: int64 option) (arguments: Arguments) =
        let value name = if arguments.Signature.Has name then arguments[name] else Unset

        widths
        |> List.choose (fun (input, output) ->
            match value input, given, value output with
            | Int _, Some width, _
            | Int _, None, Int width -> Some(input, Int width)
            | _ -> None)
        |> Map.ofList

    /// The width that comes out of what the block holds.
    let width (builder: Builder) =
        let _, inner, _ = split builder.Children
        BlockWidth.at builder inner []

    /// What the block is without its outer children, and without the children `without`, but for the arguments `changed`.
    let copyWithout without (builder: Builder) (changed: Map<string, Value>) : ModuleSpec =
        let has = builder.Definition.Signature.Has
        let none = outer |> List.filter has |> List.map (fun name -> name, Null) |> Map.ofList
        builder.Copy(Map.fold (fun all name value -> Map.add name value all) none changed, without)

    /// What the block is without its outer children, but for the arguments `changed`.
    let copy builder changed = copyWithout [] builder changed

    /// Puts a chain of copies, named `blocks`, in the place of what the block holds.
    let chain (builder: Builder) (blocks: ModuleSpec list) =
        let leading, inner, _ = split builder.Children

        for name in inner do
            builder.Remove name

        let layers = List(List.map Module blocks)
        let spec = Spec.create Sequential.definition (Map.ofList [ Sequential.layers.Name, layers ])

        let position =
            match List.tryLast leading with
            | Some last -> After last
            | None -> First

        builder.Attach("blocks", spec, position)

        // An edit that put it in is made in each copy, too.
        let take name = [ Edit.requiredName => name; Edit.allowMissing => true ] |> Map.ofList |> Verbs.act Edit.remove

        for name in List.filter (fun name -> Seq.contains name builder.NamesGiven) outer do
            for i in 0 .. blocks.Length - 1 do
                builder.Change(Tag.ofNames [ "blocks"; string i ], take name, false)

    let private count = Key.count "n" "How many blocks there are to be."

    /// `multi(n)`: the block becomes a chain of `n` such blocks, named `blocks`. Each is as the block was just before.
    let action =
        Action.afterInit "multi" [ count ] (fun arguments builder ->
            let first = copy builder Map.empty
            let next = copy builder (following (width builder) builder.Arguments)
            chain builder (List.init (arguments.Get count) (fun i -> if i = 0 then first else next)))
        |> Action.withDocumentation
            "Makes the block a chain of such blocks. Its pool and its upsampling stay in front and behind."
