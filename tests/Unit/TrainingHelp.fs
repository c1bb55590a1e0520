/// What the tests of training have in common.
module Deeplay.Tests.TrainingHelp

open System
open System.IO
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Deeplay.Tests.LoweringHelp

/// Sixteen points of the plane, of two classes in turn.
let points () = new Dataset(fill [ 16L; 2L ] 0.3, torch.tensor [| for i in 0L .. 15L -> i % 2L |])

/// Class indices.
let ints (numbers: int64 list) = torch.tensor (Array.ofList numbers)

/// Four steps an epoch, on the CPU.
let options epochs = { Fit.defaults with MaxEpochs = epochs; BatchSize = 4L; Seed = Some 7L; Build = optionsFor [] }

/// A classifier of the points.
let classifier layers = Applications.classifier 2 (Layers.sequential layers)

/// The spec with another optimizer.
let steppedBy optimizer (spec: ModuleSpec) = spec |> Module.select "optimizer" (Module.replace optimizer)

let fitted epochs spec data : Application = Application.fit (options epochs) data spec

let weights (application: Application) = [ for name, p in parametersOf application.Module -> name, numbers p ]

/// Does something with the path of a file that is not there yet, and takes the file away.
let inFile (work: string -> 'a) =
    let path = Path.Combine(Path.GetTempPath(), $"deeplay-{Guid.NewGuid():N}.safetensors")

    try
        work path
    finally
        File.Delete path

/// Does something in a folder of its own, and takes it away with all that is in it.
let inFolder (work: string -> 'a) : 'a =
    let folder = Directory.CreateTempSubdirectory("deeplay-").FullName

    try
        work folder
    finally
        Directory.Delete(folder, true)
