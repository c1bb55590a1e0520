/// The modules of reference/own.py, as an author writes them here.
module Deeplay.Tests.OwnModules

open Deeplay.Core
open Deeplay.FSharp

let dim = Param.int "dim"
let length = Param.int "length"
let heads = Param.int "heads"

let rmsNorm =
    Definition.create "OwnRMSNorm" [ dim ] (fun a ->
        init {
            let! weight = parameter "weight" [ a.Get dim ] Initial.ones
            return forward (fun x -> x * Op.rsqrt (Op.meanKeep [ -1 ] (Op.square x) + 1e-6) * weight)
        })

let tokens =
    Definition.create "Tokens" [ dim; length ] (fun a ->
        init {
            let! cls = parameter "cls_token" [ 1; 1; a.Get dim ] Initial.zeros
            let! positions = parameter "pos_embedding" [ 1; a.Get length + 1; a.Get dim ] (Initial.normal 0.0 0.02)
            let! proj = child "proj" (Layers.linear (a.Get dim) (a.Get dim))

            return
                forward (fun x ->
                    let cls = cls |> Op.expand [ Op.size 0 x; Op.int -1; Op.int -1 ]
                    let all = Op.cat 1 [ cls; call proj x ]
                    all + Op.narrow 1 0 (Op.size 1 x + 1) positions)
        })

let attention =
    Definition.create "CausalSelfAttention" [ dim; heads ] (fun a ->
        init {
            let width = a.Get dim / a.Get heads
            let! qkv = child "qkv" (Layers.linear (a.Get dim) (3 * a.Get dim))
            let! proj = child "proj" (Layers.linear (a.Get dim) (a.Get dim))

            return
                forward (fun x ->
                    let batch, length = Op.size 0 x, Op.size 1 x

                    let parts =
                        call qkv x
                        |> Op.split (List.replicate 3 (a.Get dim)) -1
                        |> List.map (Op.unflatten -1 [ a.Get heads; width ] >> Op.transpose 1 2)

                    let scores = Op.matmul parts[0] (Op.transpose -2 -1 parts[1]) / sqrt (float width)
                    let mask = x |> Op.newOnes [ length; length ] |> Op.tril 0 |> Op.logicalNot
                    let weights = Op.maskedFill scores mask -infinity |> Op.softmax -1

                    Op.matmul weights parts[2]
                    |> Op.transpose 1 2
                    |> Op.reshape [ batch; length; Op.int (a.Get dim) ]
                    |> call proj)
        })

let centered =
    Definition.create "Centered" [ dim ] (fun a ->
        init {
            let! running = buffer "running_mean" [ a.Get dim ] Initial.zeros
            let! steps = bufferOf DType.Int64 true "steps" [] Initial.zeros

            return
                forward (fun x ->
                    let mean = Op.mean [ 0 ] x
                    Op.update running (0.9 * running + 0.1 * mean)
                    Op.update steps (Op.toDType DType.Int64 (steps + 1.0))
                    x - Op.byMode mean running)
        })

/// By their names in the reference, with its arguments.
let spec name : ModuleSpec =
    match name with
    | "RMSNorm" -> Module.create [ dim => 4 ] rmsNorm
    | "Tokens" -> Module.create [ dim => 4; length => 5 ] tokens
    | "CausalSelfAttention" -> Module.create [ dim => 4; heads => 2 ] attention
    | _ -> Module.create [ dim => 3 ] centered
