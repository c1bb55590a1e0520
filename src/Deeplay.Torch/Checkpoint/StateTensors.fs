namespace Deeplay.Torch

open System
open System.Collections.Generic
open Deeplay.Core
open TorchSharp

/// What a file has for a tensor of a module: one of its tensors, and what becomes of it.
[<NoEquality; NoComparison>]
type internal GivenTensor =
    {
        Entry: TensorEntry
        Changes: TensorChange list
        /// The shape that becomes of it.
        Shape: int64 list
    }

/// The tensors of a module beside those of a file.
module internal StateTensors =
    // A module's own parameters, its buffers, and then its children's, as PyTorch orders them; TorchSharp puts all buffers last.
    let rec private ordered (prefix: string) (target: torch.nn.Module) : string list =
        [
            for struct (name, _) in target.named_parameters false do
                prefix + name

            for struct (name, _) in target.named_buffers false do
                prefix + name

            for struct (name, child) in target.named_children () do
                yield! ordered (prefix + name + ".") child
        ]

    // Names and tensors of the state dict, in PyTorch's order.
    let private stateOf (target: torch.nn.Module) : (string * torch.Tensor) list =
        let state = target.state_dict ()
        let places = Dictionary<string, int>()

        for name in ordered "" target do
            places[name] <- places.Count

        [ for KeyValue(name, tensor) in state -> name, tensor ]
        |> List.sortBy (fun (name, _) ->
            match places.TryGetValue name with
            | true, place -> place
            | _ -> Int32.MaxValue)

    /// Each tensor with all names that it has, in the order of the state dict: a shared module has several.
    let shared (target: torch.nn.Module) : (string list * torch.Tensor) list =
        let groups = Dictionary<nativeint, ResizeArray<string> * torch.Tensor>()
        let order = ResizeArray<nativeint>()

        for name, tensor in stateOf target do
            match groups.TryGetValue tensor.Handle with
            | true, (names, _) -> names.Add name
            | _ ->
                groups[tensor.Handle] <- (ResizeArray [ name ], tensor)
                order.Add tensor.Handle

        [
            for key in order do
                let names, tensor = groups[key]
                List.ofSeq names, tensor
        ]

    /// Of several names for one tensor the first by its characters is kept, and the texts tell what the others stand for:
    /// `save_model` of Python's safetensors does so.
    let kept (names: string list) = List.reduce (fun a b -> if String.CompareOrdinal(b, a) < 0 then b else a) names

    let private print (shape: int64 list) dtype = $"{Shape.known shape} {Shown.dtype dtype}"

    // The report, and for each tensor of the module that is loaded its name in the file.
    let private plan (options: StateDictLoad) path (target: torch.nn.Module) (entries: TensorEntry list) =
        let all = shared target
        let own = HashSet<string>(all |> Seq.collect fst)
        let names, unused = NameMap.apply path options.Names [ for entry in entries -> entry.Name ]
        let entryOf = entries |> List.map (fun entry -> entry.Name, entry) |> Map.ofList
        let given = Dictionary<string, GivenTensor>()

        for name, (changed, changes) in names do
            let entry = entryOf[name]
            let shape = List.fold (TensorChange.shape $"{path}, {name}") entry.Shape changes
            given[changed] <- { Entry = entry; Changes = changes; Shape = shape }

        // Of a tensor with several names all that the file has.
        let found =
            [
                for names, tensor in all do
                    let sources =
                        [
                            for name in names do
                                match given.TryGetValue name with
                                | true, entry -> entry
                                | _ -> ()
                        ]

                    names.Head, tensor, sources
            ]

        let difference name (tensor: torch.Tensor) (given: GivenTensor) (dtype: torch.ScalarType) =
            {
                Name = name
                Expected = print (List.ofArray tensor.shape) tensor.dtype
                Found = print given.Shape dtype
            }

        let compared =
            [
                for name, tensor, sources in found do
                    for given in sources do
                        let dtype = Safetensors.dtypeOf path given.Entry.Name given.Entry.Dtype
                        let isCut = torch.is_complex dtype && not (torch.is_complex tensor.dtype)
                        let fits = given.Shape = List.ofArray tensor.shape && not isCut
                        fits, dtype <> tensor.dtype, difference name tensor given dtype
            ]

        let mismatched =
            [
                for fits, _, difference in compared do
                    if not fits then difference
            ]

        let wrong = mismatched |> List.map _.Name |> Set.ofList

        let report: StateDictReport =
            {
                Loaded =
                    [
                        for name, _, sources in found do
                            if not (sources.IsEmpty || wrong.Contains name) then name
                    ]
                Missing =
                    [
                        for name, _, sources in found do
                            if sources.IsEmpty then name
                    ]
                Unexpected =
                    [
                        for _, (name, _) in names do
                            if not (own.Contains name) then name
                    ]
                Mismatched = mismatched
                Converted =
                    [
                        for fits, isOther, difference in compared do
                            if fits && isOther then difference
                    ]
                UnusedRules = unused
            }

        report, found

    let private isSame (a: torch.Tensor) (b: torch.Tensor) =
        a.dtype = b.dtype
        && (a.NumberOfElements = 0L || MemoryExtensions.SequenceEqual(a.bytes, Span.op_Implicit b.bytes))

    /// The tensors of the module with what the file has for them, read from it by a function, when all of them are there.
    let reading
        options
        path
        (target: torch.nn.Module)
        (work: StateDictReport -> (unit -> (torch.Tensor * torch.Tensor) list) -> 'a)
        : 'a =
        Shards.reading path (fun files load ->
            use _scope = torch.NewDisposeScope()
            use _noGrad = torch.no_grad ()

            let report, found =
                plan
                    options
                    path
                    target
                    [
                        for file in files do
                            yield! file.Header.Tensors
                    ]

            work report (fun () ->
                let wanted =
                    HashSet<string>(
                        [
                            for _, _, sources in found do
                                for given in sources -> given.Entry.Name
                        ]
                    )

                let tensors = load (fun entry -> wanted.Contains entry.Name)

                [
                    for name, tensor, sources in found do
                        let numbers (given: GivenTensor) =
                            match given.Changes with
                            | [] -> tensors[given.Entry.Name]
                            | changes -> (List.fold TensorChange.apply tensors[given.Entry.Name] changes).contiguous()

                        match [ for given in sources -> given.Entry.Name, numbers given ] with
                        | [] -> ()
                        | (first, numbers) :: others ->
                            for other, same in others do
                                if not (isSame numbers same) then
                                    let expected = "the same numbers under all names of one tensor"
                                    let found = $"others for '{first}' and '{other}'"
                                    Fail.with' (Malformed($"{path}, {name}", expected, found))

                            tensor, numbers
                ]))

    /// Stops where a report has what these options don't allow.
    let check (options: StateDictLoad) (path: string) (report: StateDictReport) =
        match report.Errors(path, options.Strict) with
        | [] when report.Loaded.IsEmpty -> Fail.with' (Malformed(path, "at least one tensor of the module", "none"))
        | [] -> ()
        | errors -> Fail.withAll errors
