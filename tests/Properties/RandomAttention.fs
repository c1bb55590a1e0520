/// Models of sequences that attend to each other.
module internal Deeplay.Properties.RandomAttention

open FsCheck
open FsCheck.FSharp
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open Deeplay.Properties.RandomInputs
open Deeplay.Properties.RandomArguments
open Deeplay.Properties.RandomParts

/// Queries, and keys that are as many in the batch.
let private twoSequences: Gen<int list * int list * bool> =
    gen {
        let! queries = RandomLayers.sequence
        let! width = few
        let! off = off
        let! isFirst = Draw.chance 50
        let own = queries[if isFirst then 0 else 1]
        // Keys of another batch are told from those of this one where they can't be taken for so many more of it.
        let batch = if own > 1 then own + off else own
        let! length = if batch = own then few else Gen.constant 1
        let keys = if isFirst then [ batch; length; width ] else [ length; batch; width ]
        return queries, keys, isFirst
    }

let private multihead: Gen<Model> =
    gen {
        let! queries, keys, isFirst = twoSequences
        let! isAlone = Draw.chance 40
        let! masks = Gen.frequency [ 3, Gen.constant 0; 1, Gen.choose (1, 2) ]
        let batch, length = if isFirst then keys[0], keys[1] else keys[1], keys[0]
        let queryLength = queries[if isFirst then 1 else 0]

        let masks = List.truncate masks [ Input.truth [ batch; length ]; Input.truth [ queryLength; length ] ]

        let given = [ "batch_first", Gen.constant (Bool isFirst) ]

        if isAlone then
            let! isBatch = Draw.chance 70
            let dims = if isBatch then queries else queries.Tail
            return! withInputs MultiheadAttention.definition [ dims ] given [ Input.real dims ]
        else
            return!
                withInputs
                    MultiheadAttention.definition
                    [ queries; keys; keys ]
                    given
                    ([ Input.real queries; Input.real keys; Input.real keys ] @ masks)
    }

let private crossAttention: Gen<Model> =
    gen {
        let! queries, keys, isFirst = twoSequences
        let given = [ "batch_first", Gen.constant (Bool isFirst) ]

        return!
            withInputs
                MultiheadCrossAttention.definition
                [ queries; keys; keys ]
                given
                [ Input.real queries; Input.real keys; Input.real keys ]
    }

let private selfAttention: Gen<Model> =
    gen {
        let! dims = RandomLayers.sequence
        let! isRagged = Draw.chance 40
        let! isProjected = Draw.chance 40
        let! heads = Gen.choose (1, 2)

        let projection =
            if isProjected then
                let linear = Layers.lazyLinear (2 * heads)

                [
                    "projection", Gen.constant (Value.Module linear)
                    "features", is (2 * heads)
                    "num_heads", is heads
                ]
            else
                []

        // Else whoever holds it calls the projection.
        let whole = [ "ragged", Gen.constant (Bool isRagged); "projects", Gen.constant (Bool true) ]
        let given = whole @ projection
        let vectors = if isRagged then dims.Tail else dims
        let inputs = [ Input.real vectors; if isRagged then Input.whole 2 [ vectors.Head ] ]
        return! withInputs MultiheadSelfAttention.definition [ vectors ] given inputs
    }

let private decoder: Gen<Model> =
    gen {
        let! queries, memory, isFirst = twoSequences
        let! isKnown = Draw.chance 80

        let given =
            [
                "batch_first", Gen.constant (Bool isFirst)
                if isKnown then "memory_features", is (List.last memory)
            ]

        return!
            withInputs TransformerDecoderLayer.definition [ queries ] given [ Input.real queries; Input.real memory ]
    }

// Attention to the memory, and a layer that does not look at it.
let private decoderBlock: Gen<Model> =
    gen {
        let! queries, memory, isFirst = twoSequences

        let attention =
            Module.create
                [
                    "features" => List.last queries
                    "num_heads" => 1
                    "batch_first" => isFirst
                    "kdim" => List.last memory
                    "vdim" => List.last memory
                ]
                MultiheadCrossAttention.definition

        let! layers = Gen.shuffle [| attention; Layers.layerNorm |]

        let made =
            Module.create
                [ "layers" => List.ofArray layers; "names" => [ for i in 1 .. layers.Length -> $"part{i}" ] ]
                TransformerDecoderBlock.definition

        return Model.of' [ Input.real queries; Input.real memory ] made
    }

let private indexed: Gen<Model> =
    gen {
        let! dims = RandomLayers.sequence
        let! off = off
        let dims = dims.Tail

        let inputs = [ Input.real dims; Input.whole 3 [ dims.Head + off ] ]
        // How long the longest sequence is, only the numbers tell.
        return! withInputs IndexedPositionalEmbedding.definition [ dims ] [ "max_length", is 6 ] inputs
    }

/// Models by the kinds of module that they are of.
let models: Map<string, Gen<Model>> =
    Map.ofList
        [
            MultiheadAttention.definition.Id, multihead
            MultiheadCrossAttention.definition.Id, crossAttention
            MultiheadSelfAttention.definition.Id, selfAttention
            TransformerDecoderLayer.definition.Id, decoder
            TransformerDecoderBlock.definition.Id, decoderBlock
            IndexedPositionalEmbedding.definition.Id, indexed
        ]
