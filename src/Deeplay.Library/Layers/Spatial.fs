namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp
open Checked

/// What layers over one, two or three spatial dimensions have in common.
module internal Spatial =
    let private names n = if n = 1 then [ "L" ] else List.skip (3 - n) [ "D"; "H"; "W" ]

    let private shape first suffix n =
        first @ (names n |> List.map (fun name -> name + suffix)) |> String.concat ", " |> sprintf "(%s)"

    /// (N, C, L), (N, C, H, W), (N, C, D, H, W).
    let batch = shape [ "N"; "C" ] ""

    /// (C, L), (C, H, W), (C, D, H, W).
    let example = shape [ "C" ] ""

    /// The last dimensions of any input: (…, L), (…, H, W), (…, D, H, W).
    let last = shape [ "…" ] ""

    /// The dimensions as documentation writes them.
    let words n = $"of {string (n + 2)} dimensions {batch n}, or {string (n + 1)} {example n}"

    /// "one dimension", "two dimensions", "three dimensions".
    let dimensions n = [ "one dimension"; "two dimensions"; "three dimensions" ][n - 1]

    /// The shapes of a layer from so many channels to so many, as documentation writes them; `size` says how each size of
    /// the output follows.
    let shapes n input output size =
        let from, to' = shape [ "N"; input ] "" n, shape [ "N"; output ] "_out" n
        $"{from} → {to'}, or both without N. Each size_out is {size}."

    /// A whole number for all of `n` dimensions, or one for each, none below `least`.
    let perDimension n least (name: string) documentation : Param<int list> =
        let one = if least = 1 then "a positive int" else $"an int of at least {string least}"

        Param.perDimension name
        |> Param.withDocumentation documentation
        |> Param.withCheck $"{one}, or {string n} of them" (fun sizes ->
            (sizes.Length = 1 || sizes.Length = n) && List.forall (fun size -> size >= least) sizes)

    /// The input of an example: two of so many channels, and `size` in each dimension.
    let input n channels size = Example.tensor ([ 2; channels ] @ List.replicate n size)

    let get n (arguments: Arguments) (key: Param<int list>) : int64 list =
        // An argument that is not set is an error that names the module.
        arguments.Get key |> ignore
        Sizes.ofValue n arguments[key.Name]

    /// The rule for inputs of `n` spatial dimensions, with or without a batch.
    let batchOrNone n = Rule.ofRank (fun rank -> rank = n + 1 || rank = n + 2) (words n)

    /// The output has the shape of such an input.
    let same n = batchOrNone n (fun _ dims -> Rule.gives (Ranked dims))

    /// The same, given what is before the channels, the channels and the spatial sizes.
    let split n (rule: Arguments -> Dim list -> Dim -> Dim list -> Result<Inference, OpShape.Problem>) =
        batchOrNone n (fun arguments ->
            let rule = rule arguments

            fun dims ->
                let at = dims.Length - n - 1
                rule dims[.. at - 1] dims[at] dims[at + 1 ..])

    /// Maps the spatial sizes one by one; None is a size that does not fit.
    let map (problem: unit -> Result<Dim list, OpShape.Problem>) (f: int -> int64 -> int64 option) sizes =
        let mapped =
            sizes
            |> List.mapi (fun i size ->
                match size with
                | Unknown -> Some Unknown
                | Known size -> f i size |> Option.map Known)

        if List.forall Option.isSome mapped then Ok(List.choose id mapped) else problem ()
