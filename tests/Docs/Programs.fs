/// All snippets of a language as one program, and what each of them did when it ran.
module Deeplay.Tests.Programs

open System
open System.Diagnostics
open System.IO
open System.Text.RegularExpressions
open Deeplay.Tests.Pages

/// What became of a snippet.
type Outcome =
    {
        /// The lines that it printed, those apart that it goes on from.
        Printed: string list
        /// What it failed with.
        Failure: string option
    }

// A line that the program prints about itself begins with this.
let private mark = "\u0001"

let private folder = Path.Combine(root, "artifacts", "docs")

/// A snippet with all that it goes on from, the first first.
let rec private chain (snippet: Snippet) =
    match snippet.Before with
    | Some before -> chain before @ [ snippet ]
    | None -> [ snippet ]

let private indented lines = lines |> List.map (fun line -> if line = "" then "" else "    " + line)

let private line (snippet: Snippet) at = $"#line {snippet.Line + at} \"{snippet.Page}\""

// Declarations of types, which can't stand among statements: from a line such as `record Gated(` to the one that ends it.
let private typesApart (snippet: Snippet) =
    let begins (line: string) =
        Regex.IsMatch(line, @"^((public|internal|sealed|static|abstract) )*(record|class|struct|enum|interface) ")

    let ends (line: string) = line.StartsWith '}' || (not (line.StartsWith ' ') && line.EndsWith ';')

    let folded (statements, types, isInside) (at, text: string) =
        let located = [ line snippet at; text ]

        if isInside || begins text then
            statements, types @ located, not (ends text)
        else
            statements @ located, types, false

    let statements, types, _ = snippet.Code |> List.indexed |> List.fold folded ([], [], false)
    statements, types

let private csharp (snippets: Snippet list) =
    let unit i (snippet: Snippet) =
        let parts = chain snippet |> List.map typesApart
        let earlier = parts |> List.take (parts.Length - 1) |> List.collect fst

        [ $"static class S{i} {{"; "public static void Run() {" ]
        @ earlier
        @ [ "Snippets.Own();" ]
        @ fst (List.last parts)
        @ [ "#line default"; "}" ]
        @ List.collect snd parts
        @ [ "#line default"; "}" ]

    [
        "#:project ../../src/Deeplay.CSharp"
        "#:project ../../src/Deeplay.Plots.CSharp"
        "#:property EnableNETAnalyzers=false"
        "#:property EnforceCodeStyleInBuild=false"
        "using Deeplay;"
        "using static Deeplay.Selector;"
        "using TorchSharp;"
        yield! snippets |> List.mapi (fun i _ -> $"Snippets.Run({i}, S{i}.Run);")
        "static class Snippets {"
        $"    public static void Own() => Console.WriteLine(\"{mark}own\");"
        "    public static void Run(int number, Action snippet) {"
        $"        Console.WriteLine($\"{mark}begin {{number}}\");"
        "        try { snippet(); }"
        $"        catch (Exception e) {{ Console.WriteLine($\"{mark}failed {{e.Message.Replace(\"\\n\", \"\\n{mark}\")}}\"); }}"
        "    }"
        "}"
        yield! snippets |> List.mapi unit |> List.concat
    ]

