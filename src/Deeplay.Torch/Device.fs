namespace Deeplay.Torch

open Deeplay.Core
open TorchSharp

/// Where tensors live.
[<RequireQualifiedAccess>]
module Device =
    /// Whether CUDA can be used here and now.
    let hasCuda () =
        Native.load ()
        torch.TryInitializeDeviceType DeviceType.CUDA

    let private cuda (name: string) index =
        if not (hasCuda ()) then
            let found = "no CUDA: this machine has no usable NVIDIA driver, or the natives are those of TorchSharp-cpu"

            Fail.with' (Malformed($"device '{name}'", "a device of this machine, such as 'cpu'", found))

        let count = torch.cuda.device_count ()

        if index >= count then
            Fail.with' (Malformed($"device '{name}'", $"an index below {string count}", string index))

        torch.device (DeviceType.CUDA, index)

    /// CUDA where there is one, else the CPU.
    let best () = if hasCuda () then torch.device (DeviceType.CUDA, 0) else torch.device (DeviceType.CPU, -1)

    /// The device with this name: `cpu`, `cuda`, `cuda:1`, `best`, or `meta`, which has shapes and no numbers. Asking for CUDA where there is none is an error
    /// that says what is missing.
    let parse (name: string) =
        Native.load ()

        match (if isNull name then "best" else name.Trim().ToLowerInvariant()) with
        | ""
        | "best" -> best ()
        | "cpu" -> torch.device (DeviceType.CPU, -1)
        | "meta" -> torch.device (DeviceType.META, -1)
        | "cuda" -> cuda name 0
        | other when other.StartsWith("cuda:", System.StringComparison.Ordinal) ->
            match Number.tryInt (other.Substring 5) with
            | Some index when index >= 0 -> cuda name index
            | _ -> Fail.with' (Malformed($"device '{name}'", "an index after 'cuda:'", other.Substring 5))
        | other -> Fail.with' (Malformed("device", "'cpu', 'cuda', 'cuda:N' or 'best'", $"'{other}'"))

    /// The name of a device, as `parse` takes it.
    let name (device: torch.Device) =
        match device.``type`` with
        | DeviceType.CUDA -> if device.index > 0 then $"cuda:{string device.index}" else "cuda"
        | other -> (string other).ToLowerInvariant()
