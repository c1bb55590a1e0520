namespace Deeplay.Torch

open System
open System.IO
open System.Security.Cryptography
open System.Text
open System.Text.RegularExpressions
open Deeplay.Core

/// Files that appear whole or not at all.
module internal WholeFile =
    let private fail path expected found = Fail.with' (Malformed(path, expected, found))

    // What a link leads to is written, and the link stays.
    let private target (path: string) =
        let full = Path.GetFullPath path

        if isNull (FileInfo full).LinkTarget then full else File.ResolveLinkTarget(full, true).FullName

    // Of a length of its own, so that every name that the system takes can be saved to; and told by the name that it is
    // for, so that what a crash left is found.
    let temporary (path: string) (unique: string) =
        let name = SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFileName path))
        $".deeplay-{Convert.ToHexString(name, 0, 8)}-{unique}.tmp"

    let private opened (path: string) mode access =
        // Windows moves an open file only where its deletion is shared. Elsewhere None is a lock.
        let share = if OperatingSystem.IsWindows() then FileShare.Delete else FileShare.None

        new FileStream(path, mode, access, share)

    // Whoever writes such a file holds it open: one that can be opened was left by a process that is gone.
    let private clear (folder: string) (path: string) =
        for left in Directory.GetFiles(folder, temporary path "*") do
            try
                use _left = opened left FileMode.Open FileAccess.ReadWrite
                File.Delete left
            with
            | :? IOException
            | :? UnauthorizedAccessException -> ()

    // Another save may clear a file away between its making and its locking; one that is locked and there stays.
    let rec private create (beside: string) attempts : FileStream =
        let made =
            try
                Some(opened beside FileMode.CreateNew FileAccess.Write)
            with :? IOException when attempts > 0 ->
                None

        match made with
        | Some file when File.Exists beside || attempts = 0 -> file
        | _ ->
            made |> Option.iter _.Dispose()
            create beside (attempts - 1)

    // Nobody can see half of what goes through a pipe or into a device.
    let private writeThrough (path: string) (content: Stream -> unit) =
        try
            use file = new FileStream(path, FileMode.Open, FileAccess.Write)
            content file
        with
        | :? IOException
        | :? UnauthorizedAccessException as error -> fail path "a pipe or a device that can be written" error.Message

    let private writeInto (folder: string) (path: string) mayBeUnnamed (content: Stream -> unit) =
        try
            clear folder path
            let beside = Path.Combine(folder, temporary path $"{Guid.NewGuid():N}")
            let unnamed = if mayBeUnnamed then UnnamedFile.tryCreate folder else None
            use file = unnamed |> Option.defaultWith (fun () -> create beside 100)

            try
                if File.Exists path && not (OperatingSystem.IsWindows()) then
                    File.SetUnixFileMode(file.SafeFileHandle, File.GetUnixFileMode path)

                content file
                file.Flush true
                unnamed |> Option.iter (UnnamedFile.name beside)
                // Before it is closed, or another save might clear it away.
                File.Move(beside, path, true)
            finally
                File.Delete beside
        with
        | :? IOException
        | :? UnauthorizedAccessException as error ->
            // Nobody knows the name of the file beside it.
            let reason = Regex.Replace(error.Message, temporary path "[0-9a-f]+", Path.GetFileName path)

            fail path "a file that can be written" reason

    /// Writes a file beside its place, without a name where it `mayBeUnnamed` and the system has such, flushes it to the
    /// disk, and moves it there; a pipe or a device is written to as it is. Several that write one file at once leave one
    /// of theirs, whole. What can't be written is a
    /// typed error that names it.
    let writeWith mayBeUnnamed (path: string) (content: Stream -> unit) : unit =
        if String.IsNullOrWhiteSpace path then fail "save" "the path of a file" "an empty text"

        let path =
            try
                target path
            with :? IOException as error ->
                fail path "a link that leads to a file" error.Message

        let folder = Path.GetDirectoryName path

        if isNull folder || Directory.Exists path then fail path "a file" "a folder"

        if not (Directory.Exists folder) then
            fail path "a file in a folder that exists" $"no folder '{folder}'"

        if FileKind.isSpecial path then
            writeThrough path content
        else
            writeInto folder path mayBeUnnamed content

    /// The same, without a name as long as that can be.
    let write path content = writeWith true path content
