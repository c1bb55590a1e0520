namespace Deeplay.Torch

open System
open System.Collections.Generic
open System.IO
open System.Text.RegularExpressions
open Deeplay.Core
open TorchSharp

/// Tensors in several safetensors files with an index, and in a single one alike.
module internal Shards =
    let private fail path expected found = Fail.with' (Malformed(path, expected, found))

    // --- Writing ------------------------------------------------------------------------------------------------

    let private bytes (tensor: torch.Tensor) = tensor.NumberOfElements * tensor.ElementSize

    /// The tensors in groups of at most so many bytes, in their order. One that is larger is alone.
    let split (limit: int64) (tensors: (string * torch.Tensor) list) : (string * torch.Tensor) list list =
        let folder (groups, current, size) (name, tensor) =
            match bytes tensor with
            | own when own > limit -> [ name, tensor ] :: groups, current, size
            | own when size + own > limit -> current :: groups, [ name, tensor ], own
            | own -> groups, (name, tensor) :: current, size + own

        let groups, last, _ = List.fold folder ([], [], 0L) tensors
        last :: groups |> List.filter (List.isEmpty >> not) |> List.map List.rev |> List.rev

    // `model.safetensors` → `model-00001-of-00003.safetensors`.
    let private nameOf (path: string) (part: string) =
        let extension = Path.GetExtension path
        Path.GetFileNameWithoutExtension path + part + extension

    // What an earlier save left of other shards.
    let private removeOthers (path: string) (kept: string list) =
        let stem, extension = Path.GetFileNameWithoutExtension path, Path.GetExtension path
        let shard = Regex($@"\A{Regex.Escape stem}-\d{{5,}}-of-\d{{5,}}{Regex.Escape extension}\z")

        for file in Directory.GetFiles(Path.GetDirectoryName path) do
            let name = Path.GetFileName file
            if shard.IsMatch name && not (List.contains name kept) then File.Delete file

    /// Writes tensors beside `path` in files of at most so many bytes of them, and an index; where one is enough, it is `path` itself
    /// and there is no index. What an earlier save left there under other names is taken away. Until the new index is there, there
    /// is none: it never speaks of files that are not whole, or of an earlier save.
    let save (path: string) (limit: int64) (metadata: Map<string, string>) (tensors: (string * torch.Tensor) list) =
        if limit < 1L then fail path "a positive number of bytes for a shard" (string limit)
        FilePath.check "save" path
        let path = Path.GetFullPath path
        let index = path + ShardIndex.extension

        match split limit tensors with
        | []
        | [ _ ] ->
            let write = Safetensors.content path metadata tensors

            let after () =
                File.Delete index
                WholeFile.clear (Path.GetDirectoryName path) index
                removeOthers path []

            WholeFile.writeTogether true path [ path, write ] ignore after
        | groups ->
            let save = Guid.NewGuid().ToString "N"
            let metadata = metadata.Add(ShardIndex.saveKey, save)

            let named = groups |> List.mapi (fun i group -> nameOf path $"-{i + 1:D5}-of-{groups.Length:D5}", group)

            let json =
                ShardIndex.write
                    {
                        TotalSize = Some(tensors |> List.sumBy (snd >> bytes))
                        Save = Some save
                        Files =
                            Map.ofList
                                [
                                    for file, group in named do
                                        for name, _ in group -> name, file
                                ]
                    }

            let folder = Path.GetDirectoryName path

            let shards =
                [
                    for file, group in named do
                        let place = Path.Combine(folder, file)
                        place, Safetensors.content place metadata group
                ]

            let after () =
                removeOthers path (List.map fst named)
                File.Delete path

            WholeFile.writeTogether
                true
                index
                (shards @ [ index, (fun file -> file.Write(ReadOnlySpan json)) ])
                (fun () -> File.Delete index)
                after

    // --- Reading ------------------------------------------------------------------------------------------------

    /// A file that is open, with its header.
    [<NoEquality; NoComparison>]
    type Opened = { Path: string; File: FileStream; Header: SafetensorsHeader }

    let private openFile (path: string) : Opened =
        let file = Safetensors.opened path

        Failures.orDispose file (fun () -> { Path = path; File = file; Header = SafetensorsHeader.read path file })

    // Every tensor of the index must be in its file, and nothing else in it.
    let private checkNames (index: ShardIndex) (file: string) (opened: Opened) =
        let own = HashSet<string>()

        for entry in opened.Header.Tensors do
            own.Add entry.Name |> ignore

            match index.Files.TryFind entry.Name with
            | Some known when known = file -> ()
            | Some known -> fail opened.Path $"'{entry.Name}' in '{known}' alone, as the index says" "it there too"
            | None -> fail opened.Path "tensors of the index alone" $"'{entry.Name}'"

        for KeyValue(name, known) in index.Files do
            if known = file && not (own.Contains name) then
                fail opened.Path $"the tensor '{name}', as the index says" "a file without it"

        match index.Save, opened.Header.Metadata.TryFind ShardIndex.saveKey with
        | Some save, found when found <> Some save -> fail opened.Path "a file that was saved with its index" "another"
        | _ -> ()

    let private checkSize path (index: ShardIndex) (files: Opened list) =
        let found =
            files
            |> List.sumBy (fun file -> file.Header.Tensors |> List.sumBy (fun entry -> entry.End - entry.Start))

        match index.TotalSize with
        | Some size when size <> found -> fail path $"{found} bytes, as there are in its files" $"{size}"
        | _ -> ()

    let private openAll (path: string) : Opened list =
        let index = ShardIndex.read path
        let folder = Path.GetDirectoryName(Path.GetFullPath path)
        let opened = ResizeArray<Opened>()

        try
            for file in index.Files.Values |> Seq.distinct |> Seq.sort do
                let place = Path.Combine(folder, file)

                if not (File.Exists place) then fail path $"the file '{file}' beside it" "none of this name"

                opened.Add(openFile place)
                checkNames index file opened[opened.Count - 1]

            checkSize path index (List.ofSeq opened)
            List.ofSeq opened
        with _ ->
            for file in opened do
                file.File.Dispose()

            reraise ()

    /// Reads what `path` names: a single file, an index, or, where only that is there, the index of the file. Every file is opened once.
    /// `work` gets the files and what loads some of their tensors, on the CPU; these belong to the scope that it is called in.
    let reading (path: string) (work: Opened list -> ((TensorEntry -> bool) -> Map<string, torch.Tensor>) -> 'a) : 'a =
        Native.load ()
        FilePath.check "load" path
        let path = Path.GetFullPath path
        let index = path + ShardIndex.extension

        // Nobody moves files to their places meanwhile.
        let files =
            FolderLock.within (Path.GetDirectoryName path) (fun () ->
                if path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) then openAll path
                elif not (File.Exists path) && File.Exists index then openAll index
                else [ openFile path ])

        let load wanted =
            Map.ofSeq (
                seq {
                    for file in files do
                        let entries = file.Header.Tensors |> List.filter wanted

                        for KeyValue(name, tensor) in Safetensors.tensorsOf file.Path file.File file.Header entries do
                            name, tensor
                }
            )

        try
            work files load
        finally
            for file in files do
                file.File.Dispose()
