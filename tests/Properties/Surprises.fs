/// What Python Deeplay gets wrong when it is run, and what the laws found here.
module Deeplay.Properties.Surprises

open Expecto
open Deeplay.Tests
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Properties.Kinds

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

[<Tests>]
let tests =
    testList
        "Surprises"
        [
            // --- What Python Deeplay gets wrong, seen by running it ----------------------------------------
            testCase "selections narrow" (fun () ->
                let spec = pairSpec |> Module.select "first" (Module.select "0" (Module.configure x 11))

                Assert.equal 11 (Module.argument "first.0" x spec)
                Assert.equal 1 (Module.argument "second.0" x spec)

                Assert.notEmpty (
                    errors (fun () ->
                        Module.select "first" (Module.select "second" (Module.configure order 1)) pairSpec)
                ))

            testCase "an empty selection is an error with near names" (fun () ->
                match errors (fun () -> Module.select "frist" (Module.configure order 1) pairSpec) with
                | [ EmptySelection("frist", _, near) ] -> Assert.contains "first" near
                | other -> failtest $"{other}"

                Assert.isTrue ((Module.trySelect "frist" (Module.configure order 1) pairSpec).Equals pairSpec))

            testCase "an unknown parameter is an error on a block and on a layer" (fun () ->
                for tag in [ "first"; "first/0" ] do
                    match errors (fun () -> Module.select tag (Module.configure "widhts" 1) pairSpec) with
                    | [ UnknownName(_, _, "parameter", "widhts", _) ] -> ()
                    | other -> failtest $"{other}")

            testCase "another kind keeps the settings it has, and reports those it has not" (fun () ->
                let spec =
                    Module.create [ inner => Module.create [] relu ] holder
                    |> Module.select "inner" (Module.configure inplace true)
                    |> Module.select "inner" (Module.configure x 6)
                    |> Module.select "inner" (Module.become (Module.create [] elu))

                Assert.equal 6 (Module.argument "inner" x spec)

                match Module.unused spec with
                | [ setting ] ->
                    Assert.equal "inner" (string setting.Tag)
                    Assert.equal "inplace" setting.Name
                    Assert.equal "True" setting.Text
                | other -> failtest $"{other}")

            testCase "edits compose with each other and with what was configured before" (fun () ->
                let spec =
                    pairSpec
                    |> Module.select "first/1" (Module.configure x 30)
                    |> Module.select "first" (Module.call "append" [ x => 5 ])
                    |> Module.select "first" (Module.call "append" [ x => 6 ])
                    |> Module.select "first/2" (Module.configure y 8)
                    |> Module.fresh

                Assert.equal [ 1; 30; 5; 6 ] [ for i in 0..3 -> Module.argument $"first.{i}" x spec ]
                Assert.equal 8 (Module.argument "first.2" y spec))

            // --- Found here --------------------------------------------------------------------------------
            testCase "what is set under a second name of a second name is set" (fun () ->
                let spec = Module.create [] sharing |> Module.select "t/0" (Module.configure x 9)
                Assert.equal [ 9; 9; 9 ] [ for tag in [ "a.0"; "s.0"; "t.0" ] -> Module.argument tag x spec ])

            testCase "a method called on all tags of a shared module is called once" (fun () ->
                let spec = Module.create [] sharing |> Module.select "a|s|t" (Module.call "append" [ x => 5 ])

                Assert.equal [ "a.0"; "a.1"; "a.2" ] (Module.names "a/:" spec))

            testCase "second names in a circle, or that lead nowhere, are errors of construction" (fun () ->
                for definition in [ circle; dangling ] do
                    Expect.isTrue (Result.isError (Construct.tree (Module.create [] definition))) definition.Id

                // Also where what it led to goes away later.
                let last =
                    Definition.create "Last" [] (fun _ ->
                        fun builder ->
                            builder.Attach("a", Module.create [] block, Last)
                            builder.Alias("s", Tag.parse "a.1")
                            NoForward)

                let spec = Module.create [] last
                Module.construct spec |> ignore

                Assert.isTrue (
                    Result.isError (Construct.tree (Module.select "a" (Module.configure widths [ 1 ]) spec))
                ))

            testCase "an argument made anew or undone inside an init keeps the user's settings the user's" (fun () ->
                for again in [ Tape.fresh; Module.configure y 1 >> Tape.undo ] do
                    let copying =
                        Definition.create "Copying" [ inner ] (fun arguments ->
                            init {
                                let! copy = child "copy" (again (arguments.Get inner))
                                do! configure copy x 1
                                return NoForward
                            })

                    let given = Module.create [] leaf |> Module.configure x 7
                    Assert.equal 7 (Module.argument "copy" x (Module.create [ inner => given ] copying)))

            testCase "a spec read from a tree is nobody's again, as if it had been made anew" (fun () ->
                // Configures what it is given.
                let deciding =
                    Definition.create "Deciding" [ inner ] (fun arguments ->
                        init {
                            let! given = child "given" (arguments.Get inner)
                            do! configure given x 5
                            return NoForward
                        })

                let nested =
                    Definition.create "Nested" [] (fun _ ->
                        init {
                            let spec = Module.create [] leaf |> Module.configure x 1
                            let! _ = child "holder" (Module.create [ inner => spec ] holder)
                            return NoForward
                        })

                let root = Module.create [] nested
                let read = Module.argument "holder" inner root
                Assert.equal (Module.create [] leaf |> Module.configure x 1) read

                // It was the root's; whoever gives it now is the user.
                let given = Module.create [ inner => read ] deciding
                Assert.equal 1 (Module.argument "given" x given)

                let registry = [ deciding; leaf ] |> List.fold (fun r d -> Registry.add d r) Registry.empty

                let saved = Codec.encode given |> Fail.unwrap |> Codec.decode registry |> Fail.unwrap

                Assert.equal (Module.argument "given" x given) (Module.argument "given" x saved))

            testCase "what a hook says of the spec it was given is later than what came with the spec" (fun () ->
                let attach =
                    Action.afterInit "attach" [ inner ] (fun arguments ->
                        init {
                            let! child = child "given" (arguments.Get inner)
                            do! configure child x 5
                        })

                // More changes on the spec than things that the hook does.
                let given = Seq.fold (fun spec i -> Module.configure x i spec) (Module.create [] leaf) [ 1..9 ]

                let spec = pairSpec |> Module.hook attach [ inner => given ]
                Assert.equal 5 (Module.argument "given" x spec))

            testCase "a spec in the arguments of a constructor's own later hook belongs to the constructor" (fun () ->
                let later = Action.beforeBuild "later" [ inner ] (fun _ node -> node)

                let hooked =
                    Definition.create "Hooked" [] (fun _ ->
                        init {
                            do! act (at "") later [ inner => (Module.create [] leaf |> Module.configure x 7) ]

                            return NoForward
                        })

                match (Module.construct (Module.create [] hooked)).Hooks with
                | [ { Arguments = arguments } ] -> Assert.isFalse (Owners.isFree arguments["inner"])
                | other -> failtest $"{other.Length} hooks")

            testCase "the slice -1:0 is printed as it is" (fun () ->
                for text in [ "a#-1:0"; "a#-1"; "a#0"; "a#-2" ] do
                    Assert.equal text (Selector.print (SelectorText.parse text)))
        ]
