/// Writes the factories, keys and edits of both faces and the pages of the library from its registry; with `--check` only looks whether they
/// are as they would be written.
module Deeplay.Generate.Program

open System
open System.IO

let private folders = [ "src/Deeplay.CSharp", "*.g.cs"; "src/Deeplay.FSharp", "*.g.fs"; Pages.folder, "*.md" ]

/// Generated files that are there.
let private present root =
    folders
    |> Seq.filter (fun (folder, _) -> Directory.Exists(Path.Combine(root, folder)))
    |> Seq.collect (fun (folder, pattern) ->
        Directory.EnumerateFiles(Path.Combine(root, folder), pattern, SearchOption.AllDirectories))
    |> Seq.map (fun file -> Path.GetRelativePath(root, file).Replace('\\', '/'))
    |> Set.ofSeq

let private read root (file: string) =
    let path = Path.Combine(root, file)
    if File.Exists path then File.ReadAllText path else ""

let private write root (file: string, text: string) =
    let path = Path.Combine(root, file)
    Directory.CreateDirectory(Path.GetDirectoryName path) |> ignore
    File.WriteAllText(path, text)

[<EntryPoint>]
let main arguments =
    let files =
        CSharpFactories.files
        @ CSharpEdits.files
        @ CSharpSym.files
        @ FSharpFactories.files
        @ FSharpEdits.files
        @ Pages.files

    let run root isCheck =
        let changed = files |> List.filter (fun (file, text) -> read root file <> text)
        let stale = present root - Set.ofList (List.map fst files)

        if isCheck then
            for file in List.map fst changed @ List.ofSeq stale do
                eprintfn $"{file} is not what the library's definitions say: run ./build.sh generate"

            if changed.IsEmpty && stale.IsEmpty then 0 else 1
        else
            List.iter (write root) changed
            stale |> Seq.iter (fun file -> File.Delete(Path.Combine(root, file)))
            printfn $"{files.Length} files, {changed.Length} written, {stale.Count} deleted"
            0

    match arguments with
    | [| root |] -> run root false
    | [| root; "--check" |] -> run root true
    | _ ->
        eprintfn "ROOT [--check]"
        2
