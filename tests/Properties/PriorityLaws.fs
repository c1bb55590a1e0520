/// Law 1: the user wins, else who is closest to the root, else who came later.
module Deeplay.Properties.PriorityLaws

open Xunit
open Deeplay.Core
open Deeplay.Properties.Scenario
open Deeplay.Properties.Law

[<Fact>]
let ``every value and its source is the oracle's, after every step`` () =
    forAll scenarios (fun case ->
        let scenario = case.Scenario
        let world = Real.World scenario

        let compare step (expected: Result<Reference.Node, string>) (found: Result<Node, Error list>) =
            match expected, found with
            | Ok expected, Ok found ->
                same $"after step {step}" (Rows.ofReference expected) (Rows.ofTree found)
            | Error _, Error _ -> ()
            | Ok _, Error errors -> fail $"after step {step}: no tree, {SpecException(errors).Message}"
            | Error problem, Ok _ -> fail $"after step {step}: a tree, in spite of: {problem}"

        let mutable spec = Real.origin world scenario
        let mutable known = Reference.origin scenario
        let mutable undone = []
        compare 0 (Reference.tree scenario known) (Construct.tree spec)

        for i, step in List.indexed scenario.Script do
            match step with
            | Do(targets, what) ->
                match Reference.change scenario targets what known, Real.change world targets what spec with
                | Ok expected, Ok found ->
                    if expected.Steps > known.Steps then
                        undone <- []

                    known <- expected
                    spec <- found
                | Error _, Error _ -> ()
                | Ok _, Error errors -> fail $"step {i + 1} is refused: {SpecException(errors).Message}"
                | Error problem, Ok _ -> fail $"step {i + 1} is not refused: {problem}"
            | Undo when known.Steps > 0 ->
                undone <- known :: undone
                known <- Reference.undo known
                spec <- Tape.undo spec
            | Redo when not undone.IsEmpty ->
                known <- undone.Head
                undone <- undone.Tail
                spec <- Tape.redo spec
            | Fresh -> spec <- Tape.fresh spec
            | Undo
            | Redo -> ()

            compare (i + 1) (Reference.tree scenario known) (Construct.tree spec))
