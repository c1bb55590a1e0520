namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// Several tensors made one, a layer and an activation: what the two learned parts of message passing are.
module internal CombineLayerActivation =
    let layer = Param.spec "layer" |> Param.withDocumentation "The layer."
    let activation = Param.spec "activation" |> Param.withDocumentation "The activation."

    let combineOf inputs =
        Param.spec "combine"
        |> Param.withDefault (Spec.create Cat.definition (Map.ofList [ Cat.inputs => inputs ]))
        |> Param.withDocumentation "What makes one tensor of the inputs; by default they are joined along the features."

    let combine = combineOf 2

    /// One whose inputs have these names, of which `select` makes those that are combined.
    let create id combine (inputs: Builder -> string list) (select: Sym list -> Sym list) : Definition =
        Definition.create id [ layer; activation; combine ] (fun arguments ->
            init {
                let! combine = child "combine" (arguments.Get combine)
                let! layer = child "layer" (arguments.Get layer)
                let! activation = child "activation" (arguments.Get activation)

                return
                    Forward(fun builder ->
                        Graph.trace (inputs builder) (fun given ->
                            [ "", select given |> callOn combine |> call layer |> call activation ]))
            })
        |> Definition.withSource $"Deeplay, {id}"

    let definition =
        create "CombineLayerActivation" combine (fun builder -> builder.InputsOf(Tag.ofNames [ "combine" ])) id
        |> Definition.withDocumentation "Makes one tensor of several, and runs a layer and an activation on it."
        |> Definition.withShapes "what is combined → what the layer gives"
        |> Definition.withExample
            [ layer => Samples.linear 8 4; activation => Samples.relu ]
            [ Example.tensor [ 2; 3 ]; Example.tensor [ 2; 5 ] ]

/// What each edge carries, of the nodes at its ends and what it carried before.
module internal Transform =
    let combine = CombineLayerActivation.combineOf 3
    let layer = CombineLayerActivation.layer
    let activation = CombineLayerActivation.activation

    let definition =
        CombineLayerActivation.create "Transform" combine (fun _ -> [ "x"; "edge_index"; "edge_attr" ]) (fun given ->
            let x, edgeIndex, edgeAttr = given[0], given[1], given[2]
            let at place = Op.indexSelect 0 x (Op.select 0 place edgeIndex)
            [ at 0; at 1; edgeAttr ])
        |> Definition.withDocumentation
            "Message passing, what each edge carries: of the nodes where it starts and ends, and of what it carried."
        |> Definition.withBase CombineLayerActivation.definition
        |> Definition.withShapes
            "x (nodes, features), edge_index (2, edges), edge_attr (edges, edge features) → (edges, out_features)"
        |> Definition.withExample
            [ layer => Samples.linear 8 4; activation => Samples.relu ]
            [ Example.tensor [ 4; 3 ]; Example.whole 4 [ 2; 6 ]; Example.tensor [ 6; 2 ] ]

/// What each node becomes, of what it was and what reached it.
module internal Update =
    let combine = CombineLayerActivation.combine
    let layer = CombineLayerActivation.layer
    let activation = CombineLayerActivation.activation

    let definition =
        CombineLayerActivation.create "Update" combine (fun _ -> [ "x"; "aggregate" ]) id
        |> Definition.withDocumentation
            "Message passing, what each node becomes: of what it was, and of what reached it."
        |> Definition.withBase CombineLayerActivation.definition
        |> Definition.withShapes "x (nodes, features), aggregate (nodes, aggregated) → (nodes, out_features)"
        |> Definition.withExample
            [ layer => Samples.linear 8 4; activation => Samples.relu ]
            [ Example.tensor [ 4; 3 ]; Example.tensor [ 4; 5 ] ]

/// One layer of a graph network.
module internal TransformPropagateUpdate =
    let transform =
        Param.spec "transform"
        |> Param.withDocumentation "What transforms nodes, or makes what edges carry."

    let propagate = Param.spec "propagate" |> Param.withDocumentation "What each node gets along the edges."
    let update = Param.spec "update" |> Param.withDocumentation "What each node becomes."
    let order = SequentialBlock.order

    let private children (arguments: Arguments) =
        [
            "transform", arguments.Get transform
            "propagate", arguments.Get propagate
            "update", arguments.Get update
        ]

    let definition =
        Definition.create
            "TransformPropagateUpdate"
            [ transform; propagate; update; order ]
            (SequentialBlock.run children)
        |> Definition.withDocumentation
            "A layer of a graph network: three modules one after another, which take and give named tensors by their maps."
        |> Definition.withBase SequentialBlock.definition
        |> Definition.withShapes "named tensors of a graph → the same, some of them changed"
        |> Definition.withSource "Deeplay, TransformPropagateUpdate"
        |> Definition.withExample
            [ transform => Samples.linear 3 8; propagate => Samples.identity; update => Samples.relu ]
            [ Example.tensor [ 4; 3 ] ]