// A module for each: what is on its top level is what a script has there. The models of the library are in functions, so that their
// memory is free for those after them.
let private fsharp (snippets: Snippet list) =
    let unit i (snippet: Snippet) =
        let code (part: Snippet) = line part 0 :: indented part.Code

        let own =
            if List.contains snippet.Page library then
                [
                    "    let run () ="
                    line snippet 0
                    yield! indented (indented snippet.Code)
                    "    run ()"
                    "    Snippets.collect ()"
                ]
            elif snippet.Fails.IsEmpty then
                code snippet
            else
                [
                    "    let _ ="
                    "        try"
                    line snippet 0
                    yield! indented (indented (indented snippet.Code))
                    "        with e -> Snippets.failed e"
                ]

        [ $"module S{i} ="; $"    printfn \"{mark}begin {i}\"" ]
        @ (snippet.Before |> Option.map chain |> Option.defaultValue [] |> List.collect code)
        @ [ $"    printfn \"{mark}own\"" ]
        @ own

    [
        "#load \"../../samples/plots.fsx\""
        "#nowarn \"20\"" // a value that nobody takes
        "open Deeplay.Core"
        "open Deeplay.FSharp"
        "open Deeplay.Torch"
        "open TorchSharp"
        "module Snippets ="
        "    let failed (e: exn) ="
        $"        printfn \"{mark}failed %%s\" (e.Message.Replace(\"\\n\", \"\\n{mark}\"))"
        "        Unchecked.defaultof<_>"
        "    let collect () ="
        "        if System.Environment.WorkingSet > 1_500_000_000L then"
        "            System.GC.Collect()"
        "            System.GC.WaitForPendingFinalizers()"
        yield! snippets |> List.mapi unit |> List.concat
    ]

// Some errors of the compiler name the line of the program: the line of the page that this one comes from.
let private located (program: string list) (said: string) =
    let ofPage (m: Match) =
        let above = program |> List.truncate (int m.Groups[1].Value - 1) |> List.rev

        match above |> List.tryFindIndex (fun line -> line.StartsWith "#line ") with
        | Some distance ->
            let from = Regex.Match(above[distance], "^#line ([0-9]+) \"(.*)\"$")
            $"{from.Groups[2].Value}({int from.Groups[1].Value + distance}"
        | None -> m.Value

    Regex.Replace(said, @"\S*snippets\.\w+\(([0-9]+)", ofPage)

let private execute command (file: string) =
    let start =
        ProcessStartInfo(
            "dotnet",
            [ command; file ],
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        )

    use running = Process.Start start
    let errors = running.StandardError.ReadToEndAsync()
    let output = running.StandardOutput.ReadToEnd()
    running.WaitForExit()
    output, errors.Result

// From "begin 7" to the next: what came after "own", and what came after "failed".
let private outcome (lines: string list) =
    let own =
        match lines |> List.tryFindIndex ((=) $"{mark}own") with
        | Some at -> List.skip (at + 1) lines
        | None -> lines

    let isFailure (line: string) = line.StartsWith '\u0001'
    let failure = own |> List.filter isFailure |> List.map (fun line -> line.Trim('\u0001'))

    {
        Printed = own |> List.filter (isFailure >> not) |> List.map (fun line -> line.TrimEnd())
        Failure =
            match failure with
            | [] -> None
            | first :: rest -> Some(String.Join("\n", first.Replace("failed ", "") :: rest))
    }

let private outcomes (output: string) =
    Regex.Split(output, $"(?m)^{mark}begin ")
    |> Array.skip 1
    |> Array.map (fun part ->
        match List.ofArray (part.Split '\n') with
        | number :: lines -> int number, outcome (List.truncate (lines.Length - 1) lines)
        | [] -> failwith "unreachable")
    |> Map

/// Runs snippets of one language as one program. Gives what became of each, by its place among them, where it was reached,
/// and all that the program said.
let run language (snippets: Snippet list) : Map<int, Outcome> * string =
    Directory.CreateDirectory folder |> ignore
    let data = Path.Combine(folder, "samples")

    if not (Path.Exists data) then
        Directory.CreateSymbolicLink(data, Path.Combine(root, "samples")) |> ignore

    File.WriteAllText(
        Path.Combine(folder, "Directory.Build.props"),
        "<Project><Import Project=\"../../samples/Directory.Build.props\" /></Project>"
    )

    let file, command, text =
        match language with
        | CSharp -> "snippets.cs", "run", csharp snippets
        | FSharp -> "snippets.fsx", "fsi", fsharp snippets

    File.WriteAllLines(Path.Combine(folder, file), text)
    let output, errors = execute command file
    outcomes output, located text (output + errors)
