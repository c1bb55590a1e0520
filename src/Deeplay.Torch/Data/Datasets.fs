namespace Deeplay.Torch

open System.Collections.Generic
open Deeplay.Core
open TorchSharp

/// Datasets that come as files, or as those of TorchSharp.
[<RequireQualifiedAccess>]
module Datasets =
    let private pixels = 64

    /// Handwritten digits (Alpaydin and Kaynak, UCI Machine Learning Repository): a text file, gzipped where its name
    /// ends in `.gz`, of 64 pixels from 0 to 16 and the digit in each line. Gives inputs (N, 64) from 0 to 1 and the digits
    /// as targets (N,).
    let digits (path: string) : Dataset =
        Native.load ()
        let options = { Csv.defaults with HasHeader = false }
        let found = (Csv.names options path).Length

        if found <> pixels + 1 then
            DataFile.fail $"{path}, line 1" $"{string (pixels + 1)} numbers" (string found)

        let inputs, target = List.init pixels string, string pixels
        let digits = Column.index target |> Column.withCategories (List.init 10 string)
        let table = Csv.read options (digits :: Column.numbers inputs) path
        use _scope = torch.NewDisposeScope()
        use brightest = Numbers.real 16.0
        let data = Table.dataset inputs [ target ] table
        data.Inputs.div_ brightest |> ignore
        data

    /// Images and their labels from two files of the format IDX, as MNIST, Fashion-MNIST and others come, gzipped where the names
    /// end in `.gz`. Gives inputs (N, 1, H, W) from 0 to 1 and the labels as targets (N,).
    let idx (images: string) (labels: string) : Dataset =
        use _scope = torch.NewDisposeScope()
        let pixels, classes = Idx.read images, Idx.read labels
        let isBytes (tensor: torch.Tensor) = tensor.dtype = torch.ScalarType.Byte

        if not (isBytes pixels) || pixels.dim () <> 3L then
            let found = $"{string pixels.dtype} {Shape.known pixels.shape}"
            DataFile.fail images "images as bytes (N, H, W)" found

        if not (isBytes classes) || classes.dim () <> 1L then
            let found = $"{string classes.dtype} {Shape.known classes.shape}"
            DataFile.fail labels "labels as bytes (N,)" found

        if classes.shape[0] <> pixels.shape[0] then
            let expected = $"{string pixels.shape[0]} labels, as many as there are images in {images}"
            DataFile.fail labels expected (string classes.shape[0])

        use brightest = Numbers.real 255.0
        let inputs = (pixels.unsqueeze 1L).``to`` torch.ScalarType.Float32
        new Dataset(inputs.div_ brightest, classes.``to`` torch.ScalarType.Int64)

    // How the inputs are taken from what has tensors by names: one alone, or several under these names.
    let private single (input: string) (find: string -> torch.Tensor) = Inputs.one (find input)

    let private several (inputs: string list) (find: string -> torch.Tensor) =
        Inputs.named [ for name in inputs -> name, find name ]

    // They belong to the dataset, or to nobody.
    let private ofFile (path: string) inputs (targets: string) (tensors: Map<string, torch.Tensor>) : Dataset =
        let find (name: string) =
            match tensors.TryFind name with
            | Some tensor -> tensor
            | None ->
                let known = tensors.Keys |> List.ofSeq
                DataFile.fail path $"one of its tensors ({Error.list known})" ($"'{name}'" + Nearest.hint name known)

        Dataset.OfInputs(inputs find, find targets)

    let private ofSafetensors inputs (targets: string) (path: string) : Dataset =
        DataFile.check path
        use _scope = torch.NewDisposeScope()
        let _, tensors = Safetensors.load path
        ofFile path inputs targets tensors

    /// Two tensors (N, …) of a safetensors file, by their names.
    let safetensors (inputs: string) (targets: string) (path: string) : Dataset =
        ofSafetensors (single inputs) targets path

    /// The same for a model of several inputs, whose names they have.
    let safetensorsNamed (inputs: string list) (targets: string) (path: string) : Dataset =
        ofSafetensors (several inputs) targets path

    let private ofNpz names inputs (targets: string) (path: string) : Dataset =
        use _scope = torch.NewDisposeScope()
        let read = names @ [ targets ] |> List.distinct
        Npz.loadSome read path |> List.zip read |> Map.ofList |> ofFile path inputs targets

    /// Two arrays (N, …) of NumPy's file of several, `.npz`, by their names.
    let npz (inputs: string) (targets: string) (path: string) : Dataset = ofNpz [ inputs ] (single inputs) targets path

    /// The same for a model of several inputs, whose names they have.
    let npzNamed (inputs: string list) (targets: string) (path: string) : Dataset =
        ofNpz inputs (several inputs) targets path

    // The tensors of one name in all items, one below the other.
    let private stacked (items: IDictionary<string, torch.Tensor>[]) (name: string) : torch.Tensor =
        let find i =
            match items[i].TryGetValue name with
            | true, tensor -> tensor
            | _ ->
                let known = List.ofSeq items[i].Keys
                let expected = $"a tensor '{name}'"
                DataFile.fail $"item {string i}" expected (Error.list known + Nearest.hint name known)

        let found = Array.init items.Length find
        let first = found[0]

        found
        |> Array.iteri (fun i item ->
            if item.shape <> first.shape || item.dtype <> first.dtype then
                let expected = $"{string first.dtype} {Shape.known first.shape}, as '{name}' of item 0"
                DataFile.fail $"item {string i}" expected $"{string item.dtype} {Shape.known item.shape}")

        torch.stack found

    let private ofItems inputs (targets: string) (data: torch.utils.data.Dataset) : Dataset =
        Native.load ()
        if data.Count = 0L then DataFile.fail "dataset" "at least one item" "none"
        use _scope = torch.NewDisposeScope()
        let items = [| for i in 0L .. data.Count - 1L -> data.GetTensor i :> IDictionary<_, _> |]
        Dataset.OfInputs(inputs (stacked items), stacked items targets)

    /// All items of a dataset of TorchSharp, read at once: of each the tensor `inputs` and the tensor `targets`. Those of a name
    /// must have one shape and one dtype: the error names the first that has not.
    let ofTorch (inputs: string) (targets: string) (data: torch.utils.data.Dataset) : Dataset =
        ofItems (single inputs) targets data

    /// The same for a model of several inputs, whose names they have.
    let ofTorchNamed (inputs: string list) (targets: string) (data: torch.utils.data.Dataset) : Dataset =
        ofItems (several inputs) targets data
