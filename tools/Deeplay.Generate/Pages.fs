/// The pages of the library: what each definition is, and an example of it in both languages.
module Deeplay.Generate.Pages

open System
open System.Text.RegularExpressions
open Deeplay.Core
open Deeplay.Library
open Deeplay.Generate.Examples

/// Where they are.
let folder = "docs/library"

// What Markdown or a table would take for its own.
let private plain (text: string) = Regex.Replace(text, @"[*_<>|\\]", (fun found -> "\\" + found.Value))

let private fence language lines = [ $"```{language}"; yield! lines; "```"; "" ]

let private standard (parameter: Parameter) =
    if parameter.IsInferred && (parameter.Default = Unset || parameter.Default = Null) then "inferred"
    elif parameter.Default = Unset then "required"
    else $"`{Value.print parameter.Default}`"

let private meaning (parameter: Parameter) =
    let isTold =
        match parameter.Type with
        | OneOf _
        | OrNull(OneOf _) -> true
        | _ -> false

    [
        Documentation.sentence parameter.Documentation
        match parameter.Check(Opaque(obj ())) with
        | Some expected when not isTold -> $"Must be {expected}."
        | _ -> ()
    ]
    |> String.concat " "

let private table (definition: Definition) =
    match definition.Signature.Parameters with
    | [||] -> [ "It has no parameters."; "" ]
    | parameters ->
        [
            "| parameter | what it takes | default | what it is |"
            "| --- | --- | --- | --- |"
            for parameter in parameters do
                let kind = plain (Value.describeType parameter.Type)
                $"| `{parameter.Name}` | {kind} | {standard parameter} | {plain (meaning parameter)} |"
            ""
        ]

// What a text of the example calls the module.
let private variables =
    Map.ofList
        [
            "Layers", "layer"
            "Blocks", "block"
            "Components", "component"
            "Models", "model"
            "Losses", "loss"
            "Optimizers", "optimizer"
            "Metrics", "metric"
            "Schedules", "schedule"
            "Applications", "application"
        ]

let private variable group (definition: Definition) =
    if definition.Is Optimizers.groupDefinition then "group"
    elif definition.Is MetricCollection.definition then "metrics"
    else variables[group]

let private shapes (shown: Shown) =
    let input (input: ExampleInput) =
        let key = input.Key |> Option.map (fun key -> $"`{key}` ") |> Option.defaultValue ""
        let below = input.Below |> Option.map (fun most -> $" whole numbers below {most}") |> Option.defaultValue ""
        $"{key}{Shape.known input.Sizes}{below}"

    let output (output: Carried) =
        match output with
        | Tensor shape -> [ sizes shape ]
        | Tensors named -> [ for key, shape in Map.toList named -> $"`{key}` {sizes shape}" ]

    let inputs = String.Join(", ", List.map input shown.Inputs)
    let outputs = String.Join(", ", List.collect output shown.Outputs)
    $"Shapes of the example: {inputs} → {outputs}"

let private example group (shown: Shown) =
    let programs name =
        let note = if shown.IsLarge then [ "<!-- not run -->"; "" ] else []

        [
            yield! note
            yield! fence "csharp" (CSharpExamples.program name shown)
            yield! note
            yield! fence "fsharp" (FSharpExamples.program name shown)
        ]

    [
        yield! programs (variable group shown.Definition)
        if not shown.Outputs.IsEmpty then
            if shown.IsLarge then
                let count = shown.Parameters.ToString("N0", Globalization.CultureInfo.InvariantCulture)
                $"It has {count} parameters, and is not run here."
                ""

            shapes shown
            ""
            yield! fence "text" (tree 24 shown.Root)
    ]

let private entry group (definition: Definition) =
    let fSharp = Names.inGroup group definition.Id

    let special =
        match definition.Base with
        | Some parent -> $"; a special case of `{parent.Id}`"
        | None -> ""

    [
        $"## {definition.Id}"
        ""
        plain (Documentation.sentence definition.Documentation)
        ""
        $"C#: `{group}.{definition.Id}`, F#: `{group}.{fSharp}`{special}."
        ""
        if not definition.Sources.IsEmpty then
            "Source: " + plain (Documentation.sentence (String.Join("; ", definition.Sources)))
            ""
        if definition.Shapes <> "" then
            "Shapes: " + plain (Documentation.sentence definition.Shapes)
            ""
        yield! table definition
        yield! ofDefinition definition |> Option.map (example group) |> Option.defaultValue []
    ]

let private page (group: string, documentation: string, definitions: Definition list) =
    let index =
        definitions
        |> List.map (fun definition -> $"[{definition.Id}](#{definition.Id.ToLowerInvariant()})")
        |> List.sortWith (fun a b -> String.CompareOrdinal(a.ToLowerInvariant(), b.ToLowerInvariant()))

    [
        "<!-- Written by ./build.sh generate from the library's definitions. -->"
        ""
        $"# {group}"
        ""
        plain documentation
        ""
        "What a parameter `out_features` is called: in C# it is the argument `outFeatures` of the factory. In F# the factory takes what is"
        "required by its place, and the rest is configured: `Module.configure Linear.outFeatures 4`. The programs begin as those of"
        "[the guide](../guide.md) do."
        ""
        String.Join(", ", index) + "."
        ""
        for definition in definitions do
            yield! entry group definition
    ]

/// The files by their paths.
let files =
    [
        for group, documentation, definitions in Library.groups do
            let text = String.Join("\n", page (group, documentation, definitions))
            $"{folder}/{group.ToLowerInvariant()}.md", text.TrimEnd('\n') + "\n"
    ]
