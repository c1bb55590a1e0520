/// Configuration bugs of Deeplay's history, by their numbers.
module Deeplay.Properties.Regressions

open System
open Xunit
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Properties.Kinds

// --- A. The lifetime of configuration ---------------------------------------------------------------------------

[<Fact>]
let ``#121 settings on one of several blocks survive making the model anew`` () =
    let spec = pairSpec |> Module.select "second" (Module.configure widths [ 7; 8; 9 ])
    Assert.Equal(9, Module.argument "second.2" x spec)
    Assert.Equal(9, Module.argument "second.2" x (Module.fresh spec))
    Assert.Equal(printed spec, printed (Module.fresh (Module.fresh spec)))
    Assert.Empty(Module.names "first/2" spec)

[<Fact>]
let ``#67 hooks are kept through reconstruction and making anew`` () =
    let spec =
        pairSpec
        |> Module.select "first" (Module.call "append" [ x => 5 ])
        |> Module.select "first" (Module.configure order 3)

    Assert.Equal<string list>([ "first.0"; "first.1"; "first.2" ], Module.names "first/:" spec)
    Assert.Equal<string list>([ "first.0"; "first.1"; "first.2" ], Module.names "first/:" (Module.fresh spec))

/// A definition whose init configures a spec that a definition below configures as well: nested `multi`.
let private nested =
    Definition.create "Nested" [] (fun _ ->
        init {
            let! _ =
                child
                    "block"
                    (Module.create [] block
                     |> Module.configure widths [ 3; 4 ]
                     |> Module.call "append" [ x => 5 ])

            return NoForward
        })

[<Fact>]
let ``#102 what an init edits is not edited a second time when it is made again`` () =
    let spec = Module.create [ inner => Module.create [] nested ] holder
    let again = spec |> Module.configure x 1 |> Module.configure x 2 |> Module.fresh

    Assert.Equal<string list>(
        [ "0"; "1"; "2" ],
        Module.names "inner/block/:" again |> List.map (fun n -> string (Seq.last n))
    )

[<Fact>]
let ``#107 making again removes what was derived and nothing else`` () =
    let spec =
        Module.create [ inner => Module.create [] nested ] holder
        |> Module.select "inner/block/1" (Module.configure x 40)
        |> Module.configure x 1

    Assert.Equal(3, Module.argument "inner.block.0" x spec)
    Assert.Equal(40, Module.argument "inner.block.1" x spec)
    Assert.Equal(5, Module.argument "inner.block.2" x spec)

[<Fact>]
let ``#108 order is cleared and kept like every other setting`` () =
    let spec =
        pairSpec
        |> Module.select "first" (Module.configure order 3)
        |> Module.select "first" (Module.configure widths [ 1 ])

    Assert.Equal(3, Module.argument "first" order spec)
    Assert.Equal(0, Module.argument "second" order spec)

[<Fact>]
let ``#116 making anew twice, and undoing what could not be constructed, leave the spec as it was`` () =
    let spec = pairSpec |> Module.select "first" (Module.configure widths [ 6 ])
    Assert.Equal(printed spec, printed (Module.fresh (Module.fresh spec)))
    Assert.NotEmpty(errors (fun () -> Module.select "first" (Module.configure "widths" "wide") spec))
    Assert.Equal(6, Module.argument "first.0" x spec)
    Assert.Equal(1, (Module.tape spec).Length)

[<Fact>]
let ``#54 a list given later reaches what is made of it`` () =
    let spec =
        pairSpec
        |> Module.select "first" (Module.configure widths [ 4; 5; 6 ])
        |> Module.select "first/2" (Module.configure y 9)

    Assert.Equal(6, Module.argument "first.2" x spec)
    Assert.Equal(9, Module.argument "first.2" y spec)
    let shorter = spec |> Module.select "first" (Module.configure widths [ 4 ])
    Assert.Equal<string list>([ "first.0" ], Module.names "first/:" shorter)
    // It waits for the module to come back, and is reported in the meantime.
    Assert.Equal("first.2", string (Module.unused shorter).Head.Tag)

    Assert.Equal(
        9,
        shorter
        |> Module.select "first" (Module.configure widths [ 1; 2; 3 ])
        |> Module.argument "first.2" y
    )

