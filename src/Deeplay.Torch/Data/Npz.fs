namespace Deeplay.Torch

open System
open System.IO.Compression
open Deeplay.Core
open TorchSharp

/// NumPy's files of several arrays, `.npz`: a zip archive of `.npy` files.
[<RequireQualifiedAccess>]
module Npz =
    let private suffix = ".npy"

    let private nameOf path (entry: ZipArchiveEntry) =
        if entry.FullName.EndsWith(suffix, StringComparison.Ordinal) then
            entry.FullName[.. entry.FullName.Length - suffix.Length - 1]
        else
            DataFile.fail path "arrays alone (names that end in .npy)" $"'{entry.FullName}'"

    let private opened path (work: Map<string, ZipArchiveEntry> -> 'a) : 'a =
        DataFile.read path (fun content ->
            use archive = new ZipArchive(content.Stream, ZipArchiveMode.Read)
            let entries = [ for entry in archive.Entries -> nameOf path entry, entry ]
            if entries.IsEmpty then DataFile.fail path "at least one array" "none"

            match entries |> List.countBy fst |> List.tryFind (fun (_, n) -> n > 1) with
            | Some(name, _) -> DataFile.fail path "every array once" $"'{name}' twice"
            | None -> work (Map.ofList entries))

    let private arrayOf path name (entry: ZipArchiveEntry) =
        let where = $"{path}, {name}"
        // The archive may say anything of the length.
        let most = min entry.Length (DataFile.unpacked entry.CompressedLength)
        use stream = entry.Open()
        Npy.ofStream where stream most (most = entry.Length)

    /// The names of the arrays of a file.
    let names (path: string) : string list = opened path (Map.keys >> List.ofSeq)

    /// Some arrays of a file, by their names.
    let loadSome (names: string list) (path: string) : torch.Tensor list =
        Native.load ()

        opened path (fun entries ->
            let known = entries.Keys |> List.ofSeq

            for name in names do
                if not (entries.ContainsKey name) then
                    let expected = $"one of its arrays ({Error.list known})"
                    DataFile.fail path expected ($"'{name}'" + Nearest.hint name known)

            use scope = torch.NewDisposeScope()
            names |> List.map (fun name -> arrayOf path name entries[name]) |> List.map scope.MoveToOuter)

    /// All arrays of a file, by their names.
    let load (path: string) : Map<string, torch.Tensor> =
        let names = names path
        List.zip names (loadSome names path) |> Map.ofList
