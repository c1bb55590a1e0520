namespace Deeplay.Torch

open System
open System.IO
open System.Runtime.InteropServices
open Microsoft.Win32.SafeHandles

/// Files without a name, of which nothing is left where the process ends before it gives them one. Linux has them, on most
/// file systems. Source: open(2) under O_TMPFILE, linkat(2), flock(2).
module internal UnnamedFile =
    [<DllImport("libc", EntryPoint = "open", SetLastError = true)>]
    extern int private openFile(string path, int flags, int mode)

    [<DllImport("libc", SetLastError = true)>]
    extern int private linkat(int folder, string path, int newFolder, string newPath, int flags)

    [<DllImport("libc", SetLastError = true)>]
    extern int private flock(int file, int operation)

    // O_TMPFILE with O_CLOEXEC and O_RDWR. It has the bits of O_DIRECTORY, which are others on ARM.
    let private flags =
        match RuntimeInformation.ProcessArchitecture with
        | Architecture.Arm
        | Architecture.Arm64 -> 0o22040002
        | _ -> 0o22200002

    /// A program that sets it to false does without such files: where a file system says that it has them, and has not.
    let switch = "Deeplay.UnnamedFiles"

    let private isSwitchedOff () =
        match AppContext.TryGetSwitch switch with
        | true, isOn -> not isOn
        | _ -> false

    /// A new file in a folder, open and locked; None where there are no such files.
    let tryCreate (folder: string) : FileStream option =
        if isSwitchedOff () || not (OperatingSystem.IsLinux() && Directory.Exists "/proc/self/fd") then
            None
        else
            match openFile (folder, flags, 0o666) with
            | -1 -> None
            | file ->
                // Exclusively, as the files are that have a name from the start.
                flock (file, 2) |> ignore
                Some(new FileStream(new SafeFileHandle(nativeint file, true), FileAccess.ReadWrite))

    // From the current folder, and what the link of the process stands for.
    let private link (path: string) (file: FileStream) =
        let link = $"/proc/self/fd/{file.SafeFileHandle.DangerousGetHandle()}"
        linkat (-100, link, -100, path, 0x400)

    /// Gives the file a name, unless something in its folder has it.
    let tryName (path: string) (file: FileStream) : bool = link path file = 0

    /// Gives the file a name, which nothing in its folder has.
    let name (path: string) (file: FileStream) : unit =
        if link path file <> 0 then raise (IOException(Marshal.GetLastPInvokeErrorMessage()))
