/// The pages of the documentation, and the snippets in them.
module Deeplay.Tests.Pages

open System
open System.IO
open System.Text.RegularExpressions

/// What a snippet is written in.
type Language =
    | CSharp
    | FSharp

/// A block of code of a page. A comment `<!-- … -->` before it says more:
///
///     <!-- continues -->        it goes on from the block before it, in its language
///     <!-- continues: NAME -->  it goes on from the block of that name
///     <!-- name: NAME -->       what it is called
///     <!-- not run -->          it is no program
///
/// A comment `// → text` in the code is a line that the block prints: they are all it prints. `// ✗ text` is what it fails
/// with. `…` in them stands for anything.
type Snippet =
    {
        Page: string
        /// The line of the page that its code begins on, counted from 1.
        Line: int
        Language: Language
        Code: string list
        Name: string option
        /// What it goes on from.
        Before: Snippet option
        Runs: bool
    }

    /// Where it stands, as error messages write it.
    member s.Place = $"{Path.GetFileName s.Page}:{s.Line}"

    /// What its comments of a kind say, in order.
    member private s.Comments(mark: string) =
        s.Code
        |> List.choose (fun line ->
            match line.IndexOf($"// {mark}", StringComparison.Ordinal) with
            | -1 -> None
            | at -> Some(line.Substring(min line.Length (at + 5)).TrimEnd()))

    /// The lines that it prints, where it says so.
    member s.Prints = s.Comments "→"

    /// The lines of the message that it fails with, where it does.
    member s.Fails = s.Comments "✗"

/// The folder of the repository.
let root = Path.GetFullPath(Path.Combine(__SOURCE_DIRECTORY__, "..", ".."))

/// The full paths of the pages of the library, which are generated.
let library = Directory.GetFiles(Path.Combine(root, "docs", "library"), "*.md") |> Array.sort |> List.ofArray

/// The full paths of the pages.
let all =
    Path.Combine(root, "README.md")
    :: (Directory.GetFiles(Path.Combine(root, "docs"), "*.md") |> Array.sort |> List.ofArray)
    @ library

let private languages = Map [ "```csharp", CSharp; "```fsharp", FSharp ]

// The comments that stand before a block, as names with their values.
let private notes (line: string) =
    match Regex.Match(line, @"^<!-- (.*) -->$") with
    | m when m.Success ->
        m.Groups[1].Value.Split ','
        |> Array.map (fun note ->
            match note.Split ':' with
            | [| key; value |] -> key.Trim(), value.Trim()
            | _ -> note.Trim(), "")
        |> List.ofArray
    | _ -> []

let private snippet page line language code said (earlier: Snippet list) =
    for key, _ in said do
        if not (List.contains key [ "continues"; "name"; "not run" ]) then
            failwith $"{page}:{line}: there is no note '{key}'"

    let mine = earlier |> List.filter (fun s -> s.Language = language)

    let before =
        match List.tryPick (fun (key, value) -> if key = "continues" then Some value else None) said with
        | None -> None
        | Some "" -> Some(List.head mine)
        | Some name ->
            match mine |> List.tryFind (fun s -> s.Name = Some name) with
            | Some found -> Some found
            | None -> failwith $"{page}:{line}: no block before it is called '{name}'"

    {
        Page = page
        Line = line
        Language = language
        Code = code
        Name = List.tryPick (fun (key, value) -> if key = "name" then Some value else None) said
        Before = before
        Runs = not (List.contains ("not run", "") said)
    }

/// The snippets of a page, in order.
let snippets page =
    let rec read (earlier: Snippet list) said (lines: (int * string) list) =
        match lines with
        | [] -> List.rev earlier
        | (at, line) :: rest when languages.ContainsKey line ->
            let code = rest |> List.takeWhile (fun (_, line) -> line <> "```") |> List.map snd
            let found = snippet page (at + 1) languages[line] code said earlier
            read (found :: earlier) [] (List.skip (code.Length + 1) rest)
        | (_, "") :: rest -> read earlier said rest
        | (_, line) :: rest -> read earlier (notes line) rest

    File.ReadAllLines page |> Array.mapi (fun i line -> i + 1, line) |> List.ofArray |> read [] []
