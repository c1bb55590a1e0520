namespace Deeplay.Torch

open System
open System.Runtime.InteropServices

/// What a path leads to. Source: statx(2), inode(7).
module internal FileKind =
    [<DllImport("libc", EntryPoint = "statx", SetLastError = true)>]
    extern int private readStatus(int folder, string path, int flags, uint32 wanted, byte[] status)

    /// Whether it is a pipe, a device or a socket, and no file: there is nothing to put in its place. Links are followed. Systems
    /// other than Linux, and old ones, don't tell.
    let isSpecial (path: string) : bool =
        if not (OperatingSystem.IsLinux()) then
            false
        else
            // From the current folder; only the type is wanted.
            let status = Array.zeroCreate 256

            let isRead =
                try
                    readStatus (-100, path, 0, 1u, status) = 0
                with :? EntryPointNotFoundException ->
                    false

            let kind = int (BitConverter.ToUInt16(status, 28)) &&& 0o170000
            isRead && kind <> 0o100000 && kind <> 0o040000
