/// What the documentation names is there.
module Deeplay.Tests.Names

open System
open System.IO
open System.Text.RegularExpressions
open Expecto

// The files of the repository, with `/` in front.
let private files =
    lazy
        ([ "src"; "tests"; "tools"; "samples"; "bench"; "docs"; "natives"; ".paket"; ".config"; ".ci" ]
         |> List.collect (fun folder ->
             Directory.GetFiles(Path.Combine(Pages.root, folder), "*", SearchOption.AllDirectories)
             |> List.ofArray)
         |> List.append (List.ofArray (Directory.GetFiles Pages.root))
         |> List.map (fun file -> "/" + Path.GetRelativePath(Pages.root, file)))

let private matches pattern text = [ for m in Regex.Matches(text, pattern) -> m.Groups[1].Value ]

// A path from the repository's folder on, and the name of a file of ours by itself or with folders before it. What a build
// writes is not among them.
let private missing (text: string) =
    let isThere (path: string) =
        Path.Exists(Path.Combine(Pages.root, path))
        || files.Value |> List.exists (fun file -> file.EndsWith($"/{path}", StringComparison.Ordinal))

    matches @"(?<![\w/.-])((?:src|tests|tools|samples|bench|docs|natives)/[\w./-]*\w)" text
    @ matches @"(?<![\w./-])([A-Z][\w./-]*\.(?:fs|cs|fsproj|csproj))\b" text
    @ matches @"`(\w[\w./-]*\.(?:fsx|sh|props))`" text
    |> List.distinct
    |> List.filter (fun path -> not (path.StartsWith "artifacts/" || isThere path))

let private anchor (heading: string) = Regex.Replace(heading.ToLowerInvariant(), @"[^\w -]", "").Replace(' ', '-')

// Links to other pages, and to sections of them.
let private brokenLinks page (text: string) =
    text
    |> matches @"\]\(([^):]+)\)"
    |> List.filter (fun link ->
        let file, section =
            match link.Split '#' with
            | [| ""; section |] -> page, section
            | [| file; section |] -> Path.Combine(Path.GetDirectoryName(page: string), file), section
            | _ -> Path.Combine(Path.GetDirectoryName page, link), ""

        not (Path.Exists file)
        || (section <> ""
            && File.ReadAllText file |> matches @"(?m)^#+ (.*)$" |> List.map anchor |> List.contains section |> not))

[<Tests>]
let tests =
    testList
        "Names"
        [
            for page in Pages.all ->
                test (Path.GetFileName page) {
                    let text = File.ReadAllText page
                    Assert.equal [] (missing text)
                    Assert.equal [] (brokenLinks page text)
                }
        ]
