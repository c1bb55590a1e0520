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

    /// Takes away what ended saves of a path left in its folder. Whoever writes such a file holds it open: one that can be opened was
    /// left by a process that is gone.
    let clear (folder: string) (path: string) =
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

    // A file that is written beside its place.
    [<NoEquality; NoComparison>]
    type private Staged = { Place: string; Beside: string; File: FileStream; IsUnnamed: bool }

    // `owner` is what it is told by if a crash leaves it.
    let private stage mayBeUnnamed (owner: string) (path: string) : Staged =
        let folder = Path.GetDirectoryName path
        let beside = Path.Combine(folder, temporary owner $"{Guid.NewGuid():N}")
        let unnamed = if mayBeUnnamed then UnnamedFile.tryCreate folder else None

        {
            Place = path
            Beside = beside
            File = unnamed |> Option.defaultWith (fun () -> create beside 100)
            IsUnnamed = unnamed.IsSome
        }

    // The rights of a file, which another save may take away at any time.
    let private tryRights (path: string) : UnixFileMode option =
        try
            if OperatingSystem.IsWindows() then None else Some(File.GetUnixFileMode path)
        with :? FileNotFoundException ->
            None

    let private fill (content: Stream -> unit) (staged: Staged) =
        tryRights staged.Place
        |> Option.iter (fun rights -> File.SetUnixFileMode(staged.File.SafeFileHandle, rights))

        content staged.File
        staged.File.Flush true

    // Before it is closed, or another save might clear it away.
    let private place (staged: Staged) =
        // What is there already can only be replaced by a file that has a name.
        if not (staged.IsUnnamed && UnnamedFile.tryName staged.Place staged.File) then
            if staged.IsUnnamed then UnnamedFile.name staged.Beside staged.File
            File.Move(staged.Beside, staged.Place, true)

    let private close (staged: Staged) =
        File.Delete staged.Beside
        staged.File.Dispose()

    // What the system refuses is an error that names the file.
    let private refusing (owner: string) path (work: unit -> 'a) : 'a =
        try
            work ()
        with
        | :? IOException
        | :? UnauthorizedAccessException as error ->
            // Nobody knows the name of the file beside it.
            let reason = Regex.Replace(error.Message, temporary owner "[0-9a-f]+", Path.GetFileName owner)

            fail path "a file that can be written" reason

    let private writeInto mayBeUnnamed (path: string) (content: Stream -> unit) =
        refusing path path (fun () ->
            clear (Path.GetDirectoryName path) path
            let staged = stage mayBeUnnamed path path

            try
                fill content staged
                place staged
            finally
                close staged)

    // Where a path leads to: a file in a folder that exists, which may not be there yet.
    let private resolve (path: string) =
        FilePath.check "save" path

        let path =
            try
                target path
            with :? IOException as error ->
                fail path "a link that leads to a file" error.Message

        let folder = Path.GetDirectoryName path

        if isNull folder || Directory.Exists path then fail path "a file" "a folder"

        if not (Directory.Exists folder) then
            fail path "a file in a folder that exists" $"no folder '{folder}'"

        path

    /// Writes a file beside its place, without a name where it `mayBeUnnamed` and the system has such, flushes it to the
    /// disk, and moves it there; a pipe or a device is written to as it is. Several that write one file at once leave one
    /// of theirs, whole. What can't be written is a typed error that names it.
    let writeWith mayBeUnnamed (path: string) (content: Stream -> unit) : unit =
        let path = resolve path
        let write = if FileKind.isSpecial path then writeThrough else writeInto mayBeUnnamed
        write path content

    /// The same, without a name as long as that can be.
    let write path content = writeWith true path content

    /// Writes several files of one folder, and moves them to their places one after the other when all of them are whole and on the
    /// disk: those that belong to `owner`, the last of them. `before` is done before the first is moved, and `after` after the last.
    let writeTogether
        mayBeUnnamed
        (owner: string)
        (files: (string * (Stream -> unit)) list)
        (before: unit -> unit)
        (after: unit -> unit)
        : unit =
        let owner = resolve owner
        let staged = ResizeArray<Staged>()

        refusing owner owner (fun () ->
            for path in owner :: List.map fst files do
                clear (Path.GetDirectoryName owner) path

            try
                for path, content in files do
                    let path = resolve path
                    if FileKind.isSpecial path then fail path "a file" "a pipe or a device"
                    staged.Add(stage mayBeUnnamed owner path)
                    fill content staged[staged.Count - 1]

                FolderLock.within (Path.GetDirectoryName owner) (fun () ->
                    before ()
                    Seq.iter place staged
                    after ())
            finally
                Seq.iter close staged)
