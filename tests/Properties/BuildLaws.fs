/// Laws 7, 8, 10 and 14, of what is built: the spec stays what it was, parameters are shared where modules are, hooks run
/// once for each build and module, and every primitive can be made.
module Deeplay.Properties.BuildLaws

open System
open FsCheck.FSharp
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open Deeplay.Torch
open Deeplay.Properties.Law
open Deeplay.Properties.RandomInputs
open Deeplay.Properties.RandomModels

let private build (model: Model) = BuiltModels.build model
let private canBeBuilt (model: Model) = Model.isInferred model

let private stateOf (built: torch.nn.Module) =
    [
        for KeyValue(name, tensor) in built.state_dict () do
            name, List.ofArray tensor.shape, tensor.dtype
    ]

let private fill (tensor: torch.Tensor) (number: float) =
    use _noGrad = torch.no_grad ()
    use number = Scalar.op_Implicit number
    tensor.fill_ number |> ignore

let private sumOf (tensor: torch.Tensor) =
    use detached = tensor.detach ()
    use float = detached.``to`` torch.ScalarType.Float64
    use sum = float.sum ()
    // Held, for TorchSharp does not keep it alive while libtorch reads it.
    use number = sum.ToScalar()
    number.ToDouble()

// --- Sharing ------------------------------------------------------------------------------------------------------

/// A module and its second names, one of which may lead below it.
[<NoComparison>]
type private Shared = { Inner: Model; Names: int; Below: int option }

let private shared =
    let drawn =
        gen {
            let! inner = Arb.toGen models |> Draw.trying 20 Model.isInferred
            let! names = Gen.choose (1, 3)
            let! below = Gen.oneof [ Gen.constant None; Gen.map Some (Gen.choose (0, 1000)) ]
            return { Inner = inner; Names = names; Below = below }
        }

    let smaller (s: Shared) =
        seq {
            if s.Names > 1 then { s with Names = 1 }
            if s.Below.IsSome then { s with Below = None }

            for inner in Arb.toShrink models s.Inner do
                { s with Inner = inner }
        }

    Arb.fromGenShrink (drawn, smaller)

/// The module below the shared one that has another name, too.
let private below (s: Shared) : Tag option =
    let own =
        [
            for tag, _, isAlias in Tree.walk (Construct.root s.Inner.Spec) do
                if not isAlias then tag
        ]

    s.Below |> Option.map (fun place -> own[place % own.Length])

/// A model that calls the shared module under each of its names on all of its inputs, and gives what the last call gave.
let private sharing (s: Shared) =
    let outputs =
        match Model.inferred s.Inner with
        | Ok outcome -> outcome.Outputs.Length
        | Error _ -> 1

    let inputs = if s.Inner.IsNamed then 1 else s.Inner.Inputs.Length

    Definition.create "Sharing" [] (fun _ ->
        init {
            let! first = child "first" s.Inner.Spec

            for i in 1 .. s.Names do
                let! _ = alias $"again{i}" first
                ()

            match below s with
            | Some tag ->
                let! _ = alias "last" (tag.Names |> List.fold (/) first)
                ()
            | None -> ()

            return
                forwardMany [ for i in 1..inputs -> $"input{i}" ] (fun given ->
                    [ for i in 1 .. s.Names -> at $"again{i}" ]
                    |> List.fold (fun _ handle -> callMany outputs handle given) (callMany outputs first given))
        })
    |> Module.create []

// --- Hooks --------------------------------------------------------------------------------------------------------

type private Stage =
    | BeforeBuild
    | AfterBuild

/// Hooks by the place of their module in the tree, in the order they are registered.
let private hooked =
    Gen.zip
        (Arb.toGen models)
        (Gen.choose (0, 6)
         |> Gen.bind (fun n ->
             Gen.listOfLength n (Gen.zip (Gen.choose (0, 1000)) (Gen.elements [ BeforeBuild; AfterBuild ]))))

