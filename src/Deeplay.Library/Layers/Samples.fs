namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// Small modules that examples of larger ones are made of.
module internal Samples =
    let private spec (definition: Definition) arguments = Spec.create definition (Map.ofList arguments)
    let linear input output = spec Linear.definition [ Linear.inFeatures => input; Linear.outFeatures => output ]
    let relu = spec ReLU.definition []
    let sigmoid = spec Sigmoid.definition []
    let identity = spec Identity.definition []
    let layerNorm size = spec LayerNorm.definition [ LayerNorm.normalizedShape => [ size ] ]

    /// Four nodes and six edges.
    let graph =
        [
            Example.named "x" (Example.tensor [ 4; 3 ])
            Example.named "edge_index" (Example.whole 4 [ 2; 6 ])
            Example.named "edge_attr" (Example.tensor [ 6; 2 ])
        ]
