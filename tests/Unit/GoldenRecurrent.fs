/// The recurrent networks of the golden files, by their keys.
module Deeplay.Tests.GoldenRecurrent

open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library

let private network = Components.recurrentNeuralNetwork
let private model = Models.recurrentModel 8 [ 32; 32 ] |> Module.configure "out_features" 4

let specs: (string * ModuleSpec) list =
    [
        "rnn_default", network 2 [ 4 ] 3
        "rnn_bidirectional", network 2 [ 4 ] 3 |> Block.bidirectional ()
        "rnn_no_hidden", network 2 [] 3 |> Module.configure RecurrentNeuralNetwork.batchFirst true
        "recurrentmodel_lstm", model
        "recurrentmodel_rnn", model |> Module.configure "rnn_type" "RNN"
        "recurrentmodel_seq", model |> Module.configure "return_sequence" true
        "recurrentmodel_bidir_dropout", model |> Module.configure "bidirectional" true |> Module.configure "dropout" 0.2
    ]
