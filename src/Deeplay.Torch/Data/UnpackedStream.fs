namespace Deeplay.Torch

open System
open System.IO
open System.IO.Compression

/// What is in a gzipped file. .NET takes the end of the file for the end of the data, wherever it was cut; here the two must
/// agree: the last four bytes say how many bytes were packed, modulo 2³². Source: RFC 1952, "ISIZE".
[<Sealed>]
type internal UnpackedStream(file: FileStream) =
    inherit Stream()

    let promised =
        // Nothing shorter holds a header and a trailer.
        if file.Length < 18L then raise (InvalidDataException "it is too short")
        let size = Array.zeroCreate 4
        file.Position <- file.Length - 4L
        file.ReadExactly(size, 0, 4)
        file.Position <- 0L
        BitConverter.ToUInt32(ReadOnlySpan size)

    let inner = new GZipStream(file, CompressionMode.Decompress, true)
    let mutable count = 0L

    let checkEnd () =
        if uint32 count <> promised then
            raise (InvalidDataException "its end is missing, or it was put together from several")

    override _.Read(buffer: Span<byte>) : int =
        let read = inner.Read buffer
        count <- count + int64 read
        if read = 0 && buffer.Length > 0 then checkEnd ()
        read

    override this.Read(buffer: byte[], offset: int, length: int) : int = this.Read(Span(buffer, offset, length))

    override _.CanRead = true
    override _.CanSeek = false
    override _.CanWrite = false
    override _.Length = raise (NotSupportedException())

    override _.Position
        with get () = count
        and set _ = raise (NotSupportedException())

    override _.Flush() = ()
    override _.Seek(_, _) = raise (NotSupportedException())
    override _.SetLength _ = raise (NotSupportedException())
    override _.Write(_: byte[], _: int, _: int) = raise (NotSupportedException())

    override _.Dispose(disposing: bool) =
        if disposing then inner.Dispose()
        base.Dispose disposing
