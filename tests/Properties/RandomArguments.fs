/// Arguments of any definition or action, drawn by the names and the types of its parameters: so nobody lists definitions,
/// and one that is new is drawn as soon as it is registered.
module internal Deeplay.Properties.RandomArguments

open FsCheck
open FsCheck.FSharp
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open Deeplay.Properties.RandomInputs

/// Where a module stands.
type Place =
    {
        /// The sizes of its inputs.
        Dims: int list list
        /// How many spatial dimensions it has; 0 for none.
        Spatial: int
        /// What widths are multiples of: the number of heads, or of groups.
        Unit: int
        /// The names of its children, where there are some already.
        Names: string list
    }

    member this.First = List.tryHead this.Dims |> Option.defaultValue [ 1; 1 ]
    member this.Features = List.tryLast this.First |> Option.defaultValue 1

    member this.Channels =
        let rank = this.First.Length

        if this.Spatial > 0 && (rank = this.Spatial + 1 || rank = this.Spatial + 2) then
            this.First[rank - this.Spatial - 1]
        else
            List.tryItem 1 this.First |> Option.defaultValue this.Features

// Parameters whose defaults are large or must fit the input: they are always drawn.
let private always =
    set
        [
            "in_channels"
            "hidden_features"
            "encoder_channels"
            "channels"
            "depths"
            "features"
            "features_dim"
            "hidden_dim"
            "mlp_dim"
            "num_layers"
            "num_heads"
            "num_classes"
            "vocab_size"
            "max_length"
            "latent_dim"
            "embedding_dim"
            "image_size"
            "patch_size"
            "n_residual_blocks"
            "position_embedding_dim"
            "base_channels"
        ]

let private int (number: int) = Int(int64 number)
let private ints (gen: Gen<int>) = Gen.map int gen
let private several (gen: Gen<int>) low high = Draw.list low high gen |> Gen.map (List.map int >> List)

/// One number for all dimensions, or one for each.
let private each n gen = Gen.frequency [ 2, ints gen; (if n > 0 then 1 else 0), several gen (max 1 n) (max 1 n) ]

/// A width that an input has, now and then another one; not set at times, where it can be inferred.
let private width (size: int) (p: Parameter) =
    Gen.frequency
        [
            20, Gen.constant (int size)
            1, Gen.constant (int (size + 1))
            (if p.IsInferred then 8 else 0), Gen.constant Unset
        ]

let private outputs place = Gen.choose (1, 4) |> Gen.map ((*) place.Unit)
let private made definition arguments : ModuleSpec = Module.create arguments definition

let private merges = [ made Add.definition []; made Cat.definition []; made Cat.definition [ Cat.dim => -1 ] ]

let private propagations = [ Sum.definition; Mean.definition; Prod.definition; Min.definition; Max.definition ]

/// A function over tensors of its own.
let private functions: NamedFunction list =
    [
        { Id = "twice"; Documentation = ""; Body = fun inputs -> inputs.Head * 2.0 }
        { Id = "mean"; Documentation = ""; Body = fun inputs -> Op.meanKeep [ -1 ] (List.last inputs) }
    ]

let rec private ofType place (kind: ParameterType) : Gen<Value> =
    match kind with
    | BoolType -> Gen.map Bool (Gen.elements [ true; false ])
    | IntType -> ints (Gen.choose (1, 3))
    | FloatType -> Gen.map Float (Gen.elements [ 0.1; 0.5; 1.0; 2.0 ])
    | OneOf choices -> Gen.map Text (Gen.elements choices)
    | ListOf item -> Draw.list 1 2 (ofType place item) |> Gen.map List
    | IntOrInts -> each place.Spatial (Gen.choose (1, 3))
    | ModuleType -> activation place |> Gen.map Value.Module
    | FunctionType -> Gen.map Function (Gen.elements functions)
    | OrNull item -> Gen.frequency [ 1, Gen.constant Null; 3, ofType place item ]
    | TextType
    | AnyType -> Gen.constant Unset

/// An activation of the library.
and activation place : Gen<ModuleSpec> =
    Gen.frequency
        [
            3, Gen.elements [ Layers.relu; Layers.gelu; Layers.tanh; Layers.sigmoid; Layers.leakyReLU 0.2 ]
            1, Gen.elements Library.activations |> Gen.bind (spec place [])
        ]

and private normalization place : Gen<ModuleSpec> =
    let n = max 1 place.Spatial
    let numbered name = Library.layers |> List.find (fun definition -> definition.Id = $"{name}{string n}d")

    Gen.elements
        [
            yield! [ made (numbered "BatchNorm") []; made (numbered "InstanceNorm") [] ]
            if place.Spatial = 0 then
                yield!
                    [
                        Layers.layerNorm
                        Layers.layerNorm
                        made RMSNorm.definition [ "normalized_shape" => place.Features ]
                    ]
            else
                Layers.groupNorm 1
        ]

