namespace Deeplay.Torch

open System
open System.Collections.Generic
open System.Globalization
open Deeplay.Core
open TorchSharp

/// The names of classes, each with the number that stands for it: its place among them, from 0.
type Categories = { Names: string list }

/// Names of classes as numbers and back.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Categories =
    let private tryNumber (text: string) =
        match Double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture) with
        | true, number -> Some number
        | _ -> None

    /// These, in this order. None, an empty one or one that comes twice is an error.
    let ofNames (names: string seq) : Categories =
        let names = List.ofSeq names
        let fail expected found = Fail.with' (Malformed("categories", expected, found))
        if names.IsEmpty then fail "at least one" "none"
        if List.exists String.IsNullOrEmpty names then fail "names" "an empty one"

        match names |> List.countBy id |> List.tryFind (fun (_, n) -> n > 1) with
        | Some(name, _) -> fail "each once" $"'{name}' twice"
        | None -> ()

        { Names = names }

    /// The different ones among labels: sorted as numbers where all of them are, else by their characters' codes, as
    /// scikit-learn's LabelEncoder sorts.
    let learn (labels: string seq) : Categories =
        let names = labels |> Seq.distinct |> List.ofSeq
        let numbers = names |> List.choose tryNumber

        if numbers.Length = names.Length then
            List.zip numbers names
            |> List.sortWith (fun (x, a) (y, b) ->
                match compare x y with
                | 0 -> String.CompareOrdinal(a, b)
                | order -> order)
            |> List.map snd
        else
            names |> List.sortWith (fun a b -> String.CompareOrdinal(a, b))
        |> ofNames

    /// How many there are.
    let count (categories: Categories) = categories.Names.Length

    // From names to numbers.
    let internal lookup (categories: Categories) : string -> int64 voption =
        let places = Dictionary<string, int64>(StringComparer.Ordinal)
        categories.Names |> List.iteri (fun i name -> places[name] <- int64 i)

        fun name ->
            match places.TryGetValue name with
            | true, place -> ValueSome place
            | _ -> ValueNone

    let internal unknown (categories: Categories) where (name: string) =
        let expected = $"one of {Error.list categories.Names}"
        Fail.with' (Malformed(where, expected, $"'{name}'" + Nearest.hint name categories.Names))

    /// The numbers of labels, as int64 (N,): targets of a classifier. A label that is none of the categories is an error.
    let encode (labels: string seq) (categories: Categories) : torch.Tensor =
        Native.load ()
        let find = lookup categories

        labels
        |> Seq.mapi (fun i label ->
            match (if isNull label then ValueNone else find label) with
            | ValueSome number -> number
            | ValueNone -> unknown categories $"labels[{string i}]" (string label))
        |> Array.ofSeq
        |> torch.tensor

    /// The names that numbers (N,) stand for. A number that stands for none is an error.
    let decode (numbers: torch.Tensor) (categories: Categories) : string list =
        let names = Array.ofList categories.Names
        use _scope = torch.NewDisposeScope()

        [
            for number in (numbers.``to`` (torch.ScalarType.Int64)).cpu().flatten().data<int64>() do
                if number < 0L || number >= int64 names.Length then
                    let expected = $"numbers from 0 to {string (names.Length - 1)}"
                    Fail.with' (Malformed("categories", expected, string number))

                names[int number]
        ]
