/// Modules of one tensor: what fits an input, and inputs that fit a module.
module internal Deeplay.Properties.RandomLayers

open FsCheck
open FsCheck.FSharp
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open Deeplay.Properties.RandomInputs
open Deeplay.Properties.RandomArguments

type private Given = (string * Gen<Value>) list

let private is (number: int) : Gen<Value> = Gen.constant (Int(int64 number))
let private flag value : Gen<Value> = Gen.constant (Bool value)
let private numbers (items: int list) : Gen<Value> = Gen.constant (List [ for item in items -> Int(int64 item) ])

// --- Arguments that depend on each other --------------------------------------------------------------------------

let private upsample (dims: int list) : Gen<Given> =
    let n = max 1 (dims.Length - 2)
    let smooth = List.tryItem (n - 1) [ "linear"; "bilinear"; "trilinear" ] |> Option.toList
    let cubic = if n = 2 then [ "bicubic" ] else []

    gen {
        let! mode = Gen.elements ([ "nearest"; "nearest-exact" ] @ smooth @ cubic)
        let! factor = Gen.elements [ Float 2.0; Float 1.5; Float 0.5; List(List.replicate n (Float 2.0)) ]
        let! sizes = Gen.listOfLength n (Gen.choose (1, 6))
        let! isBySize = Draw.chance 40

        return
            [
                "mode", Gen.constant (Text mode)
                "size", (if isBySize then numbers sizes else Gen.constant Unset)
                "scale_factor", Gen.constant (if isBySize then Unset else factor)
                if mode.StartsWith "nearest" then "align_corners", Gen.constant Unset
                if isBySize then "recompute_scale_factor", Gen.constant Unset
            ]
    }

let private unflatten (dims: int list) : Gen<Given> =
    gen {
        let! at = Gen.choose (0, dims.Length - 1)
        let! first = Draw.divisor dims[at]
        let! last = Gen.elements [ dims[at] / first; -1; -1; first + 1 ]
        return [ "dim", is at; "unflattened_size", numbers [ first; last ] ]
    }

let private standardize (dims: int list) : Gen<Given> =
    gen {
        let! at = Gen.choose (-1, dims.Length - 1)
        let count = if at = -1 then List.last dims else dims[at]
        let numbers = Gen.listOfLength count (Gen.elements [ Float 0.5; Float 2.0 ]) |> Gen.map List
        return [ "dim", is at; "mean", numbers; "std", numbers ]
    }

let private perceptron (dims: int list) : Gen<Given> =
    gen {
        let! isFlat = Draw.chance 70
        let width = if isFlat then List.fold (*) 1 dims.Tail else List.last dims
        let! known = Draw.chance 60

        return
            [
                "flatten_input", flag isFlat
                "in_features", (if known && width > 0 then is width else Gen.constant Unset)
            ]
    }

/// Channels and depths of stages, the channels multiples of this.
let private stages (unit: int) : Gen<Given> =
    gen {
        let! widths = Draw.list 1 3 (Gen.choose (1, 4) |> Gen.map ((*) unit))
        let! depths = Gen.listOfLength widths.Length (Gen.choose (1, 2))
        return [ "channels", numbers widths; "depths", numbers depths ]
    }

let private isResnet (definition: Definition) = definition.Id.Contains "ResNet" || definition.Id.Contains "Resnet"

/// Whether it is made of patches of images of one size.
let private isPatched (definition: Definition) =
    definition.Signature.Has "image_size" && definition.Signature.Has "patch_size"

let private patched (dims: int list) : Gen<Given> =
    gen {
        let side = List.last dims
        let! patch = Draw.divisor side
        let! heads = Gen.choose (1, 2)
        let! widths = Draw.list 1 2 (Gen.choose (2, 4))

        return
            [
                "image_size", is side
                "patch_size", is (max patch ((side + 3) / 4))
                "num_heads", is heads
                "hidden_dim", is (heads * 2)
                "hidden_features", numbers (widths |> List.map ((*) (2 * heads)))
            ]
    }

/// What is said of arguments of this kind of module that depend on each other or on an input of these sizes.
let private together (definition: Definition) (dims: int list) : Gen<Given> =
    match definition.Id with
    | "Upsample" -> upsample dims
    | "Unflatten" -> unflatten dims
    | "Standardize"
    | "Unstandardize" -> standardize dims
    | "Lambda" -> Gen.constant [ "inputs", is 1 ]
    | _ when definition.Is MultiLayerPerceptron.definition -> perceptron dims
    // A bottleneck has a fourth of the channels inside.
    | _ when definition.Signature.Has "depths" -> stages (if isResnet definition then 4 else 1)
    | _ when definition.Id.StartsWith "CycleGAN" ->
        Gen.choose (1, 2) |> Gen.map (fun unit -> [ "features_dim", is unit ])
    | _ when isPatched definition -> patched dims
    | _ -> Gen.constant []

