namespace Deeplay.Torch

open System
open System.Collections.Generic
open Deeplay.Core
open Deeplay.FSharp
open TorchSharp

/// What a built model keeps while it runs: for each key the tensor of the last call. It holds on to these tensors until
/// the next call or until it is disposed.
[<Sealed>]
type Logs() =
    let tensors = Dictionary<string, torch.Tensor>()

    /// The keys there is something under.
    member _.Keys: IReadOnlyCollection<string> = tensors.Keys

    /// Whether there is something under a key.
    member _.Has(key: string) = tensors.ContainsKey key

    /// What was kept last under a key. It belongs to the logs: clone it to keep it.
    member _.Item
        with get (key: string): torch.Tensor =
            match tensors.TryGetValue key with
            | true, tensor -> tensor
            | _ -> Fail.with' (UnknownName(Tag.root, "", "log", key, List.ofSeq tensors.Keys))

    /// Keeps a tensor, in place of the one there was.
    member internal _.Keep(key: string, tensor: torch.Tensor) =
        // A handle of its own: the pass disposes the one it was given as soon as nothing in it needs it.
        let kept = tensor.alias().DetachFromDisposeScope()

        match tensors.TryGetValue key with
        | true, before -> before.Dispose()
        | _ -> ()

        tensors[key] <- kept

    /// Forgets everything.
    member _.Clear() =
        for tensor in tensors.Values do
            tensor.Dispose()

        tensors.Clear()

    interface IDisposable with
        member this.Dispose() = this.Clear()

/// Gives what was kept under a key.
[<Sealed>]
type internal FromLogs(logs: Logs, key: string) =
    inherit torch.nn.Module<torch.Tensor, torch.Tensor>("FromLogs")
    override _.forward _ = logs[key].alias()

/// Forward hooks that keep what a module is given or gives.
module internal Logged =
    let private attach (logs: Logs) key isOutput (tag: Tag) kind (target: torch.nn.Module) =
        let keep (input: torch.Tensor) (output: torch.Tensor) =
            logs.Keep(key, (if isOutput then output else input))

        match target with
        | :? torch.nn.Module<Tensor, Tensor> as m ->
            m.register_forward_hook (
                Func<_, _, _, _>(fun _ input output ->
                    keep input output
                    output)
            )
            |> ignore
        | :? torch.nn.Module<Tensor, Tensor, Tensor> as m when isOutput ->
            m.register_forward_hook (
                Func<_, _, _, _, _>(fun _ _ _ output ->
                    logs.Keep(key, output)
                    output)
            )
            |> ignore
        | :? torch.nn.Module<Tensor, Tensor, Tensor, Tensor> as m when isOutput ->
            m.register_forward_hook (
                Func<_, _, _, _, _, _>(fun _ _ _ _ output ->
                    logs.Keep(key, output)
                    output)
            )
            |> ignore
        | _ ->
            let what = if isOutput then "gives" else "takes"

            Fail.with' (
                WrongStructure(tag, kind, $"a log keeps one tensor, and this module {what} another thing.")
            )

    /// Lets a built module keep what its node's hooks say.
    let install (logs: Logs) (node: Node) (target: torch.nn.Module) =
        for key, isOutput in Logging.keysOf node do
            attach logs key isOutput node.Tag node.Definition.Id target
