namespace Deeplay.Library

open System
open Deeplay.Core
open Deeplay.FSharp

/// What a standardization and its inverse have in common: mean and standard deviation of each feature, which are no weights.
module internal Standardized =
    let private numbers name check expected documentation : Param<float list> =
        Param.list (Param.float name)
        |> Param.withCheck expected (fun numbers -> not numbers.IsEmpty && List.forall check numbers)
        |> Param.withDocumentation documentation

    let mean = numbers "mean" Double.IsFinite "one finite float or more" "The mean of each feature."

    let std =
        numbers
            "std"
            (fun number -> number > 0.0 && Double.IsFinite number)
            "one positive float or more"
            "The standard deviation of each feature."

    let dim = Key.whole "dim" 1 "The dimension of the features."

    let private rule =
        Rule.ranked (fun arguments dims ->
            let count = int64 (arguments.Get mean).Length

            match Shape.normalize dims.Length (arguments.Get dim) with
            | None -> Rule.fail $"an input with a dimension {string (arguments.Get dim)}" (Ranked dims)
            | Some at when not (Dim.agrees dims[at] (Known count)) ->
                Rule.fail $"in dimension {string at} the size {string count}" (Ranked dims)
            | Some at -> Rule.gives (Ranked(List.updateAt at (Known count) dims)))

    let private sameNumber (arguments: Arguments) : (Param * string) list =
        match arguments.TryGet mean, arguments.TryGet std with
        | Some means, Some stds when means.Length <> stds.Length ->
            [ std, $"as many as there are means ({string means.Length})" ]
        | _ -> []

    let define id documentation : Definition =
        Layer.own id [ mean; std; dim ] rule documentation "(…, features in dimension dim, …) → the same"
        |> Definition.withSource "Pedregosa et al., 2011, Scikit-learn, StandardScaler"
        |> Definition.withExample [ mean => [ 1.0; 2.0 ]; std => [ 0.5; 4.0 ] ] [ Example.tensor [ 4; 2 ] ]
        |> Definition.withCheck sameNumber

module internal Standardize =
    let mean = Standardized.mean
    let std = Standardized.std
    let dim = Standardized.dim

    let definition =
        Standardized.define
            "Standardize"
            "Takes the mean of each feature away and divides by its standard deviation: those of the training data."
        |> Layer.taking KindRule.floatsOfNumbers

module internal Unstandardize =
    let mean = Standardized.mean
    let std = Standardized.std
    let dim = Standardized.dim

    let definition =
        Standardized.define
            "Unstandardize"
            "The inverse of Standardize: multiplies each feature by its standard deviation and adds its mean."
        |> Layer.taking KindRule.floats