[<Tests>]
let tests =
    torchTests
        "BuildLaws"
        [
            longLaw
                "building leaves the spec as it was, and building twice gives parameters of their own"
                models
                (fun model ->
                    if canBeBuilt model then
                        let before = Rows.ofTree (Construct.root model.Spec)

                        let origin = Spec.forget model.Spec

                        use first = build model
                        use second = build model
                        demand "an equal spec" (model.Spec.Equals origin)
                        same "the tree" before (Rows.ofTree (Construct.root model.Spec))
                        same "from scratch" before (Rows.ofTree (Fail.unwrap (Construct.scratch model.Spec)))
                        demand "equal names, shapes and types" (stateOf first = stateOf second)

                        let others = second.state_dict ()
                        let sums = [ for KeyValue(_, tensor) in others -> sumOf tensor ]

                        for KeyValue(_, tensor) in first.state_dict () do
                            if tensor.is_floating_point () then fill tensor 777.0

                        demand
                            "one stays as it is when the other changes"
                            (sums = [ for KeyValue(_, tensor) in others -> sumOf tensor ]))

            // --- Sharing -----------------------------------------------------------------------------------
            longLaw "one parameter stands behind all tags of a shared module" shared (fun s ->
                let model = { s.Inner with Spec = sharing s }

                // A setting that nothing reads is a mistake of an author, while a user may be allowed it.
                if canBeBuilt s.Inner && canBeBuilt model then
                    use _scope = torch.NewDisposeScope()
                    use built = build model
                    let state = built.state_dict ()
                    let parameters = [ for struct (name, p) in built.named_parameters () -> name, p ]

                    demand
                        "each parameter once"
                        (parameters |> List.forall (fun (name, _) -> name.StartsWith "first."))

                    let prefixes =
                        [ for i in 1 .. s.Names -> "first.", $"again{i}." ]
                        @ (match below s with
                           | Some tag -> [ String.Join('.', "first" :: tag.Names) + ".", "last." ]
                           | None -> [])

                    for number, (name, parameter) in List.indexed parameters do
                        fill parameter (float (number + 1))

                        for own, other in prefixes do
                            if name.StartsWith own then
                                let tensor = state[other + name.Substring own.Length]
                                Assert.equal (sumOf parameter) (sumOf tensor)
                                // And the other way round.
                                fill tensor -5.0

                                Expect.floatClose
                                    { absolute = 1e-6; relative = 0.0 }
                                    (sumOf parameter)
                                    (-5.0 * float (parameter.numel ()))
                                    "the same memory"

                    // Called under each of its names it gives as much as by itself. Inference knows no types, and an edit may put
                    // what takes real numbers where whole ones come in.
                    if s.Inner.Inputs |> List.forall (fun input -> input.Content = Real) then
                        use _noGrad = torch.no_grad ()
                        use alone = build s.Inner
                        built.eval ()
                        alone.eval ()

                        try
                            let given = BuiltModels.run alone s.Inner
                            Assert.equal given.Length (BuiltModels.run built model).Length
                        with error when BuiltModels.isOfMemory error ->
                            ())

            // --- Hooks -------------------------------------------------------------------------------------
            longLaw
                "build hooks run once for each build and module, in order"
                (Arb.fromGen hooked)
                (fun (model, places) ->
                    if canBeBuilt model then
                        let root = Construct.root model.Spec
                        let tags = [ for tag, _, isAlias in Tree.walk root -> tag, isAlias ]
                        let own = tags |> List.filter (snd >> not) |> List.map fst

                        // What is said of a child of a block is said of the same child in each copy that a style makes of it.
                        let isCopied (tag: Tag) =
                            [ 0 .. tag.Depth - 1 ]
                            |> List.exists (fun depth ->
                                let above = Tree.find (Tag.ofNames (List.truncate depth tag.Names)) root
                                above.Definition.Is SequentialBlock.definition && above.Children.Has "blocks")

                        let hookable = List.filter (isCopied >> not) own
                        let log = ResizeArray<string>()

                        let hooks =
                            [
                                for i, (place, stage) in List.indexed places do
                                    i, hookable[place % hookable.Length], stage
                            ]

                        let spec =
                            hooks
                            |> List.fold
                                (fun spec (i, tag, stage) ->
                                    let action =
                                        match stage with
                                        | BeforeBuild ->
                                            Action.beforeBuild $"hook{i}" [] (fun _ node ->
                                                log.Add $"before {i} at {node.Tag}"
                                                node)
                                        | _ ->
                                            Action.afterBuild $"hook{i}" [] (fun a built ->
                                                let kind = (built :?> torch.nn.Module).GetName()
                                                demand "the module is built" (kind <> "")
                                                log.Add $"after {i} at {a.Tag}")

                                    (Selection.ofTags spec [ tag ] |> Change.hook None action Map.empty).Spec)
                                model.Spec

                        /// The hooks of a stage, at each module in the order of registration.
                        let expected stage word order =
                            [
                                for tag in order do
                                    for i, at, other in hooks do
                                        if at = tag && other = stage then $"{word} {i} at {tag}"
                            ]

                        // What contains others is prepared after them, in the order of the tree otherwise.
                        let rec upwards (tag: Tag) (node: Node) =
                            [
                                for child, below, isAlias in Tree.children tag node do
                                    if not isAlias then yield! upwards child below
                                yield tag
                            ]

                        let all =
                            expected BeforeBuild "before" (upwards Tag.root (Construct.root spec))
                            @ expected AfterBuild "after" own

                        for _ in 1..2 do
                            log.Clear()
                            use _built = build { model with Spec = spec }
                            Assert.equal all (List.ofSeq log))

            testCase "the registry's primitives and the lowerings are the same set" (fun () ->
                let definitions = Registries.standard.Definitions |> Map.toList |> List.map snd

                // A kind that others are special cases of is made as one of those; what logs keep is made by the build.
                let isBase (definition: Definition) =
                    definitions
                    |> List.exists (fun other ->
                        match other.Base with
                        | Some parent -> obj.ReferenceEquals(parent, definition)
                        | None -> false)

                let primitives =
                    definitions
                    |> List.filter (fun definition ->
                        match definition.Body with
                        | Primitive _ -> not (isBase definition || obj.ReferenceEquals(definition, Logging.fromLogs))
                        | Composite _ -> false)

                let ids (definitions: Definition seq) =
                    definitions |> Seq.map (fun definition -> definition.Id) |> Seq.sort |> List.ofSeq

                Assert.equal (ids primitives) (ids Lowering.standard.Definitions)

                for definition in primitives do
                    Assert.isTrue (Lowering.standard.TryFind definition).IsSome)
        ]
