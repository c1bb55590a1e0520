/// Where the library keeps its definitions and their typed keys: F# modules, found by reflection.
module Deeplay.Generate.Catalog

open System
open System.Collections.Generic
open System.Reflection
open Deeplay.Core
open Deeplay.FSharp

/// A typed key, as the library writes it.
[<NoComparison; ReferenceEquality>]
type Key =
    {
        /// `Linear.bias`
        Path: string
        Owner: string
        Name: string
        Parameter: Parameter
        /// What it takes in F#.
        Type: Type
    }

let private statics =
    [ "Deeplay.Core"; "Deeplay.Library" ]
    |> Seq.collect (fun name -> (Assembly.Load name).GetExportedTypes())
    |> Seq.filter (fun found -> found.IsAbstract && found.IsSealed && not found.IsGenericType)
    |> Seq.collect (fun found -> found.GetProperties(BindingFlags.Public ||| BindingFlags.Static))
    |> Seq.toArray

let private keys =
    [
        for property in statics do
            let kind = property.PropertyType

            if kind.IsGenericType && kind.GetGenericTypeDefinition() = typedefof<Param<_>> then
                {
                    Path = $"{property.DeclaringType.Name}.{property.Name}"
                    Owner = property.DeclaringType.Name
                    Name = property.Name
                    Parameter = (property.GetValue null :?> Param).Parameter
                    Type = kind.GetGenericArguments()[0]
                }
    ]

let private owners =
    let found = Dictionary<Definition, string * string>(HashIdentity.Reference)

    for property in statics do
        if property.PropertyType = typeof<Definition> then
            let path = $"{property.DeclaringType.Name}.{property.Name}"

            found.TryAdd(property.GetValue null :?> Definition, (property.DeclaringType.Name, path)) |> ignore

    found

/// The F# value that a definition is: `Linear.definition`.
let path (definition: Definition) =
    match owners.TryGetValue definition with
    | true, (_, path) -> path
    | _ -> failwith $"{definition.Id} is no public value of a module of the library."

let rec private lineage (definition: Definition) =
    definition
    :: (match definition.Base with
        | Some parent -> lineage parent
        | None -> [])

/// The key of one of a definition's parameters: that of its own module, or of the module of what it is based on.
let key (definition: Definition) (parameter: Parameter) : Key =
    let modules =
        lineage definition
        |> List.choose (fun d ->
            match owners.TryGetValue d with
            | true, (owner, _) -> Some owner
            | _ -> None)

    let same (key: Key) = obj.ReferenceEquals(key.Parameter, parameter)

    let alike (key: Key) = key.Parameter.Name = parameter.Name

    let within passes =
        modules
        |> List.tryPick (fun owner -> keys |> List.tryFind (fun key -> key.Owner = owner && passes key))

    within same
    |> Option.orElseWith (fun () -> within alike)
    |> Option.orElseWith (fun () -> List.tryFind same keys)
    |> Option.defaultWith (fun () ->
        failwith $"{definition.Id} has no public key for its parameter '{parameter.Name}'.")

/// Whether the same parameter also exists as a text, as the padding of a convolution does.
let isTextToo (definition: Definition) (parameter: Parameter) =
    let own = (key definition parameter).Owner

    keys
    |> List.exists (fun key ->
        key.Owner = own && key.Parameter.Name = parameter.Name && key.Type = typeof<string>)

/// Whether it must be given: nothing infers it, and it has no default.
let isRequired (parameter: Parameter) = parameter.Default = Unset && not parameter.IsInferred

/// The parameters up to the last one that must be given.
let leading (signature: Signature) =
    match signature.Parameters |> Array.tryFindIndexBack isRequired with
    | Some last -> signature.Parameters[..last] |> List.ofArray
    | None -> []

/// The parameters that the F# factory takes by place.
let positional (definition: Definition) =
    match definition.Positional with
    | None -> leading definition.Signature
    | Some names ->
        names |> List.map (fun name -> definition.Signature.Parameters[definition.Signature.IndexOf name])

let private holds (item: ParameterType -> bool) (parameter: Parameter) =
    match parameter.Type with
    | ListOf kind
    | OrNull(ListOf kind) -> item kind
    | _ -> false

let isModules parameter = holds ((=) ModuleType) parameter

/// A list of modules and the list of texts behind it, one for each: they can be given as pairs.
let pairs (definition: Definition) =
    definition.Signature.Parameters
    |> Seq.pairwise
    |> Seq.tryFind (fun (first, second) -> isModules first && holds ((=) TextType) second)

/// Every method or style of the library by its name, those of one name being the same to their callers.
let actions (choose: Definition -> Map<string, ActionDefinition>) : ActionDefinition list =
    let shape (action: ActionDefinition) =
        [ for p in action.Signature.Parameters -> p.Name, p.Type, p.Default ], action.Documentation

    Library.registry.Definitions.Values
    |> Seq.collect (fun definition -> (choose definition).Values)
    |> Seq.groupBy (fun action -> action.Id)
    |> Seq.map (fun (id, found) ->
        if found |> Seq.map shape |> Seq.distinct |> Seq.length > 1 then
            failwith $"Several definitions have a method '{id}', and they take different arguments."

        Seq.head found)
    |> List.ofSeq
