namespace Deeplay.Core

open System
open System.Collections.Generic

/// An immutable map from names, for what may be said about tens of thousands at once: those go into a hash table that
/// nobody changes afterwards. What changes later stands beside it, until it is about as much again. So many at once
/// cost the same for each, and one more costs little whatever there is.
[<Sealed>]
type NameMap<'value>
    private
    (
        table: Dictionary<string, 'value>,
        // In place of what the table says; nothing where the name was taken away.
        later: Map<string, 'value voption>,
        laterCount: int,
        count: int
    ) =
    static let nothing = NameMap<'value>(Dictionary(), Map.empty, 0, 0)

    let find name =
        match later.TryGetValue name with
        | true, value -> value
        | _ ->
            match table.TryGetValue name with
            | true, value -> ValueSome value
            | _ -> ValueNone

    let toTable () =
        let all = Dictionary<string, 'value>(table)

        for KeyValue(name, value) in later do
            match value with
            | ValueSome value -> all[name] <- value
            | ValueNone -> all.Remove name |> ignore

        all

    let changed name value count =
        let more = if later.ContainsKey name then laterCount else laterCount + 1

        let map = NameMap<'value>(table, Map.add name value later, more, count)
        if more > max 32 (table.Count / 2) then map.Settled else map

    member private _.Settled =
        let all = toTable ()
        NameMap<'value>(all, Map.empty, 0, all.Count)

    /// No names.
    static member Empty = nothing

    /// How many names there are.
    member _.Count = count

    /// What stands under a name.
    member _.TryFind name = find name

    /// Whether something stands under a name.
    member _.Has name = ValueOption.isSome (find name)

    /// The same with this under a name, whatever stood there before.
    member this.With(name, value) = changed name (ValueSome value) (if this.Has name then count else count + 1)

    /// The same with nothing under a name.
    member this.Without name = if this.Has name then changed name ValueNone (count - 1) else this

    /// The same with each of these under its name.
    member this.WithAll(values: IReadOnlyCollection<KeyValuePair<string, 'value>>) : NameMap<'value> =
        if values.Count <= 16 || values.Count < count / 4 then
            values
            |> Seq.fold (fun (map: NameMap<'value>) (KeyValue(name, value)) -> map.With(name, value)) this
        else
            let all = toTable ()
            all.EnsureCapacity(max count values.Count) |> ignore

            for KeyValue(name, value) in values do
                all[name] <- value

            NameMap<'value>(all, Map.empty, 0, all.Count)

    /// The names in ordinal order, each with what stands there.
    member _.InOrder: KeyValuePair<string, 'value> seq =
        if table.Count = 0 then
            let add name value rest =
                match value with
                | ValueSome value -> KeyValuePair(name, value) :: rest
                | ValueNone -> rest

            Map.foldBack add later [] :> _
        else
            let all = Array.ofSeq (toTable ())
            Array.sortInPlaceWith (fun (KeyValue(a, _)) (KeyValue(b, _)) -> String.CompareOrdinal(a, b)) all
            all

    interface IEnumerable<KeyValuePair<string, 'value>> with
        member this.GetEnumerator() : IEnumerator<KeyValuePair<string, 'value>> = this.InOrder.GetEnumerator()

        member this.GetEnumerator() : System.Collections.IEnumerator =
            this.InOrder.GetEnumerator() :> System.Collections.IEnumerator
