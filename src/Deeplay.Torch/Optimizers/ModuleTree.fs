namespace Deeplay.Torch

open System
open Deeplay.Core
open Deeplay.FSharp
open TorchSharp

/// A torch module as a tree that selectors look through. Nothing is known of it but names and what modules call themselves.
module internal ModuleTree =
    // A definition of its own for each module, so that none is taken for another.
    let rec private spec (built: torch.nn.Module) : ModuleSpec =
        let kind = built.GetName()
        let kind = if String.IsNullOrWhiteSpace kind then built.GetType().Name else kind

        let holder =
            Definition.create kind [] (fun _ ->
                init {
                    for struct (name, part) in built.named_children () do
                        let! _ = child name (spec part)
                        ()

                    return NoForward
                })

        // So that `[Layer]` means the library's layers here too.
        let base' = Registries.standard.Definitions.TryFind kind
        Spec.create { holder with Base = base' } Map.empty

    /// The tree of a module. What is shared is there under each of its names.
    let ofModule (built: torch.nn.Module) : Node = Construct.root (spec built)

    /// The parameters of a module under all of their names: the first of these, and the parameter.
    let parameters (built: torch.nn.Module) : (string * (string * Modules.Parameter)) list =
        let rec all path (built: torch.nn.Module) =
            [
                for struct (name, parameter) in built.named_parameters false do
                    path + name, parameter
                for struct (name, part) in built.named_children () do
                    yield! all $"{path}{name}." part
            ]

        let all = all "" built

        let first =
            all
            |> List.distinctBy (fun (_, p) -> p.Handle)
            |> List.map (fun (name, p) -> p.Handle, name)
            |> dict

        [ for name, parameter in all -> name, (first[parameter.Handle], parameter) ]
