/// Configuration bugs of Deeplay's history and of its present, by their numbers, and those that the laws found here.
module Deeplay.Properties.Regressions

open System
open System.Collections.Generic
open Xunit
open Deeplay.Core
open Deeplay.FSharp

let private x: Param<int> = Param.int "x" |> Param.withDefault 0
let private y: Param<int> = Param.int "y" |> Param.withDefault 0
let private inplace: Param<bool> = Param.bool "inplace" |> Param.withDefault false

let private widths: Param<int list> =
    Param.ints "widths" |> Param.withDefault [ 1; 2 ]

let private order: Param<int> = Param.int "order" |> Param.withDefault 0
let private inner: Param<ModuleSpec> = Param.spec "inner"

let private leafOf id parameters =
    Definition.primitive id parameters (fun _ shapes -> Ok { Outputs = shapes; Inferred = [] })

let private leaf = leafOf "Leaf" [ x; y ]
let private relu = leafOf "ReLU" [ x; inplace ]
let private elu = leafOf "ELU" [ x ]

/// Appends another leaf.
let private append =
    Action.afterInit "append" [ x ] (fun arguments ->
        fun builder ->
            let name = string builder.Children.Length
            builder.Attach(name, Module.create [ x => arguments.Get x ] leaf, Last))

/// A list of leaves, one for each width.
let private block =
    Definition.create "Block" [ widths; order ] (fun arguments ->
        init {
            for i, width in List.indexed (arguments.Get widths) do
                let! _ = child (string i) (Module.create [ x => width ] leaf)
                ()

            return NoForward
        })
    |> Definition.withMethod append

/// Two blocks, as in #121.
let private pair =
    Definition.create "Pair" [] (fun _ ->
        init {
            let! _ = child "first" (Module.create [] block)
            let! _ = child "second" (Module.create [] block)
            return NoForward
        })

/// Holds what it is given.
let private holder =
    Definition.create "Holder" [ x; inner ] (fun arguments ->
        init {
            let! _ = child "inner" (arguments.Get inner)
            return NoForward
        })

let private pairSpec = Module.create [] pair
let private printed spec = Tree.print (Module.construct spec)

