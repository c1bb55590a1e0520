/// The methods and styles of the library's definitions, as functions of the F# face.
module Deeplay.Generate.FSharpEdits

open System
open Deeplay.Core

let rec private typed kind =
    match kind with
    | BoolType -> "bool"
    | IntType
    | IntOrInts -> "int"
    | FloatType -> "float"
    | TextType
    | OneOf _ -> "string"
    | ModuleType -> "ModuleSpec"
    | FunctionType -> "NamedFunction"
    | ListOf item -> typed item + " list"
    | OrNull inner -> typed inner
    | AnyType -> "obj"

let private edit call (action: ActionDefinition) =
    let must, may = action.Signature.Parameters |> List.ofArray |> List.partition Catalog.isRequired

    let describe (p: Parameter) =
        match Documentation.standard p with
        | Some value -> $"{Documentation.parameter action.Signature p} Default: {value}."
        | None -> Documentation.parameter action.Signature p

    [
        ""
        yield!
            Documentation.element
                "    "
                "summary"
                ""
                (Documentation.text action.Signature (Documentation.sentence action.Documentation))
        for p in must @ may do
            yield! Documentation.element "    " "param" $"name=\"{Names.argument p.Name}\"" (describe p)
        "    /// <param name=\"file\">The caller's file: leave it to the compiler.</param>"
        "    /// <param name=\"line\">The caller's line: leave it to the compiler.</param>"
        "    /// <returns>A change of a spec, or of what is selected. It is done again whenever its module is constructed.</returns>"
        $"    static member {Names.argument action.Id}"
        "        ("
        for p in must do
            $"            {Names.argument p.Name}: {typed p.Type},"
        for p in may do
            $"            ?{Names.argument p.Name}: {typed p.Type},"
        "            [<CallerFilePath>] ?file: string,"
        "            [<CallerLineNumber>] ?line: int"
        "        ) ="
        $"        Caller.given {call} \"{action.Id}\" (file, line) ["
        for p in must do
            $"            Some(\"{p.Name}\" => {Names.argument p.Name})"
        for p in may do
            $"            {Names.argument p.Name} |> Option.map (fun given -> \"{p.Name}\" => given)"
        "        ]"
    ]

let private file name call (documentation: string list) (actions: ActionDefinition list) =
    $"src/Deeplay.FSharp/Factories/{name}.g.fs",
    String.Join(
        "\n",
        [
            yield! FSharpFactories.header
            "namespace Deeplay.FSharp"
            ""
            "open System.Runtime.CompilerServices"
            "open Deeplay.Core"
            ""
            for line in documentation do
                "/// " + line
            "[<AbstractClass; Sealed>]"
            $"type {name} ="
            yield! actions |> List.collect (edit call) |> List.tail
            ""
        ]
    )

/// The files by their paths.
let files =
    [
        file
            "Block"
            "Change.call"
            [
                "<summary>Structural edits of blocks and lists, for a spec or for what is selected:"
                "<c>model |&gt; Module.select \"blocks/:-1\" (Block.normalized Layers.batchNorm1d)</c>. Each is one step of the"
                "tape.</summary>"
            ]
            (Catalog.actions (fun definition -> definition.Methods))
        file
            "Style"
            "Change.style"
            [
                "<summary>Styles of the library's modules, for a spec or for what is selected. Each is one step of the"
                "tape.</summary>"
            ]
            (Catalog.actions (fun definition -> definition.Styles))
    ]
