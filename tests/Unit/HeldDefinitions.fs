/// Nothing that the library defines is forgotten. Definitions are looked for in every property and field of the assembly, not
/// as the registry looks for them.
module Deeplay.Tests.HeldDefinitions

open System
open System.Collections
open System.Collections.Generic
open System.IO
open System.Reflection
open System.Runtime.CompilerServices
open System.Text.RegularExpressions
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open Expecto
open Deeplay.Tests

let private library = typeof<GroupAttribute>.Assembly

let private flags =
    BindingFlags.Public ||| BindingFlags.NonPublic ||| BindingFlags.Static ||| BindingFlags.DeclaredOnly

let private ofInstance = BindingFlags.Public ||| BindingFlags.NonPublic ||| BindingFlags.Instance

// The definitions that a value holds: itself, its items, the fields of what is of a kind of the library's own.
let rec private within (seen: HashSet<obj>) (value: obj) : Definition list =
    match value with
    | null -> []
    | :? Definition as definition -> [ definition ]
    | :? string -> []
    | _ when not (value.GetType().IsValueType || seen.Add value) -> []
    | :? ICollection as items -> items |> Seq.cast<obj> |> Seq.collect (within seen) |> List.ofSeq
    | _ when value.GetType().Assembly = library ->
        [
            for field in value.GetType().GetFields ofInstance do
                yield! within seen (field.GetValue value)
        ]
    | _ -> []

let private held: Definition list =
    let seen = HashSet<obj>(HashIdentity.Reference)

    [
        for holder in library.GetTypes() do
            if not holder.ContainsGenericParameters then
                RuntimeHelpers.RunClassConstructor holder.TypeHandle

                for property in holder.GetProperties flags do
                    if property.CanRead && property.GetIndexParameters().Length = 0 && property.GetMethod.IsStatic then
                        yield! within seen (property.GetValue null)

                for field in holder.GetFields flags do
                    if field.IsStatic then yield! within seen (field.GetValue null)
    ]
    |> List.distinct

let private source folder =
    Directory.GetFiles(Path.Combine(__SOURCE_DIRECTORY__, "..", "..", "src", "Deeplay.Library", folder), "*.fs")

// The definitions of a folder by the holders that its files declare.
let private ofFolder folder : Set<string> =
    let declared =
        set
            [
                for file in source folder do
                    for found in
                        Regex.Matches(File.ReadAllText file, @"^(?:module|type) internal (\w+)", RegexOptions.Multiline) do
                        found.Groups[1].Value
            ]

    set
        [
            for holder in library.GetTypes() do
                if holder.Namespace = "Deeplay.Library" && declared.Contains holder.Name then
                    let isModule = holder.IsAbstract && holder.IsSealed

                    for property in holder.GetProperties flags do
                        if isModule then
                            for definition in within (HashSet HashIdentity.Reference) (property.GetValue null) do
                                definition.Id
        ]

let private group name : Set<string> =
    Library.groups
    |> List.pick (fun (group, _, definitions) -> if group = name then Some definitions else None)
    |> List.map _.Id
    |> Set.ofList

[<Tests>]
let tests =
    testList
        "HeldDefinitions"
        [
            testCase "every definition that the library holds can be found in its registry" (fun () ->
                Expect.isGreaterThan held.Length 200 "what there is"

                for definition in held do
                    match Library.registry.Definitions.TryFind definition.Id with
                    | Some known -> Expect.isTrue (obj.ReferenceEquals(known, definition)) definition.Id
                    | None -> failtest $"{definition.Id} is held, and nobody finds it.")

            testCase "what a file of models defines is among the models, and nothing else is" (fun () ->
                Assert.equal (ofFolder "Models") (group "Models"))

            testCase "what a file of applications defines is no component" (fun () ->
                Assert.empty (Set.intersect (ofFolder "Applications") (group "Components")))

            testCase "nothing is in two groups" (fun () ->
                let all = Library.groups |> List.collect (fun (_, _, definitions) -> definitions |> List.map _.Id)
                Assert.equal (List.distinct all) all)
        ]
