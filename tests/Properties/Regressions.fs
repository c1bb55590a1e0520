/// Configuration bugs of Deeplay's history, by their numbers.
module Deeplay.Properties.Regressions

open System
open Expecto
open Deeplay.Tests
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Properties.Kinds

/// A definition whose init configures a spec that a definition below configures as well: nested `multi`.
let private nested =
    Definition.create "Nested" [] (fun _ ->
        init {
            let! _ =
                child
                    "block"
                    (Module.create [] block |> Module.configure widths [ 3; 4 ] |> Module.call "append" [ x => 5 ])

            return NoForward
        })

[<Tests>]
let tests =
    testList
        "Regressions"
        [
            // --- A. The lifetime of configuration ----------------------------------------------------------
            testCase "#121 settings on one of several blocks survive making the model anew" (fun () ->
                let spec = pairSpec |> Module.select "second" (Module.configure widths [ 7; 8; 9 ])
                Assert.equal 9 (Module.argument "second.2" x spec)
                Assert.equal 9 (Module.argument "second.2" x (Module.fresh spec))
                Assert.equal (printed spec) (printed (Module.fresh (Module.fresh spec)))
                Assert.empty (Module.names "first/2" spec))

            testCase "#67 hooks are kept through reconstruction and making anew" (fun () ->
                let spec =
                    pairSpec
                    |> Module.select "first" (Module.call "append" [ x => 5 ])
                    |> Module.select "first" (Module.configure order 3)

                Assert.equal [ "first.0"; "first.1"; "first.2" ] (Module.names "first/:" spec)
                Assert.equal [ "first.0"; "first.1"; "first.2" ] (Module.names "first/:" (Module.fresh spec)))

            testCase "#102 what an init edits is not edited a second time when it is made again" (fun () ->
                let spec = Module.create [ inner => Module.create [] nested ] holder
                let again = spec |> Module.configure x 1 |> Module.configure x 2 |> Module.fresh

                Assert.equal
                    [ "0"; "1"; "2" ]
                    (Module.names "inner/block/:" again |> List.map (fun n -> string (Seq.last n))))

            testCase "#107 making again removes what was derived and nothing else" (fun () ->
                let spec =
                    Module.create [ inner => Module.create [] nested ] holder
                    |> Module.select "inner/block/1" (Module.configure x 40)
                    |> Module.configure x 1

                Assert.equal 3 (Module.argument "inner.block.0" x spec)
                Assert.equal 40 (Module.argument "inner.block.1" x spec)
                Assert.equal 5 (Module.argument "inner.block.2" x spec))

            testCase "#108 order is cleared and kept like every other setting" (fun () ->
                let spec =
                    pairSpec
                    |> Module.select "first" (Module.configure order 3)
                    |> Module.select "first" (Module.configure widths [ 1 ])

                Assert.equal 3 (Module.argument "first" order spec)
                Assert.equal 0 (Module.argument "second" order spec))

            testCase
                "#116 making anew twice, and undoing what could not be constructed, leave the spec as it was"
                (fun () ->
                    let spec = pairSpec |> Module.select "first" (Module.configure widths [ 6 ])
                    Assert.equal (printed spec) (printed (Module.fresh (Module.fresh spec)))

                    Assert.notEmpty (errors (fun () -> Module.select "first" (Module.configure "widths" "wide") spec))

                    Assert.equal 6 (Module.argument "first.0" x spec)
                    Assert.equal 1 ((Module.tape spec).Length))

            testCase "#54 a list given later reaches what is made of it" (fun () ->
                let spec =
                    pairSpec
                    |> Module.select "first" (Module.configure widths [ 4; 5; 6 ])
                    |> Module.select "first/2" (Module.configure y 9)

                Assert.equal 6 (Module.argument "first.2" x spec)
                Assert.equal 9 (Module.argument "first.2" y spec)
                let shorter = spec |> Module.select "first" (Module.configure widths [ 4 ])
                Assert.equal [ "first.0" ] (Module.names "first/:" shorter)
                // It waits for the module to come back, and is reported in the meantime.
                Assert.equal "first.2" (string (Module.unused shorter).Head.Tag)

                Assert.equal
                    9
                    (shorter
                     |> Module.select "first" (Module.configure widths [ 1; 2; 3 ])
                     |> Module.argument "first.2" y))

            testCase "#63 settings on a selection of several modules reach each of them" (fun () ->
                let spec = pairSpec |> Module.select "first|second/:" (Module.configure y 4)

                for tag in [ "first.0"; "first.1"; "second.0"; "second.1" ] do
                    Assert.equal 4 (Module.argument tag y spec))

            testCase "2,000 scenarios: every setting after the first survives making anew" (fun () ->
                let spec =
                    pairSpec
                    |> Module.select "first/0" (Module.configure x 1)
                    |> Module.select "second/0" (Module.configure x 2)
                    |> Module.select "first/1" (Module.configure y 3)
                    |> Module.select "second" (Module.configure widths [ 9; 9; 9 ])

                Assert.equal 4 ((Module.tape (Module.fresh spec)).Length)
                Assert.equal (printed spec) (printed (Module.fresh spec)))

            testCase
                "a detached setting two levels down survives configuring the middle module before it is attached"
                (fun () ->
                    let middle =
                        Module.create [ inner => (Module.create [] leaf |> Module.configure x 7) ] holder
                        |> Module.configure x 1

                    let outer =
                        Definition.create "Outer" [] (fun _ ->
                            init {
                                let! _ = child "middle" middle
                                return NoForward
                            })

                    Assert.equal 7 (Module.argument "middle.inner" x (Module.create [] outer))
                    Assert.equal 7 (Module.argument "inner" x (Module.configure x 2 middle)))

            // --- B, C, D. Aliasing, indices, hooks ---------------------------------------------------------
            testCase "#26 changing a slice of a list changes a copy" (fun () ->
                let changed = pairSpec |> Module.select "first/:1" (Module.configure x 50)
                Assert.equal 50 (Module.argument "first.0" x changed)
                Assert.equal 1 (Module.argument "first.0" x pairSpec))

            testCase "#20 one spec attached many times is many modules" (fun () ->
                let pool = Module.create [] leaf

                let pools =
                    Definition.create "Pools" [] (fun _ ->
                        init {
                            for i in 0..2 do
                                let! _ = child $"pool{i}" pool
                                ()

                            return NoForward
                        })

                let spec = Module.create [] pools |> Module.select "pool1" (Module.configure x 2)
                Assert.equal [ 0; 2; 0 ] [ for i in 0..2 -> Module.argument $"pool{i}" x spec ]
                let root = Module.construct spec
                Assert.notSame (Tree.find (Tag.parse "pool0") root) (Tree.find (Tag.parse "pool2") root))

            testCase "#65 selectors take -1 and slices" (fun () ->
                let spec = pairSpec |> Module.select "first" (Module.configure widths [ 1; 2; 3 ])
                Assert.equal [ "first.2" ] (Module.names "first/-1" spec)
                Assert.equal [ "first.1"; "first.2" ] (Module.names "first/1:" spec)
                Assert.equal [ "first.2"; "first.1"; "first.0" ] (Module.names "first/::-1" spec))

            // --- Verified defects of the snapshot ----------------------------------------------------------
            testCase "removing derived settings skips none" (fun () ->
                let item i = { Source = Derived Tag.root; Order = Order.step i; Location = None; Value = i }

                let config =
                    Seq.fold
                        (fun config i -> Configs.add Tag.root (Parameter "x") (item i) config)
                        Config.empty
                        [ 1..9 ]

                Assert.isTrue ((Config.withoutDerivedBy Tag.root config).IsEmpty))

            testCase "configuring by the name of a child means the child, and an unknown name is an error" (fun () ->
                let spec = Module.create [ inner => Module.create [ x => 3 ] leaf ] holder

                let changed = pairSpec |> Module.configure "first" (Value.Module(Module.create [] leaf))

                Assert.equal 0 (Module.argument "first" x changed)
                Assert.notEmpty (errors (fun () -> Module.configure "first" 3 pairSpec))
                Assert.notEmpty (errors (fun () -> Module.configure "iner" 3 spec)))

            testCase "constructing grows with the number of modules, not with its cube" (fun () ->
                let list n = Module.create [ widths => [ 1..n ] ] block

                // Counting what is allocated is steadier than a clock.
                let cost n =
                    let before = GC.GetAllocatedBytesForCurrentThread()
                    Construct.scratch (list n) |> ignore
                    GC.GetAllocatedBytesForCurrentThread() - before

                cost 10 |> ignore
                let small, large = cost 200, cost 2000
                Expect.isTrue (large < 25L * small) $"{small} bytes for 200 modules, {large} for 2000")
        ]
