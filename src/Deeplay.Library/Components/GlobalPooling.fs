namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// What a graph of a batch is, of its nodes: of (nodes, features) and the number of each node's graph one row for each graph.
module private GlobalPooling =
    let private counts batch = Op.bincount 0 batch
    let private zeros x batch = Op.newZeros [ Op.size 0 (counts batch); Op.size 1 x ] x
    let add x batch = Op.indexAdd 0 (zeros x batch) batch x

    let mean x batch = add x batch / Op.clampMin 1.0 (Op.unsqueeze 1 (counts batch))

    let max x batch =
        let places = batch |> Op.unsqueeze 1 |> Op.expand [ Op.size 0 x; Op.size 1 x ]
        Op.scatterReduce 0 "amax" false (zeros x batch) places x

    let create id forward documentation =
        Definition.create id [] (fun _ ->
            init { return forwardOf [ "x"; "batch" ] (fun inputs -> forward inputs[0] inputs[1]) })
        |> Definition.withDocumentation documentation
        |> Definition.withShapes "x (nodes, features), batch (nodes) whole numbers → (graphs, features)"
        |> Definition.withSource $"torch_geometric, {id}"
        |> Definition.withExample [] [ Example.tensor [ 4; 3 ]; Example.whole 1 [ 4 ] ]

module internal GlobalMeanPool =
    let definition =
        GlobalPooling.create "GlobalMeanPool" GlobalPooling.mean "The mean over the nodes of each graph of a batch."

module internal GlobalAddPool =
    let definition =
        GlobalPooling.create "GlobalAddPool" GlobalPooling.add "The sum over the nodes of each graph of a batch."

module internal GlobalMaxPool =
    let definition =
        GlobalPooling.create "GlobalMaxPool" GlobalPooling.max "The largest over the nodes of each graph of a batch."
