/// Models of sequences, of tokens and of several tensors.
module internal Deeplay.Properties.RandomSequences

open FsCheck
open FsCheck.FSharp
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open Deeplay.Properties.RandomInputs
open Deeplay.Properties.RandomArguments

let private is (number: int) : Gen<Value> = Gen.constant (Int(int64 number))

let private withInputs (definition: Definition) (dims: int list list) given (inputs: Input list) : Gen<Model> =
    gen {
        let! place = placeOf definition dims
        let! made = spec place given definition
        return Model.of' inputs made
    }

// One more, now and then: what does not fit is refused by both.
let private off: Gen<int> = Gen.frequency [ 15, Gen.constant 0; 1, Gen.constant 1 ]
let private few = Gen.choose (1, 4)

// --- Tokens -------------------------------------------------------------------------------------------------------

let private embedding: Gen<Model> =
    gen {
        let! dims = Draw.list 1 3 few
        let! count = few
        return! withInputs Embedding.definition [ dims ] [ "num_embeddings", is count ] [ Input.whole count dims ]
    }

let private languageModel: Gen<Model> =
    gen {
        let! dims = Gen.listOfLength 2 (Gen.choose (1, 6))
        let! count = Gen.choose (2, 6)
        let! heads = Gen.elements [ 1; 2; 4 ]
        let! width = Gen.elements [ 1; 2; 2 ]

        let! norm =
            Gen.elements [ Layers.layerNorm; Module.create [ "normalized_shape" => heads * width ] RMSNorm.definition ]

        let given =
            [
                "vocab_size", is count
                "features", is (heads * width)
                "num_heads", is heads
                "normalization", Gen.constant (Value.Module norm)
            ]

        return! withInputs CausalLanguageModel.definition [ dims @ [ heads ] ] given [ Input.whole count dims ]
    }

let private recurrentModel: Gen<Model> =
    gen {
        let! dims = RandomLayers.sequence
        let! isEmbedded = Draw.chance 40

        if isEmbedded then
            let! count = few
            let embedding = Value.Module(Layers.embedding count (List.last dims))
            let given = [ "embedding", Gen.constant embedding ]
            return! withInputs RecurrentModel.definition [ dims ] given [ Input.whole count dims[..1] ]
        else
            return! withInputs RecurrentModel.definition [ dims ] [] [ Input.real dims ]
    }

// --- Recurrent layers and their states ----------------------------------------------------------------------------

let private read (model: Model) (name: string) otherwise =
    match (Construct.root model.Spec).Definition.Signature.IndexOf name with
    | -1 -> otherwise
    | at -> (Construct.root model.Spec).Values[at]

let private number (model: Model) name =
    match read model name (Int 1L) with
    | Int number -> int number
    | _ -> 1

/// A model with states to begin with, of which a cell or a layer keeps so many, now and then too few or too large.
let private withStates states (shape: Model -> int list) (model: Model) : Gen<Model> =
    gen {
        let! isGiven = Draw.chance 50
        let! off = off
        let! count = Gen.frequency [ 12, Gen.constant states; 1, Gen.constant (3 - states) ]

        if isGiven then
            let state = shape model |> fun dims -> List.updateAt 0 (dims[0] + off) dims
            return { model with Inputs = model.Inputs @ List.replicate count (Input.real state) }
        else
            return model
    }

let private recurrent (definition: Definition) : Gen<Model> =
    gen {
        let! dims = RandomLayers.sequence
        let! isBatch = Draw.chance 80
        let dims = if isBatch then dims else dims.Tail
        let! model = withInputs definition [ dims ] [] [ Input.real dims ]
        let isFirst = read model "batch_first" (Bool false) = Bool true
        let directions = if read model "bidirectional" (Bool false) = Bool true then 2 else 1

        let state model =
            let batch = if not isBatch then [] else [ dims[if isFirst then 0 else 1] ]
            directions * number model "num_layers" :: batch @ [ number model "hidden_size" ]

        return! withStates (RNNBase.states definition) state model
    }

let private cell (definition: Definition) : Gen<Model> =
    gen {
        let! outer = Draw.list 0 1 few
        let! width = few
        let dims = outer @ [ width ]
        let! model = withInputs definition [ dims ] [] [ Input.real dims ]
        let states = if definition.Id.StartsWith "LSTM" then 2 else 1
        return! withStates states (fun model -> outer @ [ number model "hidden_size" ]) model
    }

// --- Attention ----------------------------------------------------------------------------------------------------

/// Queries, and keys that are as many in the batch.
let private twoSequences: Gen<int list * int list * bool> =
    gen {
        let! queries = RandomLayers.sequence
        let! length = few
        let! width = few
        let! off = off
        let! isFirst = Draw.chance 50
        let batch = queries[if isFirst then 0 else 1] + off
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

// --- Several tensors ----------------------------------------------------------------------------------------------

let private bilinear: Gen<Model> =
    gen {
        let! outer = Draw.list 0 2 few
        let! first = few
        let! second = few
        let! off = off
        let others = if outer.IsEmpty then [] else List.updateAt 0 (outer[0] + off) outer
        let dims = [ outer @ [ first ]; others @ [ second ] ]
        return! withInputs Bilinear.definition dims [] (List.map Input.real dims)
    }

/// Tensors that broadcast, now and then some that don't.
let private broadcast (definition: Definition) : Gen<Model> =
    gen {
        let! dims = Draw.list 1 3 few
        let! count = if definition.Signature.Has "inputs" then Gen.choose (1, 4) else Gen.constant 2

        let other =
            dims
            |> List.map (fun size ->
                Gen.frequency [ 12, Gen.constant size; 2, Gen.constant 1; 1, Gen.constant (size + 1) ])
            |> Gen.sequenceToList

        let! others = Gen.listOfLength (count - 1) other
        let all = dims :: others
        return! withInputs definition all [] (List.map Input.real all)
    }

/// Tensors that differ in one dimension.
let private joined: Gen<Model> =
    gen {
        let! dims = Draw.list 1 3 few
        let! dim = Gen.choose (0, dims.Length - 1)
        let! sizes = Draw.list 1 4 few
        let! isBack = Draw.chance 30
        let all = [ for size in sizes -> List.updateAt dim size dims ]
        let given = [ "dim", is (if isBack then dim - dims.Length else dim) ]
        return! withInputs Cat.definition all given (List.map Input.real all)
    }

/// Models by the kinds of module that they are of.
let models: Map<string, Gen<Model>> =
    Map.ofList
        [
            Embedding.definition.Id, embedding
            CausalLanguageModel.definition.Id, languageModel
            RecurrentModel.definition.Id, recurrentModel
            for definition in [ RNN.definition; LSTM.definition; GRU.definition ] do
                definition.Id, recurrent definition
            for definition in [ RNNCell.definition; LSTMCell.definition; GRUCell.definition ] do
                definition.Id, cell definition
            MultiheadAttention.definition.Id, multihead
            MultiheadCrossAttention.definition.Id, crossAttention
            MultiheadSelfAttention.definition.Id, selfAttention
            TransformerDecoderLayer.definition.Id, decoder
            TransformerDecoderBlock.definition.Id, decoderBlock
            IndexedPositionalEmbedding.definition.Id, indexed
            Bilinear.definition.Id, bilinear
            CosineSimilarity.definition.Id, broadcast CosineSimilarity.definition
            Add.definition.Id, broadcast Add.definition
            Lambda.definition.Id, broadcast Lambda.definition
            Cat.definition.Id, joined
        ]
