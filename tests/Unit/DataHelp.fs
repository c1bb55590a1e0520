/// What the tests of data sources have in common.
module Deeplay.Tests.DataHelp

open System
open System.IO
open System.IO.Compression
open System.Text
open System.Text.Json
open Deeplay.Torch
open TorchSharp
open Deeplay.Tests.TrainingHelp
open Deeplay.Tests.LoweringHelp

/// What scikit-learn and NumPy gave: reference/data.json.
let recorded (name: string) : JsonElement = (Recorded.read "reference" "data").GetProperty name

let floats (json: JsonElement) : float list = [ for item in json.EnumerateArray() -> item.GetDouble() ]

let gzipped (bytes: byte[]) : byte[] =
    use packed = new MemoryStream()

    using (new GZipStream(packed, CompressionMode.Compress)) (fun stream -> stream.Write(bytes, 0, bytes.Length))
    packed.ToArray()

/// Does something with the path of a file of this name and content, in a folder of its own.
let withBytes (name: string) (content: byte[]) (work: string -> 'a) : 'a =
    inFolder (fun folder ->
        let path = Path.Combine(folder, name)
        File.WriteAllBytes(path, content)
        work path)

/// The same with a text.
let withText name (content: string) work = withBytes name (Encoding.UTF8.GetBytes content) work

/// The message of the one error of `work`, without the folder of the file.
let message (work: unit -> 'a) : string =
    let text = Recorded.problem work
    Text.RegularExpressions.Regex.Replace(text, @"/\S*/deeplay-\w+/", "")

let dtypeOf (x: Tensor) = x.dtype

/// The numbers of a tensor of whole numbers.
let wholes (x: Tensor) : int64 list =
    use _scope = torch.NewDisposeScope()
    let flat = x.``to``(torch.ScalarType.Int64).contiguous().flatten()
    flat.data<int64>().ToArray() |> List.ofArray

/// A dataset of so many examples, whose only input is their place, with these classes.
let placed (classes: int64 seq) : Dataset =
    let classes = Array.ofSeq classes
    new Dataset(torch.arange(int64 classes.Length).unsqueeze 1L, torch.tensor classes)
