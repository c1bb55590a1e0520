/// The table of docs/surgery.md: twelve changes of every model of the library. `DEEPLAY_ACCEPT=1` writes the page
/// anew; the test makes the table again, and runs the changed models.
module Deeplay.Tests.ChangeTable

open System
open System.IO
open System.Text
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp

let private changes: (string * string * (ModuleSpec -> ModuleSpec)) list =
    [
        "another normalization", "normalization", TwelveChanges.normalization
        "another activation", "activation", TwelveChanges.activation
        "another attention", "attention", TwelveChanges.attention
        "another positional encoding", "positionalEncoding", TwelveChanges.positionalEncoding
        "LoRA", "lora", TwelveChanges.lora
        "dropout everywhere", "dropout", TwelveChanges.dropout
        "stride to pooling", "strideToPooling", TwelveChanges.strideToPooling
        "bias off before norms", "biasOffBeforeNorms", TwelveChanges.biasOffBeforeNorms
        "twice the width", "twiceTheWidth", TwelveChanges.twiceTheWidth
        "twice the depth", "twiceTheDepth", TwelveChanges.twiceTheDepth
        "spectral norm", "spectralNorm", TwelveChanges.spectralNorm
        "freezing all but the head", "frozenButTheHead", TwelveChanges.frozenButTheHead
    ]

let private ints (numbers: int list) = List [ for n in numbers -> Int(int64 n) ]

/// What a model is given: a tensor of this shape, or some tensors of a graph.
type private Given =
    | One of int64 list
    | Graph of string list

// A published size with the same structure and less of it.
let private vision =
    [ "image_size" => 64; "num_layers" => 2; "hidden_dim" => 48; "mlp_dim" => 16; "num_classes" => 5 ],
    One [ 2L; 3L; 64L; 64L ]

let private perceptron = [ "in_features" => 6; "out_features" => 3 ], One [ 2L; 6L ]

// Four nodes and five edges, of two graphs.
let private graph =
    Map.ofList
        [
            "x", fun () -> fill [ 4L; 3L ] 0.1
            "edge_index", fun () -> torch.tensor (array2D [ [ 0L; 1L; 1L; 2L; 3L ]; [ 1L; 0L; 1L; 3L; 2L ] ])
            "edge_attr", fun () -> fill [ 5L; 2L ] 0.1
            "distance", fun () -> fill [ 5L; 1L ] 0.1
            "batch", fun () -> torch.tensor [| 0L; 0L; 1L; 1L |]
        ]

let private graphShapes keys =
    use _ = torch.NewDisposeScope()
    [ for key in keys -> key, shapeOf (graph[key]()) ]

let private onGraph more =
    ([ "hidden_features", ints [ 4; 4 ]; "out_features" => 1 ]: (string * Value) list),
    Graph([ "x"; "edge_index"; "edge_attr" ] @ more)

/// How each model is made, and what it is given.
let private inputs (id: string) : (string * Value) list * Given =
    match id with
    | _ when id.EndsWith "MLP" -> perceptron
    | _ when id.Contains("Resnet", StringComparison.OrdinalIgnoreCase) && not (id.StartsWith "CycleGAN") ->
        [], One [ 2L; 3L; 32L; 32L ]
    | _ when id.StartsWith "ConvNeXt" ->
        [ "channels", ints [ 8; 16 ]; "depths", ints [ 1; 2 ]; "num_classes" => 5 ], One [ 2L; 3L; 32L; 32L ]
    | "MPM"
    | "GraphToNodeMPM"
    | "GraphToEdgeMPM" -> onGraph []
    | "GraphToGlobalMPM" -> onGraph [ "batch" ]
    | "GraphToEdgeMAGIK" -> onGraph [ "distance" ]
    | "DCGANGenerator" -> [ "latent_dim" => 8; "features_dim" => 4 ], One [ 2L; 8L; 1L; 1L ]
    | "DCGANDiscriminator" -> [ "features_dim" => 4 ], One [ 2L; 1L; 192L; 192L ]
    | "CycleGANResnetGenerator" -> [ "n_residual_blocks" => 1 ], One [ 1L; 1L; 16L; 16L ]
    | "CycleGANDiscriminator" -> [], One [ 1L; 1L; 64L; 64L ]
    | "RecurrentModel" ->
        [ "in_features" => 4; "hidden_features", ints [ 8; 8 ]; "out_features" => 2 ], One [ 2L; 5L; 4L ]
    | "ViT" ->
        [
            "in_channels" => 1
            "image_size" => 8
            "patch_size" => 4
            "hidden_features", ints [ 16; 16 ]
            "out_features" => 3
            "num_heads" => 4
        ],
        One [ 2L; 1L; 8L; 8L ]
    | "VisionTransformer" -> ("patch_size" => 32) :: ("num_heads" => 4) :: fst vision, snd vision
    | _ when id.StartsWith "ViT" -> vision
    | "CausalLanguageModel" ->
        [ "vocab_size" => 11; "max_length" => 8; "features" => 8; "num_layers" => 2; "num_heads" => 2 ], One [ 2L; 5L ]
    | _ -> failtest $"{id} is new: say here how it is made, and what it is given."

let private models: (string * Definition) list =
    Library.groups
    |> List.pick (fun (name, _, definitions) -> if name = "Models" then Some definitions else None)
    |> List.map (fun definition -> definition.Id, definition)

let private specOf (id: string, definition: Definition) = Module.create (fst (inputs id)) definition

/// What a change makes of a model; None where it selects nothing of it.
let private apply change (model: ModuleSpec) : ModuleSpec option =
    match Fail.catch (fun () -> change model) with
    | Ok changed when changed = model -> None
    | Ok changed -> Some changed
    | Error [ EmptySelection _ ] -> None
    | Error errors -> Fail.withAll errors

