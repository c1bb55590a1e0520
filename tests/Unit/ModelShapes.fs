/// Every component and model of the library: the shapes that are inferred are those that torch computes, module by module; and what
/// does not fit is told of its module before a tensor is made.
module Deeplay.Tests.ModelShapes

open System
open System.Collections.Generic
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.ExampleComponents
open Deeplay.Tests.ExampleSizes

let private specOf (definition: Definition, example: Example) = Module.create example.Arguments definition

let private shapesOf spec (inputs: Inputs) : Carried list =
    match inputs with
    | Plain all -> Shapes.ofInputs spec [ for input in all -> input.Shape ] |> List.map Carried.Tensor
    | Named all -> [ Carried.Tensors(Shapes.ofNamed spec [ for key, input in all -> key, input.Shape ]) ]

let private optionsOf (inputs: Inputs) : BuildOptions =
    match inputs with
    | Plain all -> optionsFor [ for input in all -> input.Shape ]
    | Named all -> { optionsFor [] with Named = [ for key, input in all -> key, input.Shape ] }

let private tensorOf (input: Input) : Tensor =
    match input.Below with
    | None -> fill input.Shape 0.1
    | Some below ->
        let count = List.fold (*) 1L input.Shape
        torch.tensor([| for i in 0L .. count - 1L -> 3L * i % below |]: int64[]).reshape(Array.ofList input.Shape)

let private given (inputs: Inputs) : obj[] =
    match inputs with
    | Plain all -> [| for input in all -> box (tensorOf input) |]
    | Named all ->
        let named = NamedTensors()

        for key, input in all do
            named[key] <- tensorOf input

        [| named |]

// What a module gave, with the sizes that its inputs say; those that their numbers say are not known before.
let private agrees (inferred: Carried) (found: obj) : bool =
    let isSame shape (tensor: Tensor) =
        match shape with
        | Ranked dims ->
            dims.Length = int (tensor.dim ())
            && List.forall2 (fun dim size -> Dim.agrees dim (Known size)) dims (shapeOf tensor)
        | Unranked -> false

    match inferred, found with
    | Tensor shape, (:? Tensor as tensor) -> isSame shape tensor
    | Tensors named, (:? NamedTensors as tensors) ->
        Set.ofSeq named.Keys = Set.ofSeq tensors.Keys
        && named |> Map.forall (fun key shape -> isSame shape tensors[key])
    | _ -> false

// The only sizes that numbers say: how many graphs a batch has.
let private isOfNumbers (id: string) = id.StartsWith "Global" || id = "GraphToGlobalMPM"

let private isKnown (carried: Carried) =
    match carried with
    | Tensor shape -> (Shape.tryKnown shape).IsSome
    | Tensors named -> named |> Map.forall (fun _ shape -> (Shape.tryKnown shape).IsSome)

/// The shapes that each module of one input and one output takes and gives, in the order of its calls.
type private Calls' = Dictionary<string, ResizeArray<int64 list * int64 list>>

// What a layer of torch holds inside is no module of the tree.
let private listen (tags: Set<string>) (built: torch.nn.Module) : Calls' =
    let calls = Calls'()

    for struct (name, part) in built.named_modules () do
        match part with
        | :? torch.nn.Module<torch.Tensor, torch.Tensor> as part when name <> "" && tags.Contains name ->
            let heard = ResizeArray()
            calls[name] <- heard

            part.register_forward_hook (
                Func<_, _, _, _>(fun _ (x: Tensor) y ->
                    heard.Add(shapeOf x, shapeOf y)
                    y)
            )
            |> ignore
        | _ -> ()

    calls

// Where a map makes named tensors of what the torch module takes or gives, there is nothing to compare.
let private compareCalls (flows: Infer.Flow list) (calls: Calls') : unit =
    for KeyValue(name, heard) in calls do
        let foreseen = flows |> List.filter (fun flow -> string flow.Tag = name)
        Expect.isTrue (heard.Count = foreseen.Length) $"{name}: {heard.Count} calls for {foreseen.Length}"

        for flow, (foundX, foundY) in Seq.zip foreseen heard do
            match flow.Inputs, flow.Outputs with
            | [ Tensor x ], [ Tensor y ] ->
                Expect.isTrue (Shape.agrees x (Shape.known foundX)) $"{name} takes {foundX} for {x}"
                Expect.isTrue (Shape.agrees y (Shape.known foundY)) $"{name} gives {foundY} for {y}"
            | _ -> ()

        heard.Clear()

let private check (id: string) =
    let definition, example = examples[id]
    let spec = specOf (definition, example)
    use _scope = torch.NewDisposeScope()
    use _noGrad = torch.no_grad ()
    use built = Build.run (optionsOf example.Sizes.Head) spec
    built.eval ()
    let calls = listen (Set.ofList (Recorded.tags spec)) built
    // Widths that the first size says are those of the others.
    let root = (Infer.carry (shapesOf spec example.Sizes.Head) (Module.construct spec) |> Fail.unwrap).Root
    let call = Calls.mapped Tag.root root built

    for size in example.Sizes do
        let outcome = Infer.carry (shapesOf spec size) root |> Fail.unwrap
        let found = call (given size)
        Assert.equal outcome.Outputs.Length found.Length

        for inferred, found in Seq.zip outcome.Outputs found do
            Expect.isTrue (agrees inferred found) $"{id} of {size}: {inferred}"
            Expect.isTrue (isKnown inferred || isOfNumbers id) $"{id} of {size}: {inferred}"

        compareCalls outcome.Flows calls

let private created () =
    let all = DisposeScopeManager.Statistics
    all.ThreadTotalLiveCount, all.CreatedInScopeCount, all.CreatedOutsideScopeCount

[<Tests>]
let tests =
    torchTests
        "ModelShapes"
        [
            testTheory "inferred shapes are torch's at three sizes, module by module" (List.ofSeq examples.Keys) check

            testTheory
                "what does not fit is told of its module, before a tensor is made"
                (List.ofSeq examples.Keys)
                (fun id ->
                    let definition, example = examples[id]
                    let spec = specOf (definition, example)
                    let before = created ()
                    let problem = Recorded.problem (fun () -> Build.run (optionsOf example.Wrong) spec)
                    Assert.equal before (created ())
                    Assert.equal example.Problem problem)
        ]
