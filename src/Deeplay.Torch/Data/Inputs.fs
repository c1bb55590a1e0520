namespace Deeplay.Torch

open System
open Deeplay.Core

/// What a model is given for some examples: one tensor, several in the order in which it takes them, or several by its names for
/// them. The first dimension of each counts the examples. They stay whose they were.
[<Sealed>]
type Inputs internal (names: string[], tensors: Tensor[]) =
    let fail expected found : 'a = Fail.with' (Malformed("inputs", expected, found))

    let byPlace () = if names.Length > 0 then String.Join(", ", names) else $"{string tensors.Length}, by their places"

    /// Empty where they go by their places.
    member internal _.Keys: string[] = names

    member internal _.Tensors: Tensor[] = tensors

    /// How many tensors there are.
    member _.Count: int = tensors.Length

    /// Their names, in the order in which they were given; none where they go by their places.
    member _.Names: string list = List.ofArray names

    /// The tensor at a place, counted from 0.
    member _.Item
        with get (place: int): Tensor =
            if place >= 0 && place < tensors.Length then
                tensors[place]
            else
                fail $"a place from 0 to {string (tensors.Length - 1)}" (string place)

    /// The tensor of a name.
    member _.Item
        with get (name: string): Tensor =
            match Array.IndexOf(names, name) with
            | -1 -> fail $"one of its names ({byPlace ()})" ($"'{name}'" + Nearest.hint name names)
            | place -> tensors[place]

    /// The tensor, where there is one alone.
    member internal _.Only: Tensor =
        if tensors.Length = 1 then
            tensors[0]
        else
            fail "one input; of several `AllInputs` has each, by its place or its name" (byPlace ())

    static member op_Implicit(tensor: Tensor) : Inputs = Inputs([||], [| tensor |])

/// Inputs of models.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Inputs =
    let private fail expected found : 'a = Fail.with' (Malformed("inputs", expected, found))

    let private create (names: string[]) (tensors: Tensor[]) : Inputs =
        if tensors.Length = 0 then fail "at least one tensor" "none"
        if Array.exists isNull tensors then fail "tensors" "null"
        Inputs(names, tensors)

    /// One tensor, for a model of one input.
    let one (tensor: Tensor) : Inputs = create [||] [| tensor |]

    /// Tensors in the order in which the model takes them.
    let several (tensors: Tensor list) : Inputs = create [||] (Array.ofList tensors)

    /// Tensors by the names of the model's inputs, in any order: those of its forward pass, or the keys that it takes named tensors
    /// by.
    let named (tensors: (string * Tensor) list) : Inputs =
        let names = tensors |> List.map fst

        match names |> List.countBy id |> List.tryFind (fun (name, n) -> n > 1 || String.IsNullOrEmpty name) with
        | Some(name, _) when String.IsNullOrEmpty name -> fail "a name for each input" "one without"
        | Some(name, n) -> fail "each name once" $"'{name}' {string n} times"
        | None -> create (Array.ofList names) (tensors |> List.map snd |> Array.ofList)

    /// Other tensors under the same names.
    let internal map (change: Tensor -> Tensor) (inputs: Inputs) : Inputs =
        Inputs(inputs.Keys, Array.map change inputs.Tensors)

    /// Another tensor in the place of one of them.
    let internal replace place (tensor: Tensor) (inputs: Inputs) : Inputs =
        Inputs(inputs.Keys, inputs.Tensors |> Array.updateAt place tensor)

    /// In words, each tensor with its name: `(8, 2)`, or `tokens (8, 16), mask (8, 16)`.
    let internal print (show: Tensor -> string) (inputs: Inputs) : string =
        if inputs.Keys.Length = 0 then
            String.Join(", ", inputs.Tensors |> Array.map show)
        else
            String.Join(", ", Array.map2 (fun name tensor -> $"{name} {show tensor}") inputs.Keys inputs.Tensors)

    /// What one of them is called in errors: `inputs` where it is alone.
    let internal label place (inputs: Inputs) : string =
        if inputs.Keys.Length > 0 then $"input '{inputs.Keys[place]}'"
        elif inputs.Count > 1 then $"input {string place}"
        else "inputs"

    /// Those of these names, in this order; all must be there. Without names they stay as they are.
    let internal inOrder (names: string[]) (inputs: Inputs) : Inputs =
        if inputs.Keys.Length = 0 || inputs.Keys.AsSpan().SequenceEqual(names.AsSpan()) then
            inputs
        else
            Inputs(names, names |> Array.map (fun name -> inputs[name]))

    /// As a module takes named tensors.
    let internal toNamed (inputs: Inputs) : NamedTensors =
        let named = NamedTensors()
        Array.iter2 (fun name tensor -> named[name] <- tensor) inputs.Keys inputs.Tensors
        named
