/// What the documentation shows compiles, runs, and does what it says.
module Deeplay.Tests.Snippets

open System
open System.Text.RegularExpressions
open Expecto
open Deeplay.Tests.Pages

// `…` stands for anything.
let private isLike (expected: string list) (found: string list) =
    let pattern = Regex.Escape(String.Join("\n", expected)).Replace("…", ".*")
    Regex.IsMatch(String.Join("\n", found), $@"\A{pattern}\z", RegexOptions.Singleline)

let private same what expected found =
    if not (isLike expected found) then
        let shown lines = String.Join("", lines |> List.map (fun line -> $"\n    {line}"))
        failtest $"{what} by the page:{shown expected}\nin truth:{shown found}"

// What the compiler or the runtime says of the lines of a snippet; where it says nothing of them, what it says of others.
let private blame (snippet: Snippet) (said: string) =
    let last = snippet.Line + snippet.Code.Length

    let isAbout (line: string) =
        let m = Regex.Match(line, Regex.Escape snippet.Page + @"[(:](?:line )?(\d+)")
        m.Success && int m.Groups[1].Value >= snippet.Line && int m.Groups[1].Value < last

    let lines = said.Split '\n' |> Array.distinct
    let others = lines |> Array.filter (fun line -> line.Contains "error") |> Array.truncate 1

    match lines |> Array.filter isAbout, others with
    | [||], [||] -> "it was not reached: " + said.Substring(max 0 (said.Length - 400))
    | [||], others -> "it was not reached: " + String.Join("\n", others)
    | own, _ -> String.Join("\n", own)

let private check (snippet: Snippet) (outcome: Programs.Outcome option) said =
    match outcome with
    | None -> failtest (blame snippet said)
    | Some outcome ->
        match outcome.Failure with
        | Some failure when snippet.Fails.IsEmpty -> failtest failure
        | Some failure -> same "fails with," snippet.Fails (List.ofArray (failure.Split '\n'))
        | None -> if not snippet.Fails.IsEmpty then failtest "it should fail, and does not"

        if not snippet.Prints.IsEmpty then same "prints," snippet.Prints outcome.Printed

let private ofLanguage language =
    let snippets =
        Pages.all
        |> List.collect Pages.snippets
        |> List.filter (fun snippet -> snippet.Language = language && snippet.Runs)

    let program = lazy (Programs.run language snippets)

    testList
        $"{language}"
        [
            for i, snippet in List.indexed snippets ->
                test snippet.Place {
                    let outcomes, said = program.Value
                    check snippet (Map.tryFind i outcomes) said
                }
        ]

[<Tests>]
let tests = testList "Snippets" [ ofLanguage CSharp; ofLanguage FSharp ]
