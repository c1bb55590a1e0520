/// A copy that a module makes of itself is what it is.
module Deeplay.Properties.CopyLaws

open Expecto
open Deeplay.Tests
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Properties.Scenario
open Deeplay.Properties.Law

/// Attaches a copy of the module as one more child.
let private twin =
    Action.afterInit "twin" [] (fun _ ->
        init {
            let! other = copy []
            let! _ = child "twin" other
            return ()
        })

let rec private differences (where: string) (a: Node) (b: Node) : string list =
    [
        if not (obj.ReferenceEquals(a.Definition, b.Definition)) then
            $"{where} is of another kind: {a.Definition.Id} and {b.Definition.Id}"

        for name, x, y in Seq.zip3 a.Arguments.Signature.Names a.Arguments.Values b.Arguments.Values do
            if x <> y then $"{where}.{name}: {Value.print x} and {Value.print y}"

        if a.Graph <> b.Graph then $"{where} has another forward pass"

        if a.Children.Names <> b.Children.Names then
            $"{where} has other children: {a.Children.Names} and {b.Children.Names}"
        else
            for x, y in Seq.zip a.Children b.Children do
                match x, y with
                | Child.Own x, Child.Own y ->
                    yield! differences $"{where}.{x.Tag.Name}" x y

                    if x.Hooks <> y.Hooks || x.Inputs <> y.Inputs || x.Outputs <> y.Outputs then
                        $"{where}.{x.Tag.Name} has other hooks or named tensors"
                | Child.Alias(name, x), Child.Alias(_, y) -> if x <> y then $"{where}.{name} stands for {x} and for {y}"
                | _ -> $"{where}.{x.Name} is a second name in one of them"
    ]

/// Checks the law on one scenario; how many modules were copied.
let private check scenario =
    let mutable copied = 0

    for spec in Real.run (Real.World scenario) scenario do
        match Construct.tree spec with
        | Ok tree when tree.Definition.Body.IsComposite && not (tree.Children.Has "twin") ->
            match Fail.catch (fun () -> spec |> Module.hook twin [] |> Construct.root) with
            // The copy is one level deeper than what it is a copy of.
            | Error errors when (Error.describeAll errors).Contains "too deep" -> ()
            | Error errors -> fail $"with its copy it does not construct: {Error.describeAll errors}"
            | Ok both ->
                copied <- copied + 1

                match differences "twin" tree (Tree.find (Tag.ofNames [ "twin" ]) both) with
                | [] -> ()
                | found -> fail (String.concat "; " found)
        | _ -> ()

    copied

let private x value = "x", Num(Just value)

let private hook body = Hook({ Id = 1; Later = false; Body = body }, [])

/// A module whose `b` is set to what `c` is when it is looked at, and which takes `c` away afterwards.
let private looking =
    plain
        [
            Attach("b", New(0, []), AtEnd)
            Attach("c", New(0, [ x 29 ]), AtEnd)
            Say([ "b" ], Set("x", Num(Seen([ "c" ], "x"))))
        ]

[<Tests>]
let tests =
    testList
        "CopyLaws"
        [
            testCase "a copy that a module makes of itself is what it is" (fun () ->
                let mutable copied = 0
                forAll scenarios (fun case -> copied <- copied + check case.Scenario)
                Expect.isTrue (copied > cases) $"{copied} modules were copied in {cases} scenarios")

            testCase "a copy hears what was said of a child that is gone" (fun () ->
                let scenario =
                    {
                        Kinds = [ looking ]
                        Root = New(2, [])
                        Script = [ Do([ [ "c" ] ], Set(x 1)); Do([ [] ], hook [ Remove "c" ]) ]
                    }

                Assert.isTrue (check scenario > 0))

            testCase "a copy hears what was said of a child's child that is gone" (fun () ->
                let scenario =
                    {
                        Kinds = [ looking; plain [ Attach("a", New(2, []), AtEnd) ] ]
                        Root = New(3, [])
                        Script = [ Do([ [ "a"; "c" ] ], Replace(New(0, []))); Do([ [ "a" ] ], hook [ Remove "c" ]) ]
                    }

                Assert.isTrue (check scenario > 0))

            testCase "in a copy what a replacement brought stays later than the replacement" (fun () ->
                let replacement = With(New(0, [ x 84 ]), [ [ "a" ], Replace(New(0, [])) ])

                let scenario =
                    {
                        Kinds = [ plain [ Attach("a", New(0, []), AtEnd) ] ]
                        Root = New(2, [])
                        Script = [ Do([ []; [ "a" ] ], Replace replacement); Do([ [] ], Become(2, [])) ]
                    }

                Assert.isTrue (check scenario > 0))

            testCase "in a copy a hook for two names of one module is one hook" (fun () ->
                let scenario =
                    {
                        Kinds = [ plain []; plain [ Attach("a", New(2, []), AtEnd); Alias("s", [ "a" ]) ] ]
                        Root = New(3, [])
                        Script = [ Do([ [ "a" ]; [ "s" ] ], hook [ Attach("h", New(0, []), AtEnd) ]) ]
                    }

                Assert.isTrue (check scenario > 0))
        ]
