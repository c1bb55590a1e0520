namespace Deeplay.Torch

open System
open Deeplay.Core
open TorchSharp

/// The modules of a built application, by their names in it: `generator`, or `generator.blocks`.
[<Sealed>]
type internal Parts(root: Node, built: torch.nn.Module) =
    let parts = lazy (dict [ for struct (name, part) in built.named_modules () -> name, part ])

    /// The parameters of the application.
    member _.Arguments: Arguments = root.Arguments

    /// Stops where the application has no such thing.
    member _.Unknown(kind: string, known: string seq, name: string) : 'a =
        let all = String.Join(", ", known)
        let found = $"'{name}'{Nearest.hint name known}"
        Fail.with' (Malformed(root.Definition.Id, $"one of its {kind}: {all}", found))

    /// The module of this name.
    member this.Find(name: string) : torch.nn.Module =
        match parts.Value.TryGetValue name with
        | true, part -> part
        | _ -> this.Unknown("modules", parts.Value.Keys, name)

    /// What it gives for these inputs, which it takes by their places or its names for them: one tensor.
    member this.Call(name: string, inputs: Inputs) : Tensor =
        let part = this.Find name
        let node = Tree.find (Tag.parse name) root
        let form = InputForm.ofTree node
        let names = InputForm.order node form (InputForm.meant form inputs.Names) inputs.Count
        let arranged = Inputs.inOrder (Array.ofList names) inputs

        let given =
            match form with
            | ByPlace _ -> Array.map box arranged.Tensors
            | ByKey _ -> [| Inputs.toNamed arranged |]

        match Calls.mapped node.Tag node part given with
        | [| :? Tensor as output |] -> output
        | _ -> Outline.wrongKind node "it does not give one tensor: call what `Module` gives."