and private pool place : Gen<ModuleSpec> =
    Library.layers
    |> List.filter (fun layer -> layer.Id.Contains "Pool" && layer.Id.EndsWith $"{string (max 1 place.Spatial)}d")
    |> Gen.elements
    |> Gen.bind (spec place [ "return_indices", Gen.constant Unset; "padding", Gen.constant Unset ])

/// A layer that keeps the shape, in most cases.
and private keeping place : Gen<ModuleSpec> =
    let n = place.Spatial

    let dense =
        if n = 0 then
            made Linear.definition [ "in_features" => place.Features; "out_features" => place.Features ]
        else
            let convolution = Library.layers |> List.find (fun layer -> layer.Id = $"Conv{string n}d")
            made convolution [ "out_channels" => place.Channels; "kernel_size" => 3; "padding" => 1 ]

    Gen.frequency [ 2, Gen.constant dense; 1, activation place; 1, normalization place ]

and private larger place : Gen<ModuleSpec> =
    let transposed =
        Library.layers
        |> List.find (fun layer -> layer.Id = $"ConvTranspose{string (max 1 place.Spatial)}d")

    Gen.elements [ Layers.upsample 2.0; made transposed [ "kernel_size" => 2; "stride" => 2 ] ]

/// What a parameter of this name says in PyTorch and Deeplay; one of another name is drawn by its type.
and private byName place (p: Parameter) : Gen<Value> =
    let n = place.Spatial
    let modules gen = Gen.map Value.Module gen
    let rank = place.First.Length
    let dim = ints (Gen.choose (-rank, rank - 1))

    let optional gen =
        match p.Type with
        | OrNull _ -> Gen.frequency [ 1, Gen.constant Null; 2, gen ]
        | _ -> gen

    match p.Name, p.Type with
    | ("in_channels" | "num_features" | "num_channels"), _ -> width place.Channels p
    | "channels", (IntType | OrNull IntType) -> width place.Channels p
    | ("in_features" | "input_size" | "embed_dim" | "features" | "in1_features"), _ -> width place.Features p
    | "in2_features", _ -> width (List.last (List.last place.Dims)) p
    | ("kdim" | "vdim"), _ ->
        match List.tryItem (if p.Name = "kdim" then 1 else 2) place.Dims with
        | Some dims -> width (List.last dims) p
        | None -> Gen.constant Null
    | "normalized_shape", _ ->
        Gen.choose (1, min 2 rank)
        |> Gen.map (fun count -> place.First |> List.skip (rank - count) |> List.map int |> List)
    | "num_groups", _
    | "groups", _
    | "num_heads", _ -> Gen.frequency [ 12, Gen.constant (int place.Unit); 1, ints (Gen.choose (1, 4)) ]
    | "num_kv_heads", _ -> Draw.divisor place.Unit |> ints
    | "num_attention_heads", _ -> Gen.constant (List [ int place.Unit; int place.Unit ])
    | ("out_channels" | "out_features" | "hidden_size" | "hidden_dim"), _ -> ints (outputs place)
    | ("hidden_features" | "hidden_channels" | "channels" | "base_channels"), _ -> several (outputs place) 0 3
    | "encoder_channels", _ -> several (outputs place) 1 3
    | ("bottleneck_channels" | "decoder_channels"), _ ->
        Gen.frequency [ 3, Gen.constant Unset; 1, several (outputs place) 0 2 ]
    | ("num_layers" | "n_residual_blocks" | "n"), _ -> ints (Gen.choose (1, 2))
    | "max_length", _ -> ints (Gen.frequency [ 8, Gen.choose (6, 9); 1, Gen.constant 1 ])
    | "num_parameters", _ -> Gen.elements [ int 1; int (List.tryItem 1 place.First |> Option.defaultValue 1) ]
    | "rotary_base", _ -> Gen.elements [ Null; Float 10000.0 ]
    | ("kernel_size" | "stride"), _ -> each n (Gen.choose (1, 3))
    | "dilation", _ -> each n (Gen.choose (1, 2))
    | "output_padding", _ -> each n (Gen.choose (0, 1))
    | "padding", AnyType ->
        Gen.frequency [ 4, each n (Gen.choose (0, 2)); 1, Gen.elements [ Text "same"; Text "valid" ] ]
    | "padding", _ -> Gen.oneof [ each n (Gen.choose (0, 2)); each (2 * n) (Gen.choose (-1, 2)) ]
    | "output_size", _ -> each n (Gen.choose (1, 5))
    | ("dim" | "start_dim" | "end_dim"), _ -> dim
    | "dims", _ -> Gen.shuffle [| 0 .. rank - 1 |] |> Gen.map (Array.map int >> List.ofArray >> List)
    | ("upscale_factor" | "downscale_factor" | "reduction" | "expansion" | "rank"), _ -> ints (Gen.choose (1, 2))
    | "divisor_override", _ -> ints (Gen.choose (1, 3))
    | ("p" | "dropout"), FloatType -> Gen.map Float (Gen.elements [ 0.0; 0.3; 1.0 ])
    | "dropout", AnyType -> Gen.elements [ Float 0.3; Value.Module(Layers.dropout 0.5); Null ]
    | "dropout", _ -> optional (Gen.constant (Value.Module(Layers.dropout 0.5)))
    | ("return_indices" | "need_weights" | "return_attn" | "return_cell_state"), _ -> Draw.chance 25 |> Gen.map Bool
    | ("mean" | "std"), ListOf _ ->
        Gen.listOfLength place.Channels (Gen.elements [ Float 0.5; Float 2.0 ]) |> Gen.map List
    | ("projection" | "embedding" | "embedder" | "condition" | "order" | "names"), _ -> Gen.constant Unset
    | ("name" | "after"), _ ->
        match place.Names with
        | [] -> Gen.constant (Text "extra")
        | names -> Gen.map Text (Gen.elements ("extra" :: names))
    | "normalization", _ -> optional (modules (normalization place))
    | "pool", _ -> optional (modules (pool place))
    | "upsample", _ -> optional (modules (larger place))
    | "layer", _ -> modules (keeping place)
    | ("skip" | "merge" | "combine"), _ -> optional (modules (Gen.elements merges))
    | "propagate", _ -> Gen.elements propagations |> Gen.map (fun definition -> Value.Module(made definition []))
    | "layers", _ -> Draw.list 0 2 (modules (keeping place)) |> Gen.map List
    | "inputs", _ -> Gen.constant (int place.Dims.Length)
    | _, kind -> ofType place kind

