/// What a shared library asks of others, read and changed on bytes laid out by hand as the Linux Standard Base says.
module Deeplay.Tests.VersionNeedsTests

open System
open System.Text
open Expecto
open Deeplay.Tests
open Deeplay.Torch

let private u16 (n: int) = BitConverter.GetBytes(uint16 n)
let private u32 (n: int) = BitConverter.GetBytes(uint32 n)
let private u64 (n: int) = BitConverter.GetBytes(uint64 n)

// Elf64_Shdr.
let private section (kind: uint32) offset size link =
    Array.concat
        [
            u32 0
            BitConverter.GetBytes kind
            u64 0
            u64 0
            u64 offset
            u64 size
            u32 link
            u32 1
            u64 1
            u64 0
        ]

let private needsAt = 64

/// A library that asks libstdc++.so.6 for these versions: the header, the needs, their names, three section headers.
let private library (versions: string list) =
    let names = Encoding.ASCII.GetBytes("\000libstdc++.so.6\000" + String.Join("\000", versions) + "\000")

    let nameOf version =
        (Encoding.ASCII.GetString names).IndexOf("\000" + version + "\000", StringComparison.Ordinal) + 1

    let last = versions.Length - 1

    let needs =
        Array.concat
            [
                // Elf64_Verneed: version, count, file, distance to the first entry, distance to the next need.
                [ u16 1; u16 versions.Length; u32 1; u32 16; u32 0 ] |> Array.concat
                // Elf64_Vernaux: hash, flags, other, name, distance to the next entry.
                for k, version in List.indexed versions do
                    [ u32 k; u16 0; u16 (k + 2); u32 (nameOf version); u32 (if k = last then 0 else 16) ]
                    |> Array.concat
            ]

    let namesAt = needsAt + needs.Length
    let sectionsAt = namesAt + names.Length

    let header =
        Array.concat
            [
                [| 0x7fuy; byte 'E'; byte 'L'; byte 'F'; 2uy; 1uy; 1uy |]
                Array.zeroCreate (0x28 - 7)
                u64 sectionsAt
                Array.zeroCreate (0x3a - 0x30)
                u16 64 // the size of a section header
                u16 3 // how many
                u16 0
            ]

    Array.concat
        [
            header
            needs
            names
            section 0u 0 0 0
            section 3u namesAt names.Length 0
            section 0x6ffffffeu needsAt needs.Length 1
        ]

let private versions = [ "GLIBCXX_3.4"; "GLIBCXX_3.4.32"; "GLIBCXX_3.4.3" ]

[<Tests>]
let tests =
    testList
        "VersionNeedsTests"
        [
            testCase "the versions that a library asks for are read" (fun () ->
                for version in versions do
                    Assert.isTrue (VersionNeeds.optional version (library versions)).IsSome)

            testCase "one version is made optional by one bit of its entry, in a copy" (fun () ->
                let before = library versions
                let after = (VersionNeeds.optional "GLIBCXX_3.4.32" before).Value

                let changes =
                    [
                        for k in 0 .. before.Length - 1 do
                            if before[k] <> after[k] then k, before[k], after[k]
                    ]

                // The flags of the second entry: the need takes 16 bytes, the first entry 16, the hash 4.
                Assert.equal [ needsAt + 16 + 16 + 4, 0uy, 2uy ] changes
                Assert.equal (library versions) before)

            testCase "a version that is not asked for can't be made optional" (fun () ->
                Assert.equal None (VersionNeeds.optional "GLIBCXX_3.4.33" (library versions)))

            testCase "bytes that are no library, or a part of one, ask for nothing" (fun () ->
                let whole = library versions

                // The last 20 bytes of a section header say what nobody needs here.
                for length in 0 .. whole.Length - 21 do
                    Assert.equal None (VersionNeeds.optional "GLIBCXX_3.4.32" whole[.. length - 1])

                // Any one field spoiled may change what is read, but never ends in an exception or not at all.
                for at in 0 .. whole.Length - 1 do
                    let spoiled = Array.copy whole
                    spoiled[at] <- 0xffuy
                    VersionNeeds.optional "GLIBCXX_3.4.32" spoiled |> ignore)
        ]
