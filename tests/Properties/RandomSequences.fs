/// Models of tokens, recurrent ones with their states, and what makes one tensor of several.
module internal Deeplay.Properties.RandomSequences

open FsCheck
open FsCheck.FSharp
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open Deeplay.Properties.RandomInputs
open Deeplay.Properties.RandomArguments
open Deeplay.Properties.RandomParts

// --- Tokens -------------------------------------------------------------------------------------------------------

let private embedding: Gen<Model> =
    gen {
        let! dims = Draw.list 1 3 few
        let! count = few
        return! withInputs Embedding.definition [ dims ] [ "num_embeddings", is count ] [ Input.whole count dims ]
    }

// Bags as rows of one length, or by where they begin.
let private bags: Gen<Model> =
    gen {
        let! isByRows = Draw.chance 50
        let! bags = few
        let! length = few
        let! count = few
        let! mode = Gen.elements [ "sum"; "mean"; "max" ]

        let given =
            [
                "num_embeddings", is count
                "mode", Gen.constant (Text mode)
                "include_last_offset", Gen.constant (Bool false)
                // Which is an error for the largest.
                "scale_grad_by_freq", Gen.constant (Bool(mode <> "max"))
                "sparse", Gen.constant (Bool false)
                "padding_idx", Gen.constant Null
                "max_norm", Gen.constant Null
            ]

        let inputs =
            if isByRows then
                [ Input.whole count [ bags; length ] ]
            else
                // The first one begins at 0, as libtorch wants it: all of these do.
                [ Input.whole count [ length ]; Input.whole 1 [ bags ] ]

        return! withInputs EmbeddingBag.definition [ [ bags; length ] ] given inputs
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

// How many states such a layer keeps.
let private statesOf (definition: Definition) = if definition.Id.StartsWith "LSTM" then 2 else 1

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

        return! withStates (statesOf definition) state model
    }

let private cell (definition: Definition) : Gen<Model> =
    gen {
        let! outer = Draw.list 0 1 few
        let! width = few
        let dims = outer @ [ width ]
        let! model = withInputs definition [ dims ] [] [ Input.real dims ]
        return! withStates (statesOf definition) (fun model -> outer @ [ number model "hidden_size" ]) model
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

/// Maxima, and places that are in any output, now and then of another shape.
let private unpooled n (definition: Definition) : Gen<Model> =
    gen {
        let! dims = Gen.listOfLength (n + 2) few
        let! off = off
        let places = List.updateAt 0 (dims[0] + off) dims
        let given = [ "kernel_size", Gen.constant (List [ Int 2L ]); "stride", Gen.constant Null ]
        let given = given @ [ "padding", Gen.constant (List [ Int 0L ]) ]
        let below = List.reduce (*) dims[2..]
        return! withInputs definition [ dims; places ] given [ Input.real dims; Input.whole below places ]
    }

/// Models by the kinds of module that they are of.
let models: Map<string, Gen<Model>> =
    Map.ofList
        [
            Embedding.definition.Id, embedding
            EmbeddingBag.definition.Id, bags
            CausalLanguageModel.definition.Id, languageModel
            RecurrentModel.definition.Id, recurrentModel
            for definition in [ RNN.definition; LSTM.definition; GRU.definition ] do
                definition.Id, recurrent definition
            for definition in [ RNNCell.definition; LSTMCell.definition; GRUCell.definition ] do
                definition.Id, cell definition
            for n, definition in [ 1, MaxUnpool1d.definition; 2, MaxUnpool2d.definition; 3, MaxUnpool3d.definition ] do
                definition.Id, unpooled n definition
            Bilinear.definition.Id, bilinear
            CosineSimilarity.definition.Id, broadcast CosineSimilarity.definition
            PairwiseDistance.definition.Id, broadcast PairwiseDistance.definition
            Add.definition.Id, broadcast Add.definition
            Lambda.definition.Id, broadcast Lambda.definition
            Cat.definition.Id, joined
        ]
