/// Random configurations, for the laws of the trie alone.
module Deeplay.Properties.Configs

open Expecto
open Deeplay.Tests
open FsCheck
open FsCheck.FSharp
open Deeplay.Core

/// A configuration as the list of what was added to it, in order.
type Items = (Tag * Key * ConfigItem<int>) list

let tag: Gen<Tag> =
    Gen.choose (0, 3)
    |> Gen.bind (fun n -> Gen.listOfLength n (Gen.elements [ "a"; "b" ]))
    |> Gen.map Tag.ofNames

let source: Gen<Source> = Gen.frequency [ 2, Gen.constant User; 4, Gen.map Derived tag; 1, Gen.constant Detached ]

let private item: Gen<Tag * Key * ConfigItem<int>> =
    gen {
        let! tag = tag
        let! key = Gen.elements [ Parameter "x"; Parameter "y"; Aspect "x" ]
        let! source = source

        let! order =
            Gen.choose (0, 2)
            |> Gen.bind (fun n -> Gen.listOfLength n (Gen.choose (0, 2)))
            |> Gen.map (List.fold Order.next Order.start)

        let! value = Gen.choose (0, 9)

        return tag, key, { Source = source; Order = order; Location = None; Value = value }
    }

let items: Gen<Items> = Gen.choose (0, 12) |> Gen.bind (fun n -> Gen.listOfLength n item)

/// One more setting, later than those of its source that are there.
let add (tag: Tag) key (item: ConfigItem<int>) config = Config.addAll [ tag ] [ key, item ] config

/// The item that wins for one key at one tag.
let resolve (tag: Tag) key (config: Config<int>) =
    Config.take tag config |> Config.items key |> ConfigItem.ranked |> List.tryHead

/// The same as a trie.
let ofItems (items: Items) : Config<int> =
    items |> List.fold (fun config (tag, name, item) -> add tag name item config) Config.empty

/// That two configurations say the same.
let sameConfig (expected: Config<int>) (found: Config<int>) =
    Assert.equal (Config.toList expected) (Config.toList found)

let private shrinkItems (items: Items) = Seq.init items.Length (fun i -> List.removeAt i items)

/// A configuration.
let one = Arb.fromGenShrink (items, shrinkItems)

/// A configuration and a tag.
let oneAt =
    Arb.fromGenShrink (Gen.zip items tag, fun (items, tag) -> shrinkItems items |> Seq.map (fun i -> i, tag))

/// Two configurations and two tags.
let two =
    Arb.fromGenShrink (
        Gen.zip (Gen.zip items items) (Gen.zip tag tag),
        fun ((a, b), tags) ->
            seq {
                for smaller in shrinkItems a -> (smaller, b), tags
                for smaller in shrinkItems b -> (a, smaller), tags
            }
    )

/// The sources that beat others by where they are: the user, then by the length of the tag.
let rankOf source =
    match source with
    | User -> -1
    | Derived tag -> tag.Names.Length
    | Detached -> 1000
