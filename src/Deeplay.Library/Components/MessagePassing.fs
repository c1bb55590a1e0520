namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// What named tensors modules of a graph network take and give.
module private GraphMaps =
    let from path (keys: string list) : Init<unit> =
        fun builder -> builder.Change(Tag.parse path, Verbs.mapInputs [ for key in keys -> "", key ], false)

    let into path (keys: string list) : Init<unit> =
        fun builder -> builder.Change(Tag.parse path, Verbs.mapOutputs (keys |> List.mapi (fun i key -> key, i)), false)

    let maps path inputs outputs : Init<unit> =
        init {
            do! from path inputs
            do! into path outputs
        }

/// Networks in which nodes send messages along the edges.
module private MessagePassing =
    let hiddenFeatures = BlockChain.hidden "hidden_features" "The number of features of each hidden block."
    let outFeatures = Key.positive "out_features" "The number of features of the last block, of nodes and edges."
    let outActivation = BlockChain.outActivation

    let propagate =
        Param.spec "propagate"
        |> Param.withDefault (Spec.create Sum.definition Map.empty)
        |> Param.withDocumentation
            "What makes of what the edges carry what each node gets, a sum by default. One with a fourth input takes edge_weight by it."

    let embedder =
        Key.optionalSpec
            "embedder"
            "What makes edge_weight of distance before the first block, such as a LearnableDistanceWeighting; none where null."

    let private spec (definition: Definition) arguments = Spec.create definition (Map.ofList arguments)

    let private block (arguments: Arguments) width activation =
        let linear () = spec Linear.definition [ Linear.outFeatures.Name, width ]

        spec
            TransformPropagateUpdate.definition
            [
                TransformPropagateUpdate.transform
                => spec Transform.definition [ Transform.layer => linear (); Transform.activation => activation ]
                TransformPropagateUpdate.propagate => arguments.Get propagate
                TransformPropagateUpdate.update
                => spec Update.definition [ Update.layer => linear (); Update.activation => activation ]
            ]

    // Which named tensors the three parts of a block take and give; those that the user took away none. `inputs` are those of its
    // `propagate`, where it is there.
    let private connect (path: string) (inputs: string list option) : Init<unit> =
        init {
            do! GraphMaps.maps $"{path}.transform" [ "x"; "edge_index"; "edge_attr" ] [ "edge_attr" ]
            let weight = if List.length (Option.defaultValue [] inputs) > 3 then [ "edge_weight" ] else []
            do! GraphMaps.maps $"{path}.propagate" ([ "x"; "edge_index"; "edge_attr" ] @ weight) [ "aggregate" ]
            do! GraphMaps.maps $"{path}.update" [ "x"; "aggregate" ] [ "x" ]
        }

    /// Blocks, each of which `wrap` may put into another module, where it is at `within`.
    let body
        (wrap: ModuleSpec -> ModuleSpec)
        (within: string)
        (connectMore: string -> Init<unit>)
        (arguments: Arguments)
        =
        let identity = Spec.create Identity.definition Map.empty
        let last = arguments.Get outActivation |> Option.defaultValue identity
        let relu = Spec.create ReLU.definition Map.empty
        let hidden = arguments.Get hiddenFeatures |> List.map (int64 >> Int)

        let blocks =
            [ for width in hidden -> block arguments width relu ]
            @ [ block arguments arguments[outFeatures.Name] last ]
            |> List.map wrap

        let before = arguments.Get embedder |> Option.toList
        let layers = before @ blocks |> List.map Module
        let list = spec LayerList.definition [ LayerList.layers.Name, List layers ]

        init {
            let! list = child "blocks" list
            let paths = [ for i in before.Length .. layers.Length - 1 -> $"blocks.{string i}" ]

            // All at once, before anything is said about the blocks: they are constructed for it.
            let! inputs =
                fun builder -> [ for path in paths -> builder.TryInputsOf(Tag.parse $"{path}{within}.propagate") ]

            if not before.IsEmpty then do! GraphMaps.maps "blocks.0" [ "distance" ] [ "edge_weight" ]

            for path, inputs in List.zip paths inputs do
                do! connect $"{path}{within}" inputs
                do! connectMore path

            return forward (chain list)
        }

    let parameters: Param list = [ hiddenFeatures; outFeatures; outActivation; propagate; embedder ]

    let shapes =
        "named tensors x (nodes, features), edge_index (2, edges), edge_attr (edges, edge features) → the same, x (nodes, out_features) and edge_attr (edges, out_features)"

module internal MessagePassingNeuralNetwork =
    let hiddenFeatures = MessagePassing.hiddenFeatures
    let outFeatures = MessagePassing.outFeatures
    let outActivation = MessagePassing.outActivation
    let propagate = MessagePassing.propagate
    let embedder = MessagePassing.embedder

    let definition =
        Definition.create
            "MessagePassingNeuralNetwork"
            MessagePassing.parameters
            (MessagePassing.body id "" (fun _ -> init { return () }))
        |> Definition.withDocumentation
            "Message passing over a graph: in each block edges learn of the nodes at their ends, and nodes of the edges that end in them."
        |> Definition.withShapes MessagePassing.shapes
        |> Definition.withSource "Gilmer et al., 2017, Neural Message Passing for Quantum Chemistry"
        |> Definition.withSource "Deeplay, MessagePassingNeuralNetwork"
        |> Definition.withExample [ hiddenFeatures => [ 8 ]; outFeatures => 4 ] Samples.graph

module internal ResidualMessagePassingNeuralNetwork =
    let hiddenFeatures = MessagePassing.hiddenFeatures
    let outFeatures = MessagePassing.outFeatures
    let outActivation = MessagePassing.outActivation
    let propagate = MessagePassing.propagate
    let embedder = MessagePassing.embedder
    let private keys = [ "x"; "edge_attr" ]

    let private skip block =
        Spec.create LayerSkip.definition (Map.ofList [ LayerSkip.layer => block; LayerSkip.keys => Some keys ])

    let definition =
        Definition.create
            "ResidualMessagePassingNeuralNetwork"
            MessagePassing.parameters
            (MessagePassing.body skip ".layer" (fun path -> GraphMaps.into path keys))
        |> Definition.withDocumentation
            "Message passing over a graph, where each block adds what it gives to what nodes and edges were: all are as wide."
        |> Definition.withShapes MessagePassing.shapes
        |> Definition.withSource "Deeplay, ResidualMessagePassingNeuralNetwork"
        |> Definition.withExample
            [ hiddenFeatures => [ 8 ]; outFeatures => 8 ]
            [
                Example.named "x" (Example.tensor [ 4; 8 ])
                Example.named "edge_index" (Example.whole 4 [ 2; 6 ])
                Example.named "edge_attr" (Example.tensor [ 6; 8 ])
            ]
