namespace Deeplay.Torch

open System
open System.Globalization
open System.IO
open System.IO.Compression
open Deeplay.Core
open TorchSharp

/// Datasets that come as files.
[<RequireQualifiedAccess>]
module Datasets =
    let private pixels = 64

    let private readLine path number (line: string) =
        let fields = line.Split ','

        if fields.Length <> pixels + 1 then
            let found = string fields.Length
            Fail.with' (Malformed($"{path}, line {string number}", $"{string (pixels + 1)} numbers", found))

        fields
        |> Array.map (fun field ->
            match Single.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture) with
            | true, value -> value
            | _ -> Fail.with' (Malformed($"{path}, line {string number}", "a number", $"'{field}'")))

    /// Handwritten digits (Alpaydin and Kaynak, UCI Machine Learning Repository): a text file, gzipped where its name
    /// says so, of 64 pixels from 0 to 16 and the digit in each line. Gives inputs (N, 64) from 0 to 1 and the digits
    /// as targets (N,).
    let digits (path: string) : Dataset =
        Native.load ()

        if not (File.Exists path) then Fail.with' (Malformed("digits", "a file", $"nothing at '{path}'"))

        use file = File.OpenRead path

        use stream: Stream =
            if path.EndsWith(".gz", System.StringComparison.Ordinal) then
                new GZipStream(file, CompressionMode.Decompress)
            else
                file

        use reader = new StreamReader(stream)

        let rows =
            [|
                for i, line in Array.indexed (reader.ReadToEnd().Split '\n') do
                    if not (String.IsNullOrWhiteSpace line) then readLine path (i + 1) line
            |]

        let inputs = rows |> Array.collect (fun row -> row[.. pixels - 1] |> Array.map (fun p -> p / 16f))
        let targets = rows |> Array.map (fun row -> int64 row[pixels])
        let count = int64 rows.Length
        use flat = torch.tensor inputs
        new Dataset(flat.reshape (count, int64 pixels), torch.tensor targets)
