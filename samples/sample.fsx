// What the samples have in common: `#load "sample.fsx"`. Build first: ./build.sh build
module Deeplay.Sample

#load "deeplay.fsx"

open System.IO
open Deeplay.Torch

let private args = fsi.CommandLineArgs |> List.ofArray |> List.tail

/// Whether what takes long is shortened: `--quick`.
let isQuick = List.contains "--quick" args

/// Where results go: the folder that was given, else a new one.
let folder =
    match List.tryFind ((<>) "--quick") args with
    | Some folder -> Directory.CreateDirectory(folder).FullName
    | None ->
        let name = Path.GetFileNameWithoutExtension fsi.CommandLineArgs[0]
        Directory.CreateTempSubdirectory($"{name}-").FullName

/// Handwritten digits (N, 1, 8, 8), numbers from 0 to 1: they are here.
let digits () : Dataset =
    let flat = Datasets.digits (Path.Combine(__SOURCE_DIRECTORY__, "data", "digits.csv.gz"))
    new Dataset(flat.Inputs.reshape (-1L, 1L, 8L, 8L), flat.Targets)

/// Fashion-MNIST, images (N, 1, 28, 28) with numbers from 0 to 1: its part `train` or `t10k`, where Debian's package has its files.
let clothes (part: string) : Dataset =
    let file kind = $"/usr/share/datasets/fashion-mnist/{part}-{kind}-ubyte.gz"

    if not (File.Exists(file "images-idx3")) then
        failwith "Fashion-MNIST is missing: install it by `apt install dataset-fashion-mnist`, or run with --quick."

    Datasets.idx (file "images-idx3") (file "labels-idx1")
