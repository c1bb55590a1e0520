/// Law 12: inferred shapes equal the shapes that torch computes, and what one refuses the other does.
module Deeplay.Properties.ShapeLaws

open System
open FsCheck
open FsCheck.FSharp
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Core
open Deeplay.Torch
open Deeplay.Properties.Law
open Deeplay.Properties.RandomInputs
open Deeplay.Properties.RandomModels

let private shapes (tensors: (string * torch.Tensor) list) =
    tensors |> List.map (fun (name, tensor) -> name, List.ofArray tensor.shape) |> List.sort

/// What torch gives for inputs of these shapes, by a module that knew of them or not.
let private computed (build: Model -> torch.nn.Module) isTraining (model: Model) =
    use _scope = torch.NewDisposeScope()
    use _noGrad = torch.no_grad ()
    use built = build model
    built.train isTraining
    shapes (BuiltModels.run built model)

// How many graphs a batch holds, only its numbers tell.
let private dependsOnNumbers (root: Node) =
    Tree.walk root
    |> Seq.exists (fun (_, node, _) -> node.Definition.Id.StartsWith "Global" && node.Definition.Id.EndsWith "Pool")

let private demandSame (root: Node) (inferred: (string * Shape) list) (found: (string * int64 list) list) =
    let inferred = List.sortBy fst inferred
    Assert.equal (List.map fst inferred) (List.map fst found)

    for (name, shape), (_, sizes) in List.zip inferred found do
        if dependsOnNumbers root then
            demand $"output {name}: {shape} agrees with {Shape.known sizes}" (Shape.agrees shape (Shape.known sizes))
        else
            Assert.equal (Some sizes) (Shape.tryKnown shape)

/// The module that an error names.
let private tagOf error =
    match error with
    | UnknownName(tag = tag)
    | ParameterBelow(tag = tag)
    | WrongValue(tag = tag)
    | Missing(tag = tag)
    | WrongShape(tag = tag)
    | WrongStructure(tag = tag)
    | CallFailed(tag = tag)
    | UnknownTag(at = tag) -> Some tag
    | _ -> None

let private demandTags (model: Model) errors =
    match Construct.tree model.Spec with
    | Error _ -> ()
    | Ok root ->
        for error in errors do
            match tagOf error with
            | Some tag -> demand $"{tag} is a module of the model" (Tree.tryFind tag root).IsSome
            | None -> fail $"no module is named by: {Error.describe error}"

/// Whether torch does what is refused: in both modes, where the model can be built without being told of its inputs.
/// What leaves nothing of a tensor is no answer.
let private isComputed (model: Model) =
    let answers isTraining =
        try
            computed BuiltModels.buildAlone isTraining model
            |> List.forall (snd >> List.forall (fun size -> size > 0L))
        with _ ->
            false

    match Fail.catch (fun () -> (BuiltModels.buildAlone model).Dispose()) with
    | Error _ -> false
    | Ok() -> answers false && answers true

// The meta device computes shapes alone, and lets nothing be mixed with what is on another device.
let private meta = Device.parse "meta"

// How libtorch, old and new, says that it has an operator for real devices only. The modules of its recurrent layers keep the
// parameters that they were made with.
let private noMetaKernel =
    [
        "parameter tensor at cpu"
        "'Meta' backend"
        "Meta kernel"
        "not implemented"
        "meta tensor"
        "Meta tensor"
    ]

// A dropout takes whole numbers in evaluation alone.
let private isOfWholeDropout (error: exn) = error.Message.Contains "can't be cast to the desired output type"

// What the normalizations refuse in training, where they would see one value.
let private isRefusedInTraining error =
    match error with
    | WrongShape(_, _, expected, _) -> expected.Contains "while training"
    | _ -> false

/// The shapes that the model gives on the meta device, in training; None where this libtorch has an operator for real
/// devices only, or where it can't train on such an input.
let private onMeta (model: Model) =
    use _scope = torch.NewDisposeScope()

    use built = Build.run { BuiltModels.options model with Device = "meta" } model.Spec

    for struct (name, p) in built.named_parameters () do
        demand $"{name} is where the model is built" (p.device_type = DeviceType.META)

    for struct (name, b) in built.named_buffers () do
        demand $"{name} is where the model is built" (b.device_type = DeviceType.META)

    try
        let outputs = BuiltModels.runOn meta built model

        for name, output in outputs do
            demand $"output {name} is where the model is" (output.device_type = DeviceType.META)

        Some(shapes outputs)
    with
    | :? DeeplayException as failure when List.forall isRefusedInTraining failure.All -> None
    | error when isOfWholeDropout error -> None
    | error when noMetaKernel |> List.exists error.Message.Contains -> None

