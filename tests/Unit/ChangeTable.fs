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
open Deeplay.Tests.ExampleModels

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
        | Graph keys -> [ Carried.Tensors(Shapes.ofNamed spec (graphShapes keys)) ]

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

    write
        "DCGANs and the discriminator of a CycleGAN have no deeper like: each of their blocks halves or doubles the image, so that"

    write "twice as many would be for images of another size."

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
