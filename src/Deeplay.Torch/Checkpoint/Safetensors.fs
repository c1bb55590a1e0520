namespace Deeplay.Torch

open System
open System.IO
open System.Text
open System.Text.Json
open System.Threading
open Deeplay.Core
open TorchSharp

/// Reading and writing safetensors files.
[<RequireQualifiedAccess>]
module Safetensors =
    // The order in which the reference implementation writes: the largest alignment first, then by name.
    let private dtypes =
        [
            torch.ScalarType.Int64, "I64"
            torch.ScalarType.Float64, "F64"
            torch.ScalarType.ComplexFloat32, "C64"
            torch.ScalarType.Float32, "F32"
            torch.ScalarType.Int32, "I32"
            torch.ScalarType.BFloat16, "BF16"
            torch.ScalarType.Float16, "F16"
            torch.ScalarType.Int16, "I16"
            torch.ScalarType.Int8, "I8"
            torch.ScalarType.Byte, "U8"
            torch.ScalarType.Bool, "BOOL"
        ]

    /// The type that a header names.
    let internal dtypeOf (path: string) (name: string) (text: string) : torch.ScalarType =
        match dtypes |> List.tryFind (fun (_, known) -> known = text) with
        | Some(dtype, _) -> dtype
        | None -> Fail.with' (Malformed($"{path}, {name}", "a dtype that TorchSharp has", text))

    let private headerBytes (metadata: Map<string, string>) (entries: TensorEntry list) =
        use stream = new MemoryStream()

        using (new Utf8JsonWriter(stream)) (fun writer ->
            let numbers (name: string) (values: int64 list) =
                writer.WriteStartArray name
                values |> List.iter writer.WriteNumberValue
                writer.WriteEndArray()

            writer.WriteStartObject()

            if not metadata.IsEmpty then
                writer.WriteStartObject SafetensorsHeader.metadataKey
                metadata |> Map.iter (fun key text -> writer.WriteString(key, text))
                writer.WriteEndObject()

            for entry in entries do
                writer.WriteStartObject entry.Name
                writer.WriteString("dtype", entry.Dtype)
                numbers "shape" entry.Shape
                numbers "data_offsets" [ entry.Start; entry.End ]
                writer.WriteEndObject()

            writer.WriteEndObject())

        // The header is padded with spaces, so that the tensors are aligned.
        let padding = (8 - int stream.Length % 8) % 8
        Array.append (stream.ToArray()) (Array.replicate padding (byte ' '))

    /// The tensor in parts of at most so many bytes.
    let internal partsOf bytes (dense: torch.Tensor) : torch.Tensor seq =
        let flat = dense.reshape -1L
        let size = bytes / dense.ElementSize

        seq {
            for start in 0L .. size .. flat.NumberOfElements - 1L do
                flat.narrow (0L, start, min size (flat.NumberOfElements - start))
        }

    // Half of a character is none in UTF-8: another text would come back, perhaps another's name.
    let private checkText path (what: string) (text: string) =
        if text <> Encoding.UTF8.GetString(Encoding.UTF8.GetBytes text) then
            Fail.with' (Malformed(path, $"{what} of whole characters", $"'{text}'"))

    // A span has at most 2³¹ − 1 bytes.
    let private parts = partsOf (1L <<< 30)

    /// What writes tensors and texts as the file that `path` names: everything that can be wrong with them is looked at before.
    let internal content (path: string) (metadata: Map<string, string>) (tensors: (string * torch.Tensor) seq) =
        Native.load ()

        for KeyValue(key, text) in metadata do
            checkText path "texts" key
            checkText path $"the text '{key}'" text

        for name, _ in tensors do
            checkText path "names" name

            if name = SafetensorsHeader.metadataKey then
                Fail.with' (Malformed(path, "other names of tensors", $"'{name}', where safetensors keeps texts"))

        // With the place of the dtype in the list.
        let sorted =
            [
                for name, tensor in tensors do
                    match dtypes |> List.tryFindIndex (fun (known, _) -> known = tensor.dtype) with
                    | Some place -> place, name, tensor
                    | None ->
                        let expected = "a dtype that safetensors has"
                        Fail.with' (Malformed($"{path}, {name}", expected, string tensor.dtype))
            ]
            |> List.sortBy (fun (place, name, _) -> place, name)

        match sorted |> List.countBy (fun (_, name, _) -> name) |> List.tryFind (fun (_, n) -> n > 1) with
        | Some(name, _) -> Fail.with' (Malformed(path, "every tensor once", $"'{name}' twice"))
        | None -> ()

        let entries, _ =
            sorted
            |> List.mapFold
                (fun start (place, name, tensor) ->
                    let stop = start + tensor.NumberOfElements * tensor.ElementSize

                    {
                        Name = name
                        Dtype = snd dtypes[place]
                        Shape = List.ofArray tensor.shape
                        Start = start
                        End = stop
                    },
                    stop)
                0L

        let header = headerBytes metadata entries

        fun (file: Stream) ->
            use _noGrad = torch.no_grad ()
            file.Write(ReadOnlySpan(BitConverter.GetBytes(uint64 header.Length)))
            file.Write(ReadOnlySpan header)

            for _, _, tensor in sorted do
                if tensor.NumberOfElements > 0L then
                    // Copies stay until they are written: the bytes are their memory.
                    use _scope = torch.NewDisposeScope()

                    for part in parts (tensor.cpu().resolve_conj().resolve_neg().contiguous()) do
                        file.Write(Span.op_Implicit part.bytes)

    /// Writes tensors and texts to a file, which appears whole or not at all. What a link leads to is written, with the
    /// rights it had, and the link stays.
    let save (path: string) (metadata: Map<string, string>) (tensors: (string * torch.Tensor) seq) =
        WholeFile.write path (content path metadata tensors)

    /// The tensors of these entries of a header, in the caller's scope.
    let internal tensorsOf
        (path: string)
        (file: FileStream)
        (header: SafetensorsHeader)
        (entries: TensorEntry list)
        : Map<string, torch.Tensor> =
        let wanted = [ for entry in entries -> entry, dtypeOf path entry.Name entry.Dtype ]

        Map.ofList
            [
                for entry, dtype in wanted do
                    let tensor = torch.empty (Array.ofList entry.Shape, dtype = dtype)

                    if entry.End > entry.Start then
                        file.Position <- header.DataStart + entry.Start

                        for part in parts tensor do
                            file.ReadExactly(part.bytes)

                    entry.Name, tensor
            ]

    // Whoever saves holds the file a moment longer than it is in its place.
    let rec private openAgain (path: string) attempts : FileStream =
        let found =
            try
                Some(File.OpenRead path)
            with :? IOException when attempts > 0 && File.Exists path ->
                None

        match found with
        | Some file -> file
        | None ->
            Thread.Sleep 1
            openAgain path (attempts - 1)

    /// Opens a file to read it. What can't be opened is a typed error that names it.
    let internal opened (path: string) : FileStream =
        FilePath.check "load" path
        if Directory.Exists path then Fail.with' (Malformed(path, "a file", "a folder"))
        if not (File.Exists path) then Fail.with' (Malformed("load", "a file", $"nothing at '{path}'"))

        try
            openAgain path 200
        with
        | :? IOException
        | :? UnauthorizedAccessException as error ->
            Fail.with' (Malformed(path, "a file that can be read", error.Message))

    /// Reads a file that is opened once: another one may take its place meanwhile. `work` gets its header, checked, and what
    /// loads the tensors, on the CPU; these belong to the scope that it is called in.
    let internal reading (path: string) (work: SafetensorsHeader -> (unit -> Map<string, torch.Tensor>) -> 'a) : 'a =
        Native.load ()
        use file = opened path
        let header = SafetensorsHeader.read path file
        work header (fun () -> tensorsOf path file header header.Tensors)

    /// Loads a file: its texts and its tensors, on the CPU. Everything is checked before anything is allocated.
    let load (path: string) : Map<string, string> * Map<string, torch.Tensor> =
        reading path (fun header tensors ->
            use scope = torch.NewDisposeScope()
            header.Metadata, tensors () |> Map.map (fun _ tensor -> scope.MoveToOuter tensor))
