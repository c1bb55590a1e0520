namespace Deeplay.Library

open System
open Deeplay.Core
open Deeplay.FSharp

/// Finding objects without labels: what is found must move with the image.
module internal LodeSTAR =
    let model =
        Key.optionalSpec
            "model"
            "What finds objects, (N, C, H, W) → (N, num_outputs + 1, H', W'); null for a convolutional network of ten layers with a pool in front of the third."

    let numOutputs =
        Param.int "num_outputs"
        |> Param.atLeast 2
        |> Param.withDefault 2
        |> Param.withDocumentation
            "How many numbers are predicted of an object: its row, its column, and what else there is."

    let nTransforms =
        Param.int "n_transforms"
        |> Param.atLeast 2
        |> Param.withDefault 2
        |> Param.withDocumentation "How many transformed copies of an image are to agree."

    let translation = Key.notNegative "translation" 2.0 "By how many pixels a copy is moved at most, each way."
    let rotation = Key.notNegative "rotation" Math.PI "By what angle a copy is turned at most, each way, in radians."
    let flips = Key.flag "flips" false "Whether copies are mirrored, each way at random."

    let private disagreement name documentation =
        Param.spec name
        |> Param.withDefault (Spec.create Losses.l1Definition Map.empty)
        |> Param.withDocumentation documentation

    let betweenLoss =
        disagreement "between_loss" "Compares what copies of an image say, turned back, with their mean."

    let withinLoss =
        disagreement
            "within_loss"
            "Compares what the places of an image say, less their mean and times their weights, with zero."

    let betweenLossWeight = Key.notNegative "between_loss_weight" 1.0 "What between_loss is multiplied by."
    let withinLossWeight = Key.notNegative "within_loss_weight" 10.0 "What within_loss is multiplied by."

    // Of ten layers, as in Deeplay, where it is nine hidden ones.
    let private network (arguments: Arguments) =
        let hidden = List [ for channels in [ 32L; 32L; 64L; 64L; 64L; 64L; 64L; 64L; 64L ] -> Int channels ]

        let channels = [ "hidden_channels", hidden; "out_channels", Int(int64 (arguments.Get numOutputs + 1)) ]

        Spec.create (ConvolutionalNetworks.network 2).definition (Map.ofList channels)

    // The place of each output in the image along a dimension, in pixels.
    let private places dim (image: Sym) (outputs: Sym) : Sym =
        let toNumbers = Op.toDType DType.Float32
        let number (size: SymInt) = outputs |> Op.arange size (size + Op.int 1) 1 |> toNumbers
        let count = Op.size dim outputs
        (outputs |> Op.arange 0 count 1 |> toNumbers) * number (Op.size dim image) / number count

    let private positions (count: int) (image: Sym) (outputs: Sym) : Sym =
        let row = Op.narrow 1 0 1 outputs + Op.unsqueeze 1 (places 2 image outputs)
        let column = Op.narrow 1 1 1 outputs + places 3 image outputs

        Op.cat
            1
            [
                row
                column
                if count > 2 then Op.narrow 1 2 (count - 2) outputs
                Op.sigmoid (Op.narrow 1 count 1 outputs)
            ]

    let definition =
        Definition.create
            "LodeSTAR"
            [
                model
                numOutputs
                nTransforms
                translation
                rotation
                flips
                betweenLoss
                withinLoss
                betweenLossWeight
                withinLossWeight
                Applications.optimizer
                Applications.lrScheduler
            ]
            (fun a ->
                init {
                    let! _ = child "between_loss" (a.Get betweenLoss)
                    let! _ = child "within_loss" (a.Get withinLoss)
                    let! _ = child "optimizer" (a.Get Applications.optimizer)

                    match a.Get Applications.lrScheduler with
                    | Some schedule ->
                        let! _ = child "lr_scheduler" schedule
                        ()
                    | None -> ()

                    let! found = child "model" (a.Get model |> Option.defaultWith (fun () -> network a))

                    if (a.Get model).IsNone then
                        do! act (found / "blocks" / "2") (convolutionBlock 2).definition.Methods["pooled"] []

                    return forward (fun image -> positions (a.Get numOutputs) image (call found image))
                })
        |> Definition.withBase Applications.trainable
        |> Definition.withDocumentation
            "Learns from images of one object each, without labels, where objects are: each place of an image says where the object is and how much it counts, and moved, turned or mirrored copies of an image must agree. `Detection` finds objects by it in images of any size."
        |> Definition.withShapes
            "images (N, C, H, W) → (N, num_outputs + 1, H', W'): for each place a row and a column in pixels, counted from 0, what else there is, and a weight from 0 to 1"
        |> Definition.withSource "Midtvedt et al., 2022, Single-shot self-supervised object detection in microscopy"
        |> Definition.withSource "Deeplay, LodeSTAR"
        |> Definition.withExample [] [ Example.tensor [ 2; 1; 32; 32 ] ]
