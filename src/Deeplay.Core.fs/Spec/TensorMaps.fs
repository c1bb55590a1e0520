namespace Deeplay.Core

open System
open System.Text.Json

/// The two kinds of change that have a module take or give named tensors. Each is a map: a list of pairs.
[<RequireQualifiedAccess>]
module internal TensorMaps =
    let private pairs (read: Value list -> 'a option) value =
        match value with
        | List items ->
            items
            |> List.choose (fun item ->
                match item with
                | List pair -> read pair
                | _ -> None)
        | _ -> []

    /// Which named tensor each input is: the input's name (or "") and the key.
    let inputs =
        pairs (fun pair ->
            match pair with
            | [ Text input; Text key ] -> Some(input, key)
            | _ -> None)

    /// Which named tensor each output is: the key and the output's place.
    let outputs =
        pairs (fun pair ->
            match pair with
            | [ Text key; Int place ] -> Some(key, int place)
            | _ -> None)

    /// A map of inputs as people write it.
    let printInputs map = inputs map |> List.map (fun (input, key) -> if input = "" then key else $"{input}={key}")

    /// A map of outputs as people write it.
    let printOutputs map = outputs map |> List.map (fun (key, place) -> $"{key}={place}")

    /// The inputs of a map that people wrote: the other way of `printInputs`.
    let parseInputs (map: string list) : (string * string) list =
        map
        |> List.map (fun text ->
            match text.Split '=' with
            | [| input; key |] -> input.Trim(), key.Trim()
            | _ -> "", text.Trim())

    /// The outputs of a map that people wrote; one without a place is the next in order.
    let parseOutputs (map: string list) : (string * int) list =
        map
        |> List.mapi (fun i text ->
            match text.Split '=' with
            | [| key; place |] ->
                match Number.tryInt place with
                | Some place -> key.Trim(), place
                | None -> Fail.with' (Malformed("outputs", "the place of an output after '='", $"'{place}'"))
            | _ -> text.Trim(), i)

    let private textField path element = Text(Json.text path element)
    let private placeField path element = Int(int64 (Json.int path element))

    // `fields` are the names of a pair's items in JSON, and how each is read.
    let private mapping id key words (fields: (string * (_ -> JsonElement -> Value)) list) printed fault : Verb =
        {
            Id = id
            Check =
                fun tag definition change ->
                    match fault change.Subject with
                    | None -> change
                    | Some(expected, found) -> Fail.with' (WrongValue(tag, definition.Id, id, expected, found))
            Settings = fun change -> [ key, Set change.Subject ]
            Describe = fun change -> words + " " + String.Join(", ", (printed change.Subject: string list))
            Write =
                fun change ->
                    let entry = List.map2 (fun (name, _) value -> name, JsonPart.Value value) fields
                    JsonPart.List(change.Subject |> pairs (entry >> JsonPart.Object >> Some))
            Read =
                fun _ path element ->
                    let read path item =
                        let entry = Json.fields path (List.map fst fields) [] item
                        List [ for name, read in fields -> read (Field(path, name)) entry[name] ]

                    List(Json.items read path element), Map.empty
        }

    let internal mappingInputs =
        mapping
            "inputs"
            Aspects.inputs
            "inputs from"
            [ "input", textField; "key", textField ]
            printInputs
            (fun subject ->
                let hasNoKey = inputs subject |> List.exists (fun (_, key) -> key = "")
                if hasNoKey then Some("a key for each input", "an empty one") else None)

    let internal mappingOutputs =
        mapping
            "outputs"
            Aspects.outputs
            "outputs to"
            [ "key", textField; "output", placeField ]
            printOutputs
            (fun subject ->
                let keys = outputs subject
                let isFine = keys |> List.forall (fun (key, place) -> key <> "" && place >= 0)
                let areDifferent = keys |> List.distinctBy fst |> List.length = keys.Length

                if isFine && areDifferent then None else Some("different keys, each with a place", "others"))
