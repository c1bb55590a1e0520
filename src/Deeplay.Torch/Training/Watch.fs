namespace Deeplay.Torch

open System
open Deeplay.Core
open TorchSharp

/// Looks at what a part of a built module gives while the whole runs.
module internal Watch =
    // Takes the output of each call of a module; gives what ends that.
    let private onOutput (part: torch.nn.Module) (see: Tensor -> unit) : (unit -> unit) option =
        let seen output =
            see output
            output

        match part with
        | :? torch.nn.Module<Tensor, Tensor> as m ->
            Some (m.register_forward_hook (Func<_, _, _, _>(fun _ _ output -> seen output))).remove
        | :? torch.nn.Module<Tensor, Tensor, Tensor> as m ->
            Some (m.register_forward_hook (Func<_, _, _, _, _>(fun _ _ _ output -> seen output))).remove
        | :? torch.nn.Module<Tensor, Tensor, Tensor, Tensor> as m ->
            Some (m.register_forward_hook (Func<_, _, _, _, _, _>(fun _ _ _ _ output -> seen output))).remove
        | _ -> None

    /// What the module of this name gives while `call` runs, on this thread; of several calls the last one's.
    let output (parts: Parts) (name: string) (call: unit -> Tensor) : Tensor =
        let thread = Environment.CurrentManagedThreadId
        let last: Tensor option ref = ref None

        // A copy, for what follows may write into it.
        let see (output: Tensor) =
            if Environment.CurrentManagedThreadId = thread then
                last.Value |> Option.iter _.Dispose()
                last.Value <- Some(output.clone().DetachFromDisposeScope())

        match onOutput (parts.Find name) see with
        | None ->
            Fail.with' (Malformed("predict", "a part that gives one tensor", $"'{name}', which gives another thing"))
        | Some stop ->
            try
                (call ()).Dispose()
            finally
                stop ()

            match last.Value with
            | Some output ->
                use kept = output
                kept.alias ()
            | None -> Fail.with' (Malformed("predict", "a part that is called", $"'{name}', which nothing calls"))
