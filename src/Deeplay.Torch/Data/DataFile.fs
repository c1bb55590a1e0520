namespace Deeplay.Torch

open System
open System.IO
open System.Text
open Deeplay.Core

/// The content of a file of data, unpacked where its name ends in `.gz`.
[<NoComparison; NoEquality>]
type internal DataContent =
    {
        Stream: Stream
        /// No more bytes than these can come, so that a header that promises more is refused before anything is allocated.
        MostBytes: int64
    }

/// Files of data. What can't be read is a typed error that names the file.
module internal DataFile =
    let fail path expected found : 'a = Fail.with' (Malformed(path, expected, found))

    /// The most that so many bytes can hold: deflate makes at most 1032 bytes of one. Source: zlib, "zlib Technical Details", "Maximum Compression Factor".
    let unpacked (packed: int64) = if packed > Int64.MaxValue / 1032L then Int64.MaxValue else packed * 1032L

    /// Whether what is in the file is gzipped, as its name says.
    let isPacked (path: string) = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)

    let private missing (path: string) =
        let near =
            match Path.GetDirectoryName(Path.GetFullPath path) with
            | folder when not (isNull folder) && Directory.Exists folder ->
                // Folders of data may hold very many files.
                Directory.EnumerateFiles folder |> Seq.truncate 1000 |> Seq.map Path.GetFileName |> List.ofSeq
            | _ -> []

        fail path "a file" ("nothing there" + Nearest.hint (Path.GetFileName path) near)

    /// Stops where there is no such file, or nothing in it.
    let check (path: string) =
        if String.IsNullOrWhiteSpace path then fail "read" "the path of a file" "an empty text"
        if Directory.Exists path then fail path "a file" "a folder"
        if not (File.Exists path) then missing path
        if (FileInfo path).Length = 0L then fail path "data" "an empty file"

    /// Runs `work` on a file, and makes typed errors of what can go wrong while it is read.
    let guard (path: string) (work: unit -> 'a) : 'a =
        try
            work ()
        with
        | :? InvalidDataException as error -> fail path "packed data that is whole" error.Message
        | :? DecoderFallbackException as error -> fail path "UTF-8" error.Message
        | :? EndOfStreamException -> fail path "more data, as its header says" "the end of the file"
        | :? IOException
        | :? UnauthorizedAccessException as error -> fail path "a file that can be read" error.Message

    /// Reads a file.
    let read (path: string) (work: DataContent -> 'a) : 'a =
        check path

        guard path (fun () ->
            use file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 <<< 16)

            if isPacked path then
                use stream = new UnpackedStream(file)
                work { Stream = stream; MostBytes = unpacked file.Length }
            else
                work { Stream = file; MostBytes = file.Length })
