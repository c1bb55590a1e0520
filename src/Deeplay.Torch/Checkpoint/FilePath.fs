namespace Deeplay.Torch

open System
open System.IO
open Deeplay.Core

/// Paths of files, as a program gives them.
module internal FilePath =
    let private checkAs (expected: string) (what: string) (path: string) =
        if String.IsNullOrWhiteSpace path then Fail.with' (Malformed(what, expected, "an empty text"))

        match path.IndexOfAny(Path.GetInvalidPathChars()) with
        | -1 -> ()
        | place ->
            let shown = path.Replace("\000", "\\0")
            let found = $"'{shown}', with the character U+{int path[place]:X4}"
            Fail.with' (Malformed(what, expected, found))

    /// Stops where a text can't be the path of a file on a system of this kind; `what` says who takes it.
    let check (what: string) (path: string) : unit = checkAs "the path of a file" what path

    /// The same of a folder.
    let checkFolder (what: string) (path: string) : unit = checkAs "a folder" what path
