namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// Numbers of noise steps as vectors, as a network takes them.
module internal TimestepEmbedding =
    let features =
        Param.int "features"
        |> Param.withCheck "an even positive int" (fun size -> size > 0 && size % 2 = 0)
        |> Param.withDocumentation "The size of a vector: half of it sines, half of it cosines."

    let definition =
        Definition.create "TimestepEmbedding" [ features ] (fun arguments ->
            let size = arguments.Get features

            init {
                return
                    forward (fun t ->
                        let t = t |> Op.toDType DType.Float32 |> Op.unsqueeze -1
                        let exponents = Op.arange 0 size 2 t
                        let angles = t * Op.exp (-(log 10000.0 / float size) * exponents)
                        Op.cat -1 [ Op.sin angles; Op.cos angles ])
            })
        |> Definition.withDocumentation
            "A time as sines and cosines of frequencies from 1 down to nearly 1/10000: first all sines, then all cosines."
        |> Definition.withShapes "(N) → (N, features)"
        |> Definition.withSource "Vaswani et al., 2017, Attention Is All You Need, section 3.5"
        |> Definition.withSource "Deeplay, AttentionUNet, whose user makes this vector"
        |> Definition.withExample [ features => 16 ] [ Example.tensor [ 4 ] ]
