namespace Deeplay.Torch

open System
open System.Buffers.Binary
open System.IO
open System.Net
open System.Numerics
open System.Threading
open Google.Protobuf
open Tensorboard

/// Event files as TensorBoard reads them: records of TFRecord, each a message `Event`. TorchSharp's SummaryWriter gives its first
/// event the time in ticks, which is far in the future, counts steps in 32 bits and opens the file for each number.
[<RequireQualifiedAccess>]
module internal EventFile =
    let mutable private files = 0

    // CRC-32C (Castagnoli): masked, for a checksum of what has checksums in it.
    // Source: TensorFlow's documentation of TFRecord.
    let private checksum (bytes: ReadOnlySpan<byte>) : uint32 =
        let mutable crc = ~~~0u

        for byte in bytes do
            crc <- BitOperations.Crc32C(crc, byte)

        crc <- ~~~crc
        ((crc >>> 15) ||| (crc <<< 17)) + 0xa282ead8u

    /// A record: the length, its checksum, the data, their checksum.
    let record (data: byte[]) : byte[] =
        let bytes = Array.zeroCreate<byte>(12 + data.Length + 4)
        BinaryPrimitives.WriteUInt64LittleEndian(Span(bytes, 0, 8), uint64 data.Length)
        BinaryPrimitives.WriteUInt32LittleEndian(Span(bytes, 8, 4), checksum (ReadOnlySpan(bytes, 0, 8)))
        data.CopyTo(bytes, 12)
        BinaryPrimitives.WriteUInt32LittleEndian(Span(bytes, 12 + data.Length, 4), checksum (ReadOnlySpan data))
        bytes

    // Seconds since 1970.
    let private now () = float (DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()) / 1000.0

    // A whole record at once: a run that is killed leaves none that is cut off.
    let private append (path: string) (event: Event) =
        LogRows.within path (fun () ->
            use file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, 0)
            file.Write(ReadOnlySpan(record (event.ToByteArray()))))

    /// Begins a file in a folder, and gives its path.
    let create (folder: string) : string =
        let number = Interlocked.Increment &files
        let seconds = DateTimeOffset.UtcNow.ToUnixTimeSeconds()

        let name =
            $"events.out.tfevents.{string seconds}.{Dns.GetHostName()}.{string Environment.ProcessId}.{string number}"

        let path = Path.Combine(folder, name)
        append path (Event(FileVersion = "brain.Event:2", WallTime = now ()))
        path

    /// Adds numbers of a step, each under its tag.
    let add (path: string) (step: int64) (values: (string * float) list) : unit =
        let summary = Summary()

        for tag, value in values do
            summary.Value.Add(Summary.Types.Value(Tag = tag, SimpleValue = float32 value))

        append path (Event(Step = step, WallTime = now (), Summary = summary))
