/// Names of PyTorch and Deeplay as each face writes them.
module Deeplay.Generate.Names

open System
open System.Text.RegularExpressions

/// The class of the C# face that a spec is.
let spec = "ModuleSpec"

/// Names that the rules below would make worse.
let private exceptions =
    Map.ofList
        [
            // Nothing but a number of classes can be meant.
            "num_classes", "classes"
            "RMSprop", "rmsProp"
            "LayerList", "list"
            // A reserved word of F#.
            "Parallel", "inParallel"
        ]

let private capital (word: string) = if word = "" then "" else string (Char.ToUpperInvariant word[0]) + word[1..]

/// `in_features` → `InFeatures`.
let pascal (name: string) = name.Split '_' |> Array.map capital |> String.concat ""

let private uncapital (word: string) = string (Char.ToLowerInvariant word[0]) + word[1..]

/// `in_features` → `inFeatures`, the name of an argument.
let argument (name: string) = exceptions.TryFind name |> Option.defaultWith (fun () -> uncapital (pascal name))

let private keywords =
    Set.ofList [ "base"; "default"; "in"; "out"; "params"; "ref"; "checked"; "fixed"; "lock"; "operator" ]

/// The name of an argument in C#.
let csharpArgument name =
    let name = exceptions.TryFind name |> Option.defaultValue (argument name)
    if keywords.Contains name then "@" + name else name

/// The name of a definition as a function of F#: `Conv2d` → `conv2d`, `GELU` and `ReLU` → `gelu` and `relu`, `BCEWithLogits`
/// → `bceWithLogits`.
let value (id: string) =
    let letters = id |> Seq.filter Char.IsLetter |> Seq.toArray
    let capitals = letters |> Array.filter Char.IsUpper

    match exceptions.TryFind id with
    | Some name -> name
    // One abbreviation.
    | None when 3 * capitals.Length > 2 * letters.Length -> id.ToLowerInvariant()
    // The abbreviation it begins with, up to the capital that the next word begins with.
    | None -> Regex.Replace(id, "^[A-Z]+?(?=[A-Z][a-z]|[^A-Z])", (fun found -> found.Value.ToLowerInvariant()))

/// The name of a definition in its F# module, which does not say again what the module says: `Losses.mse`,
/// `Blocks.linear`.
let inGroup (group: string) (id: string) =
    let suffix =
        match group with
        | "Losses" -> "Loss"
        | "Blocks" -> "Block"
        | "Metrics" -> "Metric"
        | _ -> ""

    value (
        if suffix <> "" && id.EndsWith(suffix, StringComparison.Ordinal) then
            id[.. id.Length - suffix.Length - 1]
        else
            id
    )

/// What comes with every C# program's implicit usings, so that a class of that name would be in its way.
let private implicitTypes =
    [
        "System.Private.CoreLib"
        "System.Collections"
        "System.Linq"
        "System.Net.Http"
        "System.Threading"
        "System.Threading.Tasks.Parallel"
    ]
    |> Seq.collect (fun name -> (Reflection.Assembly.Load name).GetExportedTypes())
    |> Seq.filter (fun found ->
        List.contains
            found.Namespace
            [
                "System"
                "System.Collections.Generic"
                "System.IO"
                "System.Linq"
                "System.Net.Http"
                "System.Threading"
                "System.Threading.Tasks"
            ])
    |> Seq.map (fun found -> found.Name)
    |> Set.ofSeq

/// The C# class that holds the keys of a definition: its own name, unless .NET's usual namespaces have that.
let keys (id: string) = if implicitTypes.Contains id then id + "Keys" else id

/// A key in that class. A member can't be named as its class is.
let key (id: string) name = if pascal name = keys id then pascal name + "Key" else pascal name
