/// Law 6: the tape is the spec.
module Deeplay.Properties.TapeLaws

open System.Collections.Generic
open Expecto
open Deeplay.Core
open Deeplay.Properties.Scenario
open Deeplay.Properties.Law

/// Fails unless both specs are equal, and so are the trees they give.
let private sameSpec what (expected: ModuleSpec) (found: ModuleSpec) =
    demand $"{what}: equal specs" (expected.Equals found && hash expected = hash found)

    match Construct.tree expected, Construct.tree found with
    | Ok expected, Ok found -> same what (Rows.ofTree expected) (Rows.ofTree found)
    | Error _, Error _ -> ()
    | _ -> fail $"{what}: there is a tree for one alone"

[<Tests>]
let tests =
    testList
        "TapeLaws"
        [
            law "replaying the tape gives the spec" scenarios (fun case ->
                let specs = Real.run (Real.World case.Scenario) case.Scenario

                // What the root was made with is given; what the user did to it after that is replayed, step
                // by step.
                let made = specs.Head

                for spec in specs do
                    let wasKept =
                        spec.Steps.Length >= made.Steps.Length
                        && (List.skip (spec.Steps.Length - made.Steps.Length) spec.Steps).Equals made.Steps

                    if wasKept then
                        sameSpec "replayed" spec (Tape.replay (Tape.steps spec |> List.skip made.Steps.Length) made))

            law "a fresh spec is equal and shares no module" scenarios (fun case ->
                for spec in Real.run (Real.World case.Scenario) case.Scenario do
                    let fresh = Tape.fresh spec
                    sameSpec "fresh" spec fresh
                    demand "the same can be redone" (spec.Undone.Equals fresh.Undone)

                    match Construct.tree spec, Construct.tree fresh with
                    | Ok root, Ok other ->
                        let nodes =
                            HashSet<Node>(Tree.walk root |> Seq.map (fun (_, node, _) -> node), HashIdentity.Reference)

                        for tag, node, _ in Tree.walk other do
                            demand $"{tag} is a module of its own" (not (nodes.Contains node))

                        demand "no difference" (Diff.specs spec fresh).IsEmpty
                    | _ -> ())

            law "undoing a step restores the spec, redoing it is the identity" scenarios (fun case ->
                let world = Real.World case.Scenario
                let mutable spec = Real.origin world case.Scenario

                for step in case.Scenario.Script do
                    match step with
                    | Do(targets, what) ->
                        match Real.change world targets what spec with
                        | Ok changed when changed.Steps.Length > spec.Steps.Length ->
                            demand "one entry to undo" (Spec.origin spec = Spec.origin changed)
                            demand "another spec" (not (changed.Equals spec))
                            let undone = Tape.undo changed
                            sameSpec "undone" spec undone
                            sameSpec "redone" changed (Tape.redo undone)
                            demand "nothing is left to redo" (Tape.redo undone).Undone.IsEmpty

                            match Real.change world targets what undone with
                            | Ok again ->
                                sameSpec "done again" changed again
                                demand "a new step ends what could be redone" again.Undone.IsEmpty
                            | Error errors -> fail $"not twice: {Error.describeAll errors}"

                            spec <- changed
                        | _ -> ()
                    | _ -> ())

            law "what is done as one is undone and redone as one, also when it was saved" scenarios (fun case ->
                let world = Real.World case.Scenario
                let spec = Real.origin world case.Scenario

                let doAll spec =
                    case.Scenario.Script
                    |> List.fold
                        (fun spec step ->
                            match step with
                            | Do(targets, what) -> Real.change world targets what spec |> Result.defaultValue spec
                            | _ -> spec)
                        spec

                if Result.isOk (Construct.tree spec) then
                    let changed = Change.grouped "all" doAll spec

                    if changed.Steps.Length > spec.Steps.Length then
                        let undone = Tape.undo changed
                        sameSpec "undone" spec undone
                        sameSpec "redone" changed (Tape.redo undone)

                        let read = Codec.encode changed |> Result.bind (Codec.decode world.Registry) |> Fail.unwrap

                        sameSpec "saved and undone" spec (Tape.undo read))

            law "what is undone to the beginning and redone is the spec" scenarios (fun case ->
                for spec in Real.run (Real.World case.Scenario) case.Scenario do
                    let n = (spec.Steps |> List.filter (fun step -> not step.Continues)).Length
                    let back = Seq.fold (fun spec _ -> Tape.undo spec) spec (Seq.replicate n ())
                    demand "nothing on the tape" back.Steps.IsEmpty
                    sameSpec "the origin" (Spec.origin spec) back

                    sameSpec "and back" spec (Seq.fold (fun spec _ -> Tape.redo spec) back (Seq.replicate n ())))

            law "a change leaves the spec it was made on as it was" scenarios (fun case ->
                let world = Real.World case.Scenario
                let spec = Real.origin world case.Scenario
                let before = Rows.ofTree (Construct.root spec)
                Real.run world case.Scenario |> ignore

                for step in case.Scenario.Script do
                    Real.step world step spec |> ignore

                same "unchanged" before (Rows.ofTree (Construct.root spec))
                same "from scratch" before (Rows.ofTree (Fail.unwrap (Construct.scratch spec))))
        ]
