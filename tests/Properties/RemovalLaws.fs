/// Law 2: what a module derived is removed before it is constructed again, by a filter and nothing else.
module Deeplay.Properties.RemovalLaws

open Expecto
open Deeplay.Tests
open Deeplay.Core
open Deeplay.Properties.Configs
open Deeplay.Properties.Law

let private without tag (items: Items) = Config.withoutDerivedBy tag (ofItems items)

[<Tests>]
let tests =
    testList
        "RemovalLaws"
        [
            law "what a module or anything below it derived goes, the rest stays as it is" oneAt (fun (items, tag) ->
                let stays (_, _, item: ConfigItem<int>) =
                    match item.Source with
                    | Derived by -> not (List.truncate tag.Names.Length by.Names = tag.Names)
                    | User
                    | Detached -> true

                sameConfig (ofItems (List.filter stays items)) (without tag items))

            law "what strict ancestors derived and what the user set stays" oneAt (fun (items, tag) ->
                let left = Config.toList (without tag items)

                for _, _, item as setting in items do
                    match item.Source with
                    | Derived by when by <> tag && Tag.isWithin by tag -> Assert.contains setting left
                    | User -> Assert.contains setting left
                    | _ -> ())

            law "removing twice is removing once" oneAt (fun (items, tag) ->
                let once = without tag items
                sameConfig once (Config.withoutDerivedBy tag once))

            law "removing from more leaves more" two (fun ((a, b), (tag, _)) ->
                sameConfig (without tag (a @ b)) (Config.union (without tag a) (without tag b))
                let more = Config.toList (without tag (a @ b))

                for setting in Config.toList (without tag a) do
                    Assert.contains setting more)

            law "removing for two modules can be done in either order" two (fun ((items, _), (a, b)) ->
                sameConfig (Config.withoutDerivedBy b (without a items)) (Config.withoutDerivedBy a (without b items)))

            law
                "removing for a module removes all that removing for one below it does"
                two
                (fun ((items, _), (above, below)) ->
                    let tag = Tag.append above below
                    sameConfig (without above items) (Config.withoutDerivedBy above (without tag items)))
        ]