// --- Inputs that fit ----------------------------------------------------------------------------------------------

/// (L, N, features), whose features heads divide more often than not.
let sequence: Gen<int list> =
    gen {
        let! outer = Gen.listOfLength 2 (Gen.choose (1, 5))
        let! features = Gen.frequency [ 3, Gen.elements [ 2; 4; 6; 8 ]; 1, Gen.choose (1, 7) ]
        return outer @ [ features ]
    }

let private image low high : Gen<int list> =
    gen {
        let! outer = Gen.listOfLength 2 (Gen.choose (1, 3))
        let! sides = Gen.listOfLength 2 (Gen.choose (low, high))
        return outer @ sides
    }

let private square low high : Gen<int list> = image low high |> Gen.map (fun dims -> dims[..2] @ [ dims[2] ])

let private shuffled: Gen<int list> =
    gen {
        let! dims = image 1 4
        let! factor = Gen.elements [ 1; 4 ]
        return List.updateAt 1 (factor * dims[1]) dims
    }

/// Windows as columns, and the arguments of the fold that makes an image of them.
let private folded: Gen<int list * Given> =
    gen {
        let! size = Gen.listOfLength 2 (Gen.choose (2, 5))
        let! kernel = Gen.listOfLength 2 (Gen.choose (1, 2))
        let! stride = Gen.choose (1, 2)
        let! padding = Gen.choose (0, 1)
        let! batch = Draw.list 0 1 (Gen.choose (1, 3))
        let! channels = Gen.choose (1, 3)
        let count = List.map2 (fun size kernel -> (size + 2 * padding - kernel) / stride + 1) size kernel
        let! wrong = Gen.frequency [ 8, Gen.constant 0; 1, Gen.constant 1 ]

        return
            batch @ [ channels * List.reduce (*) kernel; List.reduce (*) count + wrong ],
            [
                "output_size", numbers size
                "kernel_size", numbers kernel
                "stride", is stride
                "padding", is padding
                "dilation", is 1
            ]
    }

let private free dims : Gen<int list * Given> = Gen.map (fun dims -> dims, []) dims

/// Sizes of an input that a kind of module takes, as a rule, and what follows for its arguments.
let private inputOf (definition: Definition) : Gen<int list * Given> =
    let n = spatialOf definition

    match definition.Id with
    | "Fold" -> folded
    | "PixelShuffle" -> free shuffled
    | "ViT" -> free (square 4 8)
    | "CycleGANDiscriminator" -> free (image 23 26)
    | "CycleGANResnetGenerator" -> free (Gen.elements [ 4; 7; 8; 12 ] |> Gen.bind (fun size -> image size size))
    | "DCGANGenerator" ->
        gen {
            let! batch = Gen.choose (1, 2)
            let! latent = Gen.choose (1, 4)
            return [ batch; latent; 1; 1 ], [ "latent_dim", is latent; "features_dim", is 1 ]
        }
    | "DCGANDiscriminator" ->
        let features = [ "features_dim", is 1 ]

        image 64 64 |> Gen.map (fun dims -> dims, features)
    | _ when isPatched definition -> free (square 4 8)
    | _ when isResnet definition -> free (image 1 18)
    | _ when definition.Signature.Has "depths" -> free (image 4 16)
    | _ when n > 0 -> free (Draw.spatial n)
    | _ when definition.Shapes.StartsWith "(N) " -> free (Draw.list 1 1 (Gen.choose (1, 5)))
    | _ when definition.Shapes.StartsWith "(L, N" || definition.Shapes.StartsWith "(N, L" -> free sequence
    | _ when definition.Shapes.StartsWith "(N, C, …" -> free (Gen.choose (1, 3) |> Gen.bind Draw.spatial)
    | _ -> free (Gen.oneof [ Draw.any; sequence ])

// --- Pieces -------------------------------------------------------------------------------------------------------

let private make (definition: Definition) (dims: int list) (given: Given) : Gen<ModuleSpec> =
    gen {
        let! place = placeOf definition [ dims ]
        let! more = together definition dims
        return! spec place (given @ more) definition
    }

/// A module of this kind for an input of these sizes, which it takes, as a rule.
let piece (definition: Definition) (dims: int list) : Gen<ModuleSpec> = make definition dims []

/// A module of this kind by itself, with an input that it takes, as a rule.
let alone (definition: Definition) : Gen<Model> =
    gen {
        let! dims, given = inputOf definition
        let! made = make definition dims given
        return Model.of' [ Input.real dims ] made
    }
