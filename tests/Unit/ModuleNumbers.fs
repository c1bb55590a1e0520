/// Modules that no larger network has inside, against PyTorch (reference/modules.py), and models of other sizes against what
/// was recorded of one of them.
module Deeplay.Tests.ModuleNumbers

open Expecto
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.ReferenceNumbers
open TorchSharp

let private models = Recorded.read "reference" "modules" |> Recorded.items

let private ints numbers = List [ for n in numbers -> Int n ]

/// The models of one kind of which somebody else decides that they are sizes of another, with these arguments.
let private sizesOf (isSize: Definition -> bool) (arguments: (string * Value) list) : ModuleSpec list =
    let models =
        Library.groups
        |> List.pick (function
            | "Models", _, definitions -> Some definitions
            | _ -> None)

    let found = models |> List.filter isSize
    Assert.notEmpty found
    [ for definition in found -> Module.create arguments definition ]

let private perceptrons =
    sizesOf
        (fun definition -> definition.Is MultiLayerPerceptron.definition)
        [ "in_features", Int 4L; "hidden_features", ints [ 5L; 3L ]; "out_features", Int 2L ]

let private recurrent kind =
    Models.recurrentModel 4 [ 5; 3 ]
    |> Module.configure "out_features" 2
    |> Module.configure RecurrentModel.rnnType kind

let private twiceAndOne: NamedFunction =
    { Id = "twice_and_one"; Documentation = "2 x + 1."; Body = fun inputs -> inputs.Head * 2.0 + 1.0 }

let private logged =
    Layers.sequential [ Layers.linear 4 3; Layers.relu; Layers.fromLogs "kept"; Layers.linear 3 2 ]
    |> Module.select "0" (Module.logOutput "kept")

let private squeeze = Module.configure "reduction" 2

// The graph, or the sequence, of each row: three in each, but for the last.
let private groups (x: Tensor) = torch.tensor ([| for i in 0L .. x.size 0 - 1L -> i / 3L |]: int64[])

let private beside (more: Tensor -> Tensor) (network: Network) =
    { network with Inputs = fun input -> [ input; more input ] }

// How many graphs there are stands in no shape.
let private pooled name spec =
    { beside groups (network name spec) with
        Foreseen = fun sizes -> Ranked(Unknown :: [ for size in sizes.Tail -> Known size ])
    }

/// All networks that are compared.
let networks: Network list =
    [
        for spec in perceptrons do
            network "perceptron" spec

        network "recurrent_network" (Components.recurrentNeuralNetwork 4 [ 5 ] 3)
        network "recurrent_model_lstm" (recurrent "LSTM")
        network "recurrent_model_gru" (recurrent "GRU")
        network "recurrent_model_rnn" (recurrent "RNN" |> Module.configure "bidirectional" true)
        network "squeeze_1d" (squeeze (Components.squeezeExcitation1d 6))
        network "squeeze_2d" (squeeze (Components.squeezeExcitation2d 6))
        network "squeeze_3d" (squeeze (Components.squeezeExcitation3d 6))
        network "times" (Components.timestepEmbedding 6)
        pooled "global_mean" Components.globalMeanPool
        pooled "global_add" Components.globalAddPool
        pooled "global_max" Components.globalMaxPool
        network
            "indexed"
            (Module.create
                [
                    IndexedPositionalEmbedding.features => 4
                    IndexedPositionalEmbedding.maxLength => 4
                    IndexedPositionalEmbedding.learnable => true
                ]
                IndexedPositionalEmbedding.definition)
        |> beside groups
        network "combined" (Components.combineLayerActivation (Layers.linear 5 4) Layers.tanh)
        |> beside (fun x -> (wave [ x.size 0; 2L ] 2.0).``to`` torch.float32)
        network "permuted" (Layers.permute [ 1; 2; 0 ])
        network "lambda" (Layers.lambda twiceAndOne)
        network "logged" logged
    ]

[<Tests>]
let tests = torchTests "ModuleNumbers" (ReferenceNumbers.tests models networks)
