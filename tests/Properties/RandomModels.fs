/// Random models made of all that the library has, with inputs that they may or may not take.
module internal Deeplay.Properties.RandomModels

open FsCheck
open FsCheck.FSharp
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open Deeplay.Properties.RandomInputs

/// What random models are made of: every definition of these groups of the library.
let definitions: Definition list =
    [
        for name, _, definitions in Library.groups do
            if List.contains name [ "Layers"; "Blocks"; "Components"; "Models" ] then yield! definitions
    ]

let private isModel (definition: Definition) =
    Library.groups
    |> List.exists (fun (name, _, definitions) -> name = "Models" && List.contains definition definitions)

// --- Modules that an author wrote ---------------------------------------------------------------------------------

let private width = Param.int "width"

/// A module with a parameter and buffers of its own, and sizes in its forward pass.
let private own =
    Definition.create "Own" [ width ] (fun a ->
        init {
            let! gain = parameter "gain" [ a.Get width ] (Initial.normal 1.0 0.1)
            let! mean = buffer "running_mean" [ a.Get width ] Initial.zeros
            let! shift = bufferOf DType.Float32 false "shift" [] (Initial.constant 0.5)

            return
                forward (fun x ->
                    Op.update mean (0.9 * mean + 0.1 * Op.mean [ 0 ] x)
                    let moved = (Op.byMode (x - Op.mean [ 0 ] x) (x - mean)) * gain + shift
                    moved |> Op.dropout 0.1 |> Op.reshape [ Op.size 0 x; Op.size -1 x ])
        })

let private owned: Gen<Model> =
    gen {
        let! dims = Gen.listOfLength 2 (Gen.choose (1, 5))
        return Model.of' [ Input.real dims ] (Module.create [ "width" => dims[1] ] own)
    }

let private first = Param.spec "first"
let private next = Param.spec "next"
let private inputs = Param.int "inputs"

/// Another module behind one of several inputs.
let private continuing =
    Definition.create "Continuing" [ first; next; inputs ] (fun a ->
        init {
            let! first = child "first" (a.Get first)
            let! next = child "next" (a.Get next)
            return forwardOf [ for i in 1 .. a.Get inputs -> $"input{i}" ] (callOn first >> call next)
        })

// --- Models -------------------------------------------------------------------------------------------------------

/// What a log kept, in the place of what comes in.
let private logged: Gen<Model> =
    gen {
        let! dims = RandomLayers.sequence
        let! outputs = Gen.choose (1, 4)
        let kept = Layers.lazyLinear outputs |> Module.logOutput "kept"
        let taken = Module.create [ Logging.key => "kept" ] Logging.fromLogs
        return Model.of' [ Input.real dims ] (Layers.sequential [ kept; Layers.layerNorm; taken ])
    }

/// Those that take more than one tensor, or others than real ones, by the kinds they are of.
let private special: Map<string, Gen<Model>> =
    [
        RandomSequences.models
        RandomAttention.models
        RandomImages.models
        RandomGraphs.models
        Map.ofList [ Logging.fromLogs.Id, logged ]
    ]
    |> List.collect Map.toList
    |> Map.ofList

/// A model of this kind. A list is in a model of another.
let ofKind (definition: Definition) : Gen<Model> =
    special.TryFind definition.Id
    |> Option.defaultWith (fun () ->
        if definition.Id = LayerList.definition.Id then
            RandomLayers.alone MultiLayerPerceptron.definition
        else
            RandomLayers.alone definition)

// What one tensor after another goes through: models are for themselves.
let private pieces =
    definitions
    |> List.filter (fun definition -> not (special.ContainsKey definition.Id || isModel definition))

let private fits (dims: int list) (definition: Definition) =
    let n = RandomArguments.spatialOf definition
    n = 0 || dims.Length = n + 2 || dims.Length = n + 1

