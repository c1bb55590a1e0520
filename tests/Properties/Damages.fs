/// Damage that is done to files: to their bytes, and to what JSON in them says.
module Deeplay.Properties.Damages

open System
open System.Text
open System.Text.Json
open FsCheck
open FsCheck.FSharp

// --- JSON that may be wrong ---------------------------------------------------------------------------------------

/// JSON as it is written, which need not be right.
type Json =
    | Object of (string * Json) list
    | Array of Json list
    | Raw of string
    /// A text that is JSON itself.
    | Within of Json

let private quoted (text: string) = JsonSerializer.Serialize(text, JsonSerializerOptions.Default)

let rec write (json: Json) : string =
    match json with
    | Object fields ->
        "{"
        + String.Join(",", fields |> List.map (fun (name, value) -> quoted name + ":" + write value))
        + "}"
    | Array items -> "[" + String.Join(",", List.map write items) + "]"
    | Raw text -> text
    | Within json -> quoted (write json)

let rec private ofElement (element: JsonElement) : Json =
    match element.ValueKind with
    | JsonValueKind.Object -> Object [ for field in element.EnumerateObject() -> field.Name, ofElement field.Value ]
    | JsonValueKind.Array -> Array [ for item in element.EnumerateArray() -> ofElement item ]
    | JsonValueKind.String when element.GetString().StartsWith '{' || element.GetString().StartsWith '[' ->
        Within(read (element.GetString()))
    | _ -> Raw(element.GetRawText())

/// The JSON that a text is.
and read (text: string) : Json =
    use document = JsonDocument.Parse(text, JsonDocumentOptions(MaxDepth = 1000))
    ofElement document.RootElement

let rec private nodes (json: Json) : Json list =
    json
    :: match json with
       | Object fields -> fields |> List.collect (snd >> nodes)
       | Array items -> items |> List.collect nodes
       | Raw _ -> []
       | Within inner -> nodes inner

/// Changes the node of a number, counted in the order of the text: into none, one or several of the same name.
let private changeAt (place: int) (change: string -> Json -> (string * Json) list) (json: Json) : Json =
    let mutable at = -1

    let rec visit name json =
        at <- at + 1

        if at = place then
            change name json
        else
            let below =
                match json with
                | Object fields -> Object(fields |> List.collect (fun (name, value) -> visit name value))
                | Array items -> Array(items |> List.collect (visit "" >> List.map snd))
                | Raw text -> Raw text
                | Within inner ->
                    Within(visit "" inner |> List.tryHead |> Option.map snd |> Option.defaultValue (Raw ""))

            [ name, below ]

    match visit "" json with
    | (_, changed) :: _ -> changed
    | [] -> Raw ""

/// What is done to one node.
type Edit =
    | Replaced of string
    | Deleted
    | Twice
    | Renamed of string
    /// By the node of this number.
    | CopyOf of int
    | SwappedWith of int
    | Nested of int
    /// A number becomes another, a text gets another character.
    | Shifted of int64

let private shift by (text: string) =
    match Int64.TryParse text with
    | true, number -> string (number + by)
    | _ when text.Length > 2 && text[0] = '"' ->
        let place = 1 + int (abs by % int64 (text.Length - 2))
        text.Remove(place, 1).Insert(place, string (char (97L + abs by % 26L)))
    | _ -> text

/// Does something to the node of a number.
let edit (place: int) (what: Edit) (json: Json) : Json =
    let all = nodes json
    let place = place % all.Length

    match what with
    | Replaced text -> changeAt place (fun name _ -> [ name, Raw text ]) json
    | Deleted -> changeAt place (fun _ _ -> []) json
    | Twice -> changeAt place (fun name node -> [ name, node; name, node ]) json
    | Renamed other -> changeAt place (fun _ node -> [ other, node ]) json
    | CopyOf other -> changeAt place (fun name _ -> [ name, all[other % all.Length] ]) json
    | SwappedWith other ->
        let other = other % all.Length

        json
        |> changeAt (max place other) (fun name _ -> [ name, all[min place other] ])
        |> changeAt (min place other) (fun name _ -> [ name, all[max place other] ])
    | Nested depth ->
        changeAt
            place
            (fun name node -> [ name, Raw(String.replicate depth "[" + write node + String.replicate depth "]") ])
            json
    | Shifted by ->
        let changed node =
            match node with
            | Raw text -> Raw(shift by text)
            | other -> other

        changeAt place (fun name node -> [ name, changed node ]) json

let private tokens =
    [
        "-1"
        "0"
        "1"
        "3"
        "1e3"
        "0.5"
        "1000000"
        "100000000"
        "1000000000"
        "2147483648"
        "9223372036854775807"
        "99999999999999999999"
        "1e308"
        "null"
        "true"
        "\"\""
        "\"F64\""
        "\"F4\""
        "\"I64\""
        "\"NaN\""
        "\"\\ud800\""
        "\"1000000000\""
        "\"2147483647\""
        "\"999999999999,999999999999\""
        "[0,4611686018427387904,4]"
        "[1000000000]"
        "[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]"
        "{}"
        "[]"
        "{\"unset\":true}"
        "{\"kind\":\"Linear\"}"
        "{\"module\":{\"definition\":\"Linear\",\"arguments\":{\"in_features\":1000000,\"out_features\":1000000}}}"
    ]

