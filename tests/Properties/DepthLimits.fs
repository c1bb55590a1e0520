/// What contains itself without end is an error that says where and what, on any thread.
module Deeplay.Properties.DepthLimits

open System.Threading
open Expecto
open Deeplay.Tests
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Properties.Kinds

/// What `work` gives on a thread with a stack of so many KB.
let private onStackOf kilobytes (work: unit -> 'a) : 'a =
    let mutable result = Unchecked.defaultof<'a>

    let thread = Thread((fun () -> result <- work ()), kilobytes * 1024)
    thread.Start()
    thread.Join()
    result

let private stacks = [ 256; 1024; 16 * 1024 ]

/// Definitions that contain each other: the first the second, and so on, and the last the first.
let rec private ring (ids: string list) i : Definition =
    Definition.create ids[i] [] (fun _ ->
        init {
            let! _ = child "leaf" (Module.create [] leaf)
            let! _ = child "inner" (Module.create [] (ring ids ((i + 1) % ids.Length)))
            return NoForward
        })

let private refused expected spec =
    for kilobytes in stacks do
        match onStackOf kilobytes (fun () -> Construct.scratch spec) with
        | Error [ WrongStructure(tag, kind, problem) ] -> Assert.equal expected (string tag, kind, problem)
        | Error other -> failtest $"{other}"
        | Ok _ -> failtest "a tree"

/// Nested so deep, as a definition that counts down.
let rec private nested () : Definition =
    Definition.create "Nested" [ x ] (fun arguments ->
        init {
            if arguments.Get x > 0 then
                let! _ = child "inner" (Module.create [ x => arguments.Get x - 1 ] (nested ()))
                ()

            return NoForward
        })

[<Tests>]
let tests =
    testList
        "DepthLimits"
        [
            testCase "a definition that contains itself is a typed error" (fun () ->
                refused
                    ("inner",
                     "Ouroboros",
                     "modules are nested too deep, 1000 levels are the most: Ouroboros > Ouroboros > …")
                    (Module.create [] (ring [ "Ouroboros" ] 0)))

            testCase "definitions that contain each other are a typed error that names them" (fun () ->
                refused
                    ("inner.inner.inner",
                     "A",
                     "modules are nested too deep, 1000 levels are the most: A > B > C > A > …")
                    (Module.create [] (ring [ "A"; "B"; "C" ] 0))

                // Not at the root.
                let first =
                    Definition.create "First" [] (fun _ ->
                        init {
                            let! _ = child "first" (Module.create [] (ring [ "A"; "B" ] 0))
                            return NoForward
                        })

                refused
                    ("first.inner.inner", "A", "modules are nested too deep, 1000 levels are the most: A > B > A > …")
                    (Module.create [] first))

            testCase "a look that does not end is a typed error" (fun () ->
                let rec looking () : Definition =
                    Definition.create "Looking" [] (fun _ ->
                        init {
                            let! inner = child "inner" (Module.create [] (looking ()))
                            let! _ = observe inner
                            return NoForward
                        })

                refused
                    ("inner", "Looking", "modules are nested too deep, 1000 levels are the most: Looking > Looking > …")
                    (Module.create [] (looking ())))

            testCase "what contains itself once an argument says so is refused there" (fun () ->
                let rec chooser () : Definition =
                    Definition.create "Chooser" [ x ] (fun arguments ->
                        init {
                            if arguments.Get x > 0 then
                                let! _ = child "inner" (Module.create [ x => 1 ] (chooser ()))
                                ()

                            return NoForward
                        })

                let spec = Module.create [ inner => Module.create [] (chooser ()) ] holder

                // The tree is there, and a part of it is constructed again.
                Module.construct spec |> ignore

                match Construct.tree (Module.select "inner" (Module.configure x 1) spec) with
                | Error [ WrongStructure(tag, "Chooser", problem) ] ->
                    Assert.equal "inner.inner" (string tag)
                    Assert.containsText "Chooser > Chooser" problem
                | other -> failtest $"{other}")

            testCase "what ends is constructed, however deep up to the limit" (fun () ->
                let count n =
                    onStackOf (64 * 1024) (fun () ->
                        Construct.scratch (Module.create [ x => n ] (nested ()))
                        |> Result.map (Tree.walk >> Seq.length))

                Assert.equal (Ok(Nesting.maxDepth + 1)) (count Nesting.maxDepth)

                match count (Nesting.maxDepth + 1) with
                | Error [ WrongStructure _ ] -> ()
                | other -> failtest $"{other}"

                // Two hundred levels fit on a small stack.
                Assert.equal
                    (Ok 201)
                    (onStackOf 1024 (fun () ->
                        Construct.scratch (Module.create [ x => 200 ] (nested ()))
                        |> Result.map (Tree.walk >> Seq.length))))
        ]