// How many modules of the tree are there anew, are of another kind, or have other arguments, edits, parameters or buffers.
let private changed (before: ModuleSpec) (after: ModuleSpec) : int =
    let modules (spec: ModuleSpec) =
        Tree.walk (Module.construct spec) |> Seq.map (fun (tag, node, _) -> string tag, node) |> Map.ofSeq

    let old = modules before

    modules after
    |> Map.filter (fun tag node ->
        match old.TryFind tag with
        | None -> true
        | Some was ->
            was.Definition.Id <> node.Definition.Id || Tree.extra was <> Tree.extra node || was.Own <> node.Own)
    |> Map.count

let private outputOf (id: string) (spec: ModuleSpec) : Carried list =
    let shapes =
        match snd (inputs id) with
        | One shape -> [ Carried.Tensor(Shape.known shape) ]
        | Graph keys -> Shapes.ofNamed spec (graphShapes keys)

    (Infer.carry shapes (Module.construct spec) |> Fail.unwrap).Outputs

/// A cell: how many modules are changed; a dash where the change is about nothing that the model has.
let private cell change (id, definition) : string =
    let model = specOf (id, definition)

    match apply change model with
    | None -> "–"
    | Some after ->
        outputOf id after |> ignore

        match changed model after with
        | 0 -> "as it is"
        | count -> string count

// A forward pass of the shape that was foreseen.
let private run change (id, definition) : unit =
    match apply change (specOf (id, definition)) with
    | None -> ()
    | Some after ->
        use _ = torch.NewDisposeScope()
        let after = Module.dropUnused after

        let output =
            match snd (inputs id) with
            | One shape ->
                let built = build [ shape ] after
                built.train ()
                use _ = torch.no_grad ()

                let input =
                    if id = "CausalLanguageModel" then
                        torch.zeros (Array.ofList shape, dtype = torch.int64)
                    else
                        fill shape 0.1

                callAll built [ input ] |> List.head
            | Graph keys ->
                let built =
                    Build.run { optionsFor [] with Named = graphShapes keys } after
                    :?> torch.nn.Module<NamedTensors, torch.Tensor>

                built.train ()
                use _ = torch.no_grad ()
                let given = NamedTensors()

                for key in keys do
                    given[key] <- graph[key]()

                built.call given

        match outputOf id after with
        // How many graphs there are stands in no shape.
        | [ Carried.Tensor(Ranked dims) ] ->
            Assert.isTrue (List.forall2 Dim.agrees dims [ for size in shapeOf output -> Known size ])
        | other -> failtest $"%A{other}"

/// The lines of a change, as they stand in the source.
let private lines (name: string) : string list =
    let source = File.ReadAllLines(Path.Combine(__SOURCE_DIRECTORY__, "TwelveChanges.fs")) |> List.ofArray

    let rest = source |> List.skipWhile (fun line -> not (line.StartsWith $"let {name} "))
    let isNext (line: string) = line.StartsWith "let " || line.StartsWith "///"
    let first = rest.Head.Substring(rest.Head.IndexOf " =" + 2).Trim()

    first
    :: (rest.Tail |> List.takeWhile (isNext >> not) |> List.filter ((<>) "") |> List.map _.Substring(4))
    |> List.filter ((<>) "")

let private page () : string =
    let text = StringBuilder()
    let write (line: string) = text.Append(line).Append('\n') |> ignore
    write "# Twelve changes of every model"
    write ""
    write "Written by `DEEPLAY_ACCEPT=1 artifacts/bin/Unit/debug/Unit --filter ChangeTable`, from"

    write
        "`tests/Unit/TwelveChanges.fs`. Each change is at most three lines that name no model; the table tells of each model"

    write
        "how many of its modules are others then. A dash: the model has nothing that the change is about. `as it is`: it is so"

    write
        "already. The test builds and runs every model after every change; models of a published size with fewer and narrower layers."

    write ""

    let numbered = List.indexed changes |> List.map (fun (i, change) -> i + 1, change)

    for i, (title, name, _) in numbered do
        write $"{i}. {title}"
        write ""
        write "   ```text"

        for line in lines name do
            write $"   {line}"

        write "   ```"
        write ""

    write
        "`each` changes those of these parameters that a model has, `twice` doubles a number or each of several, and `again`"

    write "doubles a number or says several once more: `tests/Unit/TwelveChanges.fs` has all three."
    write ""
    let row (cells: string list) = write ("| " + String.concat " | " cells + " |")
    row ("model" :: [ for i, _ in numbered -> string i ])
    row ("---" :: [ for _ in numbered -> "---:" ])

    for model in models do
        row (fst model :: [ for _, _, change in changes -> cell change model ])

    text.ToString()

let private path = Path.Combine(__SOURCE_DIRECTORY__, "..", "..", "docs", "surgery.md")
let private isAccepting = Environment.GetEnvironmentVariable "DEEPLAY_ACCEPT" = "1"

[<Tests>]
let tests =
    torchTests
        "ChangeTable"
        [
            testCase "each change is at most three lines" (fun () ->
                for _, name, _ in changes do
                    let lines = lines name |> List.filter (fun line -> line <> "model")
                    Expect.isTrue (lines.Length >= 1 && lines.Length <= 3) name)

            testCase "the page is what the program makes" (fun () ->
                let found = page ()
                if isAccepting then File.WriteAllText(path, found)
                Assert.equal (File.ReadAllText path) found)

            for title, _, change in changes do
                testCase $"models run after {title}" (fun () ->
                    for model in models do
                        run change model)
        ]