let private edits =
    let place = Gen.choose (0, 1_000_000)

    Gen.frequency
        [
            6, Gen.map Replaced (Gen.elements tokens)
            2, Gen.constant Deleted
            1, Gen.constant Twice
            1,
            Gen.map
                Renamed
                (Gen.elements [ ""; "x"; "__metadata__"; "deeplay.spec"; "dtype"; "0.weight"; "definition"; "n" ])
            3, Gen.map CopyOf place
            3, Gen.map SwappedWith place
            1, Gen.map Nested (Gen.elements [ 1; 2; 70; 5000 ])
            4, Gen.map (int64 >> Shifted) (Gen.elements [ -1; 1; 2; 25; 1_000_000; 2_000_000_000 ])
        ]

// --- Files --------------------------------------------------------------------------------------------------------

/// Damage to a file of safetensors.
type Damage =
    | Flip of place: int * bit: int
    | Cut of int
    | Grow of int
    | HeaderLength of int64
    /// In the header alone, where every byte means something.
    | HeaderByte of place: int * char
    | HeaderText of place: int * string
    /// What the header says, and what the texts in it say.
    | HeaderEdits of (int * Edit) list
    /// The header of one file before the bytes of another one.
    | Spliced
    /// Two pieces of the data in each other's place.
    | Pieces of from: int * other: int * length: int

let private place = Gen.choose (0, 1_000_000)

let private ofBytes =
    [
        2, Gen.map2 (fun i bit -> Flip(i, bit)) place (Gen.choose (0, 7))
        2, Gen.map Cut place
        1, Gen.map Grow (Gen.choose (1, 9))
        1,
        Gen.map HeaderLength (Gen.elements [ 0L; 1L; 2L; 7L; 100L; 100_000_001L; Int64.MaxValue; -1L; Int64.MinValue ])
        4,
        Gen.map2 (fun i c -> HeaderByte(i, c)) place (Gen.elements (List.ofSeq "{}[]\",:0123456789-.eFIU\\ \000\255"))
        4, Gen.map2 (fun i t -> HeaderText(i, t)) place (Gen.elements tokens)
    ]

/// Damage of which nobody knows what the file is.
let anywhere: Gen<Damage> = Gen.frequency ofBytes

/// The same, and damage by somebody who knows the format.
let knowing: Gen<Damage> =
    Gen.frequency
        [
            yield! ofBytes
            20,
            Gen.choose (1, 3)
            |> Gen.bind (fun n -> Gen.listOfLength n (Gen.zip place edits))
            |> Gen.map HeaderEdits
            1, Gen.constant Spliced
            1, Gen.map3 (fun a b n -> Pieces(a, b, n)) place place (Gen.choose (1, 40))
        ]

/// Damage to JSON.
let ofJson: Gen<(int * Edit) list> =
    Gen.choose (1, 3) |> Gen.bind (fun n -> Gen.listOfLength n (Gen.zip place edits))

/// The JSON with these edits, one after another.
let edited (all: (int * Edit) list) (json: Json) : Json =
    all |> List.fold (fun json (place, what) -> edit place what json) json

let private withHeader (json: string) (data: byte[]) =
    let header = Encoding.UTF8.GetBytes json
    Array.concat [ BitConverter.GetBytes(int64 header.Length); header; data ]

/// The file with this damage; `other` is one to be spliced with.
let damaged (other: byte[]) (bytes: byte[]) (damage: Damage) : byte[] =
    let length = int (BitConverter.ToInt64(bytes, 0))
    let data = bytes[8 + length ..]
    let header () = Encoding.UTF8.GetString(bytes, 8, length)
    let inHeader i = 8 + i % max 1 length

    match damage with
    | Flip(i, bit) ->
        let i = i % bytes.Length
        Array.updateAt i (bytes[i] ^^^ (1uy <<< bit)) bytes
    | Cut i -> Array.truncate (i % bytes.Length) bytes
    | Grow n -> Array.append bytes (Array.zeroCreate n)
    | HeaderLength n -> Array.append (BitConverter.GetBytes n) bytes[8..]
    | HeaderByte(i, c) -> Array.updateAt (inHeader i) (byte c) bytes
    | HeaderText(i, token) ->
        let header = header ()

        match header.IndexOf(':', i % max 1 header.Length) with
        | -1 -> Array.truncate 8 bytes
        | start ->
            let stop = header.IndexOfAny(",}]".ToCharArray(), start)
            let stop = if stop < 0 then header.Length else stop
            withHeader (header.Substring(0, start + 1) + token + header.Substring stop) data
    | HeaderEdits all -> withHeader (write (edited all (read (header ())))) data
    | Spliced -> Array.append bytes[.. 7 + length] other[8 + int (BitConverter.ToInt64(other, 0)) ..]
    | Pieces(a, b, n) when data.Length > 0 ->
        let n = min n (data.Length / 2)
        let a, b = a % (data.Length - n), b % (data.Length - n)
        let changed = Array.copy bytes
        Array.blit data a changed (8 + length + b) n
        Array.blit data b changed (8 + length + a) n
        changed
    | Pieces _ -> bytes
