/// Shapes of masks that attention takes and refuses, before anything is built and when it runs, against PyTorch
/// (reference/attention_masks.py).
module Deeplay.Tests.AttentionMaskTests

open System.Text.Json
open Expecto
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open Deeplay.Torch
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp
open TorchSharp

let private cases = Recorded.read "reference" "attention_masks" |> Recorded.items

let private sizesOf (name: string) (case: JsonElement) : int64 list option =
    match case.GetProperty name with
    | json when json.ValueKind = JsonValueKind.Null -> None
    | json -> Some(Recorded.sizes json)

let private layer (case: JsonElement) =
    let given =
        [
            for one in (case.GetProperty "arguments").EnumerateObject() -> one.Name, Recorded.value one.Value
        ]

    MultiheadAttention.definition
    |> Module.create ([ "embed_dim", Int 8L; "num_heads", Int 2L ] @ given)

/// The shapes of the inputs, and of the masks: a second mask needs a first.
let private shapes (case: JsonElement) =
    let inputs = case.GetProperty "inputs" |> Recorded.items |> List.map Recorded.sizes
    let isFirst = inputs.Head.Length = 3 && (layer case).Arguments.ContainsKey "batch_first"

    let ofKeys =
        match inputs[1] with
        | [ keys; _ ] -> [ keys ]
        | [ n; keys; _ ] when isFirst -> [ n; keys ]
        | sizes -> [ sizes[1]; sizes[0] ]

    let keyMask = sizesOf "key_mask" case |> Option.defaultValue ofKeys
    inputs, keyMask :: Option.toList (sizesOf "mask" case)

let private attention = Layers.multiheadAttention 8 2

let private inner =
    Definition.create "Inner" [] (fun _ ->
        init {
            let! attend = child "attend" attention

            return
                Forward(fun _ ->
                    Graph.trace [ "x"; "memory"; "mask" ] (fun xs ->
                        [ "", callOn attend [ xs[0]; xs[1]; xs[1]; xs[2] ] ]))
        })

let private problem (inputs: int64 list list) spec =
    Recorded.problem (fun () -> Infer.run (List.map Shape.known inputs) (Module.construct spec) |> Fail.unwrap)

[<Tests>]
let tests =
    torchTests
        "AttentionMaskTests"
        [
            testCase "shapes of masks are taken and refused as PyTorch does, before anything is built" (fun () ->
                Expect.isGreaterThan cases.Length 80 "cases"

                for case in cases do
                    let inputs, masks = shapes case
                    let found = Infer.run (List.map Shape.known (inputs @ masks)) (Module.construct (layer case))
                    Assert.equal (case.GetProperty("takes").GetBoolean(), string case) (Result.isOk found, string case))

            testCase "a built layer refuses the same masks" (fun () ->
                for case in cases do
                    use _scope = torch.NewDisposeScope()
                    let inputs, masks = shapes case
                    use built = build inputs (layer case) :?> torch.nn.Module<Tensor[], Tensor[]>

                    let given =
                        [| for size in inputs -> torch.zeros (Array.ofList size) |] |> Array.append
                        <| [| for size in masks -> torch.zeros (Array.ofList size, dtype = torch.bool) |]

                    let found = Fail.catch (fun () -> built.call given)
                    Assert.equal (case.GetProperty("takes").GetBoolean(), string case) (Result.isOk found, string case))

            testCase "an error names the module, the mask, what it must be and what it is" (fun () ->
                let x, memory = [ 5L; 4L; 8L ], [ 3L; 4L; 8L ]

                Assert.equal
                    "the root (MultiheadAttention) expects key_padding_mask (a mask of the keys) of shape (4, 3), but gets (3, 4)."
                    (problem [ x; memory; memory; [ 3L; 4L ] ] attention)

                Assert.equal
                    "the root (MultiheadAttention) expects attn_mask (a mask of each query's keys) of shape (5, 3) or (8, 5, 3), but gets (3, 5)."
                    (problem [ x; memory; memory; [ 4L; 3L ]; [ 3L; 5L ] ] attention)

                Assert.containsText
                    "attend (MultiheadAttention) expects key_padding_mask (a mask of the keys) of shape (4, 3), but gets (4, 5)."
                    (problem [ x; memory; [ 4L; 5L ] ] (Module.create [] inner)))

            testCase "sizes that are not known yet fit" (fun () ->
                let unknown = Ranked [ Unknown; Unknown; Known 8L ]
                let run masks = Infer.run ([ unknown; unknown; unknown ] @ masks) (Module.construct attention)
                Expect.isOk (run [ Shape.known [ 4L; 3L ]; Shape.known [ 8L; 5L; 3L ] ]) "of any size"
                Expect.isOk (run [ Unranked; Unranked ]) "of any shape"
                Expect.isError (run [ Shape.known [ 3L ] ]) "but of the batch")
        ]
