/// Law 2: what a module derived is removed before it is constructed again, by a filter and nothing else.
module Deeplay.Properties.RemovalLaws

open Xunit
open Deeplay.Core
open Deeplay.Properties.Configs
open Deeplay.Properties.Law

let private without tag (items: Items) =
    Config.withoutDerivedBy tag (ofItems items)

[<Fact>]
let ``what a module or anything below it derived goes, the rest stays as it is`` () =
    forAll oneAt (fun (items, tag) ->
        let stays (_, _, item: ConfigItem<int>) =
            match item.Source with
            | Derived by -> not (List.truncate tag.Names.Length by.Names = tag.Names)
            | User
            | Detached -> true

        sameConfig (ofItems (List.filter stays items)) (without tag items))

[<Fact>]
let ``what strict ancestors derived and what the user set stays`` () =
    forAll oneAt (fun (items, tag) ->
        let left = Config.toList (without tag items)

        for _, _, item as setting in items do
            match item.Source with
            | Derived by when by <> tag && Tag.isWithin by tag -> Assert.Contains(setting, left)
            | User -> Assert.Contains(setting, left)
            | _ -> ())

[<Fact>]
let ``removing twice is removing once`` () =
    forAll oneAt (fun (items, tag) ->
        let once = without tag items
        sameConfig once (Config.withoutDerivedBy tag once))

[<Fact>]
let ``removing from more leaves more`` () =
    forAll two (fun ((a, b), (tag, _)) ->
        sameConfig (without tag (a @ b)) (Config.union (without tag a) (without tag b))
        let more = Config.toList (without tag (a @ b))

        for setting in Config.toList (without tag a) do
            Assert.Contains(setting, more))

[<Fact>]
let ``removing for two modules can be done in either order`` () =
    forAll two (fun ((items, _), (a, b)) ->
        sameConfig
            (Config.withoutDerivedBy b (without a items))
            (Config.withoutDerivedBy a (without b items)))

[<Fact>]
let ``removing for a module removes all that removing for one below it does`` () =
    forAll two (fun ((items, _), (above, below)) ->
        let tag = Tag.append above below
        sameConfig (without above items) (Config.withoutDerivedBy above (without tag items)))