[<Fact>]
let ``#63 settings on a selection of several modules reach each of them`` () =
    let spec = pairSpec |> Module.select "first|second/:" (Module.configure y 4)

    for tag in [ "first.0"; "first.1"; "second.0"; "second.1" ] do
        Assert.Equal(4, Module.argument tag y spec)

[<Fact>]
let ``2,000 scenarios: every setting after the first survives making anew`` () =
    let spec =
        pairSpec
        |> Module.select "first/0" (Module.configure x 1)
        |> Module.select "second/0" (Module.configure x 2)
        |> Module.select "first/1" (Module.configure y 3)
        |> Module.select "second" (Module.configure widths [ 9; 9; 9 ])

    Assert.Equal(4, (Module.tape (Module.fresh spec)).Length)
    Assert.Equal(printed spec, printed (Module.fresh spec))

[<Fact>]
let ``a detached setting two levels down survives configuring the middle module before it is attached`` () =
    let middle =
        Module.create [ inner => (Module.create [] leaf |> Module.configure x 7) ] holder
        |> Module.configure x 1

    let outer =
        Definition.create "Outer" [] (fun _ ->
            init {
                let! _ = child "middle" middle
                return NoForward
            })

    Assert.Equal(7, Module.argument "middle.inner" x (Module.create [] outer))
    Assert.Equal(7, Module.argument "inner" x (Module.configure x 2 middle))

// --- B, C, D. Aliasing, indices, hooks ---------------------------------------------------------------------------

[<Fact>]
let ``#26 changing a slice of a list changes a copy`` () =
    let changed = pairSpec |> Module.select "first/:1" (Module.configure x 50)
    Assert.Equal(50, Module.argument "first.0" x changed)
    Assert.Equal(1, Module.argument "first.0" x pairSpec)

[<Fact>]
let ``#20 one spec attached many times is many modules`` () =
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
    Assert.Equal<int list>([ 0; 2; 0 ], [ for i in 0..2 -> Module.argument $"pool{i}" x spec ])
    let root = Module.construct spec
    Assert.NotSame(Tree.find (Tag.parse "pool0") root, Tree.find (Tag.parse "pool2") root)

[<Fact>]
let ``#65 selectors take -1 and slices`` () =
    let spec = pairSpec |> Module.select "first" (Module.configure widths [ 1; 2; 3 ])
    Assert.Equal<string list>([ "first.2" ], Module.names "first/-1" spec)
    Assert.Equal<string list>([ "first.1"; "first.2" ], Module.names "first/1:" spec)
    Assert.Equal<string list>([ "first.2"; "first.1"; "first.0" ], Module.names "first/::-1" spec)

// --- Verified defects of the snapshot ------------------------------------------------------------------------------

[<Fact>]
let ``removing derived settings skips none`` () =
    let item i =
        {
            Source = Derived Tag.root
            Stamp = [ i ]
            Location = None
            Value = i
        }

    let config =
        Seq.fold (fun config i -> Config.add Tag.root "x" (item i) config) Config.empty [ 1..9 ]

    Assert.True((Config.withoutDerivedBy Tag.root config).IsEmpty)

[<Fact>]
let ``configuring by the name of a child means the child, and an unknown name is an error`` () =
    let spec = Module.create [ inner => Module.create [ x => 3 ] leaf ] holder

    let changed =
        pairSpec |> Module.configureValue "first" (Module(Module.create [] leaf))

    Assert.Equal(0, Module.argument "first" x changed)
    Assert.NotEmpty(errors (fun () -> Module.configure "first" 3 pairSpec))
    Assert.NotEmpty(errors (fun () -> Module.configure "iner" 3 spec))

[<Fact>]
let ``constructing grows with the number of modules, not with its cube`` () =
    let list n =
        Module.create [ widths => [ 1..n ] ] block

    // Counting what is allocated is steadier than a clock.
    let cost n =
        let before = GC.GetAllocatedBytesForCurrentThread()
        Construct.scratch (list n) |> ignore
        GC.GetAllocatedBytesForCurrentThread() - before

    cost 10 |> ignore
    let small, large = cost 200, cost 2000
    Assert.True(large < 25L * small, $"{small} bytes for 200 modules, {large} for 2000")
