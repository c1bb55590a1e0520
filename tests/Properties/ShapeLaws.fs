/// Law 12: inferred shapes equal the shapes that torch computes.
module Deeplay.Properties.ShapeLaws

open System
open FsCheck.FSharp
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open Deeplay.Properties.Law
open Deeplay.Properties.RandomModels

let private options inputs = { Build.defaults with Device = "cpu"; Inputs = inputs }

let private inferred (model: Model) = Construct.tree model.Spec |> Result.bind (Infer.run [ Shape.known model.Input ])

/// What torch gives for an input of this shape.
let private computed (model: Model) =
    use _scope = torch.NewDisposeScope()
    use _noGrad = torch.no_grad ()
    use built = Build.run (options [ model.Input ]) model.Spec
    built.eval ()

    use x = torch.rand (Array.ofList model.Input)

    use y = (built :?> torch.nn.Module<torch.Tensor, torch.Tensor>).call x

    List.ofArray y.shape

// The meta device computes shapes alone, and lets nothing be mixed with what is on another device.
let private meta = Device.parse "meta"

// How libtorch, old and new, says that it has an operator for real devices only.
let private noMetaKernel = [ "'Meta' backend"; "Meta kernel"; "not implemented" ]

// What the normalizations refuse in training, where they would see one value.
let private isRefusedInTraining error =
    match error with
    | WrongShape(_, _, expected, _) -> expected.Contains "while training"
    | _ -> false

/// The shape that the model gives on the meta device, in training; None where this libtorch has an operator for real
/// devices only, or where it can't train on such an input.
let private onMeta (model: Model) =
    use _scope = torch.NewDisposeScope()

    use built = Build.run { options [ model.Input ] with Device = "meta" } model.Spec

    for struct (name, p) in built.named_parameters () do
        demand $"{name} is where the model is built" (p.device_type = DeviceType.META)

    for struct (name, b) in built.named_buffers () do
        demand $"{name} is where the model is built" (b.device_type = DeviceType.META)

    use x = torch.empty (Array.ofList model.Input, device = meta)

    try
        use y = (built :?> torch.nn.Module<torch.Tensor, torch.Tensor>).call x
        demand "the output is where the model is" (y.device_type = DeviceType.META)
        Some(List.ofArray y.shape)
    with
    | :? DeeplayException as failure when List.forall isRefusedInTraining failure.All -> None
    | error when noMetaKernel |> List.exists error.Message.Contains -> None

[<Tests>]
let tests =
    torchTests
        "ShapeLaws"
        [
            law "inferred shapes are those that torch computes" models (fun model ->
                match inferred model with
                | Ok outcome ->
                    match outcome.Outputs with
                    | [ Tensor shape ] -> Assert.equal (Some(computed model)) (Shape.tryKnown shape)
                    | other -> fail $"one tensor, not {other}"
                | Error errors ->
                    // It can't be built for such an input either.
                    match Fail.catch (fun () -> computed model) with
                    | Error found -> Assert.equal errors found
                    | Ok shape -> fail $"torch computes {shape} in spite of {Error.describeAll errors}")

            law "the weights that definitions name are those that are built" models (fun model ->
                match inferred model with
                | Error _ -> ()
                | Ok outcome ->
                    use built = Build.run (options [ model.Input ]) model.Spec

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

                forAll models (fun model ->
                    match inferred model with
                    | Error _ -> ()
                    | Ok outcome ->
                        built <- built + 1

                        match onMeta model, outcome.Outputs with
                        | Some found, [ Tensor shape ] ->
                            ran <- ran + 1
                            Assert.equal (Some found) (Shape.tryKnown shape)
                        | _ -> ())

                report $"{ran} of {built} models ran on the meta device"
                demand $"{ran} of {built} models ran on the meta device" (ran * 10 > built))

            testCase "the random models reach what is inferred and what is refused" (fun () ->
                let all = Gen.sample 300 (Arb.toGen models)
                let fits = all |> Seq.filter (inferred >> Result.isOk) |> Seq.length
                demand $"{fits} of 300 are inferred" (fits > 120 && fits < 295)

                for kind in
                    [
                        "Linear"
                        "LinearBlock"
                        "MultiLayerPerceptron"
                        "BatchNorm1d"
                        "LayerNorm"
                        "Conv2d"
                        "MaxPool2d"
                        "Dropout"
                    ] do
                    let reached =
                        all
                        |> Seq.filter (fun model ->
                            match inferred model with
                            | Ok outcome ->
                                Tree.walk outcome.Root |> Seq.exists (fun (_, node, _) -> node.Definition.Id = kind)
                            | Error _ -> false)
                        |> Seq.length

                    demand $"{kind} in {reached} of 300" (reached >= 3))
        ]
