/// The methods and styles of the library's definitions, as methods of everything that can be changed in C#.
module Deeplay.Generate.CSharpEdits

open System
open Deeplay.Core
open CSharpArguments

let private callers =
    [
        "[System.Runtime.CompilerServices.CallerFilePath] string file = \"\""
        "[System.Runtime.CompilerServices.CallerLineNumber] int line = 0"
    ]

let private edit call (action: ActionDefinition) =
    let arguments = ofAction action
    let head = List.map declare arguments @ callers

    [
        yield!
            Documentation.element
                "    "
                "summary"
                ""
                (Documentation.text action.Signature (Documentation.sentence action.Documentation))
        for argument in arguments do
            yield!
                Documentation.element
                    "    "
                    "param"
                    $"name=\"{argument.Name.TrimStart '@'}\""
                    (document action.Signature argument)
        "    /// <param name=\"file\">The caller's file: leave it to the compiler.</param>"
        "    /// <param name=\"line\">The caller's line: leave it to the compiler.</param>"
        "    /// <returns>The whole, changed. The edit is done again whenever its module is constructed.</returns>"
        $"    public {Names.spec} {Names.pascal action.Id}("
        for i, argument in List.indexed head do
            "        " + argument + (if i < head.Length - 1 then "," else "")
        "    ) =>"
        $"        {call}("
        $"            \"{action.Id}\","
        "            Factory.Given("
        for i, argument in List.indexed arguments do
            let comma = if i < arguments.Length - 1 then "," else ""
            let standard = argument.Default |> Option.defaultValue "Unset.Value"
            $"                (\"{argument.Parameter.Name}\", {argument.Name}, {standard}){comma}"
        "            ),"
        "            file,"
        "            line"
        "        );"
    ]

let private file name what call (actions: ActionDefinition list) =
    $"src/Deeplay.CSharp/Editable.{name}.g.cs",
    String.Join(
        "\n",
        [
            yield! CSharpFactories.header
            "namespace Deeplay;"
            ""
            $"/// <content>{what}</content>"
            "public abstract partial class Editable"
            "{"
            for i, action in List.indexed actions do
                if i > 0 then ""

                yield! edit call action
            "}"
            ""
        ]
    )

/// The files by their paths.
let files =
    [
        file
            "Methods"
            "Structural edits of blocks and lists. Each is one step of the tape."
            "Call"
            (Catalog.actions (fun definition -> definition.Methods))
        file
            "Styles"
            "Styles of the library's modules. Each is one step of the tape."
            "Style"
            (Catalog.actions (fun definition -> definition.Styles))
    ]