let private errors (work: unit -> 'a) =
    match Fail.catch work with
    | Ok _ -> []
    | Error errors -> errors

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
    Assert.Equal("first.2", (let tag, _, _ = (Module.unused shorter).Head in string tag))

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

// --- What Python Deeplay gets wrong, seen by running it ------------------------------------------------------------

[<Fact>]
let ``selections narrow`` () =
    let spec =
        pairSpec |> Module.select "first" (Module.select "0" (Module.configure x 11))

    Assert.Equal(11, Module.argument "first.0" x spec)
    Assert.Equal(1, Module.argument "second.0" x spec)

    Assert.NotEmpty(
        errors (fun () -> Module.select "first" (Module.select "second" (Module.configure order 1)) pairSpec)
    )

[<Fact>]
let ``an empty selection is an error with near names`` () =
    match errors (fun () -> Module.select "frist" (Module.configure order 1) pairSpec) with
    | [ EmptySelection("frist", near) ] -> Assert.Contains("first", near)
    | other -> Assert.Fail $"{other}"

    Assert.True((Module.trySelect "frist" (Module.configure order 1) pairSpec).Equals pairSpec)

[<Fact>]
let ``an unknown parameter is an error on a block and on a layer`` () =
    for tag in [ "first"; "first/0" ] do
        match errors (fun () -> Module.select tag (Module.configure "widhts" 1) pairSpec) with
        | [ UnknownName(_, _, "parameter", "widhts", _) ] -> ()
        | other -> Assert.Fail $"{other}"

[<Fact>]
let ``another kind keeps the settings it has, and reports those it has not`` () =
    let spec =
        Module.create [ inner => Module.create [] relu ] holder
        |> Module.select "inner" (Module.configure inplace true)
        |> Module.select "inner" (Module.configure x 6)
        |> Module.select "inner" (Module.become (Module.create [] elu))

    Assert.Equal(6, Module.argument "inner" x spec)

    match Module.unused spec with
    | [ tag, "inplace", Bool true ] -> Assert.Equal("inner", string tag)
    | other -> Assert.Fail $"{other}"

[<Fact>]
let ``edits compose with each other and with what was configured before`` () =
    let spec =
        pairSpec
        |> Module.select "first/1" (Module.configure x 30)
        |> Module.select "first" (Module.call "append" [ x => 5 ])
        |> Module.select "first" (Module.call "append" [ x => 6 ])
        |> Module.select "first/2" (Module.configure y 8)
        |> Module.fresh

    Assert.Equal<int list>([ 1; 30; 5; 6 ], [ for i in 0..3 -> Module.argument $"first.{i}" x spec ])
    Assert.Equal(8, Module.argument "first.2" y spec)

// --- Found here -----------------------------------------------------------------------------------------------------

/// A leaf with a second name, and a second name of that, and hooks that add to it.
let private sharing =
    Definition.create "Sharing" [] (fun _ ->
        init {
            let! a = child "a" (Module.create [] block)
            let! s = alias "s" a
            let! _ = alias "t" s
            return NoForward
        })

[<Fact>]
let ``what is set under a second name of a second name is set`` () =
    let spec = Module.create [] sharing |> Module.select "t/0" (Module.configure x 9)
    Assert.Equal<int list>([ 9; 9; 9 ], [ for tag in [ "a.0"; "s.0"; "t.0" ] -> Module.argument tag x spec ])

[<Fact>]
let ``a method called on all tags of a shared module is called once`` () =
    let spec =
        Module.create [] sharing
        |> Module.select "a|s|t" (Module.call "append" [ x => 5 ])

    Assert.Equal<string list>([ "a.0"; "a.1"; "a.2" ], Module.names "a/:" spec)

let private circle =
    Definition.create "Circle" [] (fun _ ->
        fun builder ->
            builder.Alias("a", Tag.parse "b")
            builder.Alias("b", Tag.parse "a.c")
            NoForward)

let private dangling =
    Definition.create "Dangling" [] (fun _ ->
        fun builder ->
            builder.Attach("a", Module.create [] block, Last)
            builder.Alias("s", Tag.parse "a.7")
            NoForward)

[<Fact>]
let ``second names in a circle, or that lead nowhere, are errors of construction`` () =
    for definition in [ circle; dangling ] do
        Assert.True(Result.isError (Construct.tree (Module.create [] definition)), definition.Id)

    // Also where what it led to goes away later.
    let last =
        Definition.create "Last" [] (fun _ ->
            fun builder ->
                builder.Attach("a", Module.create [] block, Last)
                builder.Alias("s", Tag.parse "a.1")
                NoForward)

    let spec = Module.create [] last
    Module.construct spec |> ignore
    Assert.True(Result.isError (Construct.tree (Module.select "a" (Module.configure widths [ 1 ]) spec)))

[<Fact>]
let ``an argument made anew or undone inside an init keeps the user's settings the user's`` () =
    for again in [ Tape.fresh; Module.configure y 1 >> Tape.undo ] do
        let copying =
            Definition.create "Copying" [ inner ] (fun arguments ->
                init {
                    let! copy = child "copy" (again (arguments.Get inner))
                    do! set copy x 1
                    return NoForward
                })

        let given = Module.create [] leaf |> Module.configure x 7
        Assert.Equal(7, Module.argument "copy" x (Module.create [ inner => given ] copying))

[<Fact>]
let ``what a hook says of the spec it was given is later than what came with the spec`` () =
    let attach =
        Action.afterInit "attach" [ inner ] (fun arguments ->
            init {
                let! child = child "given" (arguments.Get inner)
                do! set child x 5
            })

    // More changes on the spec than things that the hook does.
    let given =
        Seq.fold (fun spec i -> Module.configure x i spec) (Module.create [] leaf) [ 1..9 ]

    let spec = pairSpec |> Module.hook attach [ inner => given ]
    Assert.Equal(5, Module.argument "given" x spec)

[<Fact>]
let ``a spec in the arguments of a constructor's own later hook belongs to the constructor`` () =
    let later = Action.beforeBuild "later" [ inner ] (fun _ node -> node)

    let hooked =
        Definition.create "Hooked" [] (fun _ ->
            init {
                do! act (at "") later [ inner => (Module.create [] leaf |> Module.configure x 7) ]
                return NoForward
            })

    match (Module.construct (Module.create [] hooked)).Hooks with
    | [ { Arguments = arguments } ] -> Assert.False(Value.isFree arguments["inner"])
    | other -> Assert.Fail $"{other.Length} hooks"

[<Fact>]
let ``the slice -1:0 is printed as it is`` () =
    for text in [ "a#-1:0"; "a#-1"; "a#0"; "a#-2" ] do
        Assert.Equal(text, Selector.print (SelectorText.parse text))
