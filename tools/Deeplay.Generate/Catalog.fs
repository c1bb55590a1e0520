/// Where the library keeps its definitions and their typed keys.
module Deeplay.Generate.Catalog

open System
open System.Collections.Generic
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library

/// A typed key, as the library writes it.
[<NoComparison; ReferenceEquality>]
type Key =
    {
        Name: string
        /// The F# value: `Deeplay.Library.Linear.bias`.
        Path: string
        Parameter: Parameter
        /// What it takes in F#.
        Type: Type
    }

/// A holder of the library as the faces see it, with the keys in the order of the parameters.
[<NoComparison; ReferenceEquality>]
type Holder =
    {
        Name: string
        Path: string
        /// Whether users see it as the library writes it.
        IsPublic: bool
        Definitions: (string * Definition) list
        Keys: Key list
    }

let private holder (path: string, values: (string * obj) list) =
    let definitions =
        values
        |> List.choose (fun (name, value) ->
            match value with
            | :? Definition as definition -> Some(name, definition)
            | _ -> None)

    // What is no parameter of its definitions is its own affair.
    let isOfOne (parameter: Parameter) = definitions |> List.exists (fun (_, d) -> d.Signature.Has parameter.Name)

    let keys =
        values
        |> List.choose (fun (name, value) ->
            match value with
            | :? Param as key when isOfOne key.Parameter ->
                Some
                    {
                        Name = name
                        Path = $"{path}.{name}"
                        Parameter = key.Parameter
                        Type = value.GetType().GetGenericArguments()[0]
                    }
            | _ -> None)

    {
        Name = path.Substring(path.LastIndexOf '.' + 1)
        Path = path
        IsPublic = path.StartsWith("Deeplay.FSharp", StringComparison.Ordinal)
        Definitions = definitions
        Keys = keys |> List.sortBy (fun key -> (snd definitions.Head).Signature.IndexOf key.Parameter.Name)
    }

let holders =
    Library.holders @ [ "Deeplay.FSharp.Logging", [ "key", Logging.key; "fromLogs", Logging.fromLogs ] ]
    |> List.map holder
    |> List.filter (fun holder -> not holder.Definitions.IsEmpty)

let private owners =
    let found = Dictionary<Definition, Holder * string>(HashIdentity.Reference)

    for holder in holders do
        for name, definition in holder.Definitions do
            found.TryAdd(definition, (holder, $"{holder.Path}.{name}")) |> ignore

    found

/// The holder of a definition.
let owner (definition: Definition) =
    match owners.TryGetValue definition with
    | true, (holder, _) -> holder
    | _ -> failwith $"{definition.Id} is no value of a module of the library."

/// The F# value that a definition is: `Deeplay.Library.Linear.definition`.
let path (definition: Definition) = snd owners[definition]

let rec private lineage (definition: Definition) =
    definition
    :: (match definition.Base with
        | Some parent -> lineage parent
        | None -> [])

/// The key of one of a definition's parameters: that of its own holder, or of the holder of what it is based on.
let key (definition: Definition) (parameter: Parameter) : Key =
    let find passes = lineage definition |> List.tryPick (fun d -> List.tryFind passes (owner d).Keys)

    find (fun key -> obj.ReferenceEquals(key.Parameter, parameter))
    |> Option.orElseWith (fun () -> find (fun key -> key.Parameter.Name = parameter.Name))
    |> Option.defaultWith (fun () -> failwith $"{definition.Id} has no key for its parameter '{parameter.Name}'.")

/// Whether the same parameter also exists as a text, as the padding of a convolution does.
let isTextToo (definition: Definition) (parameter: Parameter) =
    (owner definition).Keys
    |> List.exists (fun key -> key.Parameter.Name = parameter.Name && key.Type = typeof<string>)

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
    | Some names -> names |> List.map (fun name -> definition.Signature.Parameters[definition.Signature.IndexOf name])

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

// What several definitions do under one name: the arguments that any of them takes, and what each says of it. One
// argument is of one type and has one default.
let private together (found: ActionDefinition list) : ActionDefinition =
    let parameters =
        found
        |> List.collect (fun action -> List.ofArray action.Signature.Parameters)
        |> List.distinctBy (fun p -> p.Name, p.Type, p.Default)
        // Those that all of them take come first: a call by place means the same of each.
        |> List.sortBy (fun p -> found |> List.exists (fun action -> not (action.Signature.Has p.Name)))

    for name, same in parameters |> List.countBy (fun p -> p.Name) do
        if same > 1 then
            failwith
                $"Several definitions have a method '{found.Head.Id}', and '{name}' is not the same in all of them."

    let documentation = found |> List.map (fun action -> action.Documentation) |> List.distinct

    { found.Head with
        Signature = Signature parameters
        Documentation = String.concat " " documentation
    }

/// Every method or style of the library by its name, with the arguments that those of one name take.
let actions (choose: Definition -> Map<string, ActionDefinition>) : ActionDefinition list =
    Library.registry.Definitions.Values
    |> Seq.collect (fun definition -> (choose definition).Values)
    |> Seq.groupBy (fun action -> action.Id)
    |> Seq.map (fun (_, found) -> together (List.ofSeq found))
    |> List.ofSeq
