namespace Deeplay.Torch

open System
open System.Globalization
open System.IO
open Deeplay.Core
open TorchSharp

/// What an optimizer keeps between steps, as a safetensors file: PyTorch's `optimizer.state_dict()`. Beside the tensors there are its
/// kind, its step size, and what it steps. All else is said by its spec.
module internal OptimizerFile =
    let private formatKey = "deeplay.optimizer.format"
    let private kindKey = "deeplay.optimizer.kind"
    let private rateKey = "deeplay.optimizer.lr"
    let private parametersKey = "deeplay.optimizer.parameters"
    let private format = "1"

    // The names of what it steps, each with its type and shape, in order.
    let private stepped (optimizer: Optimizer) : (string * string) list =
        [
            for one in optimizer.Parameters ->
                one.Name, $"{Shown.dtype one.Parameter.dtype} {Shape.known one.Parameter.shape}"
        ]

    let private print (parameters: (string * string) list) =
        String.Join("\n", [ for name, kind in parameters -> $"{name}\t{kind}" ])

    let private read path (text: string) : (string * string) list =
        [
            for line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries) do
                match line.Split '\t' with
                | [| name; kind |] -> name, kind
                | _ ->
                    Fail.with' (Malformed($"{path}, {parametersKey}", "a name and a shape in each line", $"'{line}'"))
        ]

    /// Writes what an optimizer keeps.
    let save (path: string) (optimizer: Optimizer) : unit =
        use _scope = torch.NewDisposeScope()

        let texts =
            Map.ofList
                [
                    formatKey, format
                    kindKey, optimizer.Kind
                    rateKey, optimizer.LearningRate.ToString("R", CultureInfo.InvariantCulture)
                    parametersKey, print (stepped optimizer)
                ]

        Safetensors.save path texts optimizer.Stepping.State

    // Stops where the file tells of other parameters than the optimizer's.
    let private check path (own: (string * string) list) (given: (string * string) list) =
        let ownNames, givenNames = List.map fst own, List.map fst given

        for name in List.except ownNames givenNames do
            let expected = "what is kept of the optimizer's own parameters"
            Fail.with' (Malformed(path, expected, $"'{name}'{Nearest.hint name ownNames}"))

        for name in List.except givenNames ownNames do
            Fail.with' (
                Malformed(path, $"what is kept of '{name}'", $"a file without it{Nearest.hint name givenNames}")
            )

        for name, kind in own do
            match List.filter (fst >> (=) name) given with
            | [ _, other ] when other = kind -> ()
            | others -> Fail.with' (Malformed($"{path}, {name}", kind, others |> List.map snd |> String.concat " and "))

        // LBFGS keeps them one after another.
        if ownNames <> givenNames then
            Fail.with' (Malformed(path, $"the parameters in this order: {Error.list ownNames}", Error.list givenNames))

    let private needed path (texts: Map<string, string>) key =
        match texts.TryFind key with
        | Some text -> text
        | None -> Fail.with' (Malformed(path, $"the entry '{key}' of what an optimizer keeps", "a file without it"))

    /// Reads what `save` wrote: all of it or, where anything is wrong, nothing.
    let load (path: string) (optimizer: Optimizer) : unit =
        FilePath.check "optimizer" path

        if not (File.Exists path) then Fail.with' (Malformed("optimizer", "a file", $"nothing at '{path}'"))

        Safetensors.reading path (fun header tensors ->
            use _scope = torch.NewDisposeScope()
            let texts = header.Metadata
            let found = needed path texts formatKey

            if found <> format then
                Fail.with' (Malformed(path, $"format {format} of an optimizer", $"format {found}"))

            let kind = needed path texts kindKey

            if kind <> optimizer.Kind then
                Fail.with' (Malformed(path, $"what {optimizer.Kind} keeps", $"that of {kind}"))

            check path (stepped optimizer) (read path (needed path texts parametersKey))
            let text = needed path texts rateKey

            match Double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture) with
            | true, rate when rate >= 0.0 && Double.IsFinite rate ->
                optimizer.Stepping.Restore(path, tensors ())
                optimizer.LearningRate <- rate
            | _ -> Fail.with' (Malformed($"{path}, {rateKey}", "a number of at least 0", $"'{text}'")))
