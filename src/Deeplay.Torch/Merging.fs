namespace Deeplay.Torch

open System
open System.Collections.Generic
open Deeplay.Core
open Deeplay.Library
open TorchSharp

/// Plain layers in the place of those whose weight is computed.
[<RequireQualifiedAccess>]
module Merging =
    // The tensors of a plain model that does the same, by their names. What is shared comes once for each name.
    let rec private plain path (built: torch.nn.Module) : (string * Tensor) list =
        match box built with
        | :? ReparametrizedLayer as layer -> [ for name, tensor in layer.Merged() -> path + name, tensor ]
        | :? IStandsFor as root when (root.Target :? ReparametrizedLayer) -> plain path root.Target
        | _ ->
            [
                for struct (name, parameter) in built.named_parameters false do
                    path + name, parameter.detach ()
                for struct (name, buffer) in built.named_buffers false do
                    path + name, buffer.alias ()
                for struct (name, part) in built.named_children () do
                    yield! plain $"{path}{name}." part
            ]

    let private computed (spec: ModuleSpec) : Tag list =
        [
            for tag, node, isAlias in Tree.walk (Construct.root spec) do
                if not isAlias && not (Stages.computing tag node.Hooks).IsEmpty then tag
        ]

    /// The spec with `plain` layers where their weights are computed, and its module with the numbers that make it do what the
    /// built one does. That one, which the spec was built to, stays as it is. Where there is nothing to merge, that is an error.
    let run (options: BuildOptions) (spec: ModuleSpec) (built: torch.nn.Module) : ModuleSpec * torch.nn.Module =
        let action = Reparametrization.plain

        let merged =
            match computed spec with
            | [] ->
                let expected = "a spec with a layer of lora, weight_norm or spectral_norm"
                Fail.with' (Malformed("merge", expected, $"{spec.Definition.Id} without any"))
            | tags -> (Change.call None action.Id Map.empty (Selection.ofTags spec tags)).Spec

        let target = Build.run options merged

        Failures.orDispose target (fun () ->
            use _ = torch.no_grad ()
            let found = plain "" built

            try
                let known = Dictionary<string, Tensor>()

                for name, tensor in found do
                    known[name] <- tensor

                let into =
                    [
                        for struct (name, parameter) in target.named_parameters () -> name, (parameter :> Tensor)
                        for struct (name, buffer) in target.named_buffers () -> name, buffer
                    ]

                for name, tensor in into do
                    match known.TryGetValue name with
                    | true, from when from.shape = tensor.shape -> tensor.copy_ from |> ignore
                    | true, from ->
                        let expected = string (Shape.known tensor.shape)
                        Fail.with' (Malformed($"merge, {name}", expected, string (Shape.known from.shape)))
                    | _ ->
                        let expected = $"a module that was built of this spec, with '{name}'"
                        Fail.with' (Malformed("merge", expected, built.GetName()))

                target.train built.training
                merged, target
            finally
                for _, tensor in found do
                    tensor.Dispose())
