// Run with: dotnet fsi samples/molecules.fsx [--quick] [FOLDER FOR THE RESULTS] (after ./build.sh build)
// Two graph networks learn a property of molecules: by graph convolutions over their atoms, and by messages along their bonds.
#load "plots.fsx"
#load "sample.fsx"

open System
open System.IO
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open Deeplay.Plots
open Deeplay.Sample
open TorchSharp

// A random tree of atoms of 28 types, with bonds of 4 kinds, each an edge both ways. The property adds up what each atom brings by its
// type, and each bond by its kind and the types at its ends, over the number of atoms. The graph convolutions don't see the kinds of bonds:
// what these bring, 0.11 on average, is the error that stays with them.
let atomTypes, bondKinds = 28, 4

let molecule (random: Random) : struct (Inputs * torch.Tensor) =
    let atoms = [| for _ in 1 .. random.Next(9, 25) -> random.Next atomTypes |]
    let bonds = [| for atom in 1 .. atoms.Length - 1 -> random.Next atom, atom, random.Next bondKinds |]
    let ofAtom kind = sin (float kind)
    let ofBond (a, b, kind) = (float kind - 1.5) * ofAtom atoms[a] * ofAtom atoms[b]
    let property = (Array.sumBy ofAtom atoms + Array.sumBy ofBond bonds) / float atoms.Length
    let bothWays = Array.append bonds [| for a, b, kind in bonds -> b, a, kind |]
    let whole (values: int seq) = torch.tensor (values |> Seq.map int64 |> Array.ofSeq: int64[])
    let from, into, kinds = Array.unzip3 bothWays

    struct (Inputs.graph
                [
                    "x", whole atoms
                    "edge_index", torch.stack [| whole from; whole into |]
                    "edge_attr", whole kinds
                ],
            torch.tensor([| float32 property |]).reshape(1L, 1L))

let some seed count =
    let random = Random seed
    List.init count (fun _ -> molecule random)

let few, many = if isQuick then 100, 600 else 1_000, 10_000
let train, validation = Dataset.OfGraphs(some 1 many), Dataset.OfGraphs(some 2 few)
let tested = some 3 few
let test = Dataset.OfGraphs tested

// ---- the models and their training
let features = Param.int "features"

let convolution =
    Definition.create "GraphConvolution" [ features ] (fun arguments ->
        init {
            let! transform = child "transform" (Layers.lazyLinear (arguments.Get features))
            let! propagate = child "propagate" Components.propagate
            let! update = child "update" Layers.relu

            return
                forwardOf [ "x"; "edge_index"; "edge_weight" ] (fun graph ->
                    callOn propagate (call transform graph.Head :: graph.Tail) |> call update)
        })

let transform =
    Definition.create "TransformLayer" [ features ] (fun arguments ->
        init {
            let! linear = child "linear" (Layers.lazyLinear (arguments.Get features))
            let! activation = child "activation" Layers.relu

            return
                forwardOf [ "x"; "edge_index"; "edge_attr" ] (fun graph ->
                    let atEnd place = Op.indexSelect 0 graph[0] (Op.select 0 place graph[1])
                    Op.cat 1 [ atEnd 0; atEnd 1; graph[2] ] |> call linear |> call activation)
        })

let propagate =
    Definition.create "PropagateLayer" [] (fun _ ->
        init {
            return
                forwardOf [ "x"; "edge_index"; "message" ] (fun graph ->
                    let empty = Op.newZeros [ Op.size 0 graph[0]; Op.size 1 graph[2] ] graph[2]
                    Op.indexAdd 0 empty (Op.select 0 1 graph[1]) graph[2])
        })

let update =
    Definition.create "UpdateLayer" [ features ] (fun arguments ->
        init {
            let! linear = child "linear" (Layers.lazyLinear (arguments.Get features))
            let! activation = child "activation" Layers.relu
            return forwardOf [ "x"; "aggregate" ] (Op.cat 1 >> call linear >> call activation)
        })

let layer width =
    Layers.sequential
        [
            transform
            |> Module.create [ features => width ]
            |> Module.inputsFrom [ "x"; "edge_index"; "edge_attr" ]
            |> Module.outputsTo [ "edge_attr" ]
            propagate
            |> Module.create []
            |> Module.inputsFrom [ "x"; "edge_index"; "edge_attr" ]
            |> Module.outputsTo [ "aggregate" ]
            update
            |> Module.create [ features => width ]
            |> Module.inputsFrom [ "x"; "aggregate" ]
            |> Module.outputsTo [ "x" ]
        ]

let embedding count name = Layers.embedding count 64 |> Module.inputsFrom [ name ] |> Module.outputsTo [ name ]

/// What both have in common: embedded atoms, layers in a list, the mean over each graph, two linear layers.
let network before layers =
    let pool = Components.globalMeanPool |> Module.inputsFrom [ "x"; "batch" ]
    let top = Components.multiLayerPerceptron 64 [ 16 ] 1
    Layers.sequential (embedding atomTypes "x" :: before @ [ Layers.sequential layers; pool; top ])

let normalize =
    Components.sparseLaplacianNormalization
    |> Module.inputsFrom [ "x"; "edge_index" ]
    |> Module.outputsTo [ "edge_index"; "edge_weight" ]

let convolved =
    convolution
    |> Module.create [ features => 64 ]
    |> Module.inputsFrom [ "x"; "edge_index"; "edge_weight" ]
    |> Module.outputsTo [ "x" ]

let models =
    [
        "gcn", network [ normalize ] (List.replicate 4 convolved), [ "x"; "edge_index"; "batch" ]
        "mpn",
        network [ embedding bondKinds "edge_attr" ] (List.replicate 4 (layer 64)),
        [ "x"; "edge_index"; "edge_attr"; "batch" ]
    ]

let registry =
    [ convolution; transform; propagate; update ]
    |> List.fold (fun all definition -> Registry.add definition all) Registries.standard

let fit (name, model, inputs) =
    // What a model takes of each batch.
    let own (data: Dataset) =
        data.TransformInputs(fun _ graph -> Inputs.graph [ for input in inputs -> input, graph[input] ])

    let checkpoints =
        { ModelCheckpoint.into (Path.Combine(folder, name)) with
            FileName = "molecules-{epoch}-{val_loss:.4f}"
            Monitor = Some "val_loss"
        }

    // A quarter of the epochs that molecules of chemistry take: what is to be learned here is simpler.
    let options =
        { Fit.defaults with
            MaxEpochs = if isQuick then 4 else 100
            BatchSize = 32L
            Validation = Some(own validation)
            Callbacks = [ ModelCheckpoint.callback checkpoints ]
        }

    let trained = Applications.regressor model |> Application.fit options (own train)
    let path = trained.Saved.Head.Path
    let best = Application.loadWith registry Build.defaults path
    let error = Application.test (own test) best |> Map.find "loss"
    printfn "%s: mean absolute error %.3f by %s" name error (Path.GetFileName path)
    name, Application.predictFor (own test) best

// ---- their pictures
let targets = torch.cat [| for struct (_, target) in tested -> target |]

for name, predicted in List.map fit models do
    Plot.predictionError targets predicted |> Plot.save (Path.Combine(folder, $"{name}.png"))

printfn "The pictures are in %s." folder
