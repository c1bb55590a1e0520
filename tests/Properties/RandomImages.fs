/// Models of images that are told more: a time, a context, a class, what an encoder gave.
module internal Deeplay.Properties.RandomImages

open FsCheck
open FsCheck.FSharp
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open Deeplay.Properties.RandomInputs
open Deeplay.Properties.RandomArguments

let private is (number: int) : Gen<Value> = Gen.constant (Int(int64 number))
let private numbers (items: int list) : Gen<Value> = Gen.constant (List [ for item in items -> Int(int64 item) ])
let private few = Gen.choose (1, 3)
let private off: Gen<int> = Gen.frequency [ 20, Gen.constant 0; 1, Gen.constant 1 ]

/// What the parts of a diffusion model share: how large the batch is, the heads, and what is given beside the images.
[<NoComparison; NoEquality>]
type private Beside = { Batch: int; Heads: int; Given: (string * Gen<Value>) list; Inputs: Input list }

// A time where the part takes one, and a context where it is to have one.
let private beside hasTime : Gen<Beside> =
    gen {
        let! batch = few
        let! heads = Gen.choose (1, 2)
        let! time = few
        let! hasContext = Draw.chance 40
        let! length = few
        let! width = few
        let! off = off

        return
            {
                Batch = batch
                Heads = heads
                Given =
                    [
                        "num_attention_heads", numbers [ heads; heads ]
                        "position_embedding_dim", is time
                        "context_embedding_dim", (if hasContext then is width else Gen.constant Unset)
                    ]
                Inputs =
                    [
                        if hasTime then Input.real [ batch; time + off ]
                        if hasContext then Input.real [ batch; length; width ]
                    ]
            }
    }

let private make (definition: Definition) (beside: Beside) (images: int list list) given more : Gen<Model> =
    gen {
        let place = { Dims = images; Spatial = 2; Unit = beside.Heads; Names = [] }
        let! made = spec place (given @ beside.Given) definition
        return Model.of' (List.map Input.real images @ more @ beside.Inputs) made
    }

let private attention: Gen<Model> =
    gen {
        let! beside = beside false
        let! width = few
        let! sides = Gen.listOfLength 2 few
        let channels = width * beside.Heads
        return! make AttentionBlock.definition beside [ beside.Batch :: channels :: sides ] [] []
    }

let private integration: Gen<Model> =
    gen {
        let! beside = beside true
        let! channels = few
        let! sides = Gen.listOfLength 2 (Gen.choose (1, 6))
        return! make FeatureIntegrationModule.definition beside [ beside.Batch :: channels :: sides ] [] []
    }

/// The channels of each level, and whether it has attention.
let private levels heads : Gen<int list * (string * Gen<Value>) list> =
    gen {
        let! widths = Draw.list 1 3 (Gen.map ((*) heads) (Gen.choose (1, 2)))
        let! flags = Gen.listOfLength widths.Length (Gen.elements [ Bool true; Bool false ])
        return widths, [ "channels", numbers widths; "channel_attention", Gen.constant (List flags) ]
    }

let private side = Gen.frequency [ 4, Gen.elements [ 4; 8 ]; 1, Gen.choose (1, 9) ]

let private encoder: Gen<Model> =
    gen {
        let! beside = beside true
        let! channels = few
        let! sides = Gen.listOfLength 2 side
        let! _, given = levels beside.Heads
        return! make UNetEncoder.definition beside [ beside.Batch :: channels :: sides ] given []
    }

let private decoderBlock: Gen<Model> =
    gen {
        let! beside = beside true
        let! channels = few
        let! width = few
        let! sides = Gen.listOfLength 2 few
        let! off = off
        let outputs = width * beside.Heads
        let above = List.map ((*) 2) sides |> List.updateAt 1 (2 * sides[1] + off)

        return!
            make
                UNetDecoderBlock.definition
                beside
                [ beside.Batch :: channels :: sides; beside.Batch :: outputs :: above ]
                [ "out_channels", is outputs ]
                []
    }

let private decoder: Gen<Model> =
    gen {
        let! beside = beside true
        let! widths, given = levels beside.Heads
        let! sides = Gen.listOfLength 2 few
        let depth = widths.Length - 1
        let map level = beside.Batch :: widths[level] :: List.map ((*) (pown 2 (depth - level))) sides
        // What comes from below, then what the levels above it gave.
        let images = map depth :: List.map map [ 0 .. depth - 1 ]
        return! make UNetDecoder.definition beside images given []
    }

let private attentionUNet: Gen<Model> =
    gen {
        let! beside = beside true
        let! channels = few
        let! sides = Gen.listOfLength 2 side
        let! _, given = levels beside.Heads
        let! isTold = Draw.chance 40
        let! classes = few
        let batch = beside.Batch

        // The class comes behind the time.
        let inputs =
            match beside.Inputs with
            | time :: context when isTold -> time :: Input.whole classes [ batch ] :: context
            | inputs -> inputs

        let given = given @ [ "num_classes", (if isTold then is classes else Gen.constant Unset) ]

        return! make AttentionUNet.definition { beside with Inputs = inputs } [ batch :: channels :: sides ] given []
    }

/// A network of a DCGAN, told of the classes.
let private conditioned (definition: Definition) (image: int -> int -> int list) : Gen<Model> =
    gen {
        let! batch = few
        let! channels = few
        let! isTold = Draw.chance 60
        let! classes = few
        let dims = image batch channels
        let! place = placeOf definition [ dims ]

        let given =
            [
                "latent_dim", is channels
                "in_channels", is channels
                "features_dim", is 1
                "num_classes", is classes
                "embedding_dim", is 2
                "class_conditioned_model", Gen.constant (Bool isTold)
            ]

        let! made = spec place given definition
        return Model.of' [ Input.real dims; if isTold then Input.whole classes [ batch ] ] made
    }

/// Models by the kinds of module that they are of.
let models: Map<string, Gen<Model>> =
    Map.ofList
        [
            AttentionBlock.definition.Id, attention
            FeatureIntegrationModule.definition.Id, integration
            UNetEncoder.definition.Id, encoder
            UNetDecoderBlock.definition.Id, decoderBlock
            UNetDecoder.definition.Id, decoder
            AttentionUNet.definition.Id, attentionUNet
            DCGANGenerator.definition.Id,
            conditioned DCGANGenerator.definition (fun batch channels -> [ batch; channels; 1; 1 ])
            DCGANDiscriminator.definition.Id,
            conditioned DCGANDiscriminator.definition (fun batch channels -> [ batch; channels; 64; 64 ])
        ]
