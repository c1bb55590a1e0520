/// How the configuration system grows with the model.
module Deeplay.Bench.Configuration

open System
open System.Runtime
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open Deeplay.Torch
open TorchSharp
open Deeplay.Bench.Measure

let private small, large = 1_000, 30_000

let private model blocks = Components.multiLayerPerceptron 64 (List.replicate (blocks - 1) 64) 10

/// What is measured at both sizes: a name, and what is done with a model that is constructed already. Each gives what
/// a user would keep of it.
let private operations: (string * (int -> unit -> obj)) list =
    let tree spec = Construct.root spec |> box

    let prepared blocks =
        let spec = model blocks
        tree spec |> ignore
        spec

    let changed blocks = prepared blocks |> Module.select ".../activation" (Module.become Layers.gelu)

    [
        "construct", (fun blocks () -> tree (model blocks))
        "select_and_configure_all",
        (fun blocks ->
            let spec = prepared blocks

            fun () -> spec |> Module.select ".../activation" (Module.become Layers.gelu) |> tree)
        "configure_one",
        (fun blocks ->
            let spec = prepared blocks
            let selector = $"blocks/{blocks / 2}/layer"

            fun () -> spec |> Module.select selector (Module.configure Linear.bias false) |> tree)
        "fresh",
        (fun blocks ->
            let spec = changed blocks
            fun () -> Module.fresh spec |> tree)
        "explain",
        (fun blocks ->
            let spec = changed blocks
            tree spec |> ignore
            fun () -> Module.explain $"blocks.{blocks / 2}.layer" "bias" spec |> box)
        "encode",
        (fun blocks ->
            let spec = changed blocks
            fun () -> Codec.encode spec |> Fail.unwrap |> box)
        "decode",
        (fun blocks ->
            let json = changed blocks |> Codec.encode |> Fail.unwrap
            fun () -> Codec.decode Library.registry json |> Fail.unwrap |> box)
    ]

// Room for what one round allocates, so that the collector does not run in it.
let private uncollected () =
    if GCSettings.LatencyMode = GCLatencyMode.NoGCRegion then GC.EndNoGCRegion()
    GC.Collect()
    GC.TryStartNoGCRegion 160_000_000L |> ignore

/// Seconds for one large model, and for one small one: the mean of as many as make up the large one, all of them kept
/// until the last is done. Without the collector, which runs where it pleases: what differs is the growth of the work.
let private growth (work: int -> unit -> obj) =
    let count = large / small
    let onSmall = Array.init count (fun _ -> work small)
    let onLarge = work large
    let kept = Array.zeroCreate<obj> count

    let smallOnes () =
        for i in 0 .. count - 1 do
            kept[i] <- onSmall[i]()

    let largeOne () = kept[0] <- onLarge ()

    let timeSmall, timeLarge =
        inTurn 21 smallOnes largeOne (fun () ->
            Array.Clear kept
            uncollected ())

    timeSmall / float count, timeLarge

/// How the time of construct grows as users see it: with all that the collector does meanwhile, on a heap without what the
/// round before left behind.
let private wallGrowth () =
    let few, many = 1_000, 100_000
    let construct blocks () = Construct.root (model blocks) |> ignore
    let timeFew, timeMany = inTurn 15 (construct few) (construct many) GC.Collect
    exponent few many timeFew timeMany

/// The modules that a perceptron's block becomes, as one makes them by hand.
type private Block(width: int64) as this =
    inherit torch.nn.Module<torch.Tensor, torch.Tensor>("LinearBlock")
    let layer = torch.nn.Linear(width, width)
    let activation = torch.nn.GELU()

    do
        this.register_module ("layer", layer)
        this.register_module ("activation", activation)

    override _.forward input =
        use hidden = layer.call input
        activation.call hidden

type private Blocks(count: int, width: int64) as this =
    inherit torch.nn.Module("LayerList")

    do
        for i in 0 .. count - 1 do
            this.register_module (string i, new Block(width))

/// Construct, configure every activation, make anew and build, against making the same torch modules by hand.
let private building width =
    let blocks = 300
    let options = { Build.defaults with Device = "cpu" }

    let deeplay () =
        let spec =
            Components.multiLayerPerceptron width (List.replicate (blocks - 1) width) width
            |> Module.select ".../activation" (Module.become Layers.gelu)
            |> Module.fresh

        (Build.run options spec).Dispose()

    let hand () = (new Blocks(blocks, int64 width)).Dispose()

    ratio 101 deeplay hand

/// How operations grow with the model.
let figures () =
    [
        let measured = operations |> List.map (fun (name, work) -> name, growth work)

        for name, (timeSmall, timeLarge) in measured do
            yield exponent small large timeSmall timeLarge |> atMost 1.1 $"{name}_growth_exponent"

        let at name = measured |> List.pick (fun (n, (_, t)) -> if n = name then Some t else None)

        yield at "construct" / at "configure_one" |> atLeast 1000.0 "construct_over_configure_one_at_30000_blocks"
    ]

/// How construct grows with all that the collector does, and what it costs to construct, change and build a model beside
/// making its torch modules by hand.
let buildingFigures () =
    [
        yield wallGrowth () |> atMost 1.15 "construct_wall_growth_exponent_to_100000_blocks"

        for width, bound in [ 64, 1.35; 256, 1.25 ] do
            yield
                building width
                |> atMost bound $"construct_configure_fresh_build_over_by_hand_at_300_blocks_of_{width}"
    ]
