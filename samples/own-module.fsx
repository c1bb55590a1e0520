// Run with: dotnet fsi samples/own-module.fsx (after ./build.sh build)
#load "deeplay.fsx"

open Deeplay.Core
open Deeplay.FSharp

// An author writes what is needed once; users configure what the author never thought of.
let features = Param.int "features"
let dropout = Param.float "dropout" |> Param.withDefault 0.1

let gated =
    Definition.create "GatedBlock" [ features; dropout ] (fun args ->
        init {
            let! value = child "value" (Layers.linear (args.Get features) (args.Get features))
            let! gate = child "gate" (Layers.linear (args.Get features) (args.Get features))
            let! drop = child "dropout" (Layers.dropout (args.Get dropout))
            do! configure gate "bias" false // derived: a user still overrides it
            return forward (fun x -> call drop (call value x * Op.sigmoid (call gate x)))
        })

gated
|> Module.create [ features => 32 ]
|> Module.select "gate" (Module.configure "bias" true)
|> Module.explain "gate" "bias"
|> printfn "%O"
