namespace Deeplay.Torch

open System
open Deeplay.Core
open Deeplay.Library
open TorchSharp

/// Optimizers for loops of one's own: `use optimizer = Optimizers.adam 1e-3 |> Optimizer.create net`.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Optimizer =
    /// The optimizer that a spec says, over the parameters of a torch module: one that was built here, or any other. Its selectors
    /// (`parameters`, and those of groups) begin at that module and go by the names of its parts; a kind (`[Linear]`) is what a part
    /// calls itself. Parameters that a group freezes get no gradients from now on. The module is where it stays: what was moved to
    /// another device or type since is not stepped. A spec of something else, and a module without parameters, are errors. Whoever
    /// creates it disposes it.
    let create (network: torch.nn.Module) (spec: ModuleSpec) : Optimizer =
        let root = Build.plan Build.defaults spec

        if not (root.Definition.Is Optimizers.definition) then
            Fail.with' (WrongStructure(Tag.root, root.Definition.Id, "it is no optimizer."))

        let parameters = ModuleTree.parameters network

        if parameters.IsEmpty then
            Fail.with' (WrongStructure(Tag.root, network.GetName(), "it has no parameters to train."))

        use maker = Build.ofTree { Build.defaults with Device = "cpu" } root :?> OptimizerMaker
        maker.Create(lazy (ModuleTree.ofModule network), parameters)

    /// Writes what an optimizer keeps between steps, and its step size, to a safetensors file, which appears whole or not at all: a
    /// loop goes on from it bit for bit. PyTorch's `torch.save(optimizer.state_dict(), …)`.
    let save (path: string) (optimizer: Optimizer) : unit = OptimizerFile.save path optimizer

    /// Reads what `save` wrote into an optimizer of the same kind over parameters of the same names, types and shapes, onto the device
    /// where they are. All of it or, where anything is wrong, which is an error that names it, nothing. What the spec says stays as
    /// it was given, except for the step size.
    let load (path: string) (optimizer: Optimizer) : unit = OptimizerFile.load path optimizer