/// A value for a parameter; `Unset` where it is not given.
and private value place (overrides: (string * Gen<Value>) list) (p: Parameter) : Gen<Value> =
    match List.tryFind (fst >> (=) p.Name) overrides with
    | Some(_, gen) -> gen
    | None ->
        let isSound value = value = Unset || value = Null || (p.Check value).IsNone
        let drawn = byName place p |> Draw.trying 5 isSound

        if always.Contains p.Name || p.IsInferred || p.Default = Unset then
            drawn
        else
            Gen.frequency [ 2, Gen.constant Unset; 1, drawn ]

/// Arguments for these parameters; `overrides` say what others are, by their names.
and arguments place overrides (signature: Signature) : Gen<(string * Value) list> =
    gen {
        let parameters = List.ofArray signature.Parameters
        let! values = parameters |> List.map (value place overrides) |> Gen.sequenceToList

        return List.zip signature.Names values |> List.filter (fun (_, value) -> value <> Unset)
    }

/// A module of a definition at this place. Where after some tries all arguments contradict each other, it is the identity.
and spec place overrides (definition: Definition) : Gen<ModuleSpec> =
    let attempt =
        arguments place overrides definition.Signature
        |> Gen.map (fun given ->
            match Fail.catch (fun () -> Module.create given definition) with
            | Ok spec when Result.isOk (Construct.tree spec) -> Some spec
            | _ -> None)

    Draw.trying 8 Option.isSome attempt |> Gen.map (Option.defaultValue Layers.identity)

/// How many spatial dimensions a kind of module has: those that its name says, or images, which a few have.
let spatialOf (definition: Definition) : int =
    let ofName = System.Text.RegularExpressions.Regex.Match(definition.Id, "([123])d(Block)?$")

    if ofName.Success then System.Int32.Parse ofName.Groups[1].Value
    elif definition.Shapes.Contains "H, W" then 2
    else 0

/// The place of a module of this kind, with inputs of these sizes.
let placeOf (definition: Definition) (dims: int list list) : Gen<Place> =
    let place = { Dims = dims; Spatial = spatialOf definition; Unit = 1; Names = [] }
    let has = definition.Signature.Has

    let unit =
        if has "num_heads" || has "num_attention_heads" then Draw.divisor place.Features
        elif has "groups" || has "num_groups" then Draw.divisor place.Channels
        else Gen.constant 1

    Gen.map (fun unit -> { place with Unit = unit }) unit
