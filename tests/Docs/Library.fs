/// The pages of the library show everything that has a factory, each with programs that run.
module Deeplay.Tests.Library

open System
open System.IO
open System.Reflection
open Expecto
open Deeplay.Tests.Pages

// What a group's class makes modules by.
let private factories (group: Type) =
    group.GetMethods(BindingFlags.Public ||| BindingFlags.Static)
    |> Array.filter (fun method -> method.ReturnType = typeof<Deeplay.ModuleSpec>)
    |> Array.map (fun method -> method.Name)
    |> Array.distinct
    |> Array.sort
    |> List.ofArray

// Sections with the line that each begins on, counted from 1.
let private sections (page: string) =
    File.ReadAllLines page
    |> Array.indexed
    |> Array.filter (fun (_, line) -> line.StartsWith("## ", StringComparison.Ordinal))
    |> Array.map (fun (i, line) -> line[3..], i + 1)
    |> List.ofArray

/// Models of more than 150 million parameters are not made here.
let private tooLarge = [ "ViTL16"; "ViTL32"; "ConvNeXtLarge" ]

let private groups =
    [
        typeof<Deeplay.Layers>
        typeof<Deeplay.Blocks>
        typeof<Deeplay.Components>
        typeof<Deeplay.Models>
        typeof<Deeplay.Applications>
        typeof<Deeplay.Losses>
        typeof<Deeplay.Optimizers>
        typeof<Deeplay.Metrics>
        typeof<Deeplay.Schedules>
    ]

let private pageOf (group: Type) = Path.Combine(root, "docs", "library", group.Name.ToLowerInvariant() + ".md")

[<Tests>]
let tests =
    testList
        "Library"
        [
            for group in groups do
                test $"every factory of {group.Name} has a section" {
                    Assert.equal (factories group) (sections (pageOf group) |> List.map fst |> List.sort)
                }

            for group in groups do
                test $"every section of {group.Name} has a program in each language that runs and says what it prints" {
                    let page = pageOf group
                    let sections = sections page
                    let ends = (sections |> List.tail |> List.map snd) @ [ Int32.MaxValue ]
                    let snippets = snippets page

                    for (id, first), last in List.zip sections ends do
                        let own = snippets |> List.filter (fun s -> s.Line > first && s.Line < last)
                        Assert.equal [ CSharp; FSharp ] [ for s in own -> s.Language ]

                        for snippet in own do
                            Expect.isNonEmpty snippet.Prints id
                            Expect.equal snippet.Runs (not (List.contains id tooLarge)) id
                }
        ]
