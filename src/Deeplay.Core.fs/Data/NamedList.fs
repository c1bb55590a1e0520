namespace Deeplay.Core

open System
open System.Collections.Generic
open System.Threading

/// Something that has a name among its like.
type INamed =
    /// The name.
    abstract Name: string

// What is copied to change one item.
module private Chunk =
    [<Literal>]
    let size = 128

/// Named items in order, found by place or by name. Changing one copies a small part of them alone: a list may well have
/// tens of thousands.
[<Sealed>]
type NamedList<'item when 'item :> INamed> private (count: int, chunks: 'item[][], index: Lazy<Dictionary<string, int>>)
    =
    static let nothing = NamedList<'item>([||])

    static let replaced place (item: 'x) (items: 'x[]) =
        let changed = Array.copy items
        changed[place] <- item
        changed

    // What `change` makes of each; nothing where all stay.
    static let mapped (change: 'x -> 'x voption) (items: 'x[]) =
        let mutable after = null

        for i in 0 .. items.Length - 1 do
            match change items[i] with
            | ValueSome item ->
                if isNull after then after <- Array.copy items
                after[i] <- item
            | ValueNone -> ()

        if isNull after then ValueNone else ValueSome after

    // Every walk through a tree comes through here, and most lists are short.
    let all () : 'item seq = if chunks.Length = 1 then chunks[0] else Seq.concat chunks

    /// The items in this order.
    new(items: 'item[]) =
        // A few are found by looking at each.
        let index =
            if items.Length <= 8 then
                null
            else
                // Without a lock: whoever comes at the same time makes the same index.
                Lazy<_>(
                    (fun () ->
                        let index = Dictionary<string, int>(items.Length)
                        items |> Array.iteri (fun i item -> index[item.Name] <- i)
                        index),
                    LazyThreadSafetyMode.PublicationOnly
                )

        NamedList<'item>(
            items.Length,
            (if items.Length <= Chunk.size then [| items |] else Array.chunkBySize Chunk.size items),
            index
        )

    /// Nothing.
    static member Empty = nothing

    /// How many there are.
    member _.Length = count

    /// The item at a place.
    member _.Item
        with get (place: int): 'item = chunks[place / Chunk.size][place % Chunk.size]

    /// The place of the item with this name, or -1.
    member this.PlaceOf(name: string) =
        if isNull index then
            let mutable i = count - 1

            while i >= 0 && this[i].Name <> name do
                i <- i - 1

            i
        else
            match index.Value.TryGetValue name with
            | true, place -> place
            | _ -> -1

    /// Whether there is an item with this name.
    member this.Has(name: string) = this.PlaceOf name >= 0

    /// The same with another item of the same name at a place.
    member _.With(place: int, item: 'item) =
        let chunk = replaced (place % Chunk.size) item chunks[place / Chunk.size]
        NamedList<'item>(count, replaced (place / Chunk.size) chunk chunks, index)

    /// The names, in order.
    member this.Names = List.init count (fun i -> this[i].Name)

    /// What `change` makes of each item, which keeps its name; nothing where it stays. This very list where all stay.
    member this.Map(change: 'item -> 'item voption) =
        match mapped (mapped change) chunks with
        | ValueSome after -> NamedList<'item>(count, after, index)
        | ValueNone -> this

    interface IReadOnlyList<'item> with
        member _.Count = count

        member this.Item
            with get (place: int): 'item = this[place]

        member _.GetEnumerator() : IEnumerator<'item> = all().GetEnumerator()
        member _.GetEnumerator() : System.Collections.IEnumerator = all().GetEnumerator()
