namespace Deeplay.Torch

open System
open System.Text

/// What a shared library (ELF, 64 bit, little endian) asks of the versions of others. Source: the Linux Standard
/// Base, "Symbol Versioning".
[<RequireQualifiedAccess>]
module internal VersionNeeds =
    let private sectionOfNeeds = 0x6ffffffeu // SHT_GNU_verneed

    let private weak = 2us // VER_FLG_WEAK

    let private u16 (library: byte[]) at = BitConverter.ToUInt16(library, at)

    let private u32 (library: byte[]) at = Checked.int (BitConverter.ToUInt32(library, at))

    let private u64 (library: byte[]) at = Checked.int (BitConverter.ToUInt64(library, at))

    let private isElf (library: byte[]) =
        library.Length > 64
        && library.AsSpan(0, 6).SequenceEqual([| 0x7fuy; byte 'E'; byte 'L'; byte 'F'; 2uy; 1uy |])

    // Where the section headers lie.
    let private sections library =
        let start, size = u64 library 0x28, int (u16 library 0x3a)
        [ for k in 0 .. int (u16 library 0x3c) - 1 -> start + k * size ]

    let private offset library section = u64 library (section + 0x18)

    // The entries of a chain: each says, `next` bytes from its start, how far the following one is.
    let rec private chain library next at =
        at
        :: (match u32 library (at + next) with
            | 0 -> []
            | step -> chain library next (at + step))

    let private text (library: byte[]) at = Encoding.ASCII.GetString(library, at, Array.IndexOf(library, 0uy, at) - at)

    // Each version that is asked for, with the place of its entry.
    let private entries library =
        [
            for section in sections library do
                if BitConverter.ToUInt32(library, section + 4) = sectionOfNeeds then
                    let names = offset library (List.item (u32 library (section + 0x28)) (sections library))

                    for need in chain library 12 (offset library section) do
                        for version in chain library 12 (need + u32 library (need + 8)) do
                            text library (names + u32 library (version + 8)), version
        ]

    // Bytes that are no such library have no entries.
    let private read library =
        try
            if isElf library then entries library else []
        with
        | :? ArgumentException
        | :? IndexOutOfRangeException
        | :? OverflowException -> []

    /// The library with this version optional: the dynamic loader then takes a missing one as none. None where the
    /// library does not ask for it.
    let optional (version: string) (library: byte[]) : byte[] option =
        match read library |> List.filter (fun (name, _) -> name = version) with
        | [] -> None
        | found ->
            let changed = Array.copy library

            for _, at in found do
                changed[at + 4] <- changed[at + 4] ||| byte weak

            Some changed
