namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// A layer with a way past it: half of a transformer's layer.
module internal LayerDropoutSkipNormalization =
    let layer =
        Param.spec "layer"
        |> Param.withDocumentation "The layer. What it takes beside its first input are further inputs of this block."

    let dropout = Key.optionalSpec "dropout" "The dropout; none where null."

    let skip =
        Param.spec "skip"
        |> Param.withDefault (Spec.create Add.definition Map.empty)
        |> Param.withDocumentation
            "What makes one tensor of what has come of the input, and of the input; their sum by default."

    let normalization = Key.optionalSpec "normalization" "The normalization; none where null."
    let order = SequentialBlock.order

    let private children (arguments: Arguments) =
        ("layer", arguments.Get layer) :: LayerBlock.given "dropout" (arguments.Get dropout)
        @ [ "skip", arguments.Get skip ]
        @ LayerBlock.given "normalization" (arguments.Get normalization)

    // A projection to another width comes before everything: the way past the layer needs it as much as the layer.
    let private projection (builder: Builder) =
        let node = builder.Observe(Tag.ofNames [ "layer" ])

        let isLeft =
            node.Definition.Is MultiheadSelfAttention.definition
            && not (node.Arguments.Get MultiheadSelfAttention.projects)
            && Tree.children node.Tag node |> Seq.exists (fun (tag, _, _) -> tag.Name = "projection")

        if isLeft then call (at "layer.projection") else id

    let private graph (builder: Builder) =
        let hasLayer = builder.Has "layer"
        let inputs = if hasLayer then builder.InputsOf(Tag.ofNames [ "layer" ]) else [ "input" ]
        let project = if hasLayer then projection builder else id

        Graph.trace ("input" :: inputs.Tail) (fun inputs ->
            let input = project inputs.Head

            let run (child: Handle) x =
                match child.Target.Name with
                | "layer" -> callOn child (x :: inputs.Tail)
                | "skip" -> callOn child [ x; input ]
                | _ -> call child x

            [ "", SequentialBlock.through run builder input ])

    let private kind =
        {
            Normalization = fun _ -> Spec.create LayerNorm.definition Map.empty
            Shortcut = fun _ -> Spec.create Identity.definition Map.empty
        }

    let definition =
        Definition.create
            "LayerDropoutSkipNormalization"
            [ layer; dropout; skip; normalization; order ]
            (SequentialBlock.runWith graph children)
        |> Definition.withDocumentation
            "A layer, a dropout, the input added to what they make of it, and a normalization, in this order or another."
        |> SequentialBlock.withEdits kind
        |> Definition.withBase SequentialBlock.definition
        |> Definition.withShapes "what the layer takes → what it gives"
        |> Definition.withSource "Deeplay, LayerDropoutSkipNormalization"
        |> Definition.withExample
            [ layer => Samples.linear 8 8; normalization => Some(Samples.layerNorm 8) ]
            [ Example.tensor [ 2; 8 ] ]
