/// What users can name: the public surface of each assembly is the one that tests/Unit/surface lists. A change shows in
/// the list's own diff. `DEEPLAY_ACCEPT=1` writes the lists anew.
module Deeplay.Tests.SurfaceTests

open System
open System.IO
open Expecto
open PublicApiGenerator
open Deeplay.Tests

// What every F# type carries says nothing to a user.
let private options =
    ApiGeneratorOptions(
        IncludeAssemblyAttributes = false,
        ExcludeAttributes =
            [|
                typeof<CompilationMappingAttribute>.FullName
                typeof<CompilationArgumentCountsAttribute>.FullName
                typeof<CompilationRepresentationAttribute>.FullName
                typeof<CompilationSourceNameAttribute>.FullName
                typeof<Diagnostics.DebuggerDisplayAttribute>.FullName
                typeof<SerializableAttribute>.FullName
            |]
    )

let private assemblies =
    [
        "Deeplay.Core"
        "Deeplay.Library"
        "Deeplay.Torch"
        "Deeplay.FSharp"
        "Deeplay.CSharp"
        "Deeplay.Images"
        "Deeplay.Plots"
        "Deeplay.Plots.CSharp"
    ]

let private folder = Path.Combine(__SOURCE_DIRECTORY__, "surface")

[<Tests>]
let tests =
    testList
        "Surface"
        [
            for name in assemblies do
                testCase $"the public surface of {name}" (fun () ->
                    let found =
                        ApiGenerator
                            .GeneratePublicApi(Reflection.Assembly.Load(name: string), options)
                            .ReplaceLineEndings
                            "\n"
                        + "\n"

                    let path = Path.Combine(folder, name + ".txt")

                    if Environment.GetEnvironmentVariable "DEEPLAY_ACCEPT" = "1" then
                        Directory.CreateDirectory folder |> ignore
                        File.WriteAllText(path, found)

                    let listed = if File.Exists path then File.ReadAllText path else ""

                    if found <> listed then
                        let lines (text: string) = text.Split '\n'
                        let added = Array.except (lines listed) (lines found)
                        let gone = Array.except (lines found) (lines listed)
                        let show sign = Array.truncate 10 >> Array.map (fun line -> sign + line)
                        let shown = Array.append (show "+" added) (show "-" gone) |> String.concat "\n"

                        failtest
                            $"it is another one than surface/{name}.txt lists (DEEPLAY_ACCEPT=1 writes it anew):\n{shown}")
        ]
