/// Law 3: the trie is a list of settings by tag and name, and subtrees of it are subtrees.
module Deeplay.Properties.TrieLaws

open Expecto
open Deeplay.Tests
open Deeplay.Core
open Deeplay.Properties.Configs
open Deeplay.Properties.Law

/// A configuration as a naive association list gives it: by tag and key, aspects first, in the order they were added.
let private listed (items: Items) =
    items
    |> List.sortBy (fun (tag, key, _) ->
        match key with
        | Aspect name -> tag, 0, name
        | Parameter name -> tag, 1, name)

/// No node but the root is empty, and none has a name without items.
let rec private isTidy (config: Config<int>) =
    config.Here |> Seq.forall (fun (_, items) -> not items.IsEmpty)
    && config.Below |> Seq.forall (fun (KeyValue(_, below)) -> not below.IsEmpty && isTidy below)

[<Tests>]
let tests =
    testList
        "TrieLaws"
        [
            law "a list of settings comes back from the trie" one (fun items ->
                let config = ofItems items
                Assert.equal (listed items) (Config.toList config)
                sameConfig config (ofItems (Config.toList config)))

            law "taking what was prefixed gives it back" oneAt (fun (items, tag) ->
                let config = ofItems items
                sameConfig config (config |> Config.prefix tag |> Config.take tag))

            law "prefixing is prefixing each tag, and taking is taking it away" oneAt (fun (items, tag) ->
                let config = ofItems items

                let prefixed = items |> List.map (fun (t, name, item) -> Tag.append tag t, name, item)

                Assert.equal (listed prefixed) (Config.toList (Config.prefix tag config))

                let taken =
                    items
                    |> List.choose (fun (t, name, item) -> Tag.relativeTo tag t |> Option.map (fun t -> t, name, item))

                Assert.equal (listed taken) (Config.toList (Config.take tag config)))

            law "prefixing by two tags is prefixing by one after the other" two (fun ((items, _), (above, below)) ->
                let config = ofItems items

                sameConfig
                    (Config.prefix (Tag.append above below) config)
                    (Config.prefix above (Config.prefix below config)))

            law "prefixing distributes over union" two (fun ((a, b), (tag, _)) ->
                let a, b = ofItems a, ofItems b

                sameConfig
                    (Config.prefix tag (Config.union a b))
                    (Config.union (Config.prefix tag a) (Config.prefix tag b)))

            law "a union is what is added after the other" two (fun ((a, b), _) ->
                let union = Config.union (ofItems a) (ofItems b)
                Assert.equal (listed (a @ b)) (Config.toList union)
                sameConfig (ofItems (a @ b)) union
                sameConfig union (Config.union union Config.empty)
                sameConfig union (Config.union Config.empty union))

            law "union is associative" two (fun ((a, b), _) ->
                let a, b = ofItems a, ofItems b
                sameConfig (Config.union a (Config.union b a)) (Config.union (Config.union a b) a))

            law "adding for many at once is adding for each" two (fun ((before, added), _) ->
                let tags = added |> List.map (fun (tag, _, _) -> tag)

                let settings = added |> List.truncate 2 |> List.map (fun (_, name, item) -> name, item)

                let each =
                    [
                        for tag in tags do
                            for name, item in settings -> tag, name, item
                    ]

                let config = Config.addAll tags settings (ofItems before)
                Assert.equal (listed (before @ each)) (Config.toList config)
                demand "no empty node" (isTidy config))

            law "resolution commutes with prefixing" two (fun ((items, _), (above, below)) ->
                let config = ofItems items
                let whole = Config.prefix above config

                for name in [ Parameter "x"; Aspect "x" ] do
                    Assert.equal (resolve below name config) (resolve (Tag.append above below) name whole)

                    Assert.equal (resolve below name config) (resolve Tag.root name (Config.take below config)))

            law "no trie has empty nodes" two (fun ((a, b), (tag, _)) ->
                let a, b = ofItems a, ofItems b

                for config in
                    [
                        a
                        Config.union a b
                        Config.prefix tag Config.empty
                        Config.take tag a
                        Config.choose (fun _ _ item -> if item.Value % 2 = 0 then Some item else None) a
                    ] do
                    demand "no empty node" (isTidy config))
        ]
