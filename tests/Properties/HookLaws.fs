/// Law 10: hooks run once per construction, in order: the constructor's, its parents' from the nearest to the root,
/// the user's; and they survive reconstruction and `fresh`.
module Deeplay.Properties.HookLaws

open System.Collections.Generic
open FsCheck.FSharp
open Expecto
open Deeplay.Tests
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Properties.Law

/// How many hooks each of the constructor, its parent, the root and the user registers, and on whose specs the
/// parent does it: on the free spec, or on the child once it is attached.
type private Registered = { Own: int; Parent: int; Root: int; User: int; Free: bool; Later: bool }

let private registered =
    gen {
        let! counts = Gen.listOfLength 4 (Gen.choose (0, 3))
        let! free = Gen.elements [ true; false ]
        let! later = Gen.elements [ true; false ]

        return
            {
                Own = counts[0]
                Parent = counts[1]
                Root = counts[2]
                User = counts[3]
                Free = free
                Later = later
            }
    }

/// Counts how often each hook ran, and leaves a child by its name.
type private Log() =
    let runs = ResizeArray<string>()
    member _.Runs = List.ofSeq runs
    member _.Clear() = runs.Clear()

    member _.Action(later, name) =
        if later then
            Action.beforeBuild name [] (fun _ node -> node)
        else
            Action.afterInit name [] (fun _ builder ->
                runs.Add name

                builder.Attach(
                    name,
                    Spec.create
                        (Definition.primitive "Mark" [] (fun _ s -> Ok { Outputs = s; Inferred = [] }))
                        Map.empty,
                    Last
                ))

let private names prefix n = [ for i in 1..n -> $"{prefix}{i}" ]
let private x: Param<int> = Param.int "x" |> Param.withDefault 0

let private world (r: Registered) (log: Log) =
    let hooked target name : Init<unit> = act target (log.Action(r.Later, name)) []

    let inner =
        Definition.create "Inner" [ x ] (fun _ ->
            init {
                for name in names "own" r.Own do
                    do! hooked (at "") name

                return NoForward
            })

    let parent =
        Definition.create "Parent" [ x ] (fun _ ->
            init {
                let spec = Spec.create inner Map.empty

                let spec =
                    if r.Free then
                        names "parent" r.Parent
                        |> List.fold (fun spec name -> Module.hook (log.Action(r.Later, name)) [] spec) spec
                    else
                        spec

                let! inner = child "inner" spec

                if not r.Free then
                    for name in names "parent" r.Parent do
                        do! hooked inner name

                return NoForward
            })

    let root =
        Definition.create "Root" [ x ] (fun _ ->
            init {
                for name in names "root" r.Root do
                    do! hooked (at "parent.inner") name

                let! _ = child "parent" (Spec.create parent Map.empty)
                return NoForward
            })

    names "user" r.User
    |> List.fold
        (fun spec name -> Module.select "parent/inner" (Module.hook (log.Action(r.Later, name)) []) spec)
        (Spec.create root Map.empty)

[<Tests>]
let tests =
    testList
        "HookLaws"
        [
            law
                "hooks run once per construction and in order, also after reconstruction and for a fresh spec"
                (Arb.fromGen registered)
                (fun r ->
                    let log = Log()
                    let spec = world r log

                    let expected =
                        names "own" r.Own @ names "parent" r.Parent @ names "root" r.Root @ names "user" r.User

                    let check what (spec: ModuleSpec) runs =
                        log.Clear()
                        let inner = Tree.find (Tag.parse "parent.inner") (Construct.root spec)

                        if r.Later then
                            Assert.equal expected (inner.Hooks |> List.map (fun hook -> hook.Action.Id))
                        else
                            Assert.equal expected inner.Children.Names

                            demand
                                $"{what}: as often as constructed"
                                (log.Runs = List.concat (List.replicate runs expected))

                    check "from nothing" (Spec.forget spec) 1
                    Construct.root spec |> ignore
                    check "asked again" spec 0
                    check "fresh" (Tape.fresh spec) 1

                    for path, runs in [ "parent/inner", 1; "parent", 1; "", 1 ] do
                        check
                            $"changed at '{path}'"
                            (Spec.record
                                {
                                    Targets = [ Tag.parse (path.Replace('/', '.')) ]
                                    Change = Verbs.configure "x" (Int 1L)
                                    Group = None
                                    Continues = false
                                    Location = None
                                }
                                spec)
                            runs

                    if r.User > 0 then
                        let undone = Tape.undo spec
                        Construct.root undone |> ignore
                        check "undone and redone" (Tape.redo undone) 1)
        ]
