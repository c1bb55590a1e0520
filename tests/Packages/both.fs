open Deeplay.FSharp

// What one face makes, the other reads.
let written = Components.multiLayerPerceptron 2 [ 8 ] 2 |> Module.toJson
printfn $"same: {Deeplay.ModuleSpec.FromJson(written).ToJson() = written}"
