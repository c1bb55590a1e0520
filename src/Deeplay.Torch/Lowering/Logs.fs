namespace Deeplay.Torch

open System
open System.Collections.Generic
open System.Threading
open Deeplay.Core
open Deeplay.FSharp
open TorchSharp

/// What a built model keeps while it runs: for each key the tensor of the last call. Several tensors that one call gives are
/// under `key.0`, `key.1`, named ones under `key.name`. It holds on to these tensors until a later call, or until it is disposed.
///
/// Several threads may call the model at once: what a call keeps is its own until it ends, and takes the place of what
/// was there as a whole. The call that ends last wins.
[<Sealed>]
type Logs() =
    let published = Dictionary<string, torch.Tensor>()

    // What the call that runs on this thread has kept so far; null where none does.
    let running = new ThreadLocal<Dictionary<string, torch.Tensor>>()

    // A handle of its own: the pass disposes the one it was given as soon as nothing in it needs it.
    let put (tensors: Dictionary<string, torch.Tensor>) key (tensor: torch.Tensor) =
        match tensors.TryGetValue key with
        | true, before -> before.Dispose()
        | _ -> ()

        tensors[key] <- tensor

    let take (tensors: Dictionary<string, torch.Tensor>) key =
        match tensors.TryGetValue key with
        | true, tensor -> Some(tensor.alias ())
        | _ -> None

    let missing key (keys: string seq) = Fail.with' (UnknownName(Tag.root, "", "log", key, List.ofSeq keys))

    /// The keys there is something under.
    member _.Keys: IReadOnlyCollection<string> = lock published (fun () -> Array.ofSeq published.Keys)

    /// Whether there is something under a key.
    member _.Has(key: string) = lock published (fun () -> published.ContainsKey key)

    /// What was kept last under a key. It is a tensor of the caller's own, which no later call touches: dispose it, or
    /// leave it to a dispose scope.
    member _.Item
        with get (key: string): torch.Tensor =
            lock published (fun () -> take published key |> Option.defaultWith (fun () -> missing key published.Keys))

    /// What the call that runs on this thread kept under a key, or else the last one that ended.
    member internal this.Current(key: string) : torch.Tensor =
        match running.Value with
        | null -> this[key]
        | own ->
            match take own key with
            | Some tensor -> tensor
            | None when this.Has key -> this[key]
            | None -> missing key (Seq.append own.Keys this.Keys |> Seq.distinct)

    /// Keeps a tensor, in place of the one there was.
    member internal _.Keep(key: string, tensor: torch.Tensor) =
        let kept = tensor.alias().DetachFromDisposeScope()

        match running.Value with
        // A part of the model that is called by itself.
        | null -> lock published (fun () -> put published key kept)
        | own -> put own key kept

    /// Runs a call of the whole model.
    member internal _.During(call: unit -> 'a) : 'a =
        match running.Value with
        | null ->
            let own = Dictionary()
            running.Value <- own

            try
                call ()
            finally
                running.Value <- null

                lock published (fun () ->
                    for KeyValue(key, tensor) in own do
                        put published key tensor)
        | _ -> call ()

    /// Forgets everything.
    member _.Clear() =
        lock published (fun () ->
            for tensor in published.Values do
                tensor.Dispose()

            published.Clear())

    interface IDisposable with
        member this.Dispose() = this.Clear()

/// Forward hooks that keep what a module is given or gives.
module internal Logged =
    // The tensors of what a module takes or gives, each under its key: several under that of their place or their name.
    let rec private keyed (key: string) (value: obj) : (string * Tensor) seq =
        match value with
        | :? Tensor as one -> Seq.singleton (key, one)
        | :? (Tensor[]) as several when several.Length = 1 -> Seq.singleton (key, several[0])
        | :? (Tensor[]) as several -> several |> Seq.mapi (fun i one -> Logging.keyOf key (string i), one)
        | :? NamedTensors as named -> named |> Seq.map (fun (KeyValue(name, one)) -> Logging.keyOf key name, one)
        | :? (NamedTensors[]) as several ->
            several |> Seq.mapi (fun i named -> keyed (Logging.keyOf key (string i)) named) |> Seq.concat
        | _ -> Seq.empty

    let private hooked<'In, 'Out> (target: torch.nn.Module) (keep: obj -> obj -> unit) =
        match target with
        | :? torch.nn.Module<'In, 'Out> as m ->
            m.register_forward_hook (
                Func<_, 'In, 'Out, 'Out>(fun _ input output ->
                    keep (box input) (box output)
                    output)
            )
            |> ignore

            true
        | _ -> false

    let private hookedAt<'In> target keep =
        hooked<'In, Tensor> target keep
        || hooked<'In, Tensor[]> target keep
        || hooked<'In, NamedTensors> target keep

    let private attach (logs: Logs) key isOutput (tag: Tag) kind (target: torch.nn.Module) =
        let keep (input: obj) (output: obj) =
            for key, tensor in keyed key (if isOutput then output else input) do
                logs.Keep(key, tensor)

        match target with
        | :? torch.nn.Module<Tensor, Tensor, Tensor> as m ->
            let keep (first: Tensor) (second: Tensor) (output: Tensor) =
                keep [| first; second |] output
                output

            m.register_forward_hook (Func<_, _, _, _, _>(fun _ -> keep)) |> ignore
        | :? torch.nn.Module<Tensor, Tensor, Tensor, Tensor> as m ->
            let keep (first: Tensor) (second: Tensor) (third: Tensor) (output: Tensor) =
                keep [| first; second; third |] output
                output

            m.register_forward_hook (Func<_, _, _, _, _, _>(fun _ -> keep)) |> ignore
        | _ when
            hookedAt<Tensor> target keep
            || hookedAt<Tensor[]> target keep
            || hookedAt<NamedTensors> target keep
            || hookedAt<NamedTensors[]> target keep
            ->
            ()
        | _ -> Fail.with' (WrongStructure(tag, kind, "a log keeps tensors of calls, and nobody calls this module."))

    /// Lets a built module keep what its node's hooks say.
    let install (logs: Logs) (node: Node) (target: torch.nn.Module) =
        for key, isOutput in Logging.keysOf node do
            attach logs key isOutput node.Tag node.Definition.Id target

    /// Whether any of the modules keeps something, or takes it up again.
    let any (nodes: Node seq) =
        nodes
        |> Seq.exists (fun node ->
            obj.ReferenceEquals(node.Definition, Logging.fromLogs) || not (Logging.keysOf node).IsEmpty)
