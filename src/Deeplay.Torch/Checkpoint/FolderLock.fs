namespace Deeplay.Torch

open System
open System.Runtime.InteropServices
open Microsoft.Win32.SafeHandles

/// One at a time in a folder: of the threads of this process, and on Linux of other processes as well. Nothing is left of it in the
/// folder, nor where the process is ended. Source: flock(2), open(2).
module internal FolderLock =
    [<DllImport("libc", EntryPoint = "open", SetLastError = true)>]
    extern int private openFolder(string path, int flags)

    [<DllImport("libc", SetLastError = true)>]
    extern int private flock(int file, int operation)

    let private gate = obj ()

    let private hold (folder: string) : IDisposable =
        if not (OperatingSystem.IsLinux()) then
            null
        else
            // O_RDONLY with O_CLOEXEC.
            match openFolder (folder, 0o2000000) with
            | -1 -> null
            | opened ->
                // Exclusively; it is over when the folder is closed.
                flock (opened, 2) |> ignore
                new SafeFileHandle(nativeint opened, true)

    /// Does something while nobody else does so in this folder.
    let within (folder: string) (work: unit -> 'a) : 'a =
        lock gate (fun () ->
            use _held = hold folder
            work ())
