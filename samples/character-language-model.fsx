// Run with: dotnet fsi samples/character-language-model.fsx [--quick] (after ./build.sh build). A language model of characters learns
// "The Devil's Dictionary", and writes on. With `--quick` it learns sentences of a small grammar.
#load "sample.fsx"

open System.IO
open Deeplay.FSharp
open Deeplay.Torch
open Deeplay.Sample

let file = "/usr/share/dictd/devil.dict.dz" // Where Debian's package has it: public domain, packed as by gzip.

let sentence (random: System.Random) =
    let pick (words: string) = words.Split ' ' |> fun words -> words[random.Next words.Length]
    $"""the {pick "old wise small"} {pick "cat dog owl"} {pick "sees hears"} the {pick "moon sun"}. """

let text =
    if isQuick then
        String.init 300 (System.Random >> sentence)
    elif File.Exists file then
        use book = new Compression.GZipStream(File.OpenRead file, Compression.CompressionMode.Decompress)
        (new StreamReader(book)).ReadToEnd()
    else
        failwith $"No {file}: install it by `apt install dict-devil`, or run with --quick."

let vocabulary = Vocabulary.OfText text

let model =
    Models.causalLanguageModel
    |> Module.configure "vocab_size" vocabulary.Size
    |> Module.configure "max_length" 64
    |> Module.configure "features" (if isQuick then 36 else 96)
    |> Module.configure "num_layers" (if isQuick then 1 else 3)

let trained =
    Applications.causalLanguageModeling model
    |> Module.configure "optimizer" (Optimizers.adam 2e-3)
    |> Application.fit Fit.defaults (Texts.windows 64 64 vocabulary text)

printfn "%s" (Generation.text { Generation.sampling with MaxNewTokens = 200 } vocabulary "the " trained)
printfn "Perplexity %A" (trained.History.Series "train_perplexity")