let private kindsIn (model: Model) =
    match Model.inferred model with
    | Ok outcome -> Tree.walk outcome.Root |> Seq.map (fun (_, node, _) -> node.Definition.Id) |> Set.ofSeq
    | Error _ -> Set.empty

// A model of which no module that takes named tensors is left.
let private takesOthers (model: Model) =
    match Construct.tree model.Spec with
    | Ok root -> model.IsNamed && Result.defaultValue false (Fail.catch (fun () -> not (Named.takes root)))
    | Error _ -> false

// A normalization that has neither weights nor statistics makes no use of its width, which counts here all the same.
let private isUnusedWidth (model: Model) error =
    match error, Construct.tree model.Spec with
    | WrongShape(tag, kind, _, _), Ok root when kind.Contains "Norm" ->
        let isOff (node: Node) name = not (node.Definition.Signature.Has name) || node.Arguments[name] = Bool false

        match Tree.tryFind tag root with
        | Some node -> node.Definition.Signature.Has "affine" && isOff node "affine" && isOff node "track_running_stats"
        | None -> false
    | _ -> false

// libtorch gives whatever lies in memory where a circular pad takes more than a crop has left.
let private isBeyondCrop error =
    match error with
    | WrongShape(_, _, expected, _) -> expected.Contains "after any crop"
    | _ -> false

let private agree (model: Model) =
    match Model.inferred model with
    | Ok _ when takesOthers model -> ()
    | Ok outcome ->
        let found =
            try
                Some(computed BuiltModels.build false model)
            with error when BuiltModels.isOfMemory error ->
                None

        match found with
        | Some found -> demandSame outcome.Root (BuiltModels.inferredOutputs outcome.Outputs) found
        | None -> ()
    | Error errors ->
        demandTags model errors

        // It can't be built for such inputs either.
        match Fail.catch (fun () -> BuiltModels.build model) with
        | Error found -> Assert.equal errors found
        | Ok _ -> fail $"it is built in spite of {Error.describeAll errors}"

        let isLoose error = isUnusedWidth model error || isBeyondCrop error

        if isComputed model && not (List.exists isLoose errors) then
            fail $"torch computes it in spite of {Error.describeAll errors}"

[<Tests>]
let tests =
    torchTests
        "ShapeLaws"
        [
            longLaw "inferred shapes are those that torch computes" models agree

            longLaw "the weights that definitions name are those that are built" models (fun model ->
                match Model.inferred model with
                | Error _ -> ()
                | Ok outcome ->
                    use built = BuiltModels.build model

                    let expected =
                        [
                            for tag, node, isAlias in Tree.walk outcome.Root do
                                if not isAlias then
                                    for name, sizes in node.Weights do
                                        string (Tag.child name tag), sizes
                        ]

                    let found = [ for struct (name, p) in built.named_parameters () -> name, List.ofArray p.shape ]

                    Assert.equal (List.sort expected) (List.sort found))

            testCase "a model keeps to the device it is built for" (fun () ->
                let mutable ran = 0
                let mutable built = 0

                longForAll models (fun model ->
                    match Model.inferred model with
                    | Error _ -> ()
                    | Ok outcome ->
                        built <- built + 1

                        match (if takesOthers model then None else onMeta model) with
                        | Some found ->
                            ran <- ran + 1
                            demandSame outcome.Root (BuiltModels.inferredOutputs outcome.Outputs) found
                        | None -> ())

                report $"{ran} of {built} models ran on the meta device"
                demand $"{ran} of {built} models ran on the meta device" (ran * 10 > built))

            testCase "random models reach what is inferred and what is refused" (fun () ->
                // The same ones at each run: what is reached is no matter of luck.
                let drawn = Gen.sampleWithSeed (Rnd(12UL, 13UL)) 30 300 (Arb.toGen models)
                let fits = drawn |> Seq.filter Model.isInferred |> Seq.length
                demand $"{fits} of 300 are inferred" (fits > 150 && fits < 290))

            testCase "random models reach all that the library has" (fun () ->
                // One that is there after some tries, with the tries that it took.
                let reached (definition: Definition) =
                    [ 1UL .. 60UL ]
                    |> List.tryFindIndex (fun seed ->
                        Gen.sampleWithSeed (Rnd(seed, 13UL)) 30 1 (ofKind definition)
                        |> Seq.exists (kindsIn >> Set.contains definition.Id))

                let missing =
                    [
                        for definition in definitions do
                            match reached definition with
                            | Some tries -> report $"{definition.Id} after {tries} others"
                            | None -> definition.Id
                    ]

                let names = String.Join(", ", missing)
                demand $"every kind of module is in some model, but for {names}" missing.IsEmpty)
        ]