/// Modules one after another, of which each takes what the one before gives; now and then the last does not.
let rec private chain count (dims: int list) : Gen<ModuleSpec list> =
    let rec attempt tries =
        gen {
            let! definition = Gen.elements (List.filter (fits dims) pieces)
            let! piece = RandomLayers.piece definition dims
            let! isKept = Draw.chance 10

            match Model.output (Model.of' [ Input.real dims ] piece) with
            // No width is 0, but there may be nothing left in the end.
            | Some sizes when List.contains 0 sizes -> return [ piece ]
            | Some sizes when List.fold (*) 1 sizes <= 4000 ->
                let! rest = chain (count - 1) sizes
                return piece :: rest
            | None when isKept -> return [ piece ]
            | _ when tries = 0 -> return []
            | _ -> return! attempt (tries - 1)
        }

    if count = 0 || dims.IsEmpty then Gen.constant [] else attempt 3

let private chained: Gen<Model> =
    gen {
        let! dims = Gen.oneof [ Draw.any; Draw.spatial 1; Draw.spatial 2; Draw.spatial 3 ]
        let! count = Gen.choose (1, 4)
        let! layers = chain count dims
        let! head = Gen.elements [ []; []; [ Layers.flatten; Layers.lazyLinear 3 ] ]
        return Model.of' [ Input.real dims ] (Layers.sequential (layers @ head))
    }

/// The model, and modules behind it where it gives one tensor.
let private continued (model: Model) : Gen<Model> =
    match Model.output model with
    | None -> Gen.constant model
    | Some dims when List.contains 0 dims -> Gen.constant model
    // What it gives may be whole numbers.
    | Some _ when model.Spec.Definition.Id = FromDict.definition.Id -> Gen.constant model
    | Some dims ->
        gen {
            let! count = Gen.choose (1, 2)
            let! rest = chain count dims

            match rest, model.Inputs with
            | [], _ -> return model
            | _, [ _ ] -> return { model with Spec = Layers.sequential (model.Spec :: rest) }
            | _, inputs ->
                let count = if model.IsNamed then 1 else inputs.Length

                let given = [ "first" => model.Spec; "next" => Layers.sequential rest; "inputs" => count ]

                return { model with Spec = Module.create given continuing }
        }

let private drawn: Gen<Model> =
    // Whole models take longer than all others.
    let others = definitions |> List.filter (isModel >> not)
    let kinds = others @ others @ List.filter isModel definitions

    gen {
        let! model = Gen.frequency [ 12, Gen.elements kinds |> Gen.bind ofKind; 5, chained; 1, owned ]
        let! isContinued = Draw.chance 35
        let! model = if isContinued then continued model else Gen.constant model
        let! changes = Gen.frequency [ 5, Gen.constant 0; 4, Gen.choose (1, 3) ]
        let! spec = RandomSurgery.changed changes model.Spec
        // Now and then an input has other sizes than the model was made for.
        let! wrong = Gen.frequency [ 15, Gen.constant -1; 1, Gen.choose (0, model.Inputs.Length - 1) ]

        let inputs =
            model.Inputs
            |> List.mapi (fun i input ->
                match input.Content, List.rev input.Shape with
                | Real, last :: before when i = wrong -> { input with Shape = List.rev (last + 1L :: before) }
                | _ -> input)

        let changed = { model with Spec = spec; Inputs = inputs }
        return if Model.isWhole changed then changed else { model with Inputs = inputs }
    }

// --- Smaller ones -------------------------------------------------------------------------------------------------

/// Specs that say less: without the last change, without one module of a list, without an argument.
let rec private smaller (spec: ModuleSpec) : ModuleSpec seq =
    seq {
        if not spec.Steps.IsEmpty then
            Module.undo spec
        else
            for KeyValue(name, value) in spec.Arguments do
                let withValue value = Spec.withArgument name value spec

                match value with
                | List items when items |> List.exists _.IsModule ->
                    for i in 0 .. items.Length - 1 do
                        if items.Length > 1 then withValue (List(List.removeAt i items))

                        match items[i] with
                        | Value.Module inner ->
                            for less in smaller inner do
                                withValue (List(List.updateAt i (Value.Module less) items))
                        | _ -> ()
                | Value.Module inner ->
                    for less in smaller inner do
                        withValue (Value.Module less)
                | _ -> ()

                match Array.tryFind (fun (p: Parameter) -> p.Name = name) spec.Definition.Signature.Parameters with
                | Some p when p.Default <> Unset || p.IsInferred ->
                    match
                        Fail.catch (fun () -> Module.create (Map.toList (spec.Arguments.Remove name)) spec.Definition)
                    with
                    | Ok less -> less
                    | Error _ -> ()
                | _ -> ()
    }

/// Models of every kind.
let models: Arbitrary<Model> =
    let less (model: Model) =
        seq {
            match model.Spec.Arguments.TryFind "layers" with
            | Some(List [ Value.Module only ]) when model.Spec.Definition.Id = Sequential.definition.Id ->
                { model with Spec = only }
            | _ -> ()

            match model.Spec.Arguments.TryFind first.Name with
            | Some(Value.Module only) when model.Spec.Definition.Id = continuing.Id -> { model with Spec = only }
            | _ -> ()

            for spec in smaller model.Spec do
                { model with Spec = spec }
        }

    Arb.fromGenShrink (drawn, less >> Seq.filter Model.isWhole)
